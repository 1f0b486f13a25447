from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ugc.errors import InputError
from ugc.insight import Filters, review, search
from ugc.insight.reviews.query import terms

TEXT = "Ёлку привезли помятой, зато курьер Артём извинился и вернул деньги"


@pytest.fixture
def snapshot(plant):
    lake = plant(
        {
            "text": TEXT,
            "date": "2026-06-01",
            "stars": 4.0,
            "rating": 8.0,
            "rating_scale": 10.0,
            "source": "ceneo",
            "title": "Ёлку привезли",
            "url": "https://ceneo.example/1",
            "author": "ab12",
            "helpful_votes": 3,
            "reply_text": "Спасибо, что простили",
            "masked": ["phone"],
            "sentiment": "mixed",
            "p_mixed": 0.75,
            "p_negative": 0.25,
            "emotions": ["disappointment", "gratitude"],
            "contact": "complaint",
            "contact_confidence": 0.5,
            "loyalty": ["return"],
            "effort": "none",
            "repeat": False,
            "specific": True,
            "mentions": [
                ("курьер Артём извинился", "resolution", "positive", "delivery", 0.8),
                ("Ёлку привезли помятой", "reliability", "negative", "delivery", 0.9),
                ("вернул деньги", "resolution", "positive", "aftersale", 0.7),
            ],
        },
        {"text": "СУПЕР!!! 100% рекомендую", "date": "2026-06-03", "stars": 5.0, "sentiment": "positive"},
        {"text": "Ужасно долго, елка не пришла", "date": "2026-06-02", "stars": 1.0, "helpful_votes": 9},
        {"text": "Без даты и оценки", "url": "javascript:alert(1)", "untaggable": "too short"},
        {"text": "", "stars": 4.4, "date": "2026-05-01", "sentiment": None, "untaggable": "empty"},
    )
    with lake.snapshot() as found:
        yield found


def found(snapshot, **asked):
    page = search(snapshot, Filters(), **asked)
    assert page.total >= len(page.rows)
    return [one.text[:7] for one in page.rows]


def test_a_review_comes_with_everything(snapshot):
    (one,) = search(snapshot, Filters(sources=("ceneo",))).rows
    assert (one.text, one.title, one.url, one.author) == (
        TEXT,
        "Ёлку привезли",
        "https://ceneo.example/1",
        "ab12",
    )
    assert one.date == datetime(2026, 6, 1, tzinfo=UTC)
    assert (one.rating, one.rating_scale, one.stars, one.helpful_votes) == (8.0, 10.0, 4.0, 3)
    assert (one.reply_text, one.masked, one.language) == ("Спасибо, что простили", ("phone",), None)
    assert one.tags.sentiment == "mixed"
    assert one.tags.sentiment_probabilities == {"mixed": 0.75, "negative": 0.25}
    assert (one.tags.emotions, one.tags.loyalty) == (("disappointment", "gratitude"), ("return",))
    assert (one.tags.contact, one.tags.contact_confidence, one.tags.effort) == ("complaint", 0.5, "none")
    assert (one.tags.repeat, one.tags.specific, one.tags.untaggable) == (False, True, None)
    assert [one.theme for one in one.mentions] == ["reliability", "resolution", "resolution"]
    for mention in one.mentions:
        assert TEXT[mention.start : mention.end] == mention.quote
    assert review(snapshot, one.id) == one
    assert review(snapshot, "no such id") is None


def test_untagged_and_unreadable_reviews(snapshot):
    page = {one.text: one for one in search(snapshot, Filters()).rows}
    unread = page["Ужасно долго, елка не пришла"]
    assert unread.tags is None
    assert unread.mentions == ()
    silent = page["Без даты и оценки"]
    assert (silent.tags.untaggable, silent.tags.sentiment, silent.tags.emotions) == ("too short", None, ())
    assert silent.tags.sentiment_probabilities == {}
    assert silent.url is None


def test_words_are_found_in_any_form_and_case_and_with_either_e(snapshot):
    for query in ("ёлка", "ЕЛКОЙ", "елок", "Ёлку"):
        assert found(snapshot, query=query) == ["Ужасно ", TEXT[:7]]
    assert found(snapshot, query="елка помятый") == [TEXT[:7]]
    assert found(snapshot, query="супер") == ["СУПЕР!!"]
    assert found(snapshot, query="деньги   ВЕРНУТЬ") == [TEXT[:7]]
    assert found(snapshot, query="рекомендовать") == ["СУПЕР!!"]
    assert len(found(snapshot, query="  ")) == 5


def test_a_phrase_is_found_as_it_is_written(snapshot):
    assert found(snapshot, query='"вернул деньги"') == [TEXT[:7]]
    assert found(snapshot, query="«Вернул   деньги»") == [TEXT[:7]]
    assert found(snapshot, query='"деньги вернул"') == []
    assert found(snapshot, query='"вернуть деньги"') == []
    assert found(snapshot, query='"елку"') == [TEXT[:7]]
    assert found(snapshot, query='"ернул деньги"') == []


def test_what_must_not_be_there(snapshot):
    assert found(snapshot, query="елка -курьер") == ["Ужасно "]
    assert found(snapshot, query='елка -"не пришла"') == [TEXT[:7]]
    assert len(found(snapshot, query="-ёлка")) == 3
    assert len(found(snapshot, query="-ёлка -супер")) == 2
    assert found(snapshot, query="супер -супер") == []


BORDERS = (
    "Банк закрыт",
    "кабанка не видел",
    "банкет был",
    "в банке",
    "(банк)",
    "за́банк",
    "мегабанк_2",
    "Ziółka dla banku",
    "embankment",
    "Banki są dwa",
    "banked on it",
    "łbank",
)


