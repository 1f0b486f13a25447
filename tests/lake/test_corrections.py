from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from ugc.errors import InputError
from ugc.lake.corrections import apply, in_force

TEXT = "Курьер опоздал, но был вежлив."
START = datetime(2025, 6, 1, tzinfo=UTC)
_number = itertools.count()


def mention(start, end, theme="speed", polarity="negative", touchpoint="delivery", n=0):
    return {
        "review_id": "r",
        "batch": "b",
        "n": n,
        "start": start,
        "end": end,
        "quote": TEXT[start:end],
        "theme": theme,
        "polarity": polarity,
        "touchpoint": touchpoint,
        "confidence": 0.6,
    }


def said(field, value, start=None, end=None, theme=None, review="r"):
    number = next(_number)
    return {
        "id": f"c{number:05}",
        "review_id": review,
        "field": field,
        "value": value,
        "start": start,
        "end": end,
        "theme": theme,
        "made_at": START + timedelta(seconds=number),
    }


def after(mentions, *corrections):
    found = apply(TEXT, mentions, in_force(corrections), "b")
    return [(one["start"], one["end"], one["theme"], one["polarity"], one["touchpoint"]) for one in found]


LATE = mention(0, 14)
KIND = mention(19, 30, "politeness", "positive", n=1)


def test_each_field_of_a_mention():
    assert after([LATE, KIND], said("polarity", "neutral", 0, 14, "speed"))[0][3] == "neutral"
    assert after([LATE, KIND], said("touchpoint", "order", 0, 14, "speed"))[0][4] == "order"
    assert after([LATE, KIND], said("theme", "promises", 0, 14, "speed"))[0][2] == "promises"
    assert after([LATE, KIND], said("removed", "yes", 0, 14, "speed")) == after([KIND])


def test_an_added_mention_quotes_the_text():
    added = said("added", "negative", 0, 14, "promises")
    found = apply(TEXT, [KIND], in_force([added]), "b")
    assert found[0] == mention(0, 14, "promises", touchpoint="none", n=2) | {"confidence": 1.0}
    assert found[0]["quote"] == "Курьер опоздал"


def test_an_added_mention_can_be_corrected_further():
    steps = [said("added", "negative", 0, 14, "promises"), said("touchpoint", "delivery", 0, 14, "promises")]
    assert after([], *steps) == [(0, 14, "promises", "negative", "delivery")]
    assert after([], *steps, said("removed", "yes", 0, 14, "promises")) == []


def test_adding_what_the_model_finds_too_gives_one_mention():
    assert after([LATE], said("added", "neutral", 0, 14, "speed")) == [
        (0, 14, "speed", "neutral", "delivery")
    ]


def test_corrections_follow_the_theme_that_is_shown():
    steps = [said("theme", "promises", 0, 14, "speed"), said("polarity", "neutral", 0, 14, "promises")]
    assert after([LATE], *steps) == [(0, 14, "promises", "neutral", "delivery")]


def test_a_theme_that_is_there_already_is_not_doubled():
    both = [LATE, mention(0, 14, "promises", n=1)]
    assert [one[2] for one in after(both, said("theme", "promises", 0, 14, "speed"))] == ["promises"]


def test_the_last_word_counts():
    first, last = said("polarity", "neutral", 0, 14, "speed"), said("polarity", "positive", 0, 14, "speed")
    assert after([LATE], last, first)[0][3] == "positive"


def test_a_correction_can_be_taken_back():
    steps = [said("removed", "yes", 0, 14, "speed"), said("removed", None, 0, 14, "speed")]
    assert after([LATE], *steps) == after([LATE])


def test_another_drawing_of_the_clause_is_met():
    removed = said("removed", "yes", 0, 14, "speed")
    assert after([mention(0, 15)], removed) == []
    assert after([mention(3, 14)], removed) == []


def test_another_clause_of_the_same_theme_is_not_met():
    elsewhere = mention(16, 30)
    assert after([elsewhere], said("removed", "yes", 0, 14, "speed")) == after([elsewhere])
    whole = mention(0, 30)
    assert after([whole], said("removed", "yes", 0, 14, "speed")) == after([whole])


def test_the_exact_span_goes_before_a_similar_one():
    pair = [mention(0, 15), mention(0, 14, n=1)]
    assert after(pair, said("removed", "yes", 0, 14, "speed")) == after(pair[:1])


def test_mentions_given_are_not_changed():
    held = mention(0, 14)
    apply(TEXT, [held], in_force([said("polarity", "neutral", 0, 14, "speed")]), "b")
    assert held == mention(0, 14)


