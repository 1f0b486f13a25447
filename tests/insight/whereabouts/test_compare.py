from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tests.insight.truths import Planted, tables
from ugc.errors import InputError
from ugc.insight import Filters, choose_sides, compare, scores
from ugc.insight.choice.counts import EMPTY, Counts
from ugc.insight.choice.periods import span_of
from ugc.insight.whereabouts.compare import Tally, judge
from ugc.insight.whereabouts.compare_sides import Chosen

SLOW = "Посылку везли целых две недели, хотя обещали три дня"
RUDE = "Оператор нахамила мне и бросила трубку посреди разговора"
STEERING = "\x1b[2J[red]Ясень[/red] \u202e'; DROP TABLE reviews; --"


def side(name, slow, rude, fine, **more):
    """Reviews of one company: so many blame speed, politeness, nothing."""
    kinds = (
        [(SLOW, "speed", 2.0)] * slow
        + [(RUDE, "politeness", 1.0)] * rude
        + [("Всё хорошо", None, 5.0)] * fine
    )
    for n, (text, theme, stars) in enumerate(kinds):
        yield {
            "text": f"{text} {n}",
            "company": name,
            "source_id": f"{name} {n} {more.get('date', '')}",
            "stars": stars,
            "sentiment": "negative" if theme else "positive",
            "mentions": [(text, theme, "negative")] if theme else [],
            "date": "2026-06-10",
            **more,
        }


@pytest.fixture
def lake(plant):
    return plant(
        *side("Lumbi", 30, 4, 16, city="Казань"),
        *side("Amberhaus", 5, 5, 40, city="Москва"),
        *side(STEERING, 6, 4, 40, city="Казань"),
        {"text": "", "stars": 1.0, "company": "Lumbi", "source_id": "rating alone"},
    )


def of(snapshot, *names, filters=None, what=None, **more):
    _, sides = choose_sides(snapshot, names, filters or Filters(), what=what)
    return compare(snapshot, sides, **more)


def test_two_companies(lake):
    with lake.snapshot() as snapshot:
        found = of(snapshot, "Lumbi", "amberhaus")
        assert found.sides[1].scores == scores(snapshot, Filters(companies=("Amberhaus",)))
        assert found.sides[0].scores == scores(snapshot, Filters(companies=("Lumbi",)))
    assert [one.name for one in found.sides] == ["Lumbi", "Amberhaus"]
    assert (found.sides[0].csi, found.sides[0].scores.missing_ratings) == (None, 249)
    speed, politeness = found.themes
    assert (speed.theme, [one.reviews for one in speed.shares]) == ("speed", [30, 5])
    assert speed.differences[0] is None
    assert speed.differences[1].value == pytest.approx(-0.5)
    assert speed.differences[1].low < -0.5 < speed.differences[1].high < 0
    assert speed.significant
    assert [len(one) for one in speed.quotes] == [1, 0]
    assert speed.quotes[0][0].text == SLOW
    assert not politeness.significant
    assert politeness.quotes == ((), ())
    csi = found.sides[1].csi
    assert csi.significant
    assert csi.value == pytest.approx(found.sides[1].scores.csi - found.sides[0].scores.csi)
    assert csi.low < csi.value < csi.high
    assert (found.tested, found.concrete) == (5, ())


def test_three_sides_against_the_first_and_against_the_rest(lake):
    with lake.snapshot() as snapshot:
        first = of(snapshot, "Amberhaus", "Lumbi", STEERING)
        rest = of(snapshot, "Amberhaus", "Lumbi", STEERING, against="rest")
    speed = first.themes[0]
    assert [one and one.significant for one in speed.differences] == [None, True, False]
    assert first.tested == 10
    speed = rest.themes[0]
    assert [one.significant for one in speed.differences] == [True, True, True]
    assert speed.differences[1].value == pytest.approx(30 / 50 - 11 / 100)
    assert [len(one) for one in speed.quotes] == [0, 1, 0], "quoted where it is more frequent"
    assert rest.tested == 15
    assert rest.sides[0].csi is not None


