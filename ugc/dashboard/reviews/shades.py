"""An explanation as HTML: each answer of the model with the words that moved it, shaded by weight.

A shade never stands alone: every shaded word carries its weight with its sign. As with `highlight`,
the text comes out letter by letter as it was written, escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from models.explain import LEAST, Explanation, MentionWhy, NearMiss, Weight, strongest
from ugc.dashboard.look.blocks import joined
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.words import words

__all__ = ["explanation", "shaded"]

_STEPS = (0.1, 0.25, 0.5)
"""Weights at which the shade grows darker."""

_TONES = {"positive": "praise", "negative": "blame", "neutral": "raised"}
_MOST = 8
"""Words named for the sentiment."""

_ALMOST = 0.995

_LONG = 24
"""Letters from which a word may be broken; a shorter one stays with its number."""

_NONE = Markup("")


def _share(probability: float, language: str) -> str:
    """A probability as per cent; one that would round to a hundred is no certainty."""
    say = formats(language)
    return f">{say.percent(0.99)}" if probability >= _ALMOST else say.percent(probability)


def _word(text: str, weight: float, language: str) -> Markup:
    """A word with its shade and its signed weight in points."""
    side = "for" if weight > 0 else "against"
    step = 1 + sum(abs(weight) >= edge for edge in _STEPS)
    long = " long" if len(text) > _LONG else ""
    return Markup('<span class="{} w{}{}">{}<sup>{}</sup></span>').format(
        side, step, long, text, formats(language).signed(weight)
    )


def _run(text: str, start: int, end: int, weights: Sequence[Weight], language: str) -> Markup:
    """A stretch of the text with those of its words shaded that weigh something."""
    pieces, at = [], start
    for one in weights:
        if start <= one.start and one.end <= end and abs(one.weight) >= LEAST:
            pieces += [escape(text[at : one.start]), _word(text[one.start : one.end], one.weight, language)]
            at = one.end
    return Markup("").join([*pieces, escape(text[at:end])])


def shaded(text: str, start: int, end: int, weights: Sequence[Weight], language: str) -> Markup:
    """`text[start:end]`, and around it what lies within the reach of the words tried, set back."""
    first = min([start, *(one.start for one in weights)])
    last = max([end, *(one.end for one in weights)])
    beside = Markup('<span class="beside">{}</span>')
    return Markup("").join(
        (
            beside.format(_run(text, first, start, weights, language)) if first < start else _NONE,
            _run(text, start, end, weights, language),
            beside.format(_run(text, end, last, weights, language)) if end < last else _NONE,
        )
    )


def _gauge(share: float, least: float) -> Markup:
    """The confidence as a bar, with a line at the threshold; the figures beside it say the same."""
    return Markup('<span class="gauge" aria-hidden="true" style="--sure:{}%;--least:{}%"></span>').format(
        round(100 * share), round(100 * least)
    )


def _reason(*pieces: Markup, tone: str = "") -> Markup:
    return Markup('<div class="reason {}">{}</div>').format(tone, Markup("").join(pieces))


def _line(name: str, text: str | Markup) -> Markup:
    return Markup('<p class="{}">{}</p>').format(name, text)


def _mention(told: Explanation, one: MentionWhy, language: str) -> Markup:
    """A mention: its confidence against the threshold, the clause shaded, each answer's probability."""
    word, say = words(language), formats(language)
    polarity = word.name("polarities", one.polarity).lower()
    sure = word("why.shown", share=_share(one.confidence, language), least=say.percent(one.threshold))
    more = [
        word("why.answer", label=word("why.theme"), share=_share(one.probability, language)),
        word(
            "why.answer",
            label=polarity,
            share=_share(one.polarity_probability, language),
        ),
    ]
    if one.touchpoint != "none":
        more.append(
            word(
                "why.answer",
                label=word.name("touchpoints", one.touchpoint).lower(),
                share=_share(one.touchpoint_probability, language),
            )
        )
    left = word("why.untried", n=one.untried, count=say.number(one.untried)) if one.untried else ""
    head = Markup('<p class="head"><span><b>{}</b>, {}</span>{}<span>{}</span></p>').format(
        word.name("themes", one.theme), polarity, _gauge(one.confidence, one.threshold), sure
    )
    clause = Markup('<p class="clause" dir="auto">{}</p>').format(
        shaded(told.text, one.start, one.end, one.words, language)
    )
    return _reason(
        head,
        clause,
        _NONE if any(abs(each.weight) >= LEAST for each in one.words) else _line("note", word("why.still")),
        _line("note", joined(escape(piece) for piece in (*more, left) if piece)),
        tone=_TONES.get(one.polarity, "raised"),
    )


def _sentiment(told: Explanation, language: str) -> Markup:
    """The sentiment of the whole review, and the words of the whole text that moved it."""
    word = words(language)
    if told.sentiment is None:
        return _line("note", word("why.unread"))
    head = Markup('<p class="head"><b>{}</b><span>{}</span></p>').format(
        word("why.sentiment"),
        word(
            "why.answer",
            label=word.name("sentiments", told.sentiment.label).lower(),
            share=_share(told.sentiment.probability, language),
        ),
    )
    if told.by_emoji:
        return _reason(head, _line("note", word("why.emoji")))
    found = strongest(told.sentiment.words, _MOST)
    said = Markup(" ").join(_word(one.text, one.weight, language) for one in found)
    return _reason(head, _line("clause", said) if found else _line("note", word("why.still")))


def _near(found: Iterable[NearMiss], language: str) -> Markup:
    """Themes that are not shown, and how much they lack."""
    word, say = words(language), formats(language)
    pieces = []
    for one in found:
        figures = {"theme": word.name("themes", one.theme), "least": say.percent(one.threshold)}
        share = say.percent(one.confidence)
        key = "why.near_just" if share == figures["least"] else "why.near_one"
        pieces.append(escape(word(key, **figures, share=share)))
    if not pieces:
        return _NONE
    return Markup('<div class="reason"><p class="head"><b>{}</b></p><p class="note">{}</p></div>').format(
        word("why.near"), joined(pieces)
    )


def explanation(told: Explanation, language: str, *, differs: bool = False) -> Markup:
    """Everything an explanation says, the method first.

    `differs` says that the lake shows other tags than the model now gives: another model's, or a
    person's.
    """
    word, say = words(language), formats(language)
    parts = [_line("note", word("why.method"))] if told.readings else []
    if differs:
        parts.append(_line("differs", word("why.differs")))
    parts.append(_sentiment(told, language))
    parts += [_mention(told, one, language) for one in told.mentions]
    if told.readings and not told.mentions:
        parts.append(_reason(_line("note", word("why.nothing"))))
    parts.append(_near(told.near, language))
    foot = [word("why.model", model=told.model)]
    if told.readings:
        foot.insert(0, word("why.readings", n=told.readings, count=say.number(told.readings)))
    if told.untried:
        foot.insert(1, word("why.untried", n=told.untried, count=say.number(told.untried)))
    parts.append(_line("foot", joined(escape(piece) for piece in foot)))
    return Markup('<section class="house-why">{}</section>').format(Markup("").join(parts))
