"""What customers expected, in their own words, by theme, and what of it is new this quarter.

Only what is stated counts («я ожидал …», «хотелось бы …», "they should …", „mogłoby …”): nothing
is guessed from dissatisfaction. `ugc.insight.wishes.stated` says how it is found. A find belongs to the
themes of the mentions that overlap its clauses, else to no theme (`theme` is `None`). The share of
a theme is one of all tagged reviews chosen.

This quarter is the calendar quarter, in UTC, of the last day chosen or of the newest review,
whichever is earlier; it is compared with the BEFORE quarters before it, as far as the lake reaches
back, whatever first day is chosen. All themes are tested together (Benjamini–Hochberg).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

from ugc.insight.causes.reasons import Change, compare, tagged_count
from ugc.insight.choice.counts import lake_days
from ugc.insight.choice.filters import Filters
from ugc.insight.reviews.quotes import LONGEST, SHORTEST
from ugc.insight.satisfaction.scores import scores
from ugc.insight.statistics.intervals import wilson
from ugc.insight.wishes.finds import Found, Stated, find, within
from ugc.insight.wishes.stated import KINDS, Kind

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["BEFORE", "Expectation", "Expectations", "Stated", "expectations"]

BEFORE = 4
"""Quarters that this quarter is compared with."""


@dataclass(frozen=True)
class Expectation:
    """The expectations of one theme; those of no theme have `theme` `None`."""

    theme: str | None
    reviews: int
    """Tagged reviews that state at least one; `share` is that of all tagged."""
    share: float
    low: float
    high: float
    stated: int
    """Expectations; a review may state several."""
    kinds: dict[Kind, int]
    """Of these, by kind."""
    mean_stars: float | None
    """Mean stars of the reviews."""
    change: Change | None
    """This quarter against those before; `None` where the lake holds nothing to compare."""
    is_new: bool
    """Whether it is stated significantly more often this quarter."""
    quotes: tuple[Stated, ...]


@dataclass(frozen=True)
class Expectations:
    """What is expected in the reviews chosen; `n_reviews` is the n of every share."""

    n_reviews: int
    """Tagged reviews chosen."""
    untagged: int
    reviews: int
    """Tagged reviews that state any expectation."""
    share: float | None
    low: float | None
    high: float | None
    stated: int
    kinds: dict[Kind, int]
    unassigned: float | None
    """Share of the stated expectations that belong to no theme; `None` when there are none."""
    since: date | None
    """First day of this quarter; `None` where the lake holds no dates, or none before it."""
    until: date | None
    previous_since: date | None
    """First day compared with; `previous_until` is the last."""
    previous_until: date | None
    rows: tuple[Expectation, ...]
    """Most reviews first; those of no theme last."""


def _quarter(day: date) -> date:
    """First day of the calendar quarter of a day."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _quarters_before(start: date, count: int) -> date:
    """First day of the quarter that lies `count` quarters before the one that begins at `start`."""
    months = start.year * 12 + start.month - 1 - 3 * count
    return date(months // 12, months % 12 + 1, 1)


def _periods(snapshot: Snapshot, filters: Filters) -> tuple[Filters, Filters] | None:
    """The filters over this quarter and over those before; `None` where either cannot be told."""
    first, last = lake_days(snapshot)
    if first is None or last is None:
        return None
    until = min(last, filters.until or last)
    start = _quarter(until)
    since = max(_quarters_before(start, BEFORE), first)
    if since >= start:
        return None
    before = replace(filters, since=since, until=start - timedelta(days=1))
    return replace(filters, since=start, until=until), before


def _quotes(found: Sequence[Found], newest: date | None, count: int) -> tuple[Stated, ...]:
    """Quotes of different reviews, authors and words: those of this quarter, of good length, newest first."""

    def rank(one: Found) -> tuple[bool, bool, float, str, int]:
        told = one.stated
        fits = SHORTEST <= told.end - told.start <= LONGEST
        when = told.date.timestamp() if told.date else float("-inf")
        current = newest is not None and told.date is not None and told.date.astimezone(UTC).date() >= newest
        return not current, not fits, -when, told.review_id, told.start

    taken: list[Found] = []
    for one in sorted((one for one in found if not one.copy), key=rank):
        if len(taken) >= count:
            break
        same = any(
            one.stated.review_id == other.stated.review_id
            or (one.author is not None and one.author == other.author)
            or one.stated.text.casefold() == other.stated.text.casefold()
            for other in taken
        )
        if not same:
            taken.append(one)
    return tuple(one.stated for one in taken)


def _by_theme(found: Iterable[Found]) -> dict[str | None, list[Found]]:
    """Finds of each theme; one that overlaps mentions of two themes belongs to both."""
    groups: dict[str | None, list[Found]] = defaultdict(list)
    for one in found:
        for theme in one.stated.themes or (None,):
            groups[theme].append(one)
    return groups


def _kinds(found: Iterable[Found]) -> dict[Kind, int]:
    """Number of finds of every kind."""
    told = [one.stated.kind for one in found]
    return {kind: told.count(kind) for kind in KINDS}


def _reviews(found: Iterable[Found]) -> int:
    """Number of reviews that finds lie in."""
    return len({one.stated.review_id for one in found})


def _mean_stars(found: Iterable[Found]) -> float | None:
    """Mean stars of the reviews that finds lie in; each review counts once."""
    stars = {one.stated.review_id: one.stated.stars for one in found if one.stated.stars is not None}
    known = [value for value in stars.values() if value is not None]
    return sum(known) / len(known) if known else None


def _changes(
    snapshot: Snapshot, found: Sequence[Found], periods: tuple[Filters, Filters] | None
) -> dict[str | None, Change]:
    """This quarter's share of every theme against that of the quarters before."""
    if periods is None:
        return {}
    now, before = (_by_theme(one for one in found if within(one.stated, period)) for period in periods)
    n, previous_n = (tagged_count(snapshot, period) for period in periods)
    counts = {
        theme: (_reviews(now.get(theme, ())), n, _reviews(before.get(theme, ())), previous_n)
        for theme in sorted({*now, *before}, key=lambda theme: theme or "")
    }
    # What neither period states is no question, and must not make the answers to others less sure.
    silent = {theme: (0, n, 0, previous_n) for theme in _by_theme(found) if theme not in counts}
    return compare(counts) | compare(silent)


def expectations(snapshot: Snapshot, filters: Filters, *, top: int = 15, quotes: int = 3) -> Expectations:
    """Stated expectations of the tagged reviews that the filters choose, by theme.

    `filters.themes` only limits which themes are listed; `top` themes at most, beside those of no
    theme.
    """
    base = filters.without_themes()
    figures = scores(snapshot, base)
    periods = _periods(snapshot, base)
    wide = base
    if periods is not None and base.since is not None:
        wide = replace(base, since=min(base.since, periods[1].since or base.since))
    everything = find(snapshot, wide)
    found = [one for one in everything if within(one.stated, base)]
    changes = _changes(snapshot, everything, periods)
    newest = periods[0].since if periods and changes else None
    rows = []
    for theme, own in _by_theme(found).items():
        if filters.themes and theme not in filters.themes:
            continue
        share, low, high = wilson(_reviews(own), figures.tagged) or (0.0, 0.0, 1.0)
        change = changes.get(theme)
        rows.append(
            Expectation(
                theme=theme,
                reviews=_reviews(own),
                share=share,
                low=low,
                high=high,
                stated=len(own),
                kinds=_kinds(own),
                mean_stars=_mean_stars(own),
                change=change,
                is_new=change is not None and change.significant and change.difference > 0,
                quotes=_quotes(own, newest, quotes),
            )
        )
    named = sorted((one for one in rows if one.theme), key=lambda one: (-one.reviews, one.theme or ""))
    whole = wilson(_reviews(found), figures.tagged)
    adrift = sum(not one.stated.themes for one in found)
    return Expectations(
        n_reviews=figures.tagged,
        untagged=figures.untagged,
        reviews=_reviews(found),
        share=whole.value if whole else None,
        low=whole.low if whole else None,
        high=whole.high if whole else None,
        stated=len(found),
        kinds=_kinds(found),
        unassigned=adrift / len(found) if found else None,
        since=newest,
        until=periods[0].until if periods and changes else None,
        previous_since=periods[1].since if periods and changes else None,
        previous_until=periods[1].until if periods and changes else None,
        rows=(*named[: max(top, 0)], *(one for one in rows if one.theme is None)),
    )