def test_the_other_filters_hold_for_all_sides(lake):
    kazan = Filters(cities=("Казань",), themes=("speed",))
    with lake.snapshot() as snapshot:
        found = of(snapshot, "Lumbi", "Amberhaus", filters=kazan)
        assert found.sides[0].scores == scores(snapshot, Filters(companies=("Lumbi",), cities=("Казань",)))
        with pytest.raises(InputError, match="left out by --company"):
            of(snapshot, "Lumbi", "Amberhaus", filters=Filters(companies=("Lumbi",)))
    assert [one.theme for one in found.themes] == ["speed"]
    assert (found.sides[1].scores.reviews, found.sides[1].csi, found.sides[1].negative) == (0, None, None)
    assert found.themes[0].shares[1].share is None
    assert found.themes[0].differences == (None, None)


def test_periods(plant):
    lake = plant(
        *side("Lumbi", 30, 2, 20, date="2026-01-31"),
        *side("Lumbi", 3, 2, 45, date="2026-04-01"),
        *side("Lumbi", 9, 9, 9, date="2026-07-01"),
    )
    with lake.snapshot() as snapshot:
        what, sides = choose_sides(snapshot, ["2026-Q1", "2026-04..2026-06"], Filters(companies=("Lumbi",)))
        found = compare(snapshot, sides)
        assert what == "period"
        assert (sides[1].filters.since, sides[1].filters.until) == (date(2026, 4, 1), date(2026, 6, 30))
        assert [one.scores.reviews for one in found.sides] == [52, 50]
        assert found.themes[0].theme == "speed"
        assert found.themes[0].significant
        for names, message in (
            (["2026-Q1", "2026-03"], "share days"),
            (["2026-05..2026-01", "2026-06"], "ends before it begins"),
            (["2026-Q1", "2026-Q1"], "same reviews"),
            (["2026-Q1", "2026-13"], "'2026-13'"),
        ):
            with pytest.raises(InputError, match=message):
                choose_sides(snapshot, names, Filters())
        with pytest.raises(InputError, match="is no period"):
            choose_sides(snapshot, ["2026-Q1", "Lumbi"], Filters(), what="period")
        since = Filters(since=date(2026, 3, 1))
        _, sides = choose_sides(snapshot, ["2026-Q1", "2026-Q2"], since)
        assert sides[0].filters.since == date(2026, 3, 1)
        with pytest.raises(InputError, match="left out by --since"):
            choose_sides(snapshot, ["2026-01", "2026-Q2"], since)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-2-9", date(2024, 2, 9), date(2024, 2, 9)),
    ],
)
def test_spans(written, first, last):
    assert span_of(written) == (first, last)


@pytest.mark.parametrize(
    "written", ["", "24", "2024-00", "2024-13", "2024-02-30", "2024-Q5", "0000", "9999", "٢٠٢٤"]
)
def test_what_is_no_span(written):
    assert span_of(written) is None


def test_what_names_are(lake):
    with lake.snapshot() as snapshot:
        assert choose_sides(snapshot, ["казань", "Москва"], Filters())[0] == "city"
        what, sides = choose_sides(snapshot, ["Lumbi", STEERING], Filters())
        assert (what, sides[1].name) == ("company", STEERING)
        for names, kind, message in (
            (["Lumbi", "Amberhouse"], None, r"Amberhouse'. Nearest: Amberhaus \(company\)"),
            (["Lumbi", "Казань"], None, r"different kinds: Lumbi \(company\); Казань \(city\)"),
            (["Lumbi", "Amberhaus"], "city", "with city 'Lumbi'. There are: Казань"),
            (["Lumbi", "Amberhaus"], "product", "no such values at all"),
            (["Lumbi", "Amberhaus"], "weather", "Known: company, place"),
            (["Lumbi", "lumbi"], None, "same reviews"),
            (["Lumbi", " "], None, "empty"),
        ):
            with pytest.raises(InputError, match=message):
                choose_sides(snapshot, names, Filters(), what=kind)
        for hostile in ("\x1b[2J\u202e", "=cmd|' /C calc'!A0", "😀" * 100_000, "'; DROP TABLE reviews; --"):
            with pytest.raises(InputError) as told:
                choose_sides(snapshot, ["Lumbi", hostile], Filters())
            assert len(str(told.value)) < 2000
            assert not {"\x1b", "\u202e"} & set(str(told.value))


