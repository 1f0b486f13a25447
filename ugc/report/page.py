"""A report as one HTML page: nothing is loaded from elsewhere, and it prints well."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from ugc.insight import Point
from ugc.insight.choice.display import printable
from ugc.report.content import Report, figures
from ugc.report.words import Words

__all__ = ["render_page"]

WIDTH, HEIGHT = 720, 160
"""Size of the chart in pixels, without its labels."""


@dataclass(frozen=True)
class _Chart:
    """Points of the lines and bands of the share of displeased, and the labels below them."""

    lines: list[list[tuple[float, float]]]
    bands: list[list[tuple[float, float]]]
    labels: list[tuple[float, str]]


def _chart(months: tuple[Point, ...]) -> _Chart:
    """The share of displeased by month, broken where a month has none."""
    places = [round(WIDTH * (place + 0.5) / len(months), 1) for place in range(len(months))]
    runs: list[list[tuple[float, Point]]] = [[]]
    for x, point in zip(places, months, strict=True):
        if point.negative_share is None:
            runs.append([])
        else:
            runs[-1].append((x, point))

    def y(share: float | None) -> float:
        return round(HEIGHT * (1 - (share or 0.0)), 1)

    kept = [run for run in runs if run]
    step = len(months) // 12 + 1
    return _Chart(
        lines=[[(x, y(one.negative_share)) for x, one in run] for run in kept],
        bands=[
            [(x, y(one.low)) for x, one in run] + [(x, y(one.high)) for x, one in run[::-1]] for run in kept
        ],
        labels=[(x, f"{one.start:%Y-%m}") for x, one in zip(places, months, strict=True)][::step],
    )


def render_page(report: Report, words: Words) -> bytes:
    """The page as the bytes of its file. Every text is escaped."""
    environment = Environment(
        loader=PackageLoader("ugc.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("page.html").render(
        report=report,
        words=words,
        figures=figures(report.scores, words),
        chart=_chart(report.months),
        size=(WIDTH, HEIGHT),
        printable=printable,
    )
    return page.encode("utf-8", "replace")