@pytest.fixture
def borders(plant):
    languages = ["ru"] * 7 + ["pl", "en", "pl", "en", None]
    lake = plant(*({"text": t, "language": one} for t, one in zip(BORDERS, languages, strict=True)))
    with lake.snapshot() as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("банк", {"Банк закрыт", "в банке", "(банк)"}),
        ('"банк"', {"Банк закрыт", "(банк)"}),
        ("bank", {"Ziółka dla banku", "Banki są dwa", "banked on it"}),
        ("banking", {"banked on it"}),
        ("bankiem", {"Ziółka dla banku", "Banki są dwa"}),
        ('"bank"', set()),
        ("ziółko", {"Ziółka dla banku"}),
    ],
)
def test_words_end_where_letters_of_any_alphabet_end(borders, query, expected):
    assert {one.text for one in search(borders, Filters(), query=query).rows} == expected


@pytest.mark.parametrize(
    "query", ["%", "_", "100%", "'; DROP TABLE reviews; --", '"', '""', "\\", "(", "$f_city"]
)
def test_no_mark_of_a_query_has_a_meaning(snapshot, query):
    expected = {"100%": 1, "%": 1, '"': 5, '""': 5}.get(query, 0)
    assert search(snapshot, Filters(), query=query).total == expected


def by_hand(text, term):
    """Whether a text holds a phrase, told by other means than those under test."""
    folded = " ".join(text.lower().replace("ё", "е").split())
    said = term.said.replace("ё", "е")
    for match in re.finditer(re.escape(said), folded):
        before, after = folded[: match.start()][-1:], folded[match.end() :][:1]
        if not (said[0].isalnum() and before.isalnum()) and not (said[-1].isalnum() and after.isalnum()):
            return True
    return False


ALPHABET = "еёЕЁ \\'.*+?()[]{}|^$%-#&~!100рекомендуюпомятой"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(ALPHABET, min_size=1, max_size=12), st.booleans())
def test_a_phrase_finds_what_looking_by_hand_finds(snapshot, said, without):
    query = f'{"-" * without}"{said}"'
    texts = [one.text for one in search(snapshot, Filters()).rows]
    assert len(texts) == 5
    held = terms(query)
    expected = sum(all(by_hand(text, one) != one.without for one in held) for text in texts)
    assert search(snapshot, Filters(), query=query).total == expected


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_query_is_answered(snapshot, query):
    assert 0 <= search(snapshot, Filters(), query=query).total <= 5


def test_half_a_sign_is_no_failure(snapshot):
    assert search(snapshot, Filters(), query="супер\ud800").total == 1


def test_tags_narrow(snapshot):
    mine = [TEXT[:7]]
    assert found(snapshot, sentiment="mixed") == mine
    assert found(snapshot, emotion="gratitude") == mine
    assert found(snapshot, emotion="anger") == []
    assert found(snapshot, contact="complaint") == mine
    assert found(snapshot, loyalty="return") == mine
    assert found(snapshot, loyalty="leave") == []
    assert found(snapshot, effort="none") == mine
    assert found(snapshot, effort="high") == []
    assert found(snapshot, repeat=False) == mine
    assert found(snapshot, repeat=True) == []
    assert found(snapshot, author="ab12") == mine
    assert found(snapshot, author="ab13") == []
    assert found(snapshot, stars=5) == ["СУПЕР!!"]
    assert set(found(snapshot, stars=4)) == {TEXT[:7], ""}
    assert found(snapshot, theme="resolution") == mine
    assert found(snapshot, touchpoint="aftersale") == mine


def test_theme_and_polarity_belong_to_one_mention(snapshot):
    assert found(snapshot, theme="reliability", polarity="negative") == [TEXT[:7]]
    assert found(snapshot, theme="reliability", polarity="positive") == []
    assert found(snapshot, theme="reliability", touchpoint="aftersale") == []


def test_filters_and_search_together(snapshot):
    assert search(snapshot, Filters(sources=("otzovik",)), query="елка").total == 1
    assert search(snapshot, Filters(), query="елка", theme="resolution", sentiment="mixed").total == 1
    assert search(snapshot, Filters(), query="елка", theme="speed").total == 0


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("newest", "СУПЕР!!"),
        ("oldest", ""),
        ("lowest", "Ужасно "),
        ("highest", "СУПЕР!!"),
        ("helpful", "Ужасно "),
    ],
)
def test_orders(snapshot, order, first):
    texts = found(snapshot, order=order)
    assert texts[0] == first
    assert texts[-1] == "Без дат"


def test_pages_hold_every_review_once(snapshot):
    pages = [search(snapshot, Filters(), offset=start, limit=2) for start in (0, 2, 4, 6)]
    assert [page.total for page in pages] == [5] * 4
    assert [len(page.rows) for page in pages] == [2, 2, 1, 0]
    ids = [one.id for page in pages for one in page.rows]
    assert ids == [one.id for one in search(snapshot, Filters()).rows]
    assert len(set(ids)) == 5


def test_nothing_and_a_wrong_order(plant):
    with plant().snapshot() as snapshot:
        assert search(snapshot, Filters(), query="слово") == search(snapshot, Filters())
        assert search(snapshot, Filters()).total == 0
        with pytest.raises(InputError, match="order"):
            search(snapshot, Filters(), order="id; DROP TABLE reviews")


def test_doubtful_reviews_are_kept_or_left_out(plant):
    lake = plant(
        {"text": "Отзыв написан за бонус, всё хорошо", "stars": 5.0},
        {"text": "Всё пришло вовремя", "stars": 5.0},
    )
    with lake.snapshot() as snapshot:
        assert found(snapshot, credible="doubtful") == ["Отзыв н"]
        assert found(snapshot, credible="credible") == ["Всё при"]
        assert found(snapshot, credible="credible", query="отзыв") == []
