from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product

import pytest

from ugc.insight import Filters, expectations

WISH = "Хотелось бы больше касс вечером"
HOPED = "Рассчитывала на быструю доставку"
SHOULD = "They should have told us about the noise"
SILENT = "Ожидал своей очереди сорок минут"


def said(text, *mentions, day="2026-05-10", sentiment="negative", **more):
    return {"text": text, "date": day, "sentiment": sentiment, "mentions": list(mentions), **more}


def test_what_was_stated_is_found_by_theme(plant):
    lake = plant(
        *[
            said(f"{WISH}. Отзыв {n}", (WISH, "speed", "negative"), stars=2.0, author=f"a{n}")
            for n in range(4)
        ],
        said(f"Ну. {HOPED}. {SHOULD}.", (HOPED, "speed", "negative"), stars=4.0, language="ru"),
        *[said(f"{SILENT} {n}", (SILENT, "speed", "negative")) for n in range(5)],
        {"text": f"{WISH}, но не прочитано", "date": "2026-05-10"},
    )
    with lake.snapshot() as snapshot:
        found = expectations(snapshot, Filters())
    assert (found.n_reviews, found.untagged, found.reviews, found.stated) == (10, 1, 5, 6)
    assert found.share == 0.5
    assert found.low < 0.5 < found.high
    assert found.kinds == {"expected": 1, "wished": 4, "should": 1}
    assert found.unassigned == pytest.approx(1 / 6)
    speed, adrift = found.rows
    assert (speed.theme, speed.reviews, speed.stated, speed.share) == ("speed", 5, 5, 0.5)
    assert speed.kinds == {"expected": 1, "wished": 4, "should": 0}
    assert speed.mean_stars == pytest.approx((4 * 2 + 4) / 5)
    assert (adrift.theme, adrift.reviews) == (None, 1)
    assert adrift.quotes[0].text == SHOULD
    # No two quotes in the same words.
    assert [one.text for one in speed.quotes].count(WISH) == 1


def test_a_quote_is_the_customers_own(plant):
    text = f"Были там вчера. {WISH}, и сидеть негде."
    lake = plant(
        said(text, (WISH, "speed", "negative"), stars=3.0, company="Lumbi", city="Казань",
             url="javascript:alert(1)", author="a"),
        said(f"{WISH}!", (WISH, "speed", "negative"), duplicate_of="x"),
    )  # fmt: skip
    with lake.snapshot() as snapshot:
        (row,) = expectations(snapshot, Filters()).rows
        assert expectations(snapshot, Filters(), quotes=0).rows[0].quotes == ()
    assert row.reviews == 2
    (quote,) = row.quotes
    assert text[quote.start : quote.end] == quote.text
    assert quote.text.startswith(WISH)
    assert (quote.words, quote.kind, quote.themes) == ("Хотелось бы", "wished", ("speed",))
    assert (quote.company, quote.city, quote.stars, quote.url) == ("Lumbi", "Казань", 3.0, None)


def test_a_find_belongs_to_every_theme_it_overlaps_and_to_no_other(plant):
    text = f"Вежливый кассир. {WISH}"
    lake = plant(
        said(
            text,
            (WISH, "speed", "negative"),
            ("больше касс", "convenience", "negative"),
            ("Вежливый кассир", "politeness", "positive"),
        )
    )
    with lake.snapshot() as snapshot:
        found = expectations(snapshot, Filters())
        assert {one.theme for one in found.rows} == {"speed", "convenience"}
        (one,) = expectations(snapshot, Filters(themes=("speed",))).rows
    assert (one.theme, one.share) == ("speed", 1.0)
    assert found.unassigned == 0.0


def quarters(now, before, n=80):
    """`n` reviews in the second quarter and as many in the one before, some with a wish."""
    for day, wishes in (("2026-05-10", now), ("2026-02-10", before)):
        for place in range(n):
            if place < wishes:
                yield said(f"{WISH} {place}", (WISH, "speed", "negative"), day=day)
            elif place < wishes + 10:
                yield said(f"{HOPED} {place}", (HOPED, "price", "negative"), day=day)
            else:
                yield said(f"Обычный день {place}", day=day)


