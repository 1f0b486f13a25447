"""What is going on, in five sentences at most: what moved, by how much, since when, why and where.

Only what the figures bear is said: a change or a hot spot is named when its interval or test
supports it, and every share comes with its interval and its n.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from markupsafe import Markup

from ugc.dashboard.answers.turns import change_line, in_force, why_line
from ugc.dashboard.frame.data import Ask
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.words import words
from ugc.insight import (
    Dimension,
    Filters,
    Group,
    Options,
    Reason,
    Reasons,
    Scores,
    reasons,
    scores,
    trend,
    typical_quotes,
)
from ugc.insight.satisfaction.change_points import ChangePoint, explain
from ugc.insight.whereabouts.weak_spot import weak_spot

__all__ = ["Story", "tell"]

_WINDOWS = (7, 30, 90, 365)
_ENOUGH = 100
"""Tagged reviews from which on a window is wide enough to speak about."""

_MOST = 5
"""Sentences told at once."""

_FIRST = ("volume", "mood", "change", "complaint", "mover", "spot", "thanks")
"""What is told, the most needed first; it is shown in the order in which it is found."""

_PLACES: tuple[Dimension, ...] = ("city", "place")
"""Dimensions in which a weak spot is looked for, the most telling first."""


@dataclass(frozen=True)
class Story:
    """The sentences and what they are about: a period, and its top reason of each polarity."""

    lines: tuple[Markup, ...]
    filters: Filters
    complaint: Reason | None
    thanks: Reason | None


def _period(ask: Ask, filters: Filters, has: Options) -> Filters:
    """The filters over the period to speak about: the chosen one, else the shortest with enough reviews."""
    if filters.since or filters.until or has.first is None or has.last is None:
        return replace(filters, since=filters.since or has.first, until=filters.until or has.last)
    days = ask(trend, filters, by="day")
    window = next(
        (width for width in _WINDOWS if sum(day.tagged for day in days[-width:]) >= _ENOUGH), _WINDOWS[-1]
    )
    since = has.last - timedelta(days=window - 1)
    return replace(filters, since=max(since, has.first), until=has.last)


def _apart(now: Scores, before: Scores) -> bool:
    """Whether the intervals of both shares of negatives lie apart."""
    bounds = (now.negative_low, now.negative_high, before.negative_low, before.negative_high)
    if any(bound is None for bound in bounds):
        return False
    low, high, low_before, high_before = (float(bound or 0) for bound in bounds)
    return low > high_before or high < low_before


class _Teller:
    """Builds the sentences of one language."""

    def __init__(self, language: str) -> None:
        self.word = words(language)
        self.say = formats(language)

    def volume(self, now: Scores, before: Scores | None, since: date, until: date) -> Markup:
        span = self.say.span(since, until)
        first = self.word.rich("story.volume", n=now.reviews, count=self.say.number(now.reviews), span=span)
        if before is None or not before.reviews:
            return first
        difference = now.reviews - before.reviews
        key = "same" if not difference else "more" if difference > 0 else "fewer"
        count = self.say.number(abs(difference))
        return Markup("{} {}").format(first, self.word.rich(f"story.volume_{key}", count=count))

    def mood(self, now: Scores, before: Scores | None) -> Markup:
        bounds = self.say.percents(now.negative_low, now.negative_high)
        n = self.say.number(now.tagged)
        share = self.say.percent(now.negative_share)
        first = self.word.rich("story.mood", share=share, bounds=bounds, n=n)
        if before is None or before.negative_share is None or now.negative_share is None:
            return first
        key = "steady"
        if _apart(now, before):
            key = "worse" if now.negative_share > before.negative_share else "better"
        was = self.say.percent(before.negative_share)
        return Markup("{} {}").format(first, self.word.rich(f"story.mood_{key}", was=was))

    def reason(self, key: str, reason: Reason, n: int) -> Markup:
        first = self.word.rich(
            f"story.{key}",
            theme=self.word.name("themes", reason.theme),
            share=self.say.percent(reason.share),
            bounds=self.say.percents(reason.low, reason.high),
            n=self.say.number(n),
        )
        change = reason.change
        if change is None or not change.significant:
            return first
        grew = "grew" if change.difference > 0 else "fell"
        was = self.say.percent(change.previous_share)
        return Markup("{} {}").format(first, self.word.rich(f"story.{grew}", was=was))

    def change(self, change: ChangePoint) -> Markup:
        first = change_line(change, self.word.language, dated=True)
        why = why_line(change, self.word.language, most=2)
        return Markup("{} {}").format(first, why) if why else first

    def spot(self, dimension: str, weakest: Group, overall: float | None) -> Markup:
        return self.word.rich(
            "story.spot",
            where=self.word(f"filter.{dimension}").lower(),
            value=self.word.called(dimension, weakest.value),
            share=self.say.percent(weakest.scores.negative_share),
            overall=self.say.percent(overall),
        )


def _mover(found: Reasons) -> Reason | None:
    """The complaint that grew most, among those whose growth is significant and not the top one."""
    grown = [
        one for one in found.rows[1:] if one.change and one.change.significant and one.change.difference > 0
    ]
    return max(grown, key=lambda one: one.change.difference if one.change else 0.0, default=None)


def tell(ask: Ask, filters: Filters, has: Options, language: str) -> Story:
    """The sentences about the reviews that the filters choose; none when there are no reviews."""
    if has.last is None or has.first is None:
        return Story((), filters, None, None)
    current = _period(ask, filters, has)
    teller = _Teller(language)
    bad = ask(reasons, current, polarity="negative", quotes=0)
    good = ask(reasons, current, polarity="positive", quotes=0)
    now = ask(scores, current)
    before = None
    if bad.previous_since and bad.previous_until and bad.previous_until >= has.first:
        before = ask(scores, replace(current, since=bad.previous_since, until=bad.previous_until))
    since, until = current.since or has.first, current.until or has.last
    lines = {"volume": teller.volume(now, before, since, until)}
    if now.tagged:
        lines["mood"] = teller.mood(now, before)
    change = _change(ask, filters)
    if change:
        lines["change"] = teller.change(change)
    complaint = _top(ask, current, bad)
    thanks = _top(ask, current, good)
    if complaint:
        lines["complaint"] = teller.reason("complaint", complaint, bad.n_reviews)
    mover = _mover(bad)
    if mover:
        lines["mover"] = teller.reason("mover", mover, bad.n_reviews)
    if thanks:
        lines["thanks"] = teller.reason("thanks", thanks, good.n_reviews)
    spot = ask(weak_spot, current, _PLACES)
    named = {part.value for part in change.contributions} if change else set()
    if spot and spot[1].value not in named:
        lines["spot"] = teller.spot(*spot, now.negative_share)
    kept = [key for key in _FIRST if key in lines][:_MOST]
    return Story(tuple(line for key, line in lines.items() if key in kept), current, complaint, thanks)


def _top(ask: Ask, filters: Filters, found: Reasons) -> Reason | None:
    """The first of a ranking with a quote, which is sought for this one alone."""
    if not found.rows:
        return None
    first = found.rows[0]
    said = ask(typical_quotes, filters, themes=(first.theme,), polarity=found.polarity, count=1)
    return replace(first, quotes=said.get(first.theme, ()))


def _change(ask: Ask, filters: Filters) -> ChangePoint | None:
    """The change to tell, with the reviews that made it."""
    found = in_force(ask, filters)
    return ask(explain, filters, found, quotes=0) if found else None
