"""Reports as Markdown tables: for the model card and for the documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models.evaluation.score import FIGURES, Figures

__all__ = [
    "DOMAIN_FIGURES",
    "cell",
    "confusion_table",
    "difference_lines",
    "domain_table",
    "figure_table",
    "grid",
    "public_table",
    "theme_table",
    "worst_lines",
]

DOMAIN_FIGURES = (
    "n",
    "sentiment accuracy",
    "theme micro-F1",
    "theme+polarity micro-F1",
    "emotions micro-F1",
    "contact accuracy",
)
"""Figures that are shown by kind of business."""


Row = Sequence[float | int | str | None]


def cell(value: float | int | str | None) -> str:
    """A value as it stands in a table; nothing to measure is a dash."""
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def grid(head: Sequence[str], rows: Sequence[Row]) -> str:
    """A Markdown table whose first column is text and whose others are numbers."""
    first, *others = head
    lines = [f"| {first} | {' | '.join(others)} |".replace("|  |", "| |"), f"|---|{'---:|' * len(others)}"]
    lines += [f"| {' | '.join(cell(value) for value in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def figure_table(columns: Mapping[str, Figures]) -> str:
    """All figures, one column a name."""
    return grid(["", *columns], [[name, *(own.get(name) for own in columns.values())] for name in FIGURES])


def domain_table(domains: Mapping[str, Figures]) -> str:
    """A few figures by kind of business, one row each."""
    rows = [[name, *(own.get(figure) for figure in DOMAIN_FIGURES)] for name, own in domains.items()]
    return grid(["domain", *DOMAIN_FIGURES], rows)


def theme_table(themes: Mapping[str, Mapping[str, Any]]) -> str:
    """Precision, recall and F1 of each theme, one row each."""
    figures = ("n", "shown", "precision", "recall", "F1", "F1 with polarity")
    rows = [[name, *(own.get(figure) for figure in figures)] for name, own in themes.items()]
    return grid(["theme", *figures], rows)


def confusion_table(found: Mapping[str, Mapping[str, int]]) -> str:
    """What people said (rows) against what the model said (columns)."""
    columns = [*found, *sorted({name for row in found.values() for name in row} - set(found))]
    rows: list[Row] = [[name, *(row.get(column, 0) for column in columns)] for name, row in found.items()]
    return grid(["labelled \\ shown", *columns], rows)


def difference_lines(best: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """One sentence a figure: how far the model lies above the best of its peers, and how surely."""
    return [
        f"{figure}: {100 * one['value']:+.1f} points against {one['peer']}, the best of the others "
        f"({100 * one['level']:.0f} % interval {100 * one['low']:+.1f} to {100 * one['high']:+.1f})."
        for figure, one in best.items()
    ]


def worst_lines(found: Mapping[str, Mapping[str, Any] | None]) -> list[str]:
    """One sentence for each: the worst language, domain and theme."""
    lines = []
    for kind, one in found.items():
        if one is not None:
            figure = next(name for name in one if name not in ("name", "n"))
            of = "reviews that raise it" if kind == "theme" else "reviews"
            lines.append(f"Worst {kind}: {one['name']}, {figure} {cell(one[figure])} on {one['n']} {of}.")
    return lines


def _public_rows(found: Mapping[str, Mapping[str, Any]]) -> str:
    """One row a set and reader, and one a published figure, for sets that have the same figures."""
    names = [name for one in found.values() for own in one["readers"].values() for name in own]
    figures = list(dict.fromkeys(names))
    rows: list[Row] = []
    for name, one in found.items():
        for reader, own in one["readers"].items():
            rows.append([name, one["n"], reader, *(own.get(figure) for figure in figures)])
        for p in one["published"]:
            said = {p["figure"]: p["value"]}
            rows.append([name, None, f"{p['who']} (published)", *(said.get(figure) for figure in figures)])
    return grid(["set", "texts", "reader", *figures], rows)


def public_table(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Scores on the public sets: a table of the sets with emotions, and one of those with sentiment."""
    tasks: dict[bool, dict[str, Mapping[str, Any]]] = {}
    for name, one in found.items():
        emotions = any("with none" in figure for own in one["readers"].values() for figure in own)
        tasks.setdefault(emotions, {})[name] = one
    return "\n".join(_public_rows(sets) for sets in tasks.values())
