"""Marked text is the escaped text and nothing else."""

from __future__ import annotations

import re
from html import escape, unescape

from hypothesis import given
from hypothesis import strategies as some
from markupsafe import Markup

from ugc.dashboard.reviews.highlight import mark, tone
from ugc.review import Mention

TEXTS = some.text(alphabet=some.characters(exclude_categories=("Cs",)), max_size=60) | some.sampled_from(
    ['<script>alert("1")</script> & more', "</mark><b>", "&lt;i&gt;", '" onclick="x', "a<b>c</b>d", ""]
)


@some.composite
def marked(draw: some.DrawFn) -> tuple[str, list[Mention]]:
    text = draw(TEXTS)
    mentions = []
    for _ in range(draw(some.integers(0, 5))):
        start = draw(some.integers(-3, len(text) + 3))
        end = draw(some.integers(-3, len(text) + 3))
        polarity = draw(some.sampled_from(("positive", "negative", "neutral")))
        theme = draw(some.sampled_from(("speed", "<price>", '"')))
        mentions.append(Mention(start, end, text[max(start, 0) : end], theme, polarity, "none", 0.5))
    return text, mentions


def bare(html: str) -> str:
    """The HTML without its marks."""
    return re.sub(r'<mark class="[a-z]+" data-tip="[^"<>]*" tabindex="0">|</mark>', "", html)


@given(marked())
def test_without_its_marks_it_is_exactly_the_escaped_text(given_: tuple[str, list[Mention]]) -> None:
    text, mentions = given_
    html = mark(text, mentions, lambda one: f"{one.theme}: {one.polarity}")
    assert isinstance(html, Markup)
    assert unescape(bare(html)) == unescape(escape(text))
    assert not re.search(r"[<>\"']", bare(html))
    assert html.count("<mark ") == html.count("</mark>")


@given(marked())
def test_a_character_is_marked_when_a_mention_covers_it(given_: tuple[str, list[Mention]]) -> None:
    text, mentions = given_
    html = str(mark(text, mentions, lambda _: ""))
    inside = "".join(unescape(one) for one in re.findall(r"<mark [^>]*>(.*?)</mark>", html, re.DOTALL))
    covered = [
        char for place, char in enumerate(text) if any(one.start <= place < one.end for one in mentions)
    ]
    assert inside == "".join(covered)


def test_overlapping_mentions_share_a_run() -> None:
    mentions = [
        Mention(0, 9, "fast and ", "speed", "positive", "none", 0.9),
        Mention(5, 13, "and rude", "politeness", "negative", "none", 0.8),
    ]
    html = mark("fast and rude", mentions, lambda one: one.theme)
    assert html == (
        '<mark class="praise" data-tip="speed" tabindex="0">fast </mark>'
        '<mark class="both" data-tip="speed · politeness" tabindex="0">and </mark>'
        '<mark class="blame" data-tip="politeness" tabindex="0">rude</mark>'
    )


def test_tones() -> None:
    assert [
        tone(one) for one in ({"positive"}, {"negative"}, {"neutral"}, {"positive", "negative", "neutral"})
    ] == [
        "praise",
        "blame",
        "raised",
        "both",
    ]
