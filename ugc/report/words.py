"""Words and figures of a report as each language writes them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from ugc import taxonomy
from ugc.insight import DIMENSIONS, Change, Filters

__all__ = ["Words", "words"]

_DASH = "–"


@cache
def _entries() -> dict[str, dict[str, str]]:
    """All words by language and key."""
    text = resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _digits(share: float) -> int:
    """Decimals of a share in per cent: one below ten per cent."""
    return 1 if 0 < share < 0.0995 else 0


class Words:
    """Words of one language; `None` is written as a dash, never as zero."""

    def __init__(self, language: str) -> None:
        """Takes the words of `language`, English where it is not one of ours."""
        self.language = language if language in _entries() else "en"
        self._words = _entries()[self.language]
        self._sign = "\u00a0%" if self.language == "ru" else "%"

    def __call__(self, key: str, **given: object) -> str:
        """The text of a key with its `{named}` places filled."""
        return self._words[key].format(**given)

    def theme(self, key: str) -> str:
        """Name of a theme; the key itself for one that the taxonomy no longer has."""
        return taxonomy.label("themes", key).name(self.language) if key in taxonomy.keys("themes") else key

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number with the decimal mark of the language."""
        if value is None:
            return _DASH
        return f"{value:.{digits}f}".replace("-", "−").replace(".", "." if self.language == "en" else ",")

    def percent(self, share: float | None) -> str:
        """A share of 0…1 in per cent; with a decimal below ten per cent."""
        if share is None:
            return _DASH
        return self.number(100 * share, _digits(share)) + self._sign

    def interval(self, low: float | None, high: float | None) -> str:
        """Bounds of a share: 28–41%."""
        if low is None or high is None:
            return _DASH
        digits = _digits(high)
        return f"{self.number(100 * low, digits)}–{self.number(100 * high, digits)}{self._sign}"

    def change(self, change: Change | None) -> str:
        """A change in points with its verdict: +12 pp, or +3 pp (not significant)."""
        if change is None:
            return self("no_comparison")
        sign = "+" if change.difference > 0 else "−" if change.difference < 0 else ""
        size = abs(change.difference)
        points = f"{sign}{self.number(100 * size, _digits(size))}\u00a0{self('points')}"
        return points if change.significant else f"{points} ({self('not_significant')})"

    def filters(self, filters: Filters) -> str:
        """What was chosen, in one line."""
        parts = []
        for name, column in DIMENSIONS.items():
            values = getattr(filters, name)
            if values:
                parts.append(f"{self(column)}: {', '.join(value or self('nothing') for value in values)}")
        if filters.themes:
            parts.append(f"{self('theme')}: {', '.join(self.theme(one) for one in filters.themes)}")
        if filters.since:
            parts.append(f"{self('since')} {filters.since:%Y-%m-%d}")
        if filters.until:
            parts.append(f"{self('until')} {filters.until:%Y-%m-%d}")
        if filters.left_out:
            parts.append(self("left_out", reviews=len(filters.left_out)).rstrip("."))
        return "; ".join(parts) or self("everything")


@cache
def words(language: str) -> Words:
    """The words of a language."""
    return Words(language)
