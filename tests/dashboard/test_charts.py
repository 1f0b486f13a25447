"""Charts hold what they show in words as well, and nothing that a time zone could move."""

from __future__ import annotations

from datetime import date

import pytest

from ugc.dashboard.look import charts
from ugc.dashboard.look.chart_style import NOTES, Spec
from ugc.dashboard.look.marks import Mark
from ugc.insight import Point, ThemePoint


def point(start: date, share: float | None, n: int, *, partial: bool = False) -> Point:
    return Point(
        start=start,
        partial=partial,
        reviews=n,
        ratings=n,
        mean_stars=None if share is None else 3.0,
        csi=None if share is None else 50.0,
        csi_low=None if share is None else 40.0,
        csi_high=None if share is None else 60.0,
        tagged=n,
        negative=0,
        negative_share=share,
        low=None if share is None else max(share - 0.1, 0),
        high=None if share is None else min(share + 0.1, 1),
        positive_share=share,
        net=None if share is None else -0.2,
        net_low=None if share is None else -0.4,
        net_high=None if share is None else 0.1,
    )


POINTS = [
    point(date(2026, 1, 1), 0.25, 40),
    point(date(2026, 2, 1), None, 0),
    point(date(2026, 3, 1), 0.5, 2, partial=True),
]


def rows(chart: Spec) -> list[dict[str, object]]:
    (data,) = chart["datasets"].values()
    return list(data)


@pytest.mark.parametrize("kind", ["negative", "csi", "net"])
@pytest.mark.parametrize("language", ["ru", "en", "pl"])
def test_every_measure_is_drawn(kind: charts.Curve, language: str) -> None:
    spec = charts.over_time(
        charts.measured(POINTS, kind, language), "month", language, kind=kind, tone="blame"
    )
    assert spec["config"]["locale"]["time"]["shortMonths"]
    assert "light-dark" not in str(spec)
    assert "#" not in str(spec["layer"])


def test_what_a_chart_shows_is_written_out() -> None:
    first, empty, last = charts.measured(POINTS, "negative", "en")
    assert (first.written, first.bounds, first.n) == ("25%", "15–35%", 40)
    assert (empty.written, empty.bounds, empty.value) == ("–", "–", None)
    assert last.partial
    net = charts.measured(POINTS, "net", "en")[0]
    assert (net.written, net.bounds) == ("−20", "−40\u00a0…\u00a0+10")
    csi = charts.measured(POINTS, "csi", "pl")[0]
    assert (csi.written, csi.bounds) == ("50", "40–60")


def test_days_carry_a_midnight_and_bars_stand_around_them() -> None:
    chart = charts.over_time(
        charts.measured(POINTS, "negative", "en"), "month", "en", kind="negative", tone="blame"
    )
    found = rows(chart)
    assert [one["start"] for one in found] == [
        "2026-01-01T00:00:00",
        "2026-02-01T00:00:00",
        "2026-03-01T00:00:00",
    ]
    assert all(str(one["from"]) < str(one["start"]) < str(one["to"]) for one in found)
    assert [one["firm"] for one in found] == [True, False, False]
    assert found[2]["Period"] == "March 2026 (not complete)"


def test_themes_are_counted() -> None:
    themes = [ThemePoint(date(2026, 1, 5), False, 8, 3, 0.375, 0.14, 0.69)]
    moments = charts.mentioned(themes, "en")
    assert charts.worth(moments)
    (row,) = rows(charts.counted(moments, "week", "en", tone="blame"))
    assert (row["count"], row["reviews"]) == (3, 8)
    assert row["Reviews that say so"] == "3 of 8"
    assert row["Period"] == "week of 5\u00a0January 2026"


def test_nothing_is_worth_no_chart() -> None:
    assert not charts.worth([])
    assert not charts.worth(charts.measured(POINTS[1:2], "negative", "en"))


@pytest.mark.parametrize("language", ["ru", "en", "pl"])
def test_days_are_marked_over_every_kind_of_chart(language: str) -> None:
    first, day, last = date(2026, 1, 12), date(2026, 1, 19), date(2026, 1, 26)
    marks = [
        Mark(1, day, first, last, made=False, when="a day", what="a change"),
        Mark(2, last, last, last, made=True, when="another", what="<b>an act</b>"),
    ]
    themes = [ThemePoint(date(2026, 1, 5), False, 8, 3, 0.375, 0.14, 0.69)]
    for spec in (
        charts.over_time(
            charts.measured(POINTS, "csi", language),
            "month",
            language,
            kind="csi",
            tone="accent",
            marks=marks,
        ),
        charts.counted(charts.mentioned(themes, language), "week", language, tone="blame", marks=marks),
    ):
        band, line, disc, number = spec["layer"][-4:]
        assert [one["mark"]["type"] for one in (band, line, disc, number)] == [
            "rect",
            "rule",
            "point",
            "text",
        ]
        held = spec["datasets"][band["data"]["name"]]
        assert [one["number"] for one in held] == ["1", "2"]
        assert held[0]["first"] == "2026-01-12T00:00:00"
        assert held[0]["last"] == "2026-01-26T00:00:00"
        assert [one["made"] for one in held] == [False, True]
        assert spec["usermeta"][NOTES] == ["1. a day: a change", "2. another: <b>an act</b>"]


def test_a_chart_without_marks_is_as_before() -> None:
    plain = charts.over_time(charts.measured(POINTS, "csi", "en"), "month", "en", kind="csi", tone="accent")
    assert len(plain["layer"]) == 2
    assert plain["usermeta"][NOTES] == []
