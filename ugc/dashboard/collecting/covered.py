"""The tables of the page of sources: what is collected and how completely, and past runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from markupsafe import Markup

from scrapers import registry
from ugc.dashboard.collecting import background
from ugc.dashboard.collecting.progress import counted, said, source_name
from ugc.dashboard.look import blocks
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.words import Words
from ugc.ingest.alone import alone
from ugc.insight.reviews.coverage import Run, TargetCoverage, age

__all__ = ["history", "kind_of", "state_of", "table"]

_CELL = Markup("<td>{}</td>")
_NUMBER = Markup('<td class="number">{}</td>')
_SMALL = Markup("<small>{}</small>")
_NONE = Markup("")


def _address(lake: str) -> str:
    """The address of the lake as its collections lock it."""
    return lake.rstrip("/") if "://" in lake else str(Path(lake).expanduser().absolute())


def _rows(heads: Sequence[str], body: Sequence[Markup]) -> Markup:
    """A table with these heads."""
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(one) for one in heads)
    return Markup(
        '<div class="house-scroll" tabindex="0"><table class="house-table sources"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(head, Markup("").join(body))


def _gone(lake: str, run: Run) -> bool:
    """Whether the program that a run belongs to is gone without having noted its end.

    The lock is not tried for what begins here at this moment, for it would find it taken.
    """
    source, target = str(run.source), str(run.target)
    if (source, target) in background.collecting(lake):
        return False
    with alone(_address(lake), source, target) as free:
        return free


def _ended(word: Words, lake: str, run: Run | None, *, listed: bool = False) -> tuple[str, Markup]:
    """How a run ended, and why in the reader's language; one whose program is gone has been broken off."""
    if run is None:
        why = Markup("{}").format(word("sources.reason.listed")) if listed else _NONE
        return "never" if listed else "unknown", why
    if run.state == "running" and run.kind == "collect" and _gone(lake, run):
        return "stopped", Markup("{}").format(word("sources.reason.killed"))
    return run.state, said(word, run.reason)


def state_of(word: Words, lake: str, run: Run | None, *, listed: bool = False) -> tuple[str, str]:
    """How a run ended, in a plain word, and why, "" where there is nothing to say."""
    state, why = _ended(word, lake, run, listed=listed)
    return word(f"sources.state.{state}"), why.striptags()


def _state(word: Words, lake: str, run: Run | None, *, listed: bool = False) -> Markup:
    """The cell of a table that says how a run ended."""
    state, why = _ended(word, lake, run, listed=listed)
    small = _SMALL.format(why) if why else _NONE
    name = word(f"sources.state.{state}")
    return Markup('<td class="why"><span class="state {}">{}</span>{}</td>').format(state, name, small)


def _name(word: Words, source: str, target: str | None) -> Markup:
    """A source and what is read there."""
    known = registry.sources().get(source)
    called = source_name(word, source, known.title if known else None)
    small = _SMALL.format(Markup("<bdi>{}</bdi>").format(target)) if target else _NONE
    return Markup('<th scope="row" class="why"><bdi>{}</bdi>{}</th>').format(called, small)


def _ago(word: Words, run: Run | None) -> Markup:
    """How long ago a run ended, and the moment itself."""
    if run is None:
        return _CELL.format(formats(word.language).day(None))
    passed, say = age(run.at, datetime.now(UTC)), formats(word.language)
    name = f"sources.ago.{passed.unit}" if passed.n else "sources.ago.now"
    told = word(name, n=passed.n, count=say.number(passed.n))
    return _CELL.format(Markup("{}{}").format(told, _SMALL.format(say.moment(run.at))))


def table(word: Words, lake: str, rows: Sequence[TargetCoverage]) -> Markup:
    """One row a target: when it was read, whether to the end, reviews, those without text, dates."""
    say = formats(word.language)
    names = ("target", "state", "read", "reviews", "without_text", "dates")
    body = [
        Markup("<tr>{}{}{}{}{}{}</tr>").format(
            _name(word, one.source, one.target),
            _state(word, lake, one.run, listed=one.listed),
            _ago(word, one.run),
            _NUMBER.format(say.number(one.reviews)),
            _NUMBER.format(say.number(one.without_text)),
            _CELL.format(say.span(one.oldest, one.newest)),
        )
        for one in rows
    ]
    return _rows([word(f"sources.head.{name}") for name in names], body)


def kind_of(word: Words, run: Run) -> str:
    """What a run was, in a word."""
    return str(word.entries.get(f"sources.kind.{run.kind}", run.kind))


def _target(word: Words, run: Run) -> Markup:
    """What a run was about."""
    if run.source is None:
        return _SMALL.format(Markup("<bdi>{}</bdi>").format(run.target or ""))
    called = Markup("<bdi>{}</bdi>").format(source_name(word, run.source))
    return called + _SMALL.format(Markup("<bdi>{}</bdi>").format(run.target)) if run.target else called


def history(word: Words, lake: str, past: Sequence[Run]) -> Markup:
    """The last runs of every kind, the latest first."""
    say = formats(word.language)
    body = []
    for run in past:
        read = "tagged" if run.kind == "tag" else "rows" if run.kind == "import" else "reviews"
        counts = (
            ("pages", run.pages),
            (read, run.read),
            ("new", run.new),
            ("changed", run.changed),
            ("without_text", run.without_text),
        )
        name = kind_of(word, run)
        body.append(
            Markup(
                '<tr><th scope="row">{}</th><td class="why">{}</td>{}{}<td class="why">{}</td></tr>'
            ).format(
                name,
                _target(word, run),
                _CELL.format(say.moment(run.started_at)),
                _state(word, lake, run),
                blocks.joined(Markup("{}").format(one) for one in counted(word, counts)),
            )
        )
    names = ("what", "target", "when", "state", "counts")
    return _rows([word(f"sources.head.{name}") for name in names], body)
