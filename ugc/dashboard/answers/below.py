"""Below a theme: its concrete reasons as rows; and the eleven reasons that customers thank for."""

from __future__ import annotations

from ugc import taxonomy
from ugc.dashboard.answers.figures import moved
from ugc.dashboard.look.bars import TONES, Row
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.words import words
from ugc.insight import Concrete, ConcreteReason, Eleven, Thanked

__all__ = ["named", "reasons", "thanked"]

_LETTERS = 70
"""Letters of a quote that stands in for a name."""


def named(one: ConcreteReason, language: str) -> str:
    """Name of a concrete reason; a quote where it has no name in the reader's language."""
    if one.name:
        return one.name
    said = " ".join(one.quotes[0].text.split()) if one.quotes else one.id
    short = said if len(said) <= _LETTERS else f"{said[:_LETTERS].rsplit(' ', 1)[0]}…"
    return words(language)("reasons.unnamed", quote=short)


def reasons(found: Concrete, chosen: str | None, language: str) -> list[Row]:
    """The concrete reasons of a theme; the one that is open is marked."""
    word, say = words(language), formats(language)
    rows = []
    for one in found.rows:
        name = named(one, language)
        share, bounds = say.percent(one.share), say.percents(one.low, one.high)
        counts = {"reviews": say.number(one.reviews), "count": say.number(found.n_reviews)}
        tip = word("row.reason", name=name, share=share, bounds=bounds, n=found.n_reviews, **counts)
        stars = "" if one.mean_stars is None else word("reasons.below_stars", stars=say.stars(one.mean_stars))
        rows.append(
            Row(
                key=one.id,
                label=name,
                figure=share,
                note=bounds,
                share=one.share,
                low=one.low,
                high=one.high,
                tone=TONES[one.polarity],
                tip="; ".join(text for text in (tip, stars) if text),
                badge=moved(one.change, language),
                chosen=one.id == chosen,
            )
        )
    return rows


def _rule(one: Thanked, language: str) -> str:
    """What counts for one of the eleven: themes, with their touchpoints and words."""
    word = words(language)
    told = []
    for rule in one.rules:
        pieces = [word.name("themes", rule.theme)]
        pieces += [taxonomy.label("touchpoints", at).name(language) for at in rule.touchpoints]
        pieces += [", ".join(f"{start}…" for start in rule.words)] if rule.words else []
        told.append(" · ".join(pieces))
    return "; ".join(told)


def thanked(found: Eleven, language: str) -> tuple[list[Row], dict[str, str]]:
    """The eleven as rows, and the theme that each of them leads to."""
    word, say = words(language), formats(language)
    rows = []
    for one in found.rows:
        share, bounds = say.percent(one.share), say.percents(one.low, one.high)
        counts = {"reviews": say.number(one.reviews), "count": say.number(found.n_reviews)}
        tip = word("row.reason", name=one.name, share=share, bounds=bounds, n=found.n_reviews, **counts)
        rows.append(
            Row(
                key=one.key,
                label=one.name,
                figure=share,
                note=bounds,
                share=one.share,
                low=one.low,
                high=one.high,
                tone="praise",
                tip=f"{tip}. {_rule(one, language)}",
                cells=(word("row.of", **counts),),
                faded=not one.reviews,
            )
        )
    return rows, {one.key: one.rules[0].theme for one in found.rows}
