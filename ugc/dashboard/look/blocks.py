"""Small blocks of the pages: a tile with a figure, a list of sentences, a line of facts, a legend."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from ugc.dashboard.look.words import words

__all__ = ["facts", "joined", "legend", "sentences", "tile"]

_NONE = Markup("")


def _all(pieces: Iterable[Markup]) -> Markup:
    return Markup("").join(pieces)


def joined(pieces: Iterable[Markup]) -> Markup:
    """Pieces of one line with a dot between them; empty ones are passed over."""
    return Markup(' <span class="dot">·</span> ').join(piece for piece in pieces if piece)


def legend(language: str) -> Markup:
    """What the marks in the text mean."""
    word = words(language)
    marks = (("praise", "positive"), ("blame", "negative"), ("raised", "neutral"))
    return Markup('<p class="house-legend">{}</p>').format(
        _all(
            Markup('<span><mark class="{}">{}</mark></span>').format(
                tone, word.name("polarities", key).lower()
            )
            for tone, key in marks
        )
    )


def tile(label: str, value: str, notes: Iterable[str], *, hint: str = "", warning: str = "") -> Markup:
    """One figure with its name, its interval and n, and the mark of what it must not be taken for."""
    help_ = Markup(
        '<span class="hint" tabindex="0" role="note" aria-label="{}" data-tip="{}">?</span>'
    ).format(hint, hint)
    return Markup(
        '<div class="house-tile"><span class="name">{}{}</span><span class="value">{}</span>{}{}</div>'
    ).format(
        label,
        help_ if hint else _NONE,
        value,
        _all(Markup('<span class="note">{}</span>').format(note) for note in notes if note),
        Markup('<span class="warning">{}</span>').format(warning) if warning else _NONE,
    )


def sentences(lines: Iterable[Markup]) -> Markup:
    """A list of plain sentences."""
    return Markup('<ul class="house-story">{}</ul>').format(
        _all(Markup("<li>{}</li>").format(line) for line in lines)
    )


def facts(pieces: Iterable[str | Markup]) -> Markup:
    """A quiet line of facts under a heading."""
    return Markup('<p class="house-facts">{}</p>').format(joined(escape(piece) for piece in pieces if piece))
