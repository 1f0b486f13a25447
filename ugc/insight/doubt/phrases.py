"""Phrases that give away why a review was written: for a bonus, at a request, by staff, by a rival.

The lists lie in `phrases.toml` beside this module, in Russian, English and Polish; its head says
how a phrase is written. They are tried on every text whatever its language, since short texts are
easily taken for another one.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

__all__ = ["PHRASES", "Said", "coarse", "spoken"]

PHRASES = ("bonus", "asked", "employee", "competitor")
"""Reasons that phrases tell, in the order in which they are named."""

_BETWEEN = r"[^\w.!?…\n]{1,3}"
"""What may stand between two words of a phrase; the end of a sentence may not."""

_STOP = re.compile(r"[.!?…\n]")
_QUOTED = re.compile(r"«[^«»]{1,400}»|“[^“”]{1,400}”|„[^„”\"]{1,400}[”\"]|\"[^\"]{1,400}\"")
_TOKEN = re.compile(r"\.\.\.|!?\([^()]*\)\??|[^\s()]+")
_FOLD = str.maketrans("ёЁ", "еЕ")


@dataclass(frozen=True, slots=True)
class Said:
    """A reason and the words that give it away, as they stand in the text."""

    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class _List:
    """One list of `phrases.toml`, compiled."""

    reason: str
    say: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]
    """Each phrase with the beginnings of words of which a text must hold one."""
    but: re.Pattern[str]


def _alternatives(token: str) -> list[str]:
    """Words that one place of a phrase may hold, `_` as a space."""
    bare = token.removesuffix("?").removeprefix("!").removeprefix("(").removesuffix(")")
    return [one.replace("_", " ") for one in bare.translate(_FOLD).split("|")]


def _word(word: str) -> str:
    """One alternative as a regular expression."""
    parts = [re.escape(part.removesuffix("*")) + r"\w*" * part.endswith("*") for part in word.split()]
    return _BETWEEN.join(parts)


def _pattern(phrase: str) -> str:
    """A phrase as a regular expression."""
    tokens = _TOKEN.findall(phrase)
    found = ""
    for place, word in enumerate(tokens):
        last = place == len(tokens) - 1
        if word == "...":
            found += rf"(?:\w[\w'’-]*{_BETWEEN}){{0,4}}"
            continue
        either = "(?:" + "|".join(_word(one) for one in _alternatives(word)) + ")"
        if word.endswith("?"):
            found += f"(?:{_BETWEEN}{either})?" if last else f"(?:{either}{_BETWEEN})?"
            continue
        # What follows an optional last place brings its own space.
        bare = last or (place == len(tokens) - 2 and tokens[-1].endswith("?"))
        found += either + r"\b" + ("" if bare else _BETWEEN)
    return found


def _stems(phrase: str) -> list[str]:
    """Beginnings of words of which every text with this phrase holds at least one.

    They are those of the place that `!` marks, else of that whose shortest alternative is longest:
    the rarest, by and large.
    """
    places = []
    for word in _TOKEN.findall(phrase):
        marked = word.startswith("!")
        if word == "..." or word.endswith("?"):
            continue
        words = [one if marked else max(one.split(), key=len) for one in _alternatives(word)]
        places.append((marked, [one.removesuffix("*").lower() for one in words]))
    return max(places, key=lambda place: (place[0], min(map(len, place[1]))))[1]


def _compiled(phrases: Sequence[str]) -> re.Pattern[str]:
    """All phrases as one expression."""
    return re.compile(r"(?<!\w)(?:" + "|".join(_pattern(one) for one in phrases) + r")(?!\w)", re.IGNORECASE)


@cache
def _lists() -> tuple[_List, ...]:
    """The lists, read once."""
    text = resources.files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8")
    return tuple(
        _List(
            one["reason"],
            tuple((tuple(_stems(phrase)), _compiled([phrase])) for phrase in one["say"]),
            _compiled(one["but"]),
        )
        for one in tomllib.loads(text)["list"]
    )


@cache
def coarse() -> str:
    """A regular expression of DuckDB that every text with a phrase matches, and few others."""
    stems = {stem for one in _lists() for held, _ in one.say for stem in held}
    # A stem that holds another one adds nothing.
    short = {stem for stem in stems if not any(stem != one and one in stem for one in stems)}
    return "(?i)" + "|".join(re.escape(stem).replace("е", "[её]") for stem in sorted(short))


def _first(text: str, low: str, stops: Sequence[int], one: _List) -> re.Match[str] | None:
    """The first phrase of a list that a text says and does not take back in the same sentence."""
    for stems, phrase in one.say:
        for stem in stems:
            place = low.find(stem)
            while place >= 0:
                after = bisect_right(stops, place)
                start, end = stops[after - 1] + 1, stops[after]
                match = phrase.search(text, start, end)
                if match and not one.but.search(text, start, end):
                    return match
                place = low.find(stem, end)
    return None


def spoken(text: str) -> tuple[Said, ...]:
    """Each reason that phrases of a text tell, at most once, with the words that tell it."""
    # Folding and blanking keep every place, so that the words can be cut out of the text itself.
    folded = _QUOTED.sub(lambda match: " " * len(match[0]), text.translate(_FOLD))
    low = folded.lower()
    if len(low) != len(folded):
        low = folded
    stops = [-1, *(match.start() for match in _STOP.finditer(folded)), len(folded)]
    found: dict[str, Said] = {}
    for one in _lists():
        if one.reason not in found and (match := _first(folded, low, stops, one)):
            found[one.reason] = Said(one.reason, text[slice(*match.span())])
    return tuple(found[reason] for reason in PHRASES if reason in found)
