"""Whatever a site does between and during the runs, no review is passed over for good."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.source import Page
from scrapers.walk import each, moment, newest_first
from ugc.errors import SourceBlocked, SourceError

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Site:
    """A played site: reviews as (id, hour), newest first, in pages or by tokens."""

    size: int
    tokens: bool = False
    dated: bool = True
    days: bool = False
    reviews: list[tuple[int, int]] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)
    expired: bool = False

    def add(self, *hours_later: int) -> None:
        """Adds reviews on top, each so many hours after the newest."""
        for later in hours_later:
            hour = self.reviews[0][1] + later if self.reviews else later
            self.reviews.insert(0, (len(self.reviews) + 1, hour))

    async def read(self, position: str | None) -> Page:
        self.asked.append(position)
        if self.tokens:
            if position and self.expired:
                raise SourceError("the token is too old")
            below = int(position.removeprefix("below=")) if position else 10**9
            rows = [one for one in self.reviews if one[0] < below]
            shown = rows[: self.size]
            following = f"below={shown[-1][0]}" if len(rows) > self.size else None
        else:
            number = int(position or 1)
            shown = self.reviews[(number - 1) * self.size : number * self.size]
            following = str(number + 1) if number * self.size < len(self.reviews) else None
        return Page(tuple(map(self.record, shown)), following is not None, following)

    def record(self, one: tuple[int, int]) -> dict[str, str]:
        when = START + timedelta(hours=one[1])
        told = when.date().isoformat() if self.days else when.isoformat()
        return {"source_id": str(one[0]), **({"date": told} if self.dated else {})}


def run(site, cursor, stop=None, **options):
    """One run, broken off after `stop` pages: the ids that were stored, and the cursor."""

    async def go():
        kept, mark = set(), cursor
        site.asked.clear()
        pages = newest_first(site.read, json.loads(json.dumps(cursor)), **options)
        async with aclosing(pages):
            number = 0
            async for page, new in pages:
                kept |= {record["source_id"] for record in page.records}
                mark, number = new, number + 1
                if number == stop:
                    break
        return kept, mark

    return asyncio.run(go())


def every(site):
    return {str(one[0]) for one in site.reviews}


# What holds whatever happens --------------------------------------------------------------------

later = st.lists(st.integers(0, 40), max_size=9)


@given(
    size=st.integers(1, 5),
    tokens=st.booleans(),
    dated=st.booleans(),
    days=st.booleans(),
    window=st.sampled_from([0, 0, 12, 72]),
    first=later,
    turns=st.lists(st.tuples(st.integers(1, 6), later, st.booleans()), max_size=6),
)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_nothing_is_passed_over_for_good(size, tokens, dated, days, window, first, turns):
    site = Site(size, tokens, dated, days)
    site.add(*first)
    span = timedelta(hours=window)
    kept, cursor = set(), {}
    for stop, more, expired in turns:
        site.expired = expired
        got, cursor = run_or_broken(site, cursor, stop, span)
        kept |= got
        site.add(*more)
    site.expired = False
    got, cursor = run(site, cursor, window=span)
    assert kept | got == every(site)


def run_or_broken(site, cursor, stop, window):
    """A run that is broken off by the user, or by the site, or comes to its end."""
    kept, mark = set(), cursor

    async def go():
        nonlocal kept, mark
        site.asked.clear()
        pages = newest_first(site.read, json.loads(json.dumps(cursor)), window=window)
        async with aclosing(pages):
            number = 0
            async for page, new in pages:
                kept |= {record["source_id"] for record in page.records}
                mark, number = new, number + 1
                if number == stop:
                    return

    try:
        asyncio.run(go())
    except SourceError:
        assert site.expired
    return kept, mark


@given(
    size=st.integers(1, 6),
    tokens=st.booleans(),
    dated=st.booleans(),
    window=st.sampled_from([0, 24, 100]),
    first=st.lists(st.integers(1, 40), min_size=1, max_size=40),
    more=st.lists(st.integers(1, 40), max_size=12),
)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_later_run_reads_what_is_new_the_window_and_little_more(size, tokens, dated, window, first, more):
    site = Site(size, tokens, dated)
    site.add(*first)
    span = timedelta(hours=window)
    _, cursor = run(site, {}, window=span)
    known = site.reviews[0][1]
    site.add(*more)
    got, again = run(site, cursor, window=span)
    assert {str(one[0]) for one in site.reviews[: len(more)]} <= got
    if dated or not window:
        wanted = sum(one[1] >= known - window for one in site.reviews) if dated else len(more)
        assert len(site.asked) <= -(-wanted // size) + 2
    assert "gap" not in again


@given(
    size=st.integers(1, 5),
    tokens=st.booleans(),
    window=st.sampled_from([0, 200]),
    stop=st.integers(1, 6),
    more=st.lists(st.integers(1, 40), max_size=12),
)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_broken_run_is_gone_on_with_instead_of_read_again(size, tokens, window, stop, more):
    site = Site(size, tokens)
    site.add(*[3] * 60)
    read, cursor = run(site, {}, stop=stop, window=timedelta(hours=window))
    newest = site.reviews[0][1]
    site.add(*more)
    got, _ = run(site, cursor, window=timedelta(hours=window))
    assert read | got == every(site)
    above = -(-sum(one[1] >= newest - window for one in site.reviews) // size)
    below = -(-(60 - stop * size) // size)
    assert len(site.asked) <= min(above + below + 8, -(-len(site.reviews) // size) + 8)


# Single cases -----------------------------------------------------------------------------------


def test_a_broken_run_does_not_read_its_pages_again():
    site = Site(5)
    site.add(*[1] * 100)
    _, cursor = run(site, {}, stop=10)
    got, cursor = run(site, cursor)
    assert site.asked[:3] == [None, "10", "11"]
    assert len(site.asked) == 12
    assert "gap" not in cursor
    assert {str(number) for number in range(1, 51)} <= got


def test_a_wide_window_does_not_lead_the_leap_astray():
    site = Site(5)
    site.add(*[1] * 200)
    _, cursor = run(site, {}, stop=20)
    kept, _ = run(site, cursor, window=timedelta(hours=40))
    assert {str(number) for number in range(1, 101)} <= kept
    assert len(site.asked) <= 9 + 1 + 21


def test_reviews_taken_off_the_site_lead_to_pages_read_twice():
    site = Site(4)
    site.add(*[1] * 60)
    read, cursor = run(site, {}, stop=10)
    del site.reviews[4:30]
    got, _ = run(site, cursor)
    assert every(site) <= read | got


def test_reviews_of_one_day_that_come_after_those_known_are_read():
    site = Site(2, days=True)
    site.add(*[0] * 3)
    kept, cursor = run(site, {}, stop=1)
    site.add(*[0] * 5)
    got, cursor = run(site, cursor)
    assert kept | got == every(site)
    site.reviews.insert(6, (99, site.reviews[0][1]))
    got, _ = run(site, cursor)
    assert "99" in got


def pinned(site: Site, hour: int) -> Callable:
    """The site with a review at the top of its first page, whatever its age."""

    async def read(position):
        page = await site.read(position)
        top = () if position else (site.record((1000, hour)),)
        return Page(top + page.records, page.more, page.following)

    return read


@pytest.mark.parametrize("hour", [-9000, 10**5], ids=["old", "in the future"])
@pytest.mark.parametrize("stop", [None, 2])
def test_a_pinned_review_hides_nothing(hour, stop):
    site = Site(3)
    site.add(*[1] * 20)

    async def go(cursor, stop=None):
        kept, mark = set(), cursor
        pages = newest_first(pinned(site, hour), cursor)
        async with aclosing(pages):
            number = 0
            async for page, new in pages:
                kept |= {record["source_id"] for record in page.records}
                mark, number = new, number + 1
                if number == stop:
                    break
        return kept, mark

    kept, cursor = asyncio.run(go({}, stop))
    site.add(*[1] * 10)
    got, _ = asyncio.run(go(cursor))
    assert every(site) <= kept | got


def test_a_date_in_the_future_does_not_hide_what_comes():
    site = Site(2)
    site.add(*[1] * 10)
    site.reviews[4] = (site.reviews[4][0], 10**5)
    _, cursor = run(site, {})
    top = site.reviews[0][1]
    site.reviews[:0] = [(50 - n, top + 10 - n) for n in range(7)]
    got, _ = run(site, cursor)
    assert {str(50 - n) for n in range(7)} <= got


def walk(pages, cursor=None, **options):
    """A run over given pages, by their numbers; the last is given for all that follow."""
    asked = []

    async def read(position):
        number = int(position or 1)
        asked.append(number)
        assert number < 60
        found = pages[min(number, len(pages)) - 1]
        return Page(found.records, found.more, found.following or str(number + 1))

    async def go():
        return [one async for one in newest_first(read, cursor or {}, **options)]

    return asyncio.run(go()), asked


def of(*ids, more=True, **fields):
    return Page(tuple({"source_id": str(one), **fields} for one in ids), more)


def test_a_site_that_gives_the_last_page_for_all_that_follow_ends():
    found, asked = walk([of(3, 4), of(1, 2)])
    assert asked == [1, 2, 3]
    assert [len(page.records) for page, _ in found] == [2, 2, 0]
    assert "gap" not in found[-1][1]


def test_a_site_that_begins_anew_after_its_end_ends():
    _, asked = walk([of(5, 6), of(3, 4), of(1, 2), of(5, 6), of(3, 4)])
    assert asked == [1, 2, 3, 4]


def test_tokens_that_go_in_a_circle_end():
    asked = []

    async def read(position):
        asked.append(position)
        number = len(asked)
        return Page(({"source_id": str(number)},), True, {None: "a", "a": "b", "b": "a"}[position])

    async def go():
        return [page async for page, _ in newest_first(read, {})]

    assert len(asyncio.run(go())) == 3
    assert asked == [None, "a", "b"]


def test_reviews_without_ids_are_told_apart_by_what_they_hold():
    texts = [Page(({"text": f"{number}"}, {"text": f"also {number}"}), True) for number in range(6)]
    found, asked = walk([*texts, Page(())])
    assert sum(len(page.records) for page, _ in found) == 12
    assert asked == list(range(1, 8))
    again, asked = walk([*texts, Page(())], found[-1][1])
    assert asked == [1]
    assert len(again) == 1


def test_pages_whose_reviews_are_all_hidden_do_not_end_a_run():
    found, _ = walk([of(9), of(), of(), of(8), of(more=False)])
    assert {record["source_id"] for page, _ in found for record in page.records} == {"8", "9"}


def test_a_site_that_is_silent_and_promises_more_ends():
    _, asked = walk([of(9), of()])
    assert len(asked) <= 8


def test_an_empty_site_leaves_nothing_to_know():
    assert run(Site(5), {}) == (set(), {})


def test_since_ends_the_run_and_a_later_one_goes_below():
    site = Site(5)
    site.add(*[24] * 100)
    day = (START + timedelta(days=80)).date()
    kept, cursor = run(site, {}, since=day)
    assert len(site.asked) == 6
    assert {str(number) for number in range(80, 101)} <= kept
    site.add(24)
    again, cursor = run(site, cursor, since=day)
    assert "101" in again
    assert len(site.asked) <= 4
    deeper, cursor = run(site, cursor)
    assert kept | again | deeper == every(site)
    assert "gap" not in cursor


def test_since_long_past_reads_no_more_than_is_new():
    site = Site(5)
    site.add(*[24] * 50)
    _, cursor = run(site, {})
    site.add(24, 24)
    _, cursor = run(site, cursor, since=date(2020, 1, 1))
    assert len(site.asked) <= 2
    assert "gap" not in cursor


def test_an_expired_token_leads_to_reading_again():
    site = Site(5, tokens=True)
    site.add(*[1] * 40)
    _, cursor = run(site, {}, stop=4)
    fresh, gone = site.read, cursor["gap"]["at"]

    async def read(position):
        if position == gone and position not in site.asked and len(site.asked) < 3:
            site.asked.append(position)
            raise SourceError("the token is too old")
        return await fresh(position)

    site.read = read
    got, cursor = run(site, cursor)
    assert got == every(site)
    assert "gap" not in cursor


def test_a_refusal_at_the_leap_is_no_expired_token():
    site = Site(5)
    site.add(*[1] * 40)
    _, cursor = run(site, {}, stop=5)
    fresh = site.read

    async def read(position):
        if position is not None:
            raise SourceBlocked("a captcha")
        return await fresh(position)

    site.read = read
    with pytest.raises(SourceBlocked):
        run(site, cursor)


def test_each_list_has_its_own_part_of_the_cursor():
    sites = {"ru": Site(3), "pl": Site(3)}
    for site in sites.values():
        site.add(*[1] * 10)

    async def go(cursor, stop=None):
        marks = [cursor]
        pages = each(sites, cursor, lambda name, mark: newest_first(sites[name].read, mark))
        async with aclosing(pages):
            async for _, mark in pages:
                marks.append(json.loads(json.dumps(mark)))
                if len(marks) == stop:
                    break
        return marks[-1]

    broken = asyncio.run(go({}, 6))
    assert set(broken["streams"]) == {"ru", "pl"}
    assert ("gap" in broken["streams"]["ru"], "gap" in broken["streams"]["pl"]) == (False, True)
    for site in sites.values():
        site.asked.clear()
    whole = asyncio.run(go(broken))
    assert "gap" not in whole["streams"]["pl"]
    assert len(sites["ru"].asked) == 1


@pytest.mark.parametrize("value", [None, 5, "вчера", "", "2026-13-01"])
def test_what_is_no_iso_date_is_no_moment(value):
    assert moment({"date": value}) is None


def test_a_moment_without_a_zone_is_in_utc():
    assert moment({"date": "2026-03-01"}) == datetime(2026, 3, 1, tzinfo=UTC)
