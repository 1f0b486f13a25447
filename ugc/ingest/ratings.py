"""Ratings of any kind as a number on its scale, and stars as that number mapped to 1…5.

Stars are linear: `1 + 4 · (rating − worst) / (best − worst)`. The worst of a scale up to 7 is 1
(so five stars stay what they are, and 0 means "not rated"); of thumbs (scale 1) and of scales from
10 on it is 0, as on sites that rate 0–10, in percent and in NPS.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

__all__ = ["Rating", "Scale", "UnreadRating", "read", "stars", "worst"]

_BLANK = frozenset(
    {
        "",
        "-",
        "–",
        "—",
        ".",
        "?",
        "n/a",
        "na",
        "nan",
        "none",
        "null",
        "nil",
        "нет",
        "нет оценки",
        "без оценки",
    }
    | {
        "не указана",
        "оценка не указана",
        "не оценено",
        "not rated",
        "no rating",
        "unrated",
        "brak",
        "brak oceny",
    }
    | {"bez oceny", "star_rating_unspecified", "unspecified"}
)
_WORDS = {
    1: "one один одна единица кол jeden jedna one_star ужасно terrible",
    2: "two два две двойка dwa dwie two_stars плохо poor",
    3: "three три тройка trzy three_stars нормально удовлетворительно средне average",
    4: "four четыре четверка четвёрка cztery four_stars хорошо",
    5: "five пять пятерка пятёрка pięć piec five_stars отлично excellent",
}
_UP_WORDS = (
    "true yes up like liked good positive recommended recommend pos да рекомендую рекомендует нравится лайк "
    "понравилось положительный положительная положительно положительное tak polecam poleca pozytywna "
    "pozytywny 👍 👍🏻 👍🏼 👍🏽 👍🏾 👍🏿 ✅"
)
_DOWN_WORDS = (
    "false no down dislike disliked bad negative neg нет дизлайк отрицательный отрицательная отрицательно "
    "отрицательное nie negatywna negatywny 👎 👎🏻 👎🏼 👎🏽 👎🏾 👎🏿 ❌"
)
_FIVE = {word: value for value, words in _WORDS.items() for word in words.split()}
_UP, _DOWN = frozenset(_UP_WORDS.split()), frozenset(_DOWN_WORDS.split())
_UP_PHRASES = re.compile(r"thumbs? up|(?:да,? )?рекомендую?\w*|i recommend\b.*|recommended|would recommend")
_DOWN_PHRASES = re.compile(
    r"thumbs? down|не рекоменду\w*|не советую|не понравилось|nie polecam\w*|nie poleca|not recommended|"
    r"(?:do|would|does) ?n[o']t recommend\b.*"
)
_NUMBER = r"(-?\d+(?:[.,]\d+)?)"
_OF = re.compile(rf"{_NUMBER}\s*(?:/|из|out of|of|na|z|von|от)\s*(\d+(?:[.,]\d+)?)(?!\d)")
_PLAIN = re.compile(
    rf"{_NUMBER}\s*(?:[★⭐*]\ufe0f?|-?\s*(?:stars?|зв[её]зд\w*|gwiazd\w*|балл\w*|pkt|points?|из))?\.?"
    r"|(\d)\s*[-–—:.()]\s*[^\W\d].*"
)
_LABEL = re.compile(r"^(?:оценка|rating|rated|score|ocena)\s*:?\s+")
_LIT, _DARK = "★⭐🌟✭✮⚫●", "☆✩✰⚪○"

_LONGEST = 80
"""Signs of the longest rating."""

SCALES = (5.0, 10.0, 100.0)
"""Scales that a column of bare numbers may have."""


class UnreadRating(ValueError):
    """A value that should be a rating and cannot be read as one."""


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating as the source gave it; `scale` is its best value where the value itself tells it."""

    value: float
    scale: float | None = None


def _number(text: str) -> float:
    """A number with a point or a comma."""
    return float(text.replace(",", "."))


