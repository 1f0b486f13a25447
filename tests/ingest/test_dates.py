from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ugc.ingest.calendar import month
from ugc.ingest.dates import Dates, UnreadDate

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SEEN = datetime(2025, 10, 29, 12, tzinfo=UTC)
DATES = Dates(now=NOW)


def read(value, **settings):
    moment = Dates(now=NOW, **settings).read(value, SEEN)
    return moment and moment.at.isoformat()[:16]


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("2025-05-31", "2025-05-31T00:00"),
        ("2025-05-31T14:52:00+03:00", "2025-05-31T11:52"),
        ("2025-09-27T15:06:33.492134", "2025-09-27T15:06"),
        ("2010-11-19T21:08:04Z", "2010-11-19T21:08"),
        ("2020-01-20 22:45:34", "2020-01-20T22:45"),
        ("2025-05-31 14:52:00 UTC", "2025-05-31T14:52"),
        ("2025-05-31 14:52:00 +0300", "2025-05-31T11:52"),
        ("2025-5-3", "2025-05-03T00:00"),
        ("2024/05/12", "2024-05-12T00:00"),
        ("31.05.2025 14:52", "2025-05-31T14:52"),
        ("31.05.2025, 14:52", "2025-05-31T14:52"),
        ("31.05.2025 в 14:52", "2025-05-31T14:52"),
        ("31.05.25", "2025-05-31T00:00"),
        ("04-01-15 16:33", "2015-01-04T16:33"),
        ("31/05/2025", "2025-05-31T00:00"),
        ("05/31/2025", "2025-05-31T00:00"),
        ("5/31/2025 2:52 PM", "2025-05-31T14:52"),
        ("15 июня 2024 г.", "2024-06-15T00:00"),
        ("3 марта 2020", "2020-03-03T00:00"),
        ("пн, 3 июня 2024, 10:11", "2024-06-03T10:11"),
        ("31 мая 2025 14:52 МСК", "2025-05-31T11:52"),
        ("5-го мая 2021", "2021-05-05T00:00"),
        ("в мае 2024", "2024-05-01T00:00"),
        ("Дек 2023", "2023-12-01T00:00"),
        ("12 maja 2024", "2024-05-12T00:00"),
        ("1 wrz 2023", "2023-09-01T00:00"),
        ("w październiku 2023", "2023-10-01T00:00"),
        ("Dodano: 12.05.2024", "2024-05-12T00:00"),
        ("June 5, 2024", "2024-06-05T00:00"),
        ("5 June 2024", "2024-06-05T00:00"),
        ("Sep 3rd, 2021, 10:11 pm", "2021-09-03T22:11"),
        ("Reviewed in the United States on June 3, 2024", "2024-06-03T00:00"),
        ("Tue, 04 Jun 2024 10:11:12 +0300", "2024-06-04T07:11"),
        ("1748703120", "2025-05-31T14:52"),
        (1748703120, "2025-05-31T14:52"),
        ("1748703120000", "2025-05-31T14:52"),
        (1748703120000.0, "2025-05-31T14:52"),
        (45808, "2025-05-31T00:00"),
        ("45808.5", "2025-05-31T12:00"),
        (20250531, "2025-05-31T00:00"),
        (datetime(2024, 1, 2, 3, 4), "2024-01-02T03:04"),  # noqa: DTZ001 - as a workbook gives it
        (date(2024, 1, 2), "2024-01-02T00:00"),
    ],
)
def test_a_whole_date_is_exact(value, at):
    moment = DATES.read(value, SEEN)
    assert moment is not None
    assert moment.at.isoformat()[:16] == at
    assert moment.exact


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("15 июня", "2025-06-15T00:00"),
        ("27 октября, 16:28", "2025-10-27T16:28"),
        ("27 октября, 16:28 · Дополнен", "2025-10-27T16:28"),
        ("9 апреля, 09:01", "2025-04-09T09:01"),
        ("30 октября", "2024-10-30T00:00"),
        ("30 ноября", "2024-11-30T00:00"),
        ("29 февраля", "2024-02-29T00:00"),
        ("1 listopada", "2024-11-01T00:00"),
        ("May 12", "2025-05-12T00:00"),
        ("Сегодня, 11:05", "2025-10-29T11:05"),
        ("Вчера", "2025-10-28T00:00"),
        ("Вчера, 18:58", "2025-10-28T18:58"),
        ("позавчера в 9:05", "2025-10-27T09:05"),
        ("wczoraj", "2025-10-28T00:00"),
        ("dziś, 8:00", "2025-10-29T08:00"),
        ("yesterday", "2025-10-28T00:00"),
        ("только что", "2025-10-29T12:00"),
        ("5 мин. назад", "2025-10-29T11:55"),
        ("2 часа назад", "2025-10-29T10:00"),
        ("час назад", "2025-10-29T11:00"),
        ("неделю назад", "2025-10-22T12:00"),
        ("два месяца назад", "2025-08-29T12:00"),
        ("полгода назад", "2025-04-29T12:00"),
        ("2 года 3 месяца назад", "2023-07-29T12:00"),
        ("3 dni temu", "2025-10-26T12:00"),
        ("miesiąc temu", "2025-09-29T12:00"),
        ("rok temu", "2024-10-29T12:00"),
        ("a week ago", "2025-10-22T12:00"),
        ("an hour ago", "2025-10-29T11:00"),
        ("2d", "2025-10-27T12:00"),
        ("на прошлой неделе", "2025-10-22T12:00"),
    ],
)
def test_a_date_without_a_year_counts_back_from_the_collection(value, at):
    moment = DATES.read(value, SEEN)
    assert moment is not None
    assert moment.at.isoformat()[:16] == at
    assert not moment.exact


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        " ",
        "-",
        "—",
        "n/a",
        "nan",
        "NaT",
        "Дата не указана",
        "не указано",
        "brak daty",
        "0000-00-00",
        "0",
    ],
)
def test_blank_is_no_date(value):
    assert DATES.read(value, SEEN) is None


