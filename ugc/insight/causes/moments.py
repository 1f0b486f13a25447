"""Moments of truth: where on the customer's way a theme moves the rating more than its share would.

The impact of what a cell (touchpoint × theme) is blamed for is its share times the pull of those
reviews on the rating. If all complaints pulled alike, each cell's part of all their impact would
be its part of all complaints. Its **disproportion** is the relation of the two parts:

    (m̃ − μ) / (M − μ)

with μ the mean of all ratings, M the mean over all occasions of complaint and m̃ the mean of the
cell, shrunk towards M since the most extreme of many cells is mostly a small one. 2 means: twice
the impact that its share lets one expect. Praise is measured in the same way against all praise.

A cell is a **moment of truth** by blame (or by praise) when all of this holds:

1. the text tells the touchpoint;
2. the impact of the reviews that blame (praise) it is below (above) zero, q < 0.05;
3. their ratings lie below (above) those at all other occasions of complaint (praise), q < 0.05;
4. the disproportion is at least OUT_OF_PROPORTION.

q values are Benjamini–Hochberg over all cells and both polarities. The word is Normann's (1984) and
Carlzon's (1987); the rule is ours.

Sources
    Normann R. (1984) Service Management. Wiley. Carlzon J. (1987) Moments of Truth. Ballinger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from ugc.insight.causes.about import About, about
from ugc.insight.causes.cells import NOT_TOLD, Cells, Excess, Tally, cells, excess
from ugc.insight.causes.impact import LEAST_RATINGS, Impact, corrected, impact
from ugc.insight.choice.filters import Filters
from ugc.insight.satisfaction.scores import REPRESENTATIVE
from ugc.insight.statistics.intervals import Interval, mean, wilson
from ugc.insight.statistics.shrinkage import shrink_means
from ugc.insight.statistics.significance import ALPHA, adjust
from ugc.taxonomy import keys, labels

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["OUT_OF_PROPORTION", "Cell", "Moments", "Side", "Stage", "judge", "moments"]

OUT_OF_PROPORTION = 1.1
"""Disproportion from which on: a tenth more impact than in proportion to the share."""


@dataclass(frozen=True)
class Side:
    """What blames, or what praises, one cell."""

    reviews: int
    share: float
    low: float
    high: float
    impact: Impact | None
    excess: Excess | None
    excess_q: float | None
    disproportion: float | None
    """`None` too where complaints as a whole do not lower the rating (or praise does not raise it)."""
    moment: bool


@dataclass(frozen=True)
class Cell:
    """One touchpoint × theme; `stage` is `None` where the touchpoint is not told."""

    theme: str
    touchpoint: str
    stage: str | None
    about: About
    blame: Side
    praise: Side

    @property
    def moment(self) -> bool:
        """Whether it is a moment of truth, by blame or by praise."""
        return self.blame.moment or self.praise.moment


@dataclass(frozen=True)
class Stage:
    """One stage of the customer's way; `key` is `None` for all that is told of no stage."""

    key: str | None
    touchpoints: tuple[str, ...]
    about: About
    blame_impact: Impact | None
    praise_impact: Impact | None


@dataclass(frozen=True)
class Moments:
    """The map of the way and its cells."""

    tagged: int
    """The n of the shares."""
    ratings: int
    """Tagged reviews with stars: the n of all figures in stars."""
    mean_stars: Interval | None
    representative: bool
    missing_ratings: int
    intensity: Interval | None
    """Emotional intensity of all tagged reviews, to compare with."""
    enough: bool
    """At least LEAST_RATINGS ratings; else nothing is said of impacts and moments."""
    cells: tuple[Cell, ...]
    """Moments of truth first, then by the strength of the impact."""
    stages: tuple[Stage, ...]
    """In the order of the way; what is told of no stage last."""


class _Draft(NamedTuple):
    """One side of a cell before correction and shrinkage."""

    tally: Tally
    impact: Impact | None
    excess: Excess | None


def _corrected(p_values: Sequence[float | None]) -> list[float | None]:
    """Q values of the p values there are, in their places."""
    q_values = iter(adjust([p for p in p_values if p is not None]))
    return [None if p is None else next(q_values) for p in p_values]


def _sides(
    found: Cells, pairs: Sequence[tuple[str, str]], side: str, whole: Tally
) -> tuple[list[_Draft], list[float | None]]:
    """Each cell's reviews that blame (or praise) it, and their disproportions."""
    saying = found.saying(blamed=True) if side == "blame" else found.saying(praised=True)
    every = found.occasions(found.whole, side)
    drafts = []
    for theme, touchpoint in pairs:
        rows = found.cell(theme, touchpoint) & saying
        tally = found.tally(rows)
        apart = excess(tally.stars, found.occasions(rows, side), every, whole.stars)
        drafts.append(_Draft(tally, impact(tally.stars, whole.stars), apart))
    sums = [one.tally.stars for one in drafts]
    shrunk = shrink_means([one.n for one in sums], [one.total for one in sums], [one.squares for one in sums])
    centre, occasion = whole.stars.mean, every.once.mean
    if centre is None or occasion is None or (occasion - centre) * (-1 if side == "blame" else 1) <= 0:
        return drafts, [None] * len(drafts)
    pull = occasion - centre
    return drafts, [
        None if drawn is None or one.impact is None else (drawn - centre) / pull
        for drawn, one in zip(shrunk, drafts, strict=True)
    ]