def read(value: object) -> Rating | None:
    """The rating that a cell tells, `None` for a blank one.

    Thumbs and recommendations are 1 or 0 on a scale of 1.

    Raises:
        UnreadRating: the value is not a rating.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return Rating(float(value), 1.0)
    if isinstance(value, (int, float)):
        if value != value:  # NaN is how tables say "blank"
            return None
        return Rating(float(value))
    text = " ".join(str(value)[: _LONGEST + 1].replace("\u00a0", " ").casefold().split())
    if len(text) > _LONGEST:
        raise UnreadRating(text)
    if text in _BLANK:
        return None
    text = _LABEL.sub("", text)
    found = _of_numbers(text) or _of_signs(text)
    if found is None:
        raise UnreadRating(str(value))
    return found


def _of_numbers(text: str) -> Rating | None:
    """«4,5/5», «5 из 5», «80%», «4.0», «5 звёзд», «1 - ужасно»."""
    if match := _OF.search(text):
        return Rating(_number(match[1]), _number(match[2]))
    if match := re.fullmatch(rf"{_NUMBER}\s*%", text):
        return Rating(_number(match[1]), 100.0)
    if match := _PLAIN.fullmatch(text):
        return Rating(_number(match[1] or match[2]))
    return None


def _of_signs(text: str) -> Rating | None:
    """Stars, thumbs, words for one to five and recommendations."""
    lit, dark = (sum(text.count(sign) for sign in signs) for signs in (_LIT, _DARK))
    if lit or dark:
        return Rating(float(lit), float(max(lit + dark, 5)))
    if re.fullmatch(r"\*{1,5}", text):
        return Rating(float(len(text)), 5.0)
    bare = text.replace("\ufe0f", "").strip(" .!")
    if bare in _FIVE:
        return Rating(float(_FIVE[bare]), 5.0)
    if bare in _DOWN or _DOWN_PHRASES.fullmatch(bare):
        return Rating(0.0, 1.0)
    if bare in _UP or _UP_PHRASES.fullmatch(bare):
        return Rating(1.0, 1.0)
    return None


@dataclass
class Scale:
    """Finds the scale of a column from all of its bare numbers."""

    values: Counter[float] = field(default_factory=Counter)
    """Bare numbers seen."""
    own: Counter[float] = field(default_factory=Counter)
    """Scales that values named themselves, as "4/5", stars and thumbs do."""

    def see(self, value: object, scale: float | None = None) -> None:
        """Takes one cell of the column into account; `scale` is what its row says."""
        try:
            found = read(value)
        except UnreadRating:
            return
        if found is None:
            return
        if found.scale or scale:
            self.own[found.scale or scale or 0.0] += 1
        else:
            self.values[found.value] += 1

    def words(self) -> str:
        """The scales in words, for the user: "1 to 5", "thumbs"."""
        scales = [*self.own, *([best] if (best := self.best()) else [])]
        names = ["thumbs" if one == 1 else f"{worst(one):g} to {one:g}" for one in sorted(set(scales))]
        return ", ".join(names)

    def best(self) -> float | None:
        """The least usual scale that holds 98 of 100 values; 1 for zeros and ones; `None` without values.

        A scale of 5 holds nothing above 5, so a single 7 in a short column makes it 10, while one
        slip of the pen in a long column does not.
        """
        total = self.values.total()
        if not total:
            return None
        if set(self.values) <= {0.0, 1.0} and 0.0 in self.values:
            return 1.0
        for scale in SCALES:
            if sum(count for value, count in self.values.items() if value <= scale) >= 0.98 * total:
                return scale
        return None


def worst(scale: float) -> float:
    """The worst rating of a scale: 1 up to a scale of 7, 0 for thumbs and from 10 on."""
    return 1.0 if 1 < scale <= 7 else 0.0


def stars(value: float, scale: float) -> float:
    """A rating on 1…5; halves below one star count as one.

    `1 + 4 · (value − worst) / (scale − worst)`; the caller sees to it that 0 ≤ value ≤ scale.
    """
    low = worst(scale)
    return 1.0 + 4.0 * (max(value, low) - low) / (scale - low)
