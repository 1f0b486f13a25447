"""What came of an action: the weekly figure of the reviews concerned, against what it would have been.

The figure is the share of tagged reviews that blame the action's theme, the share of displeased, or
the mean of the stars. Weeks are counted from the day of the action, so that none is cut by it. Where
enough reviews are not concerned, the series is the difference to them, week by week (a difference in
differences: what happened to everybody in the same week falls out of it), else the figure itself.
Others that another action of these weeks concerns are left out.
`ugc.insight.statistics.interrupted` tells what changed, and its errors. The trend of the figure itself
may be anything; that of a difference is taken to be seldom more than 15 points, or 0.6 stars, a year.

Up to 52 weeks before count, and after it half as many as those before, 8 to 26: the line through the
weeks before is carried on through them, and carries no farther (its error grows with the square of
the distance).

**Worth seeing** is an effect of half the share before, at least two points, or a quarter of a star. The
weeks still needed are those until such an effect would be seen in 80 of 100 cases; see
`interrupted.needed`. Effects of several actions are corrected together (Benjamini-Hochberg).

Sources
    Linden A. (2015) Conducting interrupted time-series analysis for single- and multiple-group
        comparisons. Stata J. 15, 480-500.
    Lopez Bernal J., Cummins S., Gasparrini A. (2018) The use of controls in interrupted time series
        studies of public health interventions. Int. J. Epidemiol. 47, 2082-2093.
    Hawley S. et al. (2019) Sample size and power considerations for ordinary least squares
        interrupted time series analysis. Clin. Epidemiol. 11, 197-205.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from ugc.errors import InputError
from ugc.insight.choice.counts import lake_days
from ugc.insight.choice.filters import Filters
from ugc.insight.outcome.actions import Action, actions
from ugc.insight.outcome.weekly import (
    BEFORE,
    LONGEST,
    Measure,
    Side,
    Week,
    comparable,
    course,
    read,
    series,
)
from ugc.insight.statistics.interrupted import LEAST_AFTER, LEAST_BEFORE, interrupted, needed, visible
from ugc.insight.statistics.intervals import Interval
from ugc.insight.statistics.significance import ALPHA, adjust

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Effect", "Verdict", "corrected", "effect", "effects"]

Verdict = Literal["helped", "hurt", "no_difference", "too_early", "cannot_tell"]
"""`no_difference`: an effect worth seeing would very likely show, and none does. `too_early`: more
weeks may answer. `cannot_tell`: no number of weeks would, for the reviews before or by the week are
too few."""

_SHORTEST = 8
_DRIFT = 0.075 / 52
"""Standard deviation of the trend by the week of the difference of two shares."""
_WORTH_SHARE, _WORTH_POINTS, _WORTH_STARS = 0.5, 0.02, 0.25


@dataclass(frozen=True)
class Effect:
    """What came of one action. Changes are in the unit of the measure: parts of 1, or stars."""

    action: Action
    measure: Measure
    verdict: Verdict
    before: Side
    """The reviews concerned in the weeks compared; `after` likewise."""
    after: Side
    rest_before: Side | None
    """The reviews not concerned, in the same weeks; `None` when not compared with."""
    rest_after: Side | None
    level: Interval | None
    """Change in the first week; `None` as long as there are too few weeks."""
    slope: Interval | None
    """Change of the slope, by the week."""
    effect: Interval | None
    """Mean change over the weeks after."""
    p_value: float | None
    q_value: float | None
    """The p value, corrected for the actions asked about together."""
    worth: float | None
    """Size of effect worth seeing."""
    visible: float | None
    """Smallest true effect that these weeks would show in 80 of 100 cases."""
    meanwhile: tuple[Action, ...]
    """Other actions within the weeks compared, save those for another theme. Reviews that they alone
    concern are left out of the others; those that both concern hold what came of both."""
    weeks_passed: int
    """Whole weeks of the action that the lake covers."""
    weeks_needed: int | None
    """Weeks still to come until an effect worth seeing would be seen, 0 when it would be by now;
    `None`: none within reach."""
    course: tuple[Week, ...]
    """The figure week by week, over the weeks that are compared; empty without reviews."""


def _worth(before: Side, measure: Measure) -> float | None:
    """Size of effect worth seeing; `None` without a figure before."""
    if measure == "stars":
        return _WORTH_STARS
    return None if before.figure is None else max(_WORTH_SHARE * before.figure.value, _WORTH_POINTS)


def _meanwhile(held: Sequence[Action], action: Action, first: int, after: int) -> tuple[Action, ...]:
    """Other actions within the weeks from `first` to before `after` that may move the same figure."""
    begin, end = (action.day + timedelta(weeks=week) for week in (first, after))
    return tuple(
        one
        for one in held
        if one.id != action.id
        and begin < one.day < end
        and (one.theme == action.theme or None in (one.theme, action.theme))
    )


def _within(change: Interval, measure: Measure) -> Interval:
    """A change that is no larger than the scale."""
    most = 4.0 if measure == "stars" else 1.0
    return Interval(*(min(max(bound, -most), most) for bound in change))


def _early(newest: date | None, found: Effect) -> bool:
    """Whether the lake has yet to cover the least that an answer takes."""
    day = found.action.day
    if newest is None or newest < day:
        return True
    return found.before.weeks >= LEAST_BEFORE and newest < day + timedelta(weeks=LEAST_AFTER)


def _verdict(found: Effect, early: bool) -> Verdict:
    """The verdict by the corrected p value; see `_early`."""
    if found.effect is not None and found.q_value is not None and found.visible is not None:
        if found.q_value < ALPHA:
            better = found.effect.value > 0 if found.measure == "stars" else found.effect.value < 0
            return "helped" if better else "hurt"
        if found.worth is not None and found.visible <= found.worth:
            return "no_difference"
    return "too_early" if early or found.weeks_needed is not None else "cannot_tell"


def effect(
    snapshot: Snapshot, action: Action, filters: Filters | None = None, *, measure: Measure | None = None
) -> Effect:
    """What came of an action, among the reviews that the filters choose.

    Args:
        snapshot: the lake.
        action: one of `ugc.insight.outcome.actions`.
        filters: narrow the reviews concerned and those not concerned; their themes are left aside.
        measure: what is looked at; the share that blames its theme where it has one, else that of
            the displeased, when `None`.

    Raises:
        InputError: complaints are asked for, and the action has no theme.
    """
    measure = measure or ("complaints" if action.theme else "negative")
    if measure == "complaints" and not action.theme:
        raise InputError(
            f"The action {action.id} is about no theme in particular.", "Ask for negative or stars."
        )
    newest = lake_days(snapshot)[1]
    begun = [one for one in actions(snapshot) if newest and one.day <= newest]
    rivals = _meanwhile(begun, action, -BEFORE, LONGEST)
    weeks, own, others = read(snapshot, action, filters or Filters(), measure, rivals)
    most = min(max(int((own.n[weeks < 0] > 0).sum()) // 2, _SHORTEST), LONGEST)
    there = [int(week) for week in weeks[own.n > 0] if week < most]
    span = (weeks >= min(there, default=0)) & (weeks <= max(there, default=-1))
    weeks, own, others = weeks[span], own.cut(span), others.cut(span)
    rest = others if comparable(weeks, own, others) else None
    line = series(weeks, own, rest, measure)
    drift = _DRIFT * (4 if measure == "stars" else 1) if rest else None
    found = interrupted(line, drift=drift)
    passed = max(((newest - action.day).days + 1) // 7, 0) if newest else 0
    past, since = ((line.weights > 0) & side for side in (weeks < 0, weeks >= 0))
    before = own.only(past).side(measure)
    worth = _worth(before, measure)
    seen = visible(found.error, found.freedom) if found else None
    at = needed(line, found, passed, worth, most, drift=drift) if worth else None
    if worth and seen and seen <= worth:
        at = passed
    answer = Effect(
        action=action,
        measure=measure,
        verdict="cannot_tell",
        before=before,
        after=own.only(since).side(measure),
        rest_before=rest.only(past).side(measure) if rest else None,
        rest_after=rest.only(since).side(measure) if rest else None,
        level=_within(found.level, measure) if found else None,
        slope=found.slope if found else None,
        effect=_within(found.effect, measure) if found else None,
        p_value=found.p_value if found else None,
        q_value=found.p_value if found else None,
        worth=worth,
        visible=seen,
        meanwhile=_meanwhile(rivals, action, int(weeks[0]), int(weeks[-1]) + 1) if len(weeks) else (),
        weeks_passed=passed,
        weeks_needed=at - passed if at is not None else None,
        course=course(weeks, own, rest, action.day, measure),
    )
    return replace(answer, verdict=_verdict(answer, _early(newest, answer)))


def effects(
    snapshot: Snapshot,
    chosen: Sequence[Action],
    filters: Filters | None = None,
    *,
    measure: Measure | None = None,
) -> tuple[Effect, ...]:
    """What came of several actions, in their order; q values and verdicts are corrected together.

    Raises `InputError` as `effect` does.
    """
    found = [effect(snapshot, one, filters, measure=measure) for one in chosen]
    return corrected(found, lake_days(snapshot)[1])


def corrected(found: Sequence[Effect], newest: date | None) -> tuple[Effect, ...]:
    """Effects asked about one by one, with q values and verdicts corrected together.

    `newest` is the day of the newest review of the lake; see `ugc.insight.choice.counts.lake_days`.
    """
    told = list(found)
    tested = [place for place, one in enumerate(told) if one.p_value is not None]
    q_values = adjust([told[place].p_value or 0.0 for place in tested])
    for place, q_value in zip(tested, q_values, strict=True):
        one = replace(told[place], q_value=q_value)
        told[place] = replace(one, verdict=_verdict(one, _early(newest, one)))
    return tuple(told)
