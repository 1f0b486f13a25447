"""The four things that happen in the sample can be found with the insight functions alone.

See docs/tutorials/sample-story.md. What is asked is what a person would look at; the texts are
read by the shipped model, so a test allows for some misreadings but not for a lost story.
"""

from __future__ import annotations

from datetime import date

import pytest

from ugc.insight import Filters, by, reasons, scores, search, segments, theme_trend, trend
from ugc.insight.statistics.intervals import wilson
from ugc.lake import Lake

SHOP, BANK, HOTEL = ("Lumbi",), ("Ясень Банк",), ("Amberhaus",)
CHANGE_OF_COURIERS = date(2026, 6, 8)


@pytest.fixture(scope="module")
def snapshot(sample_lake):
    with Lake.open(sample_lake, create=False).snapshot() as found:
        yield found


def by_value(rows):
    return {row.value: row for row in rows}


def months(snapshot, filters, theme, polarity, first, last):
    """Reviews that raise a theme, and all tagged ones, over some months of the trend."""
    points = theme_trend(snapshot, filters, theme, polarity, "month")
    chosen = [point for point in points if first <= f"{point.start:%Y-%m}" <= last]
    return sum(point.reviews for point in chosen), sum(point.tagged for point in chosen)


def test_the_sample_is_read_whole(snapshot):
    found = scores(snapshot, Filters())
    assert found.reviews == found.tagged >= 600
    assert found.representative
    assert found.untagged == found.untaggable == 0


@pytest.mark.parametrize("theme", ["speed", "promises"])
def test_slow_delivery_in_kazan_stands_out(snapshot, theme):
    after = Filters(companies=SHOP, since=CHANGE_OF_COURIERS)
    cities = segments(snapshot, after, theme=theme, polarity="negative", by="city")
    kazan, others = cities[0], cities[1:]
    assert kazan.value == "Казань"
    assert kazan.significant
    rest = wilson(sum(one.reviews for one in others), sum(one.tagged for one in others))
    assert kazan.low > rest.high
    assert not any(one.significant and one.share > one.rest_share for one in others)
    before = Filters(companies=SHOP, until=date(2026, 6, 7))
    earlier = by_value(segments(snapshot, before, theme=theme, polarity="negative", by="city"))
    assert not earlier["Казань"].significant
    assert earlier["Казань"].share < kazan.share


def test_slow_delivery_begins_in_its_week(snapshot):
    kazan = Filters(companies=SHOP, cities=("Казань",))
    slow = theme_trend(snapshot, kazan, "speed", "negative", "week")
    broken = theme_trend(snapshot, kazan, "promises", "negative", "week")
    complaints = {one.start: one.reviews + other.reviews for one, other in zip(slow, broken, strict=True)}
    assert min(week for week, count in complaints.items() if count >= 3) == CHANGE_OF_COURIERS


def test_the_city_loses_more_than_the_company(snapshot):
    def stars(cities, **dates):
        return scores(snapshot, Filters(companies=SHOP, cities=cities, **dates))

    before, after = {"until": date(2026, 6, 7)}, {"since": CHANGE_OF_COURIERS}
    assert stars(("Казань",), **before).csi_low > stars(("Казань",), **after).csi_high
    city = stars(("Казань",), **before).csi - stars(("Казань",), **after).csi
    company = stars((), **before).csi - stars((), **after).csi
    assert city > 2 * company > 0
    ranked = sorted(by(snapshot, Filters(companies=SHOP, **after), "city"), key=lambda one: one.shrunk_csi)
    assert ranked[0].value == "Казань"


def test_the_quotes_from_kazan_speak_of_waiting(snapshot):
    kazan = Filters(companies=SHOP, cities=("Казань",), since=CHANGE_OF_COURIERS)
    found = reasons(snapshot, kazan, polarity="negative")
    assert "speed" in [one.theme for one in found.rows[:2]]
    quotes = next(one for one in found.rows if one.theme == "speed").quotes
    assert len(quotes) == 3
    for quote in quotes:
        assert (quote.company, quote.city) == ("Lumbi", "Казань")
        assert quote.date.date() >= CHANGE_OF_COURIERS
        assert quote.url.startswith("https://")


