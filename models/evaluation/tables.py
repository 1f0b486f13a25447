"""Reports as plain text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.evaluation.markdown import DOMAIN_FIGURES, cell, difference_lines, worst_lines
from models.evaluation.measure import MODEL
from models.evaluation.score import FIGURES, Figures

__all__ = ["figure_columns", "public_lines", "report_lines"]

Row = Sequence[float | int | str | None]


def _grid(head: Sequence[str], rows: Sequence[Row], *, first: int = 26) -> Iterator[str]:
    """Lines of a table: a wide column of text, then columns of numbers as wide as they need."""
    widths = [max(8, len(name) + 2) for name in head[1:]]
    yield f"{head[0]:{first}}" + "".join(f"{name:>{w}}" for name, w in zip(head[1:], widths, strict=True))
    for row in rows:
        cells = "".join(f"{cell(value):>{w}}" for value, w in zip(row[1:], widths, strict=True))
        yield f"{cell(row[0]):{first}}{cells}"


def figure_columns(columns: Mapping[str, Figures]) -> Iterator[str]:
    """All figures, one column a name."""
    rows = [[name, *(own.get(name) for own in columns.values())] for name in FIGURES]
    return _grid(["", *columns], rows)


def _confusion(title: str, found: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """What people said (rows) against what the model said (columns)."""
    columns = [*found, *sorted({name for row in found.values() for name in row} - set(found))]
    yield ""
    yield f"{title}: labelled (rows), shown (columns)"
    yield from _grid(
        ["", *columns], [[name, *(row.get(c, 0) for c in columns)] for name, row in found.items()]
    )


def _bins(title: str, found: Sequence[Mapping[str, float | int]]) -> Iterator[str]:
    """What was said against what was so, by bin of probability."""
    yield ""
    yield f"{title}: probability that was said, and how often it was so"
    rows: list[Row] = [[f"from {one['from']:.1f}", one["n"], one["said"], one["was"]] for one in found]
    yield from _grid(["", "n", "said", "was so"], rows)


def report_lines(found: Mapping[str, Any], *, full: bool = False) -> Iterator[str]:
    """A report of `models.evaluation.measure`, `full` with contact and the bins of the probabilities."""
    yield from figure_columns({name: own["all"] for name, own in found["peers"].items()})
    if found["best_peer"]:
        yield ""
        yield from difference_lines(found["best_peer"])
    yield ""
    yield "By language"
    yield from figure_columns(found["figures"])
    domains = found["domains"][MODEL]
    if len(domains) > 1:
        yield ""
        yield "By kind of business"
        yield from _grid(
            ["", *DOMAIN_FIGURES],
            [[name, *(own[f] for f in DOMAIN_FIGURES)] for name, own in domains.items()],
        )
    yield ""
    yield "By theme"
    figures = ("n", "shown", "precision", "recall", "F1", "F1 with polarity")
    themes = found["themes"][MODEL]
    yield from _grid(["", *figures], [[name, *(own[f] for f in figures)] for name, own in themes.items()])
    yield from _confusion("Sentiment", found["confusion"]["sentiment"])
    if full:
        yield from _confusion("Contact", found["confusion"]["contact"])
        for name, bins in found["reliability"].items():
            yield from _bins(f"Calibration of {name}", bins)
    yield ""
    yield from worst_lines(found["worst"])


def public_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Scores on the public sets."""
    for name, one in found.items():
        yield ""
        yield f"{name}: {one['n']} held-out texts ({one['unit']}), {one['left_out']} left out as trained on"
        for reader, own in one["readers"].items():
            for figure, value in own.items():
                yield f"  {reader:34}{figure:44}{cell(value):>8}"
        for own in one["published"]:
            yield f"  {own['who'] + ', published':34}{own['figure']:44}{cell(own['value']):>8}"
            yield f"    {own['source']}: {own['note']}"
