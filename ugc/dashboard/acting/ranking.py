"""What to do first: the themes by what their contacts cost, weigh and take from the rating."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from ugc.dashboard.look.bars import Row
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.table import Column, Table
from ugc.dashboard.look.words import words
from ugc.insight import Filters, Priorities, Priority, priority
from ugc.insight.cost.contact_rates import PER, Rate
from ugc.insight.cost.volumes import Volume
from ugc.insight.statistics.intervals import Interval
from ugc.settings import PrioritySettings

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["heads", "ranked", "rate", "rates", "rows", "sentence", "table", "top", "whole"]


def ranked(
    snapshot: Snapshot,
    filters: Filters,
    first: float,
    again: float,
    fall: float,
    volumes: tuple[Volume, ...] = (),
) -> Priorities:
    """What to do first, by the prices of a first and of a repeated contact; see `ugc.insight.priority`."""
    prices = PrioritySettings(first_contact=first, repeat_contact=again)
    return priority(snapshot, filters, prices=prices, reduction=fall, volumes=volumes)


def _name(one: Priority, language: str) -> str:
    word = words(language)
    return word.name("themes", one.theme) if one.theme else word("actions.no_theme")


def _money(one: Interval, language: str) -> str:
    """An amount with its bounds."""
    say = formats(language)
    return f"{say.number(one.value)} ({say.interval(one.low, one.high)})"


def heads(language: str) -> list[str]:
    """Headings of the rows."""
    word = words(language)
    cells = (word(f"actions.head.{name}") for name in ("contacts", "fix", "answer", "impact"))
    return [word("actions.head.theme"), word("actions.head.cost"), "", *cells]


def top(found: Priorities) -> float:
    """Cost at the full width of a bar."""
    return max((one.contacts.cost.high for one in found.rows), default=1.0) or 1.0


def rows(found: Priorities, chosen: str | None, language: str) -> list[Row]:
    """Themes in their order: the bar is the cost with its interval; what has no theme comes last."""
    word, say = words(language), formats(language)
    made = []
    for one in found.rows:
        cost, impact = one.contacts.cost, one.impact
        sure = impact is not None and impact.significant
        made.append(
            Row(
                key=one.theme or "",
                label=_name(one, language),
                figure=say.number(cost.value),
                note=say.interval(cost.low, cost.high),
                share=cost.value,
                low=cost.low,
                high=cost.high,
                tone="blame" if one.theme else "raised",
                tip=str(sentence(one, found, language).striptags()),
                cells=(
                    say.number(one.contacts.contacts),
                    say.number(one.saved_by_fix.value),
                    say.number(one.saved_by_answer.value),
                    say.shift(impact.value) if impact and sure else word("actions.unsure"),
                ),
                chosen=bool(one.theme) and one.theme == chosen,
            )
        )
    return made


def sentence(one: Priority, found: Priorities, language: str) -> Markup:
    """What a theme's contacts are, cost and take, and what fewer would save."""
    word, say, held = words(language), formats(language), one.contacts
    told = [
        word(
            "actions.costs",
            contacts=word("actions.contacts", n=held.contacts, count=say.number(held.contacts)),
            share=say.percent(one.share),
            bounds=say.percents(one.low, one.high),
            cost=_money(held.cost, language),
        ),
        word("actions.saves", fall=say.percent(found.reduction), fix=_money(one.saved_by_fix, language)),
    ]
    if held.questions:
        told.append(word("actions.answers", answer=_money(one.saved_by_answer, language)))
    if one.impact and one.impact.significant:
        moved = {"impact": say.shift(one.impact.value), "bounds": say.shifts(one.impact.low, one.impact.high)}
        told.append(word("actions.takes", **moved))
    return Markup("<b>{}</b>: {}").format(_name(one, language), " ".join(told))


def whole(found: Priorities, language: str) -> str:
    """All contacts in one line: how many, what share, what they cost at which prices."""
    word, say = words(language), formats(language)
    count = word("actions.contacts", n=found.whole.contacts, count=say.number(found.whole.contacts))
    return word(
        "actions.whole",
        contacts=count,
        share=say.percent(found.share),
        bounds=say.percents(found.low, found.high),
        cost=_money(found.whole.cost, language),
        first=say.number(found.first_contact, 0 if found.first_contact.is_integer() else 2),
        again=say.number(found.repeat_contact, 0 if found.repeat_contact.is_integer() else 2),
    )


def table(found: Priorities, language: str) -> Table:
    """The whole ranking as figures, with bounds in columns of their own."""
    word = words(language)
    low, high = word("actions.head.low"), word("actions.head.high")
    counted = ("contacts", "questions", "requests", "complaints", "claims", "repeats")
    columns = [Column(word("actions.head.theme"))]
    columns += [Column(word(f"actions.head.{name}"), "count") for name in counted]
    columns += [Column(word("actions.head.share"), "share"), Column(low, "share"), Column(high, "share")]
    for name in ("points", "cost", "fix", "answer"):
        columns += [Column(word(f"actions.head.{name}"), "number"), Column(low, "number")]
        columns.append(Column(high, "number"))
    columns += [Column(word("actions.head.impact"), "shift"), Column(low, "shift"), Column(high, "shift")]
    columns.append(Column(word("actions.head.rank"), "number"))
    made = []
    for one in found.rows:
        held, impact = one.contacts, one.impact
        amounts = (held.points, held.cost, one.saved_by_fix, one.saved_by_answer)
        made.append(
            (
                _name(one, language),
                *(getattr(held, name) for name in counted),
                *(one.share, one.low, one.high),
                *(bound for amount in amounts for bound in amount),
                *((impact.value, impact.low, impact.high) if impact else (None, None, None)),
                one.rank,
            )
        )
    return Table(word("actions.first"), tuple(columns), tuple(made))


def rates(name: str, found: Sequence[Rate], language: str) -> Table:
    """Contact rates of groups or periods; the rest beside them, and whether they differ from it."""
    word = words(language)
    columns = (
        Column(name),
        Column(word("actions.rate.rate", per=formats(language).number(PER)), "stars"),
        Column(word("actions.head.low"), "stars"),
        Column(word("actions.head.high"), "stars"),
        Column(word("actions.rate.contacts"), "count"),
        Column(word("actions.rate.transactions"), "count"),
        Column(word("actions.rate.rest"), "stars"),
        Column(word("actions.rate.verdict")),
    )
    made = []
    for one in found:
        notes = [word("actions.rate.differs" if one.significant else "actions.rate.alike")]
        notes += [word("actions.rate.partial")] if one.partial else []
        figures = (one.rate, one.low, one.high, one.contacts, one.transactions, one.rest_rate)
        made.append((one.name, *figures, ", ".join(notes)))
    return Table(name, columns, tuple(made))


def rate(one: Rate, language: str) -> str:
    """The whole contact rate in a sentence."""
    word, say = words(language), formats(language)
    return word(
        "actions.rate.whole",
        per=say.number(PER),
        rate=say.number(one.rate, 2),
        bounds=say.interval(one.low, one.high, 2),
        contacts=say.number(one.contacts),
        transactions=say.number(one.transactions),
    )
