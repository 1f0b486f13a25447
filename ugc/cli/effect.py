"""How `ugc actions` tells an action and what came of it: lines for a person, objects for JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ugc.insight import Action, Effect
    from ugc.insight.outcome.weekly import Side
    from ugc.insight.statistics.intervals import Interval

__all__ = ["effect_row", "lines", "row", "told"]

_VERDICTS = {
    "helped": "Helped",
    "hurt": "Hurt",
    "no_difference": "No difference seen",
    "too_early": "Too early to tell",
    "cannot_tell": "Cannot be told: too few reviews",
}

_FIGURES = {
    "complaints": "reviews that blame {theme}",
    "negative": "negative reviews",
    "stars": "mean stars",
}


def _concerned(action: Action) -> dict[str, list[str | None]]:
    """For whom an action is: the columns of reviews with their values."""
    from ugc.insight import DIMENSIONS

    chosen = {column: list(getattr(action.concerned, field)) for field, column in DIMENSIONS.items()}
    return {column: values for column, values in chosen.items() if values}


def told(action: Action) -> str:
    """An action on one line."""
    from ugc.insight.choice.display import printable

    concerned = _concerned(action).items()
    for_whom = ", ".join(
        f"{name} {' or '.join(one or 'none' for one in values)}" for name, values in concerned
    )
    parts = [action.id, f"{action.day}", action.what, f"for {for_whom or 'all reviews'}"]
    parts += [f"theme {action.theme}"] if action.theme else []
    parts += [f"by {action.author}"] if action.author else []
    return printable("  ".join(parts))


def row(action: Action) -> dict[str, Any]:
    """An action as a JSON object."""
    return {
        "id": action.id,
        "what": action.what,
        "day": str(action.day),
        "for": _concerned(action),
        "theme": action.theme,
        "author": action.author,
        "made_at": action.made_at.isoformat(),
    }


def _figure(side: Side, stars: bool) -> str:
    """The figure of some weeks, its interval, n and weeks."""
    if side.figure is None:
        return "no reviews"
    value, low, high = side.figure
    shown = f"{value:.2f} ({low:.2f}…{high:.2f})" if stars else f"{value:.1%} ({low:.1%}…{high:.1%})"
    return f"{shown}, n = {side.reviews:,} in {side.weeks} weeks"


def _size(value: float, stars: bool) -> str:
    """A size of effect."""
    return f"{value:.2f} stars" if stars else f"{100 * value:.1f} points"


def _change(change: Interval, stars: bool) -> str:
    """A change with its interval."""
    low, high = (f"{bound:+.2f}" if stars else f"{100 * bound:+.1f}" for bound in change[1:])
    return f"{'+' if change.value >= 0 else '−'}{_size(abs(change.value), stars)} ({low}…{high})".replace(
        "-", "−"
    )


def _why(found: Effect, stars: bool) -> str:
    """What is to be said beside the verdict; "" for none."""
    weeks = found.weeks_needed
    if found.verdict in ("helped", "hurt") or found.worth is None:
        return "" if found.worth is not None else "There are no reviews before it to compare with."
    size = _size(found.worth, stars)
    if found.verdict == "no_difference":
        return f"A change of {size} would very likely show by now."
    if found.verdict == "too_early":
        if weeks is None:
            return "There are too few weeks of reviews yet."
        more = f"About {weeks} more {'week' if weeks == 1 else 'weeks'} of reviews"
        return f"{more} until a change of {size} would show."
    seen = f"; only one of {_size(found.visible, stars)} would" if found.visible else ""
    return f"With so few reviews or weeks before it, a change of {size} would not show{seen}."


def lines(found: Effect) -> Iterator[str]:
    """What came of one action, for a person."""
    from ugc.insight.choice.display import printable
    from ugc.taxonomy import keys, label

    stars = found.measure == "stars"
    yield told(found.action)
    why = _why(found, stars)
    yield f"    {_VERDICTS[found.verdict]}." + (f" {why}" if why else "")
    name = found.action.theme or ""
    if name in keys("themes"):
        name = label("themes", name).name()
    yield printable(f"    Looked at: {_FIGURES[found.measure].format(theme=name)}")
    yield f"    Before: {_figure(found.before, stars)}"
    yield f"    After:  {_figure(found.after, stars)}"
    if found.rest_before and found.rest_after:
        yield f"    Others before: {_figure(found.rest_before, stars)}"
        yield f"    Others after:  {_figure(found.rest_after, stars)}"
    if found.effect and found.level and found.slope and found.q_value is not None:
        against = "the others" if found.rest_before else "the trend before"
        change = _change(found.effect, stars)
        yield f"    Effect: {change} against {against}; q = {found.q_value:.3f}"
        yield f"    At once {_change(found.level, stars)}, then {_change(found.slope, stars)} by the week"
        if found.meanwhile:
            others = ", ".join(f"{one.id} of {one.day}" for one in found.meanwhile)
            yield f"    Within these weeks also: {others}. Where it is for the same reviews, this is of both."


def _side_row(side: Side | None) -> dict[str, Any] | None:
    """The figure of some weeks, as a JSON object."""
    figure = side.figure._asdict() if side and side.figure else None
    return {"weeks": side.weeks, "reviews": side.reviews, "figure": figure} if side else None


def effect_row(found: Effect) -> dict[str, Any]:
    """What came of one action, as a JSON object."""
    from dataclasses import fields

    shown: dict[str, Any] = {"action": row(found.action)}
    for one in fields(found):
        value = getattr(found, one.name)
        if one.name in ("level", "slope", "effect"):
            shown[one.name] = value._asdict() if value else None
        elif one.name in ("before", "after", "rest_before", "rest_after"):
            shown[one.name] = _side_row(value)
        elif one.name == "course":
            shown[one.name] = [
                {"first": str(week.first), "own": _side_row(week.own), "rest": _side_row(week.rest)}
                for week in value
            ]
        elif one.name == "meanwhile":
            shown[one.name] = [other.id for other in value]
        elif one.name != "action":
            shown[one.name] = value
    return shown
