"""The lexicon: its patterns, its rules, and what it says of plain sentences."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import models.evaluation
from models.evaluation.lexicon import Lexicon
from models.evaluation.score import score
from models.evaluation.wordlist import LANGUAGES, Words, fold, words_of
from models.labelled import Labelled
from models.labels import CONTACT, EFFORT, EMOTIONS, LOYALTY, THEMES, TOUCHPOINTS
from ugc.review import Tags

FOLDER = Path(models.evaluation.__file__).parent


def read(text: str, language: str) -> Tags:
    """Tags of one text."""
    return Lexicon().answer([text], [language]).tags[0]


def themes(text: str, language: str) -> set[tuple[str, str]]:
    """Themes with polarity of one text."""
    return {(m.theme, m.polarity) for m in read(text, language).mentions}


def words(*positive: str) -> Words:
    """A lexicon of one theme."""
    table = {
        "themes": {"speed": {"positive": list(positive), "negative": [], "either": []}},
        "sentiment": {
            "negation": ["not", "no"],
            "not_negation": ["not only"],
            "positive": ["good"],
            "negative": ["bad"],
            "marks_positive": [],
            "marks_negative": [],
        },
    }
    groups = ("emotions", "touchpoints", "contact", "loyalty", "effort", "repeat")
    return Words({**table, **{group: {} for group in groups}})


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("fast", "fast", "fast"),
        ("fast", "faster", None),
        ("fast*", "so FASTER now", "faster"),
        ("fast*", "breakfast", None),
        ("no queue*", "there was no   queues", "no   queues"),
        ("within ~ minutes", "within minutes", "within minutes"),
        ("within ~ minutes", "within a few short minutes", "within a few short minutes"),
        ("within ~ minutes", "within a few very short minutes", None),
        ("всё чётко", "ВСЕ ЧЕТКО", "все четко"),
        ("długo", "czekałam dlugo", "dlugo"),
        ("user-friendly", "user-friendly app", "user-friendly"),
        ("didn't help", "they didn’t help", "didn't help"),
    ],
)
def test_patterns(pattern: str, text: str, found: str | None) -> None:
    folded = fold(text)
    hits = [hit for hit in words(pattern).find(folded) if hit.group == "themes"]
    assert [folded[hit.start : hit.end] for hit in hits] == ([found] if found else [])


def test_a_pattern_without_a_word_is_refused() -> None:
    with pytest.raises(ValueError, match="begin with a word"):
        words("*")


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("fast", False),
        ("not fast", True),
        ("not so very fast", True),
        ("not at all so very fast", False),
        ("wasn't fast", True),
        ("not only fast", False),
    ],
)
def test_negation_reaches_a_few_words(text: str, negated: bool) -> None:
    assert words("fast").negated(text, 0, text.index("fast")) is negated


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_hold_the_taxonomy_and_nothing_twice(language: str) -> None:
    table = tomllib.loads((FOLDER / f"lexicon_{language}.toml").read_text(encoding="utf-8"))
    assert set(table["themes"]) == set(THEMES)
    assert set(table["emotions"]) == set(EMOTIONS)
    assert set(table["touchpoints"]) == set(TOUCHPOINTS) - {"none"}
    assert set(table["contact"]) < set(CONTACT)
    assert set(table["loyalty"]) == set(LOYALTY)
    assert set(table["effort"]) < set(EFFORT)
    for theme, kinds in table["themes"].items():
        assert set(kinds) == {"positive", "negative", "either"}
        folded = [fold(one) for patterns in kinds.values() for one in patterns]
        twice = {one for one in folded if folded.count(one) > 1}
        assert not twice, f"{language}, {theme}: {twice}"
        assert len(kinds["positive"]) + len(kinds["negative"]) >= 12, (language, theme)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Доставили быстро, курьер вежливый", "ru", {("speed", "positive"), ("politeness", "positive")}),
        ("Приложение постоянно вылетает", "ru", {("reliability", "negative")}),
        ("Навязали страховку", "ru", {("transparency", "negative")}),
        ("Сотрудники не хамят", "ru", {("politeness", "positive")}),
        ("Номер грязный, на стенах плесень", "ru", {("environment", "negative")}),
        ("The app keeps crashing", "en", {("reliability", "negative")}),
        (
            "Staff were rude and the room was dirty",
            "en",
            {("politeness", "negative"), ("environment", "negative")},
        ),
        ("It was not expensive", "en", {("price", "positive")}),
        ("Pyszne jedzenie", "pl", {("product_quality", "positive")}),
        ("Lekarz niemiły i nie słucha", "pl", {("politeness", "negative"), ("responsiveness", "negative")}),
    ],
)
def test_plain_sentences(text: str, language: str, expected: set[tuple[str, str]]) -> None:
    assert expected <= themes(text, language)


def test_a_bare_noun_takes_the_mood_of_its_clause() -> None:
    assert ("price", "positive") in themes("Цены отличные", "ru")
    assert ("price", "negative") in themes("Цены ужасные", "ru")
    assert themes("Цены на сайте указаны", "ru") == set()


@pytest.mark.parametrize(
    ("text", "language", "sentiment"),
    [
        ("Отличный банк, всем доволен, спасибо!", "ru", "positive"),
        ("Ужасный банк, обманули и нахамили", "ru", "negative"),
        ("Хороший номер, вкусный завтрак, вежливый персонал, но шум и грязь", "ru", "mixed"),
        ("Вчера был вторник", "ru", "neutral"),
        ("Great place, friendly staff", "en", "positive"),
        ("Worst bank ever, avoid", "en", "negative"),
        ("Polecam, świetny hotel", "pl", "positive"),
        ("Nie polecam, fatalna obsługa", "pl", "negative"),
        ("👍👍", "en", "positive"),
    ],
)
def test_sentiment(text: str, language: str, sentiment: str) -> None:
    assert read(text, language).sentiment == sentiment


def test_other_signals() -> None:
    tags = read("Спасибо Ольге за помощь! Рекомендую, обязательно вернусь.", "ru")
    assert "gratitude" in tags.emotions
    assert set(tags.loyalty) >= {"recommend", "return"}
    assert tags.contact == "praise"
    claim = read("Обманули, верните деньги! Звонил пять раз, дважды писал в поддержку. Не рекомендую", "ru")
    assert (claim.sentiment, claim.contact) == ("negative", "claim")
    assert claim.repeat
    assert "warn" in claim.loyalty
    assert "recommend" not in claim.loyalty
    assert read("Подскажите, как узнать номер договора?", "ru").contact == "question"
    mention = next(m for m in read("Курьер привез посылку быстро", "ru").mentions if m.theme == "speed")
    assert mention.touchpoint == "delivery"


def test_it_knows_the_three_languages_only() -> None:
    assert read("Schnelle Lieferung", "de").untaggable
    assert words_of("de") is None
    assert words_of("ru") is words_of("ru")


def test_it_is_a_peer_worth_beating(labelled: list[Labelled]) -> None:
    figures = score(labelled, Lexicon().tag(labelled))
    assert figures["sentiment accuracy"] > 0.6
    assert figures["theme micro-F1"] > 0.5
    assert figures["theme+polarity micro-F1"] > 0.4
    assert figures["sentiment ECE"] is None


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_any_text_is_read_and_its_mentions_are_spans(text: str, language: str) -> None:
    tags = read(text, language)
    assert tags.sentiment is not None
    assert all(text[m.start : m.end] == m.quote and m.touchpoint in TOUCHPOINTS for m in tags.mentions)
