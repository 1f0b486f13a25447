"""What a click on an option of a chip means: checked against the mentions shown, then saved.

The browser names the mention, the field and the value. Whatever is not among the options that this
review offers now is left alone: the page may be older than the lake, and a browser may send anything.
"""

from __future__ import annotations

from collections.abc import Mapping

from ugc import taxonomy
from ugc.dashboard.frame.context import Context
from ugc.dashboard.reviews import saving
from ugc.dashboard.reviews.saving import Step
from ugc.insight import ReviewView
from ugc.insight.reviews.corrections import Corrections
from ugc.review import Mention

__all__ = ["BACK", "FIELDS", "REMOVED", "named", "options", "take"]

FIELDS: Mapping[str, str] = {"polarity": "polarities", "theme": "themes", "touchpoint": "touchpoints"}
"""What can be set of a mention, in the order of the page, and the kind of its labels."""

REMOVED, BACK = "removed", "back"
"""What else can be done with one: it is not there; corrections of it are taken back."""


def named(number: int, mention: Mention) -> str:
    """The name of a mention for the browser; a mention that moves has another one."""
    return f"{number}_{mention.start}_{mention.end}_{mention.theme}"


def options(one: ReviewView, mention: Mention, field: str) -> list[str]:
    """Labels that a field may have, by key; themes that the same words raise already are left out."""
    found = list(taxonomy.keys(FIELDS[field]))
    present = getattr(mention, field)
    if present not in found:
        found.append(present)
    without = saving.beside(one, mention) if field == "theme" else ()
    return [key for key in found if key not in without]


def _wanted(context: Context, one: ReviewView, made: Corrections, told: object) -> tuple[list[Step], str]:
    """The steps that were asked for, and what to say of them; no steps where there is nothing to do."""
    word, nothing = context.word, (list[Step](), "")
    parts = [told.get(part) for part in ("mention", "field", "value")] if isinstance(told, Mapping) else []
    if not parts or not all(isinstance(part, str) for part in parts):
        return nothing
    name, field, value = map(str, parts)
    shown = {named(number, mention): number for number, mention in enumerate(one.mentions)}
    if name not in shown:
        return nothing
    mention, chain = one.mentions[shown[name]], made.mentions[shown[name]]
    theme = word.name("themes", mention.theme)
    if field == REMOVED:
        return saving.removal(mention, chain), saving.saved(word, theme, word("correct.removed"))
    if field == BACK:
        return saving.back(chain), word("correct.taken", what=theme)
    if field not in FIELDS or value not in options(one, mention, field):
        return nothing
    if value == getattr(mention, field):
        return nothing
    about = word("reviews.theme") if field == "theme" else theme
    said = saving.saved(word, about, word.name(FIELDS[field], value))
    return saving.set_to(mention, chain, field, value), said


def take(context: Context, one: ReviewView, made: Corrections, told: object) -> None:
    """Saves what the browser says was clicked: `mention`, `field` and `value`, all texts."""
    steps, said = _wanted(context, one, made, told)
    if steps:
        saving.save(context, one, steps, said)