def _side(
    draft: _Draft,
    sign: int,
    excess_q: float | None,
    ratio: float | None,
    whole: Tally,
    told: bool,
) -> Side:
    """A side with its verdict; `sign` is −1 for blame, 1 for praise, `told` that of the touchpoint."""
    share, low, high = wilson(draft.tally.reviews, whole.reviews) or (0.0, 0.0, 1.0)
    apart = draft.excess is not None and excess_q is not None and excess_q < ALPHA
    verdict = (
        told
        and apart
        and draft.impact is not None
        and draft.impact.significant
        and draft.excess is not None
        and draft.impact.value * sign > 0
        and draft.excess.value * sign > 0
        and (ratio is None or ratio >= OUT_OF_PROPORTION)
    )
    return Side(draft.tally.reviews, share, low, high, draft.impact, draft.excess, excess_q, ratio, verdict)


def _stage(found: Cells, place: int, key: str | None, touchpoints: tuple[str, ...], whole: Tally) -> Stage:
    """The figures of one stage."""
    blamed, praised = found.stage(place, "blamed"), found.stage(place, "praised")
    figures = about(
        found.tally(found.stage(place)),
        found.tally(praised & ~blamed).reviews,
        found.tally(blamed & ~praised).reviews,
        whole,
    )
    impacts = (impact(found.tally(rows).stars, whole.stars) for rows in (blamed, praised))
    return Stage(key, touchpoints, figures, *impacts)


def _strength(one: Cell) -> tuple[bool, float, int, str, str]:
    """Key of the order of cells."""
    sizes = [abs(each.impact.value) for each in (one.blame, one.praise) if each.impact]
    return not one.moment, -max(sizes, default=0.0), -one.about.reviews, one.touchpoint, one.theme


def _tested(rows: Sequence[Cell]) -> list[Cell]:
    """The cells with the impacts of all that raises them corrected together."""
    impacts = corrected([one.about.impact for one in rows])
    return [
        replace(one, about=replace(one.about, impact=given)) for one, given in zip(rows, impacts, strict=True)
    ]


def _tested_stages(rows: Sequence[Stage]) -> tuple[Stage, ...]:
    """The stages with all their impacts corrected together."""
    every = [each for one in rows for each in (one.about.impact, one.blame_impact, one.praise_impact)]
    tested = iter(corrected(every))
    return tuple(
        replace(
            one,
            about=replace(one.about, impact=next(tested)),
            blame_impact=next(tested),
            praise_impact=next(tested),
        )
        for one in rows
    )


def _cells(found: Cells, whole: Tally, stage_of: Mapping[str, str | None]) -> list[Cell]:
    """Every cell with its figures, shrunk and corrected over all of them."""
    pairs = found.pairs()
    blames, blame_ratios = _sides(found, pairs, "blame", whole)
    praises, praise_ratios = _sides(found, pairs, "praise", whole)
    drafts = [*blames, *praises]
    impacts = corrected([one.impact for one in drafts])
    drafts = [one._replace(impact=given) for one, given in zip(drafts, impacts, strict=True)]
    excess_q = _corrected([one.excess.p_value if one.excess else None for one in drafts])
    rows = []
    for place, (theme, touchpoint) in enumerate(pairs):
        own, told, other = found.cell(theme, touchpoint), touchpoint != NOT_TOLD, len(pairs) + place
        figures = about(
            found.tally(own),
            found.tally(own & found.saying(praised=True, blamed=False)).reviews,
            found.tally(own & found.saying(praised=False, blamed=True)).reviews,
            whole,
        )
        blame = _side(drafts[place], -1, excess_q[place], blame_ratios[place], whole, told)
        praise = _side(drafts[other], 1, excess_q[other], praise_ratios[place], whole, told)
        rows.append(Cell(theme, touchpoint, stage_of.get(touchpoint), figures, blame, praise))
    return sorted(_tested(rows), key=_strength)


def judge(found: Cells, *, listed: Sequence[str] = ()) -> Moments:
    """Moments from the sums of cells; `listed` limits the themes shown, not those compared."""
    whole = found.tally(found.whole)
    stage_of = {one.key: one.stage for one in labels("touchpoints")}
    seen = sorted({touchpoint for _, touchpoint in found.pairs()}, key=_way)
    order: list[str | None] = [*keys("stages"), None]
    stages = [
        _stage(found, place, key, tuple(one for one in seen if stage_of.get(one) == key), whole)
        for place, key in enumerate(order)
    ]
    stars = whole.stars
    every = _cells(found, whole, stage_of)
    return Moments(
        tagged=whole.reviews,
        ratings=stars.n,
        mean_stars=mean(stars.n, stars.total, stars.squares, least=1.0, most=5.0),
        representative=stars.n >= REPRESENTATIVE,
        missing_ratings=max(REPRESENTATIVE - stars.n, 0),
        intensity=wilson(whole.moved, whole.known),
        enough=stars.n >= LEAST_RATINGS,
        cells=tuple(one for one in every if not listed or one.theme in listed),
        stages=_tested_stages(stages),
    )


def _way(touchpoint: str) -> tuple[bool, int, str]:
    """Key of the order of touchpoints: the taxonomy's, others after them."""
    order = keys("touchpoints")
    known = touchpoint in order
    return not known, order.index(touchpoint) if known else 0, touchpoint


def moments(snapshot: Snapshot, filters: Filters) -> Moments:
    """The customer's way in the tagged reviews that the filters choose, and its moments of truth.

    `filters.themes` only limits which cells are listed: all are compared with each other.
    """
    return judge(cells(snapshot, filters.without_themes()), listed=filters.themes)
