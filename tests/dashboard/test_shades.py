"""Explanations as HTML: the text letter by letter, every shade with its sign, in each language."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as some
from markupsafe import Markup

from models.explain import Explanation, MentionWhy, NearMiss, SentimentWhy, Weight
from models.occlusion import words as spans_of_words
from tests.dashboard.lakes import HOSTILE
from ugc.dashboard.look.words import LANGUAGES, words
from ugc.dashboard.reviews.shades import explanation, shaded

TEXT = "Ждал две недели. Курьер вежливый, но это не спасает."
TEXTS = some.text(alphabet=some.characters(exclude_categories=("Cs",)), max_size=60) | some.sampled_from(
    [*(one[:300] for one in HOSTILE), TEXT, ""]
)


def weighed(text: str, *found: tuple[str, float]) -> tuple[Weight, ...]:
    places = [(text.index(word), word, weight) for word, weight in found]
    return tuple(Weight(at, at + len(word), word, weight) for at, word, weight in places)


def mention(text: str, quote: str, *found: tuple[str, float], theme: str = "speed") -> MentionWhy:
    start = text.index(quote)
    return MentionWhy(
        start=start,
        end=start + len(quote),
        quote=quote,
        theme=theme,
        polarity="negative",
        touchpoint="delivery",
        confidence=0.93,
        threshold=0.41,
        probability=0.96,
        polarity_probability=0.97,
        touchpoint_probability=0.88,
        words=weighed(text, *found),
        polarity_words=(),
        untried=0,
    )


def told(**more: object) -> Explanation:
    usual = Explanation(
        TEXT,
        "ru",
        "hand-1@abc",
        "occlusion",
        sentiment=SentimentWhy("negative", 0.85, weighed(TEXT, ("не", 0.21), ("вежливый", -0.3))),
        mentions=(mention(TEXT, "Ждал две недели", ("Ждал", 0.11), ("недели", 0.62), ("Курьер", -0.04)),),
        near=(
            NearMiss(0, 4, "Ждал", "price", "negative", 0.31, 0.4),
            NearMiss(0, 4, "Ждал", "safety", "negative", 0.2796, 0.28),
        ),
        readings=9,
    )
    return replace(usual, **more)


def bare(html: str) -> str:
    """The HTML without its shades and their numbers."""
    return re.sub(r"<sup>[^<]*</sup>|<span class=\"[a-z0-9 ]+\">|</span>", "", html)


@some.composite
def shade(draw: some.DrawFn) -> tuple[str, int, int, list[Weight]]:
    text = draw(TEXTS)
    start, end = sorted((draw(some.integers(0, len(text))), draw(some.integers(0, len(text)))))
    weights = some.floats(-1, 1)
    tried = [Weight(w.start, w.end, text[w.start : w.end], draw(weights)) for w in spans_of_words(text)[:8]]
    return text, start, end, tried


@given(shade())
def test_without_its_shades_it_is_exactly_the_escaped_text(
    given_: tuple[str, int, int, list[Weight]],
) -> None:
    text, start, end, tried = given_
    html = shaded(text, start, end, tried, "en")
    assert isinstance(html, Markup)
    first, last = min([start, *(w.start for w in tried)]), max([end, *(w.end for w in tried)])
    assert unescape(bare(html)) == unescape(escape(text[first:last]))
    assert not re.search(r"[<>\"']", bare(html))
    assert html.count("<span") == html.count("</span>")


def test_every_shade_carries_its_sign() -> None:
    html = shaded(TEXT, 0, 15, weighed(TEXT, ("Ждал", 0.6), ("две", 0.019), ("недели", -0.11)), "en")
    assert html == (
        '<span class="for w4">Ждал<sup>+60</sup></span> две '
        '<span class="against w2">недели<sup>\u221211</sup></span>'
    )


def test_words_beside_the_clause_are_set_back() -> None:
    html = shaded(TEXT, 0, 15, weighed(TEXT, ("недели", 0.3), ("Курьер", -0.04)), "en")
    assert html.endswith(
        '<span class="beside">. <span class="against w1">Курьер<sup>\u22124</sup></span></span>'
    )


@pytest.mark.parametrize(
    ("language", "theme", "figures", "sentiment"),
    [
        ("en", "Speed", "93%, shown from 41%", "displeased: 85%"),
        ("ru", "Скорость", "93\u00a0%, порог 41\u00a0%", "недоволен: 85\u00a0%"),
        ("pl", "Szybkość", "93%, próg 41%", ": 85%"),
    ],
)
def test_theme_threshold_and_method_in_each_language(
    language: str, theme: str, figures: str, sentiment: str
) -> None:
    html = unescape(explanation(told(), language))
    assert f"<b>{theme}</b>, " in html
    assert f"<span>{figures}</span>" in html
    assert sentiment in html
    assert words(language)("why.method") in html
    assert words(language)("why.near") in html
    assert "hand-1@abc" in html
    assert "недели<sup>+62</sup></span>" in html
    assert "--sure:93%;--least:41%" in html
    assert words(language)("why.differs") not in html
    assert words(language)("why.differs") in unescape(explanation(told(), language, differs=True))


def test_a_theme_that_lacks_next_to_nothing_is_not_said_to_have_enough() -> None:
    html = explanation(told(), "en")
    assert "Price: 31%, shown from 40%" in html
    assert "Safety: just under 28%" in html


def test_no_answer_is_said_to_be_certain() -> None:
    sure = replace(mention(TEXT, "Ждал две недели", ("Ждал", 0.3)), confidence=0.9996)
    assert "&gt;99%, shown from 41%" in explanation(told(mentions=(sure,)), "en")


def test_a_long_word_may_be_broken() -> None:
    text = "w" * 300
    assert 'class="for w1 long"' in shaded(text, 0, 300, [Weight(0, 300, text, 0.05)], "en")


def test_idle_words_and_words_left_out_are_told() -> None:
    idle = replace(mention(TEXT, "Ждал две недели", ("Ждал", 0.01)), untried=2)
    html = explanation(told(mentions=(idle,), untried=3), "en")
    assert words("en")("why.still") in html
    assert "2 words of this long text were not tried" in html
    assert "3 words of this long text were not tried" in html


def test_nothing_shown_emoji_alone_and_nothing_read() -> None:
    assert words("en")("why.nothing") in explanation(told(mentions=()), "en")
    emoji = Explanation(
        "👍", "und", "m", "occlusion", sentiment=SentimentWhy("positive", 0.75, ()), by_emoji=True
    )
    said = explanation(emoji, "en")
    assert words("en")("why.emoji") in said
    assert words("en")("why.method") not in said
    assert words("en")("why.nothing") not in said
    unread = explanation(Explanation("1", "und", "m", "occlusion", untaggable="no words"), "en")
    assert words("en")("why.unread") in unread


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_stay_texts(text: str, language: str) -> None:
    found = spans_of_words(text)[:5]
    tried = tuple(Weight(w.start, w.end, text[w.start : w.end], 0.3) for w in found)
    one = replace(mention(text, text[:40], theme="<b>own</b>"), words=tried)
    html = explanation(
        told(
            text=text,
            sentiment=SentimentWhy("mixed", 0.5, tried),
            mentions=(one,),
            near=(NearMiss(0, 9, text, "<i>", "negative", 0.3, 0.4),),
        ),
        language,
    )
    names = set(re.findall(r"</?([a-z]+)", html))
    assert names <= {"section", "p", "div", "span", "b", "sup"}
    assert set(re.findall(r' ([a-z-]+)="', html)) <= {"class", "dir", "style", "aria-hidden"}