def test_a_release_breaks_logging_in(snapshot):
    app = Filters(companies=BANK, sources=("google_play",))
    weeks = trend(snapshot, app, "week")
    busiest = sorted(weeks, key=lambda one: -one.reviews)[:3]
    assert {one.start for one in busiest} == {date(2026, 2, 16), date(2026, 2, 23), date(2026, 3, 2)}
    calm = scores(snapshot, Filters(companies=BANK, sources=("google_play",), until=date(2026, 2, 15)))
    for week in busiest:
        assert week.csi_high < calm.csi_low
        assert week.negative_share > calm.negative_high
    broken = Filters(
        companies=BANK, sources=("google_play",), since=date(2026, 2, 16), until=date(2026, 3, 10)
    )
    assert reasons(snapshot, broken, polarity="negative").rows[0].theme == "reliability"


def test_the_broken_versions_are_named(snapshot):
    app = Filters(companies=BANK, sources=("google_play",))
    versions = by_value(segments(snapshot, app, theme="reliability", polarity="negative", by="app_version"))
    bad = [versions[one] for one in ("5.2.0", "5.2.1", "5.2.2")]
    assert min(one.reviews for one in bad) >= max(
        one.reviews for name, one in versions.items() if name not in ("5.2.0", "5.2.1", "5.2.2")
    )
    share = wilson(sum(one.reviews for one in bad), sum(one.tagged for one in bad))
    mended = versions["5.2.3"]
    assert share.low > mended.share
    # The words of the complaint are there to be searched for.
    found = search(snapshot, Filters(companies=BANK, since=date(2026, 2, 16)), query="5.2.0")
    assert found.total >= 1


def test_a_hidden_fee_and_owning_up(snapshot):
    bank = Filters(companies=BANK, sources=("banki_ru",))
    during = wilson(*months(snapshot, bank, "transparency", "negative", "2026-04", "2026-05"))
    before = wilson(*months(snapshot, bank, "transparency", "negative", "2025-05", "2026-03"))
    assert during.low > before.value
    assert during.value > 2 * before.value
    april = by_value(segments(snapshot, bank, theme="transparency", polarity="negative", by="month"))
    assert max(april.values(), key=lambda one: one.reviews).value == "2026-04"
    spring = Filters(companies=BANK, since=date(2026, 4, 1), until=date(2026, 5, 20), sources=("banki_ru",))
    complaints = reasons(snapshot, spring, polarity="negative", quotes=12)
    assert complaints.rows[0].theme == "transparency"
    assert any("199" in quote.text or "информирован" in quote.text for quote in complaints.rows[0].quotes)
    # After the apology of 20 May, thanks for putting it right, which nobody gave before.
    thanked = wilson(*months(snapshot, bank, "resolution", "positive", "2026-06", "2026-07"))
    never = wilson(*months(snapshot, bank, "resolution", "positive", "2025-05", "2026-04"))
    assert thanked.low > never.value
    assert thanked.value > 3 * never.value


def test_a_new_reception_is_praised_by_name(snapshot):
    before = Filters(companies=HOTEL, until=date(2026, 3, 4))
    after = Filters(companies=HOTEL, since=date(2026, 3, 5))
    places = segments(snapshot, after, theme="responsiveness", polarity="positive", by="place")
    assert places[0].value == "Amberhaus Мойка"
    assert places[0].significant
    earlier = by_value(segments(snapshot, before, theme="responsiveness", polarity="positive", by="place"))
    assert earlier["Amberhaus Мойка"].share < places[0].low
    house = {"companies": HOTEL, "places": ("Amberhaus Мойка",)}
    blamed = scores(snapshot, Filters(**house, until=date(2026, 3, 4)))
    praised = scores(snapshot, Filters(**house, since=date(2026, 3, 5)))
    assert praised.csi_low > blamed.csi_high
    assert praised.net_sentiment > blamed.net_sentiment
    new_team = Filters(companies=HOTEL, places=("Amberhaus Мойка",), since=date(2026, 3, 5))
    thanks = reasons(snapshot, new_team, polarity="positive", quotes=20)
    words = " ".join(
        quote.text
        for one in thanks.rows
        if one.theme in ("politeness", "responsiveness")
        for quote in one.quotes
    )
    assert any(name in words for name in ("Марин", "Тимур", "Алис", "Marina", "Timur", "Alisa", "Alice"))
    named = [search(snapshot, new_team, query=name).total for name in ("Марин", "Тимур", "Алис")]
    assert min(named) >= 2


def test_every_quote_of_the_sample_is_its_span(snapshot):
    texts = {row["id"]: row["text"] for row in snapshot.sql("SELECT id, text FROM reviews").to_pylist()}
    for polarity in ("positive", "negative"):
        for one in reasons(snapshot, Filters(), polarity=polarity).rows:
            assert 1 <= len(one.quotes) <= 3
            for quote in one.quotes:
                assert texts[quote.review_id][quote.start : quote.end] == quote.text
