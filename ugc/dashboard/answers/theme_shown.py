"""The themes as the page lists them: bars to choose from, a table for files, one theme in three languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from ugc import taxonomy
from ugc.dashboard.look.bars import Row
from ugc.dashboard.look.blocks import facts
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.table import Cell, Column, Table
from ugc.dashboard.look.words import words
from ugc.insight import ThemeUse
from ugc.lake.labels import Edit

__all__ = ["covers", "edited", "known", "named", "rows", "table"]


def covers(theme: str, language: str) -> str:
    """What a theme covers; nothing for one that is not of the taxonomy."""
    if not known(theme):
        return ""
    return taxonomy.label("themes", theme).covers.get(language, "")


def known(theme: str) -> bool:
    """Whether the taxonomy in force has the theme; another model or label may bring others."""
    return theme in taxonomy.keys("themes")


def _mark(theme: str, edits: Mapping[str, Edit], language: str) -> str:
    """What a person did to a theme, in a word; nothing for one that is as shipped."""
    if theme not in edits:
        return ""
    return words(language)("theming.own" if edits[theme].own else "theming.edited")


def rows(
    found: Sequence[ThemeUse], language: str, n: int, chosen: str | None, edits: Mapping[str, Edit]
) -> list[Row]:
    """A row a theme: share of the reviews that raise it, how sure the model is, and whose theme it is."""
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
                badge=_mark(one.theme, edits, language),
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


def table(found: Sequence[ThemeUse], language: str, n: int, edits: Mapping[str, Edit]) -> Table:
    """The same figures for files, with what each theme covers."""
    word = words(language)
    cells: list[tuple[Cell, ...]] = [
        (
            word.name("themes", one.theme),
            one.theme,
            covers(one.theme, language),
            _mark(one.theme, edits, language),
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
            Column(word("theming.whose")),
            Column(word("head.reviews"), "count"),
            Column(word("taxonomy.share"), "share"),
            Column(word("taxonomy.mentions"), "count"),
            Column(word("taxonomy.praise"), "count"),
            Column(word("taxonomy.blame"), "count"),
            Column(word("taxonomy.confidence"), "share"),
        ),
        tuple(cells),
    )


def edited(edit: Edit, language: str) -> Markup:
    """Who changed the theme and when, and whether it is found by its examples."""
    word, say = words(language), formats(language)
    pieces = [
        word("theming.own" if edit.own else "theming.edited"),
        edit.author or "",
        say.moment(edit.made_at),
    ]
    if edit.threshold is not None:
        pieces.append(word("theming.from", share=say.percent(edit.threshold)))
    return facts(pieces)


def _examples(said: Sequence[str]) -> Markup:
    """Examples as a list; nothing without any."""
    if not said:
        return Markup("")
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(one) for one in said))


def named(theme: str, language: str) -> Markup:
    """Name, meaning and examples of a theme in every language of the interface."""
    word = words(language)
    if not known(theme):
        return Markup('<p class="house-facts">{}</p>').format(word("taxonomy.unknown", theme=theme))
    label = taxonomy.label("themes", theme)
    pieces = [
        Markup('<dt>{}</dt><dd lang="{}"><b>{}</b><br>{}{}</dd>').format(
            word(f"interface.{code}"),
            code,
            label.name(code),
            label.covers.get(code, ""),
            _examples(label.examples.get(code, ())),
        )
        for code in taxonomy.LANGUAGES
    ]
    return Markup('<dl class="house-label">{}</dl>').format(Markup("").join(pieces))