def test_in_force_keeps_reviews_apart():
    pair = [said("sentiment", "mixed"), said("sentiment", "neutral", review="other")]
    assert {(one["review_id"], one["value"]) for one in in_force(pair)} == {
        ("r", "mixed"),
        ("other", "neutral"),
    }


def test_the_views_show_what_a_person_says(tagged, rows, ask):
    review = rows.id(1)
    start = rows.review(1)["text"].index("долго ждал")
    tagged.add_correction(review, "sentiment", "mixed", author="anna")
    tagged.add_correction(review, "contact", "request")
    tagged.add_correction(review, "polarity", "neutral", start=start, end=start + 10, theme="speed")
    tagged.add_correction(review, "added", "negative", start=0, end=5, theme="price")
    found = ask(tagged, "SELECT sentiment, contact FROM tags WHERE review_id = ?", [review])
    assert found == [{"sentiment": "mixed", "contact": "request"}]
    query = "SELECT quote, theme, polarity, confidence FROM mentions WHERE review_id = ? ORDER BY start"
    assert ask(tagged, query, [review]) == [
        {"quote": "Отзыв", "theme": "price", "polarity": "negative", "confidence": 1.0},
        {"quote": "долго ждал", "theme": "speed", "polarity": "neutral", "confidence": 1.0},
    ]
    narrow = "SELECT theme, polarity, count(*) AS n FROM mentions GROUP BY ALL ORDER BY n DESC, theme"
    assert [tuple(one.values()) for one in ask(tagged, narrow)] == [
        ("speed", "negative", 3),
        ("price", "negative", 1),
        ("speed", "neutral", 1),
    ]
    others = ask(tagged, "SELECT DISTINCT sentiment FROM tags WHERE review_id <> ?", [review])
    assert others == [{"sentiment": "negative"}]


def test_a_correction_outlives_another_model(tagged, rows, ask):
    review = rows.id(1)
    start = rows.review(1)["text"].index("долго ждал")
    tagged.add_correction(review, "sentiment", "mixed")
    tagged.add_correction(review, "touchpoint", "order", start=start, end=start + 10, theme="speed")
    reviews = tagged.untagged("m@2")
    assert tagged.write_tags(*rows.tags(reviews, "b2", "m@2", "долго ждал курьера"[:14])) == 4
    query = (
        "SELECT sentiment, quote, touchpoint FROM tags JOIN mentions USING (review_id) WHERE review_id = ?"
    )
    assert ask(tagged, query, [review]) == [
        {"sentiment": "mixed", "quote": "долго ждал кур", "touchpoint": "order"}
    ]


def test_a_correction_is_of_the_text_it_was_made_on(tagged, rows, ask):
    tagged.add_correction(rows.id(1), "sentiment", "mixed")
    old = rows.review(1)["text"]
    tagged.upsert_reviews(rows.reviews(rows.review(1, "Новый текст")))
    tagged.write_tags(*rows.tags(tagged.untagged("m@1"), "b2"))
    query = "SELECT sentiment FROM tags WHERE review_id = ?"
    assert ask(tagged, query, [rows.id(1)]) == [{"sentiment": "negative"}]
    tagged.upsert_reviews(rows.reviews(rows.review(1, old)))
    tagged.write_tags(*rows.tags(tagged.untagged("m@1"), "b3"))
    assert ask(tagged, query, [rows.id(1)]) == [{"sentiment": "mixed"}]


@pytest.mark.parametrize(
    ("field", "value", "more", "says"),
    [
        ("weather", "sun", {}, "no field"),
        ("sentiment", "furious", {}, "is no sentiment"),
        ("contact", "gossip", {}, "is no contact"),
        ("sentiment", "mixed", {"start": 0, "end": 3, "theme": "speed"}, "whole review"),
        ("polarity", "negative", {}, "belongs to a mention"),
        ("polarity", "good", {"start": 0, "end": 3, "theme": "speed"}, "is no polarity"),
        ("removed", "yes", {"start": 0, "end": 3, "theme": "weather"}, "is no theme"),
        ("added", "negative", {"start": 3, "end": 3, "theme": "speed"}, "no part of the text"),
        ("added", "negative", {"start": 0, "end": 999, "theme": "speed"}, "no part of the text"),
    ],
)
def test_a_correction_that_cannot_be(tagged, rows, field, value, more, says):
    with pytest.raises(InputError, match=says):
        tagged.add_correction(rows.id(1), field, value, **more)
    assert tagged.info().corrections == 0


def test_a_correction_of_no_review(tagged):
    with pytest.raises(InputError, match="no review nobody"):
        tagged.add_correction("nobody", "sentiment", "mixed")