def test_a_review_on_two_sides_is_refused(lake):
    lumbi = Chosen("Lumbi", Filters(companies=("Lumbi",)))
    kazan = Chosen("Казань", Filters(cities=("Казань",)))
    moscow = Chosen("Москва", Filters(cities=("Москва",)))
    with lake.snapshot() as snapshot:
        with pytest.raises(InputError, match="50 reviews stand on more than one side"):
            compare(snapshot, [lumbi, kazan])
        assert len(compare(snapshot, [lumbi, moscow]).sides) == 2
        with pytest.raises(InputError, match="fewer than two"):
            compare(snapshot, [lumbi])
        with pytest.raises(InputError, match="Known: first, rest"):
            compare(snapshot, [lumbi, moscow], against="all")


def test_an_empty_lake_and_a_single_review(plant):
    sides = [Chosen(name, Filters(companies=(name,))) for name in ("Lumbi", "Amberhaus")]
    with plant().snapshot() as snapshot:
        found = compare(snapshot, sides)
        assert (found.tested, found.themes, found.sides[0].scores.csi) == (0, (), None)
        with pytest.raises(InputError, match="no such values"):
            choose_sides(snapshot, ["Lumbi", "Amberhaus"], Filters())
    with plant(*side("Lumbi", 1, 0, 0)).snapshot() as snapshot:
        found = compare(snapshot, sides)
    assert (found.tested, found.sides[1].csi) == (0, None)
    assert [one.share for one in found.themes[0].shares] == [1.0, None]


def drawn(dice, n, shares, stars):
    """Counts of one side: pleased and displeased by half, each theme by its share, stars by theirs."""
    ratings = dice.multinomial(n, stars)
    negative, positive, _ = dice.multinomial(n, [0.4, 0.5, 0.1]).tolist()
    scale = np.arange(1, 6)
    told = {
        "reviews": n, "ratings": n, "tagged": n, "negative": negative, "positive": positive,
        "stars": float(ratings @ scale), "star_squares": float(ratings @ scale**2),
    }  # fmt: skip
    raised = {(f"t{place}", "negative"): int(dice.binomial(n, p)) for place, p in enumerate(shares)}
    return Tally(Counts(**(vars(EMPTY) | told)), raised)


EVEN = np.array([0.3, 0.1, 0.1, 0.2, 0.3])
HAPPY = np.array([0.2, 0.1, 0.1, 0.2, 0.4])


@pytest.mark.parametrize(
    ("against", "sizes"), [("first", (400, 900)), ("first", (300, 700, 500)), ("rest", (400, 300, 900))]
)
def test_chance_differs_no_more_often_than_the_correction_lets_it(against, sizes):
    """Five of a hundred draws is what Benjamini–Hochberg promises where nothing differs, and about what
    it keeps: the limit is 5 % and three standard errors of a thousand draws."""
    dice = np.random.default_rng(7)
    false = 0
    for _ in range(1000):
        shares = dice.uniform(0.01, 0.3, 12)
        judged = judge([drawn(dice, n, shares, EVEN) for n in sizes], against)
        false += any(one is not None and one.significant for row in judged.values() for one in row)
    assert false <= 70


def test_planted_differences_are_found_and_inside_their_intervals():
    dice = np.random.default_rng(8)
    shares = np.full(12, 0.1)
    worse = shares.copy()
    worse[0] = 0.2
    truth = 25 * float((HAPPY - EVEN) @ np.arange(1, 6))
    found = held = csi_found = csi_held = 0
    for _ in range(1000):
        judged = judge([drawn(dice, 600, shares, EVEN), drawn(dice, 900, worse, HAPPY)])
        theme, csi = judged["t0", "negative"][1], judged["", "csi"][1]
        found += theme.significant
        held += theme.low <= 0.1 <= theme.high
        csi_found += csi.significant
        csi_held += csi.low <= truth <= csi.high
    assert min(found, csi_found) >= 950
    assert min(held, csi_held) >= 935, "an interval of 95 %, within chance"


def test_planted_companies_in_a_lake_of_draws():
    """The same through the queries: reviews of two companies, one of which is slow."""
    whole = tables(1200, [Planted("speed", 0.2, 0.1), Planted("price", 0.1, 0.1)], 9)
    sides = [Chosen(name, Filters(companies=(name,))) for name in ("Lumbi", "Amberhaus")]
    found = compare(whole, sides, concrete=0, quotes=0)
    assert not any(row.significant for row in found.themes)
    assert sum(one.scores.reviews for one in found.sides) == 1200
    assert len(found.themes) == 4
