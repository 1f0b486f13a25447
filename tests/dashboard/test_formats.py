"""Figures and dates as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ugc.dashboard.look.formats import formats

HARD = "\u00a0"


@pytest.mark.parametrize(
    ("language", "value", "digits", "text"),
    [
        ("ru", 0, 0, "0"),
        ("ru", 1234, 0, "1234"),
        ("ru", 12345, 0, f"12{HARD}345"),
        ("ru", 1234567.5, 1, f"1{HARD}234{HARD}567,5"),
        ("ru", -4, 0, "−4"),
        ("ru", -0.2, 0, "0"),
        ("en", 1234, 0, "1,234"),
        ("en", 1234.5, 2, "1,234.50"),
        ("pl", 1234, 0, "1234"),
        ("pl", 12345.25, 2, f"12{HARD}345,25"),
        ("pl", None, 0, "–"),
    ],
)
def test_numbers(language: str, value: float | None, digits: int, text: str) -> None:
    assert formats(language).number(value, digits) == text


@pytest.mark.parametrize(
    ("language", "share", "text"),
    [
        ("ru", 0.344, f"34{HARD}%"),
        ("en", 0.344, "34%"),
        ("pl", 0.344, "34%"),
        ("ru", 0.0042, f"0,4{HARD}%"),
        ("en", 0.0, "0%"),
        ("en", 0.00996, "1%"),
        ("en", 1.0, "100%"),
        ("en", None, "–"),
    ],
)
def test_shares(language: str, share: float | None, text: str) -> None:
    assert formats(language).percent(share) == text


def test_intervals() -> None:
    assert formats("ru").percents(0.276, 0.414) == f"28–41{HARD}%"
    assert formats("en").percents(None, 0.4) == "–"
    assert formats("pl").interval(3.918, 4.183, 2) == "3,92–4,18"
    assert formats("en").points(-0.04, 0.12) == f"−4{HARD}…{HARD}+12"
    assert formats("en").points(-0.4, -0.12) == f"−40{HARD}…{HARD}−12"
    assert formats("en").points(None, None) == "–"


def test_signed_points() -> None:
    say = formats("en")
    assert [say.signed(one) for one in (0.231, -0.04, 0.0, -0.001, None)] == ["+23", "−4", "0", "0", "–"]


def test_ratings() -> None:
    say = formats("pl")
    assert [say.rating(one) for one in (4.0, 4.5, None)] == ["4", "4,5", "–"]


def test_days_and_periods() -> None:
    day = date(2026, 6, 5)
    assert formats("ru").day(day) == f"5{HARD}июня 2026"
    assert formats("en").day(day) == f"5{HARD}June 2026"
    assert formats("pl").day(day) == f"5{HARD}czerwca 2026"
    assert formats("ru").period(day, "month") == "июнь 2026"
    assert formats("ru").period(day, "week") == f"неделя с 5{HARD}июня 2026"
    assert formats("pl").period(day, "day") == f"5{HARD}czerwca 2026"
    assert formats("en").moment(datetime(2026, 6, 5, 4, 7, tzinfo=UTC)) == f"5{HARD}June 2026, 04:07"
    assert formats("en").moment(None) == formats("en").day(None) == "–"


def test_spans_name_a_year_once() -> None:
    say = formats("en")
    assert say.span(date(2026, 1, 2), date(2026, 3, 4)) == f"2{HARD}January – 4{HARD}March 2026"
    assert say.span(date(2025, 1, 2), date(2026, 3, 4)) == f"2{HARD}January 2025 – 4{HARD}March 2026"
    assert say.span(date(2026, 1, 2), date(2026, 1, 2)) == f"2{HARD}January 2026"
    assert say.span(None, date(2026, 1, 2)) == f"2{HARD}January 2026"
    assert say.span(None, None) == "–"


@pytest.mark.parametrize("language", ["ru", "en", "pl"])
def test_charts_get_names_of_all_months_and_days(language: str) -> None:
    locale = formats(language).chart()
    assert len(locale["time"]["months"]) == len(locale["time"]["shortMonths"]) == 12
    assert len(locale["time"]["days"]) == len(locale["time"]["shortDays"]) == 7
    assert set(formats(language).picker()) >= set("DMY")


@given(some.floats(-1e12, 1e12), some.sampled_from(("ru", "en", "pl")), some.integers(0, 3))
def test_a_number_can_be_read_back(value: float, language: str, digits: int) -> None:
    text = formats(language).number(value, digits).replace(HARD, "").replace("−", "-")
    text = text.replace(",", "") if language == "en" else text.replace(",", ".")
    assert float(text) == pytest.approx(round(value, digits), abs=1.01 * 10**-digits)
