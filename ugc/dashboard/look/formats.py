"""How figures and dates are written in each language; every page writes them from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from ugc.dashboard.look.words import Words, words

__all__ = ["Formats", "formats"]

_NARROW = "\u202f"
_HARD = "\u00a0"
_MINUS = "\u2212"
_NOTHING = "\u2013"


@dataclass(frozen=True)
class _Marks:
    """The marks of a language: of decimals, of thousands, and what stands before the per cent sign."""

    decimal: str
    thousands: str
    percent: str


_MARKS = {
    "ru": _Marks(",", _HARD, f"{_HARD}%"),
    "en": _Marks(".", ",", "%"),
    "pl": _Marks(",", _HARD, "%"),
}


class Formats:
    """Figures and dates in one language. `None` is written as a dash, never as zero."""

    def __init__(self, language: str) -> None:
        """Takes the marks and the names of months of `language`."""
        self._words: Words = words(language)
        self._marks = _MARKS[self._words.language]

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number with its thousands apart: 12 345,6. Four digits stay together in Polish and Russian."""
        if value is None:
            return _NOTHING
        text = f"{abs(value):,.{digits}f}"
        whole, _, rest = text.partition(".")
        if whole.count(",") == 1 and len(whole) == 5 and self._marks.thousands == _HARD:
            whole = whole.replace(",", "")
        whole = whole.replace(",", self._marks.thousands)
        sign = _MINUS if value < 0 and float(text.replace(",", "")) else ""
        return sign + whole + (self._marks.decimal + rest if rest else "")

    def stars(self, value: float | None) -> str:
        """A mean of stars with two decimals."""
        return self.number(value, 2)

    def shift(self, value: float | None) -> str:
        """A change in stars with its sign: −0,12 ★."""
        if value is None:
            return _NOTHING
        text = self.number(value, 2)
        return f"{'+' if value > 0 and round(value, 2) else ''}{text}{_HARD}★"

    def shifts(self, low: float | None, high: float | None) -> str:
        """An interval of changes in stars: −0,20 … +0,04."""
        return self.interval(low, high, 2)

    def rating(self, value: float | None) -> str:
        """The stars of one review: 4, or 4,5."""
        return self.number(value, 0 if value is None or value == round(value) else 1)

    def percent(self, share: float | None) -> str:
        """A share of 0…1 as per cent; below one per cent with a decimal."""
        if share is None:
            return _NOTHING
        return self._hundred(share) + self._marks.percent

    def _hundred(self, share: float) -> str:
        return self.number(100 * share, 1 if 0 < abs(share) < 0.00995 else 0)

    def percents(self, low: float | None, high: float | None) -> str:
        """An interval of shares: 28–41 %."""
        if low is None or high is None:
            return _NOTHING
        return f"{self._hundred(low)}\u2013{self._hundred(high)}{self._marks.percent}"

    def signed(self, share: float | None) -> str:
        """A difference of shares in points with its sign: +23, −4."""
        if share is None:
            return _NOTHING
        text = self.number(100 * share)
        return text if share < 0 or text == "0" else f"+{text}"

    def interval(self, low: float | None, high: float | None, digits: int = 0) -> str:
        """An interval of numbers: 3,92–4,18; with a minus among them, «−4 … +12»."""
        if low is None or high is None:
            return _NOTHING
        if low < 0:
            plus = "+" if high > 0 else ""
            return f"{self.number(low, digits)}{_HARD}…{_HARD}{plus}{self.number(high, digits)}"
        return f"{self.number(low, digits)}\u2013{self.number(high, digits)}"

    def points(self, low: float | None, high: float | None) -> str:
        """An interval of signed shares in points: −4 … +12."""
        if low is None or high is None:
            return _NOTHING
        return self.interval(100 * low, 100 * high)

    def day(self, when: date | None) -> str:
        """A day: 15 июня 2026, 15 June 2026, 15 czerwca 2026."""
        if when is None:
            return _NOTHING
        return f"{when.day}{_HARD}{self._words.many('months_of')[when.month - 1]} {when.year}"

    def day_month(self, when: date) -> str:
        """A day without its year: 15 июня."""
        return f"{when.day}{_HARD}{self._words.many('months_of')[when.month - 1]}"

    def moment(self, when: datetime | None) -> str:
        """A day with the time in UTC: 15 июня 2026, 14:05."""
        return _NOTHING if when is None else f"{self.day(when)}, {when:%H:%M}"

    def month(self, when: date) -> str:
        """A month: июнь 2026."""
        return f"{self._words.many('months')[when.month - 1]} {when.year}"

    def period(self, start: date, by: str) -> str:
        """Name of the period that begins on a day, by day, week or month."""
        if by == "month":
            return self.month(start)
        return self._words("period.week_of", day=self.day(start)) if by == "week" else self.day(start)

    def span(self, first: date | None, last: date | None) -> str:
        """From a day to a day: 15 мая 2025 – 14 ноября 2026; the same year once."""
        if first is None or last is None:
            return self.day(first or last)
        if first == last:
            return self.day(first)
        begin = self.day_month(first) if first.year == last.year else self.day(first)
        return f"{begin} \u2013 {self.day(last)}"

    def picker(self) -> str:
        """How a date is typed into a field."""
        return "DD/MM/YYYY" if self._words.language == "en" else "DD.MM.YYYY"

    def chart(self) -> dict[str, Any]:
        """Locale of the charts: numbers (d3-format) and times (d3-time-format)."""
        say = self._words.many
        return {
            "number": {
                "decimal": self._marks.decimal,
                "thousands": self._marks.thousands,
                "grouping": [3],
                "currency": ["", ""],
                "minus": _MINUS,
                "percent": self._marks.percent,
            },
            "time": {
                "dateTime": "%-d %B %Y, %H:%M",
                "date": "%d.%m.%Y",
                "time": "%H:%M",
                "periods": ["AM", "PM"],
                "days": say("days"),
                "shortDays": say("days_short"),
                "months": say("months"),
                "shortMonths": say("months_short"),
            },
        }


@cache
def formats(language: str) -> Formats:
    """How figures and dates are written in a language."""
    return Formats(language)
