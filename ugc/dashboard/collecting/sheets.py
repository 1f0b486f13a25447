"""The tables of the page of sources as figures, for a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ugc.dashboard.answers.sheets import columns
from ugc.dashboard.collecting.covered import kind_of, state_of
from ugc.dashboard.collecting.progress import source_name
from ugc.dashboard.look.table import Table
from ugc.dashboard.look.words import Words
from ugc.insight.reviews.coverage import Run, TargetCoverage

__all__ = ["coverage", "history"]


def _moment(when: datetime | None) -> str | None:
    return f"{when:%Y-%m-%d %H:%M}" if when else None


def coverage(word: Words, lake: str, found: Sequence[TargetCoverage]) -> Table:
    """What there is of each target, and how its last run ended."""
    named = columns(
        word.language,
        ("source", "text"),
        ("target", "text"),
        ("state", "text"),
        ("reason", "long"),
        ("read", "text"),
        ("reviews", "count"),
        ("without_text", "count"),
        ("untagged", "count"),
        ("oldest", "day"),
        ("newest", "day"),
    )
    rows = tuple(
        (
            source_name(word, one.source),
            one.target,
            *state_of(word, lake, one.run, listed=one.listed),
            _moment(one.run.at if one.run else None),
            one.reviews,
            one.without_text,
            one.untagged,
            one.oldest.date() if one.oldest else None,
            one.newest.date() if one.newest else None,
        )
        for one in found
    )
    return Table(word("sources.covered"), named, rows)


def history(word: Words, lake: str, past: Sequence[Run]) -> Table:
    """The last runs of every kind with their counts, the latest first."""
    named = columns(
        word.language,
        ("kind", "text"),
        ("source", "text"),
        ("target", "text"),
        ("begun", "text"),
        ("ended", "text"),
        ("state", "text"),
        ("reason", "long"),
        ("pages", "count"),
        ("count", "count"),
        ("new", "count"),
        ("changed", "count"),
        ("without_text", "count"),
    )
    rows = tuple(
        (
            kind_of(word, run),
            source_name(word, run.source) if run.source else None,
            run.target,
            _moment(run.started_at),
            _moment(run.finished_at),
            *state_of(word, lake, run),
            run.pages,
            run.read,
            run.new,
            run.changed,
            run.without_text,
        )
        for run in past
    )
    return Table(word("sources.history"), named, rows)