@pytest.mark.parametrize(
    "value",
    ["через 2 часа", "in 2 hours", "za 2 godziny", "31.02.2024", "2024", "5", "12.05", "10:15", "спасибо",
     "2099-01-01", "1970-01-01", "двадцатого мая", "99 мая 2024", "13.13.2024", "x" * 500, float("inf"), -5,
     10**30, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"],
)  # fmt: skip
def test_what_is_no_date_is_said_to_be_unread(value):
    with pytest.raises(UnreadDate):
        DATES.read(value, SEEN)


def test_zone_of_times_that_name_none():
    moscow = ZoneInfo("Europe/Moscow")
    assert read("31.05.2025 14:52", zone=moscow) == "2025-05-31T11:52"
    assert read("2025-05-31T14:52:00", zone=moscow) == "2025-05-31T11:52"
    assert read("2025-05-31T14:52:00Z", zone=moscow) == "2025-05-31T14:52"
    assert read("Вчера, 10:00", zone=moscow) == "2025-10-28T07:00"
    assert read("1748703120", zone=moscow) == "2025-05-31T14:52"


def test_month_first_only_where_asked_or_told_by_the_clock():
    assert read("04/05/2025") == "2025-05-04T00:00"
    assert read("04/05/2025", day_first=False) == "2025-04-05T00:00"
    assert read("04/05/2025 2:00 PM") == "2025-04-05T14:00"
    assert read("04.05.2025", day_first=False) == "2025-05-04T00:00"


def test_moscow_is_ahead_of_the_clock_by_three_hours_at_most():
    late = datetime(2025, 10, 29, 22, tzinfo=UTC)
    assert DATES.read("30 октября, 00:30", late).at == late
    assert DATES.read("31 октября", late).at.year == 2024


RUSSIAN = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
POLISH = "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
ENGLISH = "January February March April May June July August September October November December"
NAMES = {"ru": RUSSIAN.split(), "pl": POLISH.split(), "en": ENGLISH.split()}


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2025, 10, 28)),  # noqa: DTZ001 - naive bounds
    st.sampled_from(["iso", "dots", "ru", "pl", "en", "seconds", "milliseconds"]),
)
def test_every_day_reads_back(moment, form):
    moment = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    name = NAMES.get(form, [""] * 12)[moment.month - 1]
    text = {
        "iso": moment.isoformat(),
        "dots": f"{moment:%d.%m.%Y %H:%M}",
        "seconds": str(int(moment.timestamp())),
        "milliseconds": str(int(moment.timestamp() * 1000)),
    }.get(form, f"{moment.day} {name} {moment.year}, {moment:%H:%M}")
    assert DATES.read(text, SEEN).at == moment


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 28), st.integers(0, 11), st.sampled_from(["ru", "pl", "en"]), st.integers(0, 5000))
def test_a_day_without_a_year_is_never_in_the_future_nor_more_than_a_year_back(day, number, language, ago):
    seen = NOW - timedelta(days=ago)
    found = DATES.read(f"{day} {NAMES[language][number]}", seen).at
    assert found <= seen
    assert seen - found < timedelta(days=367)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30))
def test_anything_is_read_refused_or_blank(text):
    try:
        moment = DATES.read(text, SEEN)
    except UnreadDate:
        return
    assert moment is None or moment.at <= NOW + timedelta(days=1)


def test_names_of_months_in_their_cases():
    assert {month(name) for name in ("январе", "stycznia", "Jan.", "январь")} == {1}
    assert {month(name) for name in ("мае", "maj", "May", "мая")} == {5}
    assert month("маяк") is None
    assert month("sierpień") == 8
