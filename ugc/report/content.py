"""What a report holds, gathered once for every format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ugc.insight import (
    Dimension,
    Filters,
    Group,
    Point,
    Reasons,
    Scores,
    by_each,
    reasons,
    scores,
    trend,
)
from ugc.report.words import Words

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Report", "figures", "gather"]

DIMENSIONS: tuple[Dimension, ...] = ("company", "source", "city", "product")
"""Dimensions that a report is broken down by."""

MOST_GROUPS = 20
"""Rows of one breakdown."""


@dataclass(frozen=True)
class Report:
    """The figures of one choice of reviews on one day."""

    filters: Filters
    made: date
    scores: Scores
    groups: dict[Dimension, tuple[Group, ...]]
    months: tuple[Point, ...]
    thank: Reasons
    complain: Reasons


def gather(snapshot: Snapshot, filters: Filters, *, made: date, top: int = 10) -> Report:
    """All figures of a report; `made` is the day printed on it."""
    return Report(
        filters=filters,
        made=made,
        scores=scores(snapshot, filters),
        groups={one: found[:MOST_GROUPS] for one, found in by_each(snapshot, filters, DIMENSIONS).items()},
        months=trend(snapshot, filters, "month"),
        thank=reasons(snapshot, filters, polarity="positive", top=top),
        complain=reasons(snapshot, filters, polarity="negative", top=top),
    )


def figures(one: Scores, words: Words) -> list[tuple[str, str, str]]:
    """Rows of the overview: name, value, 95 % interval (empty where there is none)."""

    def points(share: float | None) -> str:
        return words.number(None if share is None else 100 * share)

    def between(low: str, high: str) -> str:
        return "" if low == high == words.number(None) else f"{low} … {high}"

    def spread(low: float | None, high: float | None, digits: int) -> str:
        return between(words.number(low, digits), words.number(high, digits))

    return [
        (words("reviews"), words.number(one.reviews), ""),
        (words("ratings"), words.number(one.ratings), ""),
        (
            words("mean_stars"),
            words.number(one.mean_stars, 2),
            spread(one.mean_stars_low, one.mean_stars_high, 2),
        ),
        (words("csi"), words.number(one.csi), spread(one.csi_low, one.csi_high, 0)),
        (words("text_csi"), words.number(one.text_csi), spread(one.text_csi_low, one.text_csi_high, 0)),
        (
            words("negative"),
            words.percent(one.negative_share),
            words.interval(one.negative_low, one.negative_high),
        ),
        (
            words("positive"),
            words.percent(one.positive_share),
            words.interval(one.positive_low, one.positive_high),
        ),
        (words("net"), points(one.net_sentiment), between(points(one.net_low), points(one.net_high))),
        (words("tagged"), words.number(one.tagged), ""),
        (words("untagged"), words.number(one.untagged), ""),
        (words("without_text"), words.number(one.without_text), ""),
        (words("duplicates"), words.number(one.duplicates), ""),
        (words("disagreements"), f"{one.disagreements} / {one.compared}", ""),
    ]
