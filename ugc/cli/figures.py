"""How commands write figures in stars with their bounds, and answers as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

import typer

if TYPE_CHECKING:
    from ugc.insight import Filters
    from ugc.insight.causes.impact import Impact
    from ugc.report import Words

__all__ = ["JSON_VERSION", "advise", "moved", "plain", "print_json", "signed", "stars", "within"]

JSON_VERSION = 1


class _Bounded(Protocol):
    """A figure between its bounds."""

    @property
    def value(self) -> float:
        """The figure."""

    @property
    def low(self) -> float:
        """Its lower bound."""

    @property
    def high(self) -> float:
        """Its upper bound."""


def signed(value: float, words: Words, digits: int = 2) -> str:
    """A number with its sign, but none where it rounds to zero."""
    sign = "+" if round(value, digits) > 0 else ""
    return sign + words.number(round(value, digits) + 0.0, digits)


def within(low: float, high: float, words: Words, digits: int = 2) -> str:
    """Bounds of a figure that may be negative: −0.15…0.02."""
    return (
        f"{words.number(round(low, digits) + 0.0, digits)}…{words.number(round(high, digits) + 0.0, digits)}"
    )


def stars(one: _Bounded, words: Words) -> str:
    """A change in stars with its bounds: −0.12★ (−0.15…−0.09)."""
    return f"{signed(one.value, words)}★ ({within(one.low, one.high, words)})"


def moved(one: Impact, words: Words) -> str:
    """An impact with its bounds, and a word where it is no more than chance."""
    return stars(one, words) + ("" if one.significant else f", {words('not_significant')}")


def plain(value: Any) -> Any:
    """What an insight gives as objects and lists of JSON: named fields keep their names."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: plain(one) for name, one in value._asdict().items()}
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def print_json(found: Mapping[str, Any], filters: Filters, words: Words) -> None:
    """Prints the one document of `--json`: version, language and filters before what was found."""
    # Ids would fill pages; how many reviews are left out says what the figures lack.
    chosen = plain(filters) | {"left_out": len(filters.left_out)}
    document = {"version": JSON_VERSION, "language": words.language, "filters": chosen, **found}
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))


def advise(held: int, reviews: int, tagged: int, untagged: int) -> None:
    """Says on the error stream what is to be done before there is much to see."""
    if not held:
        line = "The lake holds no reviews yet. Bring some in with: ugc import FILE… (or ugc import --sample)"
    elif not reviews:
        line = "No review matches these filters. Widen them, or see what there is with: ugc lake info"
    elif untagged == reviews:
        line = f"None of these {reviews} reviews has been read by the model yet. Run: ugc tag"
    elif untagged:
        line = f"{untagged} of these {reviews} reviews have not been read by the model yet. Run: ugc tag"
    elif not tagged:
        line = f"None of these {reviews} reviews has a text that the model could read."
    else:
        return
    typer.echo(line, err=True)
