from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from ugc.errors import InputError
from ugc.insight import Filters, priority
from ugc.insight.cost.contact_rates import contact_rates
from ugc.insight.cost.volumes import read_volumes


@pytest.fixture
def volumes(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "volumes.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def said(company, day, contact="complaint", **more):
    return {
        "text": "Долго",
        "company": company,
        "date": day,
        "sentiment": "negative",
        "contact": contact,
        **more,
    }


def lake_of(plant):
    return plant(
        *[said("Lumbi", "2026-04-10") for _ in range(30)],
        *[said("Lumbi", "2026-05-31", "claim") for _ in range(10)],
        *[said("Ясень", "2026-05-01") for _ in range(2)],
        *[said("Ясень", "2026-05-02", "question") for _ in range(9)],
        said("Ясень", None),
        said("Lumbi", "2026-03-31", "story"),
        said("Lumbi", "2026-06-30", "story"),
    )


FILE = """\
period,company,transactions
2026-04,LUMBI,10000
2026-05,Lumbi,10 000
2026-Q2,Ясень,20000
2025,Ясень,500
2026-05,Nobody,700
"""


def test_rates_are_those_planted(plant, volumes):
    told = read_volumes(volumes(FILE, "utf-8-sig"))
    with lake_of(plant).snapshot() as snapshot:
        found = contact_rates(snapshot, Filters(), told)
        assert priority(snapshot, Filters(), volumes=told).rates == found
    assert (found.whole.contacts, found.whole.transactions) == (42, 40000)
    assert found.whole.rate == pytest.approx(1.05)
    assert found.whole.low < 1.05 < found.whole.high
    assert (found.whole.rest_rate, found.whole.q_value, found.whole.shrunk_rate) == (None, None, None)
    assert [(one.name, one.contacts, one.rate) for one in found.by_group] == [
        ("Lumbi", 40, 2.0),
        ("Ясень", 2, 0.1),
    ]
    lumbi, yasen = found.by_group
    assert lumbi.significant
    assert lumbi.rest_rate == pytest.approx(0.1)
    assert yasen.rate < yasen.shrunk_rate < lumbi.shrunk_rate < lumbi.rate
    assert [(one.name, one.contacts) for one in found.by_period] == [
        ("2026-04", 30),
        ("2026-Q2", 2),
        ("2026-05", 10),
    ]
    assert not any(one.partial for one in found.by_period)
    assert [(one.line, one.why) for one in found.unused] == [(5, "uncovered"), (6, "unknown")]


def test_filters_take_whole_lines_only(plant, volumes):
    told = read_volumes(volumes(FILE))
    with lake_of(plant).snapshot() as snapshot:
        may = contact_rates(snapshot, Filters(since=date(2026, 5, 1), until=date(2026, 6, 30)), told)
        lumbi = contact_rates(snapshot, Filters(companies=("Lumbi",)), told)
        none = contact_rates(snapshot, Filters(since=date(2026, 5, 2)), told)
        with pytest.raises(InputError, match="each product"):
            contact_rates(snapshot, Filters(products=("X",)), told)
        with pytest.raises(InputError, match="each city"):
            contact_rates(snapshot, Filters(cities=("X",)), told)
    assert (may.whole.contacts, may.whole.transactions) == (10, 10000)
    assert {one.why for one in may.unused} == {"not_chosen", "unknown"}
    assert lumbi.whole.transactions == 20000
    assert none.whole is None
    assert none.by_group == none.by_period == ()


def test_a_period_that_the_reviews_do_not_cover_is_partial(plant, volumes):
    told = read_volumes(volumes("period;transactions\n2026;1000\n"))
    with lake_of(plant).snapshot() as snapshot:
        found = contact_rates(snapshot, Filters(), told)
    assert found.whole.partial
    assert found.whole.contacts == 42


def test_an_empty_lake_has_no_rate(plant, volumes):
    told = read_volumes(volumes("period;transactions\n2026;1000\n"))
    with plant().snapshot() as snapshot:
        found = contact_rates(snapshot, Filters(), told)
        assert contact_rates(snapshot, Filters(), ()).unused == ()
    assert found.whole is None
    assert [one.why for one in found.unused] == ["uncovered"]


def test_noise_is_not_called_a_difference(plant, volumes):
    """Twenty branches with one true rate."""
    dice = np.random.default_rng(3)
    counts = dice.poisson(6, 20).tolist()
    told = read_volumes(
        volumes("period,place,transactions\n" + "".join(f"2026-05,п{n},3000\n" for n in range(20)))
    )
    reviews = [
        said("Lumbi", "2026-05-10", place=f"п{n}") for n, count in enumerate(counts) for _ in range(count)
    ]
    edges = [said("Lumbi", day, "story") for day in ("2026-05-01", "2026-05-31")]
    with plant(*reviews, *edges).snapshot() as snapshot:
        found = contact_rates(snapshot, Filters(), told)
    assert len(found.by_group) == 20
    assert not any(one.significant for one in found.by_group)
    spread = [one.shrunk_rate for one in found.by_group]
    assert max(spread) - min(spread) < (max(counts) - min(counts)) / 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "lacks period and transactions"),
        ("period,company\n2026,Lumbi\n", "lacks transactions"),
        ("period,transactions,colour\n2026,5,red\n", "has the columns"),
        ("period,period,transactions\n2026,2026,5\n", "has the columns"),
        ("period,transactions\n", "no line"),
        ("period,transactions\n2026-13,5\n", "Line 2 .* period '2026-13'"),
        ("period,transactions\n2026-02-30,5\n", "period"),
        ("period,transactions\nMay,5\n", "2026-Q2"),
        ("period,transactions\n0000,5\n", "period"),
        ("period,transactions\n2026,0\n", "'0' transactions"),
        ("period,transactions\n2026,-5\n", "whole number above 0"),
        ("period,transactions\n2026,5.5\n", "whole number"),
        ("period,transactions\n2026,many\n", "'many' transactions"),
        ("period,company,transactions\n2026,,5\n", "Line 2 .* empty"),
        ("period,company,transactions\n2026,Lumbi\n", "Line 2 .* empty"),
        ("period,transactions\n2026-05,5\n\n2026-Q2,9\n", r"Lines (2 and 4|4 and 2) .* share days"),
        ("period,company,transactions\n2026,Lumbi,5\n2026,LUMBI,9\n", "share days"),
        ('period,transactions\n"2026,5\n', "empty"),
        ("period,transactions\n2026\x1b[2J,5\n", "period"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(volumes, text, says):
    with pytest.raises(InputError, match=says) as caught:
        read_volumes(volumes(text))
    assert caught.value.mend
    assert "\x1b" not in str(caught.value)


def test_a_file_that_is_none(tmp_path, volumes):
    with pytest.raises(InputError, match="cannot be read"):
        read_volumes(tmp_path / "absent.csv")
    with pytest.raises(InputError, match="UTF-8"):
        read_volumes(volumes("period,transactions,company\n2026,5,Ясень\n", "cp1251"))


def test_every_way_to_write_a_period(volumes):
    text = "Period\tTransactions\n2023\t1\n2024-Q1\t2\n2024-04\t3\n2024-12-31\t4\n"
    told = read_volumes(volumes(text))
    assert [(one.first, one.last, one.transactions) for one in told] == [
        (date(2023, 1, 1), date(2023, 12, 31), 1),
        (date(2024, 1, 1), date(2024, 3, 31), 2),
        (date(2024, 4, 1), date(2024, 4, 30), 3),
        (date(2024, 12, 31), date(2024, 12, 31), 4),
    ]
