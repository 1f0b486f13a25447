"""Where a text states an expectation: what was expected, wished for, or ought to be.

The lists lie in `expectations.toml` beside this module, in Russian, English and Polish; its head
says how they are written. They are tried on every text whatever its language, since short texts
are easily taken for another one. What is found is as wide as the clauses (`ugc.text.clauses`) that
the stating words lie in.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, get_args

from ugc.text import clauses

__all__ = ["KINDS", "Find", "Kind", "coarse", "stated"]

Kind = Literal["expected", "wished", "should"]
"""How an expectation is put: «я ожидал …», «хотелось бы …», "they should …"."""

KINDS: tuple[Kind, ...] = get_args(Kind)

_BETWEEN = r"[^\w.!?…\n]{1,3}"
"""What may stand between two words; the end of a sentence may not."""

_PIECE = re.compile(r"\(\?<[!=][^()]*\)|\[[^\]]*\]|(?P<gap>,\? | )|(?P<any>~)|(?P<few>\.\.\.)")
"""What is rewritten in an expression of the file; what it looks back at and sets stay as they are."""

_QUOTED = re.compile(r"«[^«»]{1,400}»|“[^“”]{1,400}”|„[^„”\"]{1,400}[”\"]|\"[^\"]{1,400}\"")
_FOLD = str.maketrans("ёЁ’", "еЕ'")
_SENTENCE_ENDS = ".!?…\n"
_REACH = 120
"""Characters on each side of stating words in which what takes them back is looked for."""


@dataclass(frozen=True, slots=True)
class Find:
    """One stated expectation: `text[start:end]` is the clause or clauses that state it."""

    start: int
    end: int
    kind: Kind
    words: str
    """The words that tell, as they stand in the text."""


@dataclass(frozen=True, slots=True)
class _List:
    """One list of `expectations.toml`, compiled."""

    kind: Kind
    hints: tuple[str, ...]
    say: re.Pattern[str]
    but: re.Pattern[str]


def _compiled(written: Sequence[str], pieces: dict[str, str], after: str = "") -> re.Pattern[str]:
    """Expressions as they are written in the file, as one; `after` must follow what they match."""
    told = {"gap": _BETWEEN, "any": r"\w*", "few": rf"(?:\w+{_BETWEEN}){{0,3}}"}

    def put(match: re.Match[str]) -> str:
        return told[match.lastgroup] if match.lastgroup else match[0]

    found = []
    for one in written:
        whole = one
        for name, piece in pieces.items():
            whole = whole.replace(f"<{name}>", piece)
        found.append(_PIECE.sub(put, whole))
    return re.compile(r"(?<!\w)(?:" + "|".join(found) + f"){after}", re.IGNORECASE)


@cache
def _lists() -> tuple[_List, ...]:
    """The lists, read once."""
    text = resources.files(__package__).joinpath("expectations.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    pieces = document["pieces"]
    return tuple(
        _List(
            one["kind"],
            tuple(one["hint"]),
            _compiled(one["say"], pieces, r"(?!\w)"),
            _compiled(one["but"], pieces),
        )
        for one in document["list"]
    )


@cache
def coarse() -> str:
    """A regular expression of DuckDB that every text with an expectation matches, and few others."""
    hints = {hint for one in _lists() for hint in one.hints}
    # A hint that holds another one adds nothing.
    short = {hint for hint in hints if not any(hint != one and one in hint for one in hints)}
    spaced = (
        re.escape(hint).replace("е", "[её]").replace("\\ ", " ").replace("'", "['’]")
        for hint in sorted(short)
    )
    return "(?i)" + "|".join(one.replace(" ", r"\s+") for one in spaced)


def _spans(folded: str) -> list[tuple[int, int, Kind]]:
    """Stating words that nothing takes back, in order, without overlap."""
    low = folded.lower()
    found: list[tuple[int, int, Kind]] = []
    for one in _lists():
        if not any(hint in low for hint in one.hints):
            continue
        for match in one.say.finditer(folded):
            start, end = match.span()
            first = max(start - _REACH, 0)
            first = max(first, *(folded.rfind(stop, first, start) + 1 for stop in _SENTENCE_ENDS))
            around = one.but.finditer(folded, first, min(end + _REACH, len(folded)))
            if not any(but.start() < end and but.end() > start for but in around):
                found.append((start, end, one.kind))
    kept: list[tuple[int, int, Kind]] = []
    for start, end, kind in sorted(found):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, kind))
    return kept


def stated(text: str, language: str | None = None) -> tuple[Find, ...]:
    """The expectations that a text states, in order; one for each clause or run of clauses.

    What stands in quotation marks is somebody else's word and is not read. Never raises.
    """
    # Folding and blanking keep every place, so that the words can be cut out of the text itself.
    folded = _QUOTED.sub(lambda match: " " * len(match[0]), text.translate(_FOLD))
    spans = _spans(folded)
    if not spans:
        return ()
    parts = clauses.split(text, language)
    ends = [part.end for part in parts]
    found: list[Find] = []
    for start, end, kind in spans:
        first = bisect_left(ends, start + 1)
        last = bisect_left(ends, end)
        if first >= len(parts):
            continue
        last = min(last, len(parts) - 1)
        wide = min(parts[first].start, start), max(parts[last].end, end)
        if found and wide[0] < found[-1].end:
            continue
        found.append(Find(*wide, kind, text[start:end]))
    return tuple(found)
