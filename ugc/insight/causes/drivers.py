"""What moves the rating: impact, penalty and reward of each theme, and what fewer complaints would give.

Penalties, rewards and the classes of the themes come from one regression: see
`ugc.insight.causes.contrast` for the rule and its sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ugc.errors import InputError
from ugc.insight.causes.contrast import (
    Effect,
    Kind,
    Lacking,
    Undecided,
    Unweighed,
    WhatIf,
    classify,
    contrasts,
    effects,
    model,
    what_if,
)
from ugc.insight.causes.impact import Impact, Sums, corrected, impact
from ugc.insight.causes.raised import Raised, raised
from ugc.insight.choice.filters import Filters
from ugc.insight.satisfaction.scores import REPRESENTATIVE
from ugc.insight.statistics.intervals import Interval, mean, wilson

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Driver", "Drivers", "drivers", "weigh"]


@dataclass(frozen=True)
class Driver:
    """One theme; a figure that cannot be given is `None`."""

    theme: str
    reviews: int
    """Tagged reviews that raise it, with whatever polarity; `share` is that of all tagged."""
    share: float
    low: float
    high: float
    impact: Impact | None
    blame_impact: Impact | None
    """Impact of the reviews that blame it alone; those of praise are in `praise_impact`."""
    praise_impact: Impact | None
    penalty: Effect | None
    reward: Effect | None
    contrast: Interval | None
    """Penalty − reward."""
    contrast_q: float | None
    kind: Kind | None
    undecided: Undecided | None
    """Why there is no kind."""
    what_if: WhatIf | None


@dataclass(frozen=True)
class Drivers:
    """What moves the rating in the reviews chosen."""

    tagged: int
    """Tagged reviews: the n of the shares."""
    ratings: int
    """Of these, reviews with stars: the n of all figures in stars."""
    mean_stars: float | None
    mean_low: float | None
    mean_high: float | None
    representative: bool
    missing_ratings: int
    r2: float | None
    """Share of the spread of ratings that the regression explains."""
    r2_adjusted: float | None
    """The same less what as many idle terms would explain by chance."""
    ground: Interval | None
    """Mean stars, by the regression, of a review that neither praises nor blames any theme in it."""
    fall: float
    """Share of the complaints that falls away in `what_if`."""
    rows: tuple[Driver, ...]
    """The strongest impact first; themes without one last."""
    unweighed: tuple[Unweighed, ...]
    absent: tuple[str, ...]
    """Themes that no chosen review raises."""
    lacking: Lacking | None
    """Why there is no regression: too few ratings, all the same rating, or no term that can be weighed."""


def _impacts(rated: Raised, whole: Sums) -> dict[str, list[Impact | None]]:
    """Impact of every theme: of all reviews that raise it, of those that blame and that praise it.

    All impacts of all themes are corrected together.
    """
    sides = (rated.named, rated.blamed, rated.praised)
    every = [
        impact(rated.sums(flags[:, place]), whole) for place in range(len(rated.themes)) for flags in sides
    ]
    tested = corrected(every)
    return {theme: tested[3 * place : 3 * place + 3] for place, theme in enumerate(rated.themes)}


def _strength(one: Driver) -> tuple[bool, float, int, str]:
    """Key of the order of themes."""
    sizes = [abs(each.value) for each in (one.impact, one.blame_impact, one.praise_impact) if each]
    return not sizes, -max(sizes, default=0.0), -one.reviews, one.theme


def weigh(found: Raised, *, fall: float = 0.5, listed: Sequence[str] = ()) -> Drivers:
    """Drivers of the patterns of some reviews; `listed` limits the themes shown, not those weighed.

    Raises `InputError` unless 0 < fall ≤ 1.
    """
    if not 0 < fall <= 1:
        raise InputError(
            f"Complaints cannot fall by the share {fall:g}.", "Give a share above 0 and up to 1, such as 0.5."
        )
    rated = found.rated()
    whole, tagged = rated.sums(), int(found.reviews.sum())
    fitted = model(rated, whole)
    weighed, apart, impacts = effects(fitted, rated), contrasts(fitted), _impacts(rated, whole)
    rows, absent = [], []
    for place, theme in enumerate(found.themes):
        if listed and theme not in listed:
            continue
        n = int(found.reviews[found.named[:, place]].sum())
        if not n:
            absent.append(theme)
            continue
        share, low, high = wilson(n, tagged) or (0.0, 0.0, 1.0)
        penalty, reward = weighed.get((theme, "negative")), weighed.get((theme, "positive"))
        contrast, contrast_q = apart.get(theme, (None, None))
        kind, undecided = classify(penalty, reward, contrast_q)
        rows.append(
            Driver(
                theme=theme,
                reviews=n,
                share=share,
                low=low,
                high=high,
                impact=impacts[theme][0],
                blame_impact=impacts[theme][1],
                praise_impact=impacts[theme][2],
                penalty=penalty,
                reward=reward,
                contrast=contrast,
                contrast_q=contrast_q,
                kind=kind,
                undecided="no_regression" if fitted.lacking else undecided,
                what_if=what_if(fitted, theme, penalty, whole, fall) if penalty else None,
            )
        )
    stars = mean(whole.n, whole.total, whole.squares, least=1.0, most=5.0)
    ground = None
    if fitted.fitted is not None:
        ground = fitted.fitted.combine(np.eye(len(fitted.places) + 1)[0])[0]
    return Drivers(
        tagged=tagged,
        ratings=whole.n,
        mean_stars=stars.value if stars else None,
        mean_low=stars.low if stars else None,
        mean_high=stars.high if stars else None,
        representative=whole.n >= REPRESENTATIVE,
        missing_ratings=max(REPRESENTATIVE - whole.n, 0),
        r2=fitted.fitted.r2 if fitted.fitted else None,
        r2_adjusted=fitted.fitted.r2_adjusted if fitted.fitted else None,
        ground=ground,
        fall=fall,
        rows=tuple(sorted(rows, key=_strength)),
        unweighed=tuple(one for one in fitted.unweighed if not listed or one.theme in listed),
        absent=tuple(absent),
        lacking=fitted.lacking,
    )


def drivers(snapshot: Snapshot, filters: Filters, *, fall: float = 0.5) -> Drivers:
    """Which themes move the rating of the tagged reviews that the filters choose, and how.

    `filters.themes` only limits which themes are listed: all are weighed together. `fall` is the
    share of a theme's complaints that falls away in `what_if`. Raises `InputError` unless
    0 < fall ≤ 1.
    """
    return weigh(raised(snapshot, filters.without_themes()), fall=fall, listed=filters.themes)
