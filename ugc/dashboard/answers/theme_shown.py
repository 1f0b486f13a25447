"""The themes as the page lists them: bars to choose from, a table for files, one theme in three languages."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ugc import taxonomy
from ugc.dashboard.look.bars import Row
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.table import Cell, Column, Table
from ugc.dashboard.look.words import words
from ugc.insight import ThemeUse

__all__ = ["covers", "named", "rows", "table"]


def covers(theme: str, language: str) -> str:
    """What a theme covers; nothing for one that is not of the taxonomy."""
    if theme not in taxonomy.keys("themes"):
        return ""
    return taxonomy.label("themes", theme).covers.get(language, "")


def rows(found: Sequence[ThemeUse], language: str, n: int, chosen: str | None) -> list[Row]:
    """A row a theme: share of the reviews that raise it, and how sure the model is."""
    word, say = words(language), formats(language)
    made = []
    for one in found:
        share = one.reviews / n if n else None
        name, count = word.name("themes", one.theme), say.number(one.reviews)
        written = say.percent(share)
        made.append(
            Row(
                key=one.theme,
                label=name,
                figure=written,
                note=word("taxonomy.of", reviews=count, count=say.number(n)),
                share=share,
                tip=word("taxonomy.tip", name=name, share=written, covers=covers(one.theme, language)),
                cells=(
                    say.number(one.positive),
                    say.number(one.negative),
                    say.percent(one.confidence),
                ),
                faded=not one.mentions,
                chosen=one.theme == chosen,
            )
        )
    return made


def table(found: Sequence[ThemeUse], language: str, n: int) -> Table:
    """The same figures for files, with what each theme covers."""
    word = words(language)
    cells: list[tuple[Cell, ...]] = [
        (
            word.name("themes", one.theme),
            one.theme,
            covers(one.theme, language),
            one.reviews,
            one.reviews / n if n else None,
            one.mentions,
            one.positive,
            one.negative,
            one.confidence,
        )
        for one in found
    ]
    return Table(
        word("taxonomy.themes"),
        (
            Column(word("taxonomy.theme")),
            Column(word("taxonomy.key")),
            Column(word("taxonomy.covers"), "long"),
            Column(word("head.reviews"), "count"),
            Column(word("taxonomy.share"), "share"),
            Column(word("taxonomy.mentions"), "count"),
            Column(word("taxonomy.praise"), "count"),
            Column(word("taxonomy.blame"), "count"),
            Column(word("taxonomy.confidence"), "share"),
        ),
        tuple(cells),
    )


def named(theme: str, language: str) -> Markup:
    """Name and meaning of a theme in every language of the interface."""
    word = words(language)
    if theme not in taxonomy.keys("themes"):
        return Markup('<p class="house-facts">{}</p>').format(word("taxonomy.unknown", theme=theme))
    label = taxonomy.label("themes", theme)
    pieces = [
        Markup('<dt>{}</dt><dd lang="{}"><b>{}</b><br>{}</dd>').format(
            word(f"interface.{code}"), code, label.name(code), label.covers.get(code, "")
        )
        for code in taxonomy.LANGUAGES
    ]
    return Markup('<dl class="house-label">{}</dl>').format(Markup("").join(pieces))