def test_what_is_new_this_quarter(plant):
    with plant(*quarters(25, 2)).snapshot() as snapshot:
        found = expectations(snapshot, Filters())
        since_may = expectations(snapshot, Filters(since=date(2026, 5, 1)))
        earlier = expectations(snapshot, Filters(until=date(2026, 3, 31)))
    assert (found.since, found.until) == (date(2026, 4, 1), date(2026, 5, 10))
    assert (found.previous_since, found.previous_until) == (date(2026, 2, 10), date(2026, 3, 31))
    by_theme = {one.theme: one for one in found.rows}
    assert by_theme["speed"].is_new
    assert by_theme["speed"].change.difference == pytest.approx(23 / 80)
    assert by_theme["speed"].change.q_value < 0.05
    assert not by_theme["price"].is_new
    assert all(one.date.date() > date(2026, 4, 1) for one in by_theme["speed"].quotes)
    # A first day narrows what is counted and not what is compared with.
    assert since_may.reviews == 35
    assert {one.theme: one.is_new for one in since_may.rows} == {"speed": True, "price": False}
    # Nothing lies before the only quarter that is left.
    assert (earlier.since, earlier.previous_since) == (None, None)
    assert all(one.change is None and not one.is_new for one in earlier.rows)


def test_a_fall_or_a_little_more_is_not_new(plant):
    with plant(*quarters(2, 25)).snapshot() as snapshot:
        speed = next(one for one in expectations(snapshot, Filters()).rows if one.theme == "speed")
    assert speed.change.significant
    assert not speed.is_new


def test_a_little_more_is_not_new(plant):
    with plant(*quarters(6, 3)).snapshot() as snapshot:
        assert not any(one.is_new for one in expectations(snapshot, Filters()).rows)


def test_an_empty_lake_and_one_review(plant):
    with plant().snapshot() as snapshot:
        found = expectations(snapshot, Filters(since=date(2026, 1, 1)))
    assert (found.n_reviews, found.share, found.unassigned, found.rows) == (0, None, None, ())
    with plant(said(WISH, stars=None)).snapshot() as snapshot:
        found = expectations(snapshot, Filters())
    assert (found.reviews, found.share, found.high, found.rows[0].mean_stars) == (1, 1.0, 1.0, None)


TEXTS = (WISH, HOPED, SHOULD, SILENT)


def test_filters_commute(plant):
    """What a choice of two filters finds is what both find, whichever is taken first."""
    days = ("2026-01-15", "2026-05-15", None)
    lake = plant(
        *[
            said(f"{text} {day} {company}", (text, "speed", "negative"), day=day, company=company)
            for text in TEXTS
            for day in days
            for company in ("Lumbi", "Ясень", None)
        ]
    )
    spans = [
        Filters(since=since, until=until)
        for since in (None, date(2026, 2, 1))
        for until in (None, date(2026, 3, 1), date(2026, 6, 1))
    ]
    owners = [Filters(companies=companies) for companies in (("Lumbi",), ("Ясень", ""))]
    with lake.snapshot() as snapshot:

        @cache
        def ids(filters):
            found = expectations(snapshot, filters, quotes=1000)
            assert found.reviews <= found.n_reviews
            assert sum(found.kinds.values()) == found.stated
            assert found.stated == sum(row.stated for row in found.rows)
            return {(one.review_id, one.start) for row in found.rows for one in row.quotes}

        assert len(ids(Filters())) == 27
        for span, owner in product(spans, owners):
            assert ids(replace(span, companies=owner.companies)) == ids(span) & ids(owner)


def test_what_neither_period_states_has_not_changed(plant):
    old = [said(f"{SHOULD} {n}", (SHOULD, "environment", "negative"), day="2020-01-10") for n in range(3)]
    with plant(*quarters(25, 2), *old).snapshot() as snapshot:
        rows = {one.theme: one for one in expectations(snapshot, Filters()).rows}
    change = rows["environment"].change
    assert (change.difference, change.p_value, change.significant) == (0, 1, False)
    assert rows["speed"].is_new
