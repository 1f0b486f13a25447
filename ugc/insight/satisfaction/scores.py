"""How many: volume, satisfaction and the shares of pleased and displeased, with their intervals.

Stars and texts are kept apart. CSI is the mean satisfaction of a level from its ratings, 100 for
five stars and 0 for one; being a mean over ratings, the CSI of a level is the mean of the CSIs of
the levels below it (company over products, product over places), weighted by their ratings. The
text CSI is its twin from text sentiment. Neither stands in for the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ugc.errors import InputError
from ugc.insight.choice.counts import EMPTY, Counts, by_key, by_keys
from ugc.insight.choice.filters import DIMENSIONS, Dimension, Filters
from ugc.insight.statistics.intervals import mean, net, wilson
from ugc.insight.statistics.shrinkage import shrink_means, shrink_shares

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["REPRESENTATIVE", "Group", "Scores", "by", "by_each", "score", "scores"]

REPRESENTATIVE = 300
"""Ratings from which on a figure counts as representative."""

_NOTHING = (None, None, None)


@dataclass(frozen=True)
class Scores:
    """The figures of one choice of reviews. Shares are in 0…1, CSI in 0…100.

    `None` stands wherever there is nothing to compute from; it is never 0 or NaN. Bounds named
    `…_low` and `…_high` are 95 % intervals.
    """

    reviews: int
    """All reviews chosen."""
    ratings: int
    """Those with stars."""
    mean_stars: float | None
    mean_stars_low: float | None
    mean_stars_high: float | None
    csi: float | None
    """100 · (mean stars − 1) / 4, from ratings alone."""
    csi_low: float | None
    csi_high: float | None
    tagged: int
    """Reviews whose text the model could read: the n of all shares below."""
    positive: int
    negative: int
    mixed: int
    neutral: int
    positive_share: float | None
    positive_low: float | None
    positive_high: float | None
    negative_share: float | None
    negative_low: float | None
    negative_high: float | None
    net_sentiment: float | None
    """positive share − negative share, −1…1."""
    net_low: float | None
    net_high: float | None
    text_csi: float | None
    """50 + 50 · net sentiment, from texts alone: positive 100, mixed and neutral 50, negative 0."""
    text_csi_low: float | None
    text_csi_high: float | None
    representative: bool
    """At least REPRESENTATIVE ratings."""
    missing_ratings: int
    """Ratings that lack until then."""
    untagged: int
    """Reviews with a text that the model has not read yet."""
    untaggable: int
    """Reviews with a text that the model could not read."""
    without_text: int
    """Ratings that came with no text."""
    duplicates: int
    """Reviews that nearly repeat an earlier one; they are counted in all figures."""
    undated: int
    """Reviews without a date."""
    compared: int
    """Reviews with both stars and a text sentiment."""
    disagreements: int
    """Of these, 1–2 stars with a positive text or 4–5 stars with a negative one."""


@dataclass(frozen=True)
class Group:
    """The figures of one value of a dimension; `value` is `None` for reviews without one.

    The shrunk figures are for ranking: a small group is drawn towards the mean of all groups.
    """

    value: str | None
    scores: Scores
    shrunk_csi: float | None
    shrunk_negative_share: float | None


def score(counts: Counts) -> Scores:
    """Figures from counts: the one place where counts become shares and means."""
    stars = mean(counts.ratings, counts.stars, counts.star_squares, least=1.0, most=5.0)
    positive = wilson(counts.positive, counts.tagged)
    negative = wilson(counts.negative, counts.tagged)
    overall = net(counts.positive, counts.negative, counts.tagged)

    def on_hundred(stars: float | None) -> float | None:
        return None if stars is None else 25 * (stars - 1)

    def from_net(net: float | None) -> float | None:
        return None if net is None else 50 + 50 * net

    mean_stars, mean_low, mean_high = stars or _NOTHING
    positive_share, positive_low, positive_high = positive or _NOTHING
    negative_share, negative_low, negative_high = negative or _NOTHING
    net_sentiment, net_low, net_high = overall or _NOTHING
    return Scores(
        reviews=counts.reviews,
        ratings=counts.ratings,
        mean_stars=mean_stars,
        mean_stars_low=mean_low,
        mean_stars_high=mean_high,
        csi=on_hundred(mean_stars),
        csi_low=on_hundred(mean_low),
        csi_high=on_hundred(mean_high),
        tagged=counts.tagged,
        positive=counts.positive,
        negative=counts.negative,
        mixed=counts.mixed,
        neutral=counts.neutral,
        positive_share=positive_share,
        positive_low=positive_low,
        positive_high=positive_high,
        negative_share=negative_share,
        negative_low=negative_low,
        negative_high=negative_high,
        net_sentiment=net_sentiment,
        net_low=net_low,
        net_high=net_high,
        text_csi=from_net(net_sentiment),
        text_csi_low=from_net(net_low),
        text_csi_high=from_net(net_high),
        representative=counts.ratings >= REPRESENTATIVE,
        missing_ratings=max(REPRESENTATIVE - counts.ratings, 0),
        untagged=counts.untagged,
        untaggable=counts.untaggable,
        without_text=counts.without_text,
        duplicates=counts.duplicates,
        undated=counts.undated,
        compared=counts.compared,
        disagreements=counts.disagreements,
    )


def scores(snapshot: Snapshot, filters: Filters) -> Scores:
    """Figures of all reviews that the filters choose."""
    return score(by_key(snapshot, filters, "1").get(1, EMPTY))


def by_each(
    snapshot: Snapshot, filters: Filters, dimensions: Sequence[Dimension]
) -> dict[Dimension, tuple[Group, ...]]:
    """`by` for several dimensions, counted in one pass of the lake."""
    for one in dimensions:
        if one not in DIMENSIONS.values():
            raise InputError(
                f"Reviews cannot be grouped by {one!r}.", f"Known: {', '.join(DIMENSIONS.values())}."
            )
    found = by_keys(snapshot, filters, [f"nullif(r.{one}, '')" for one in dimensions])
    return {one: _ranked(counted) for one, counted in zip(dimensions, found, strict=True)}


def by(snapshot: Snapshot, filters: Filters, dimension: Dimension) -> tuple[Group, ...]:
    """The same figures for each value of a dimension, most reviews first, those without a value last.

    Raises `InputError` for a dimension that is none.
    """
    return by_each(snapshot, filters, (dimension,))[dimension]


def _ranked(found: Mapping[str | None, Counts]) -> tuple[Group, ...]:
    """The values of a dimension with their figures, most reviews first."""
    ranked = sorted(found.items(), key=lambda one: (one[0] is None, -one[1].reviews, one[0] or ""))
    every = [counts for _, counts in ranked]
    stars = shrink_means(
        [one.ratings for one in every], [one.stars for one in every], [one.star_squares for one in every]
    )
    negatives = shrink_shares([one.negative for one in every], [one.tagged for one in every])
    return tuple(
        Group(value, score(counts), None if star is None else 25 * (star - 1), share)
        for (value, counts), star, share in zip(ranked, stars, negatives, strict=True)
    )
