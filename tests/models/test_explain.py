"""Explanations by the shipped model: what they name is there, and it is what the tagger answers."""

from __future__ import annotations

import numpy as np
import pytest

from models import explain as module
from models.explain import NEAREST, Explanation, Weight, explain, strongest
from models.labels import SENTIMENTS, THEMES
from models.occlusion import without, words
from models.tagger import Tagger
from ugc.text.clauses import Clause

TEXTS = (
    ("Персонал очень вежливый, но ждали заказ два часа.", "ru"),
    ("Great hotel, friendly staff, but the Wi-Fi kept dropping and breakfast was cold.", "en"),
    ("Bardzo miła obsługa! Ceny są jednak wysokie 😡", "pl"),
)
LONG = "Номер чистый, но завтрак холодный и невкусный. " * 40


@pytest.fixture(scope="module")
def told(tagger: Tagger) -> list[Explanation]:
    return [explain(tagger, text, language) for text, language in TEXTS]


def weights(one: Explanation) -> list[Weight]:
    assert one.sentiment is not None
    mentions = [word for mention in one.mentions for word in (*mention.words, *mention.polarity_words)]
    return [*one.sentiment.words, *mentions]


def test_it_explains_exactly_what_is_tagged(tagger: Tagger, told: list[Explanation]) -> None:
    for one, tags in zip(told, tagger.tag(*map(list, zip(*TEXTS, strict=True))), strict=True):
        assert one.model == tagger.version
        assert one.method == "occlusion"
        assert one.sentiment is not None
        assert (one.sentiment.label, one.sentiment.probability) == (
            tags.sentiment,
            tags.sentiment_probabilities[str(tags.sentiment)],
        )
        assert tags.mentions
        assert [(m.start, m.end, m.quote, m.theme, m.polarity, m.touchpoint) for m in one.mentions] == [
            (m.start, m.end, m.quote, m.theme, m.polarity, m.touchpoint) for m in tags.mentions
        ]
        for why, mention in zip(one.mentions, tags.mentions, strict=True):
            assert why.confidence == mention.confidence
            assert why.probability * why.polarity_probability == pytest.approx(why.confidence, abs=0.02)
            assert why.confidence >= why.threshold - 0.0001
            assert 0 < why.touchpoint_probability <= 1


def test_words_named_are_words_of_the_text(told: list[Explanation]) -> None:
    for one in told:
        listed = words(one.text)
        assert one.readings == len(listed)
        assert one.untried == 0
        assert one.sentiment is not None
        assert [Clause(word.start, word.end) for word in one.sentiment.words] == listed
        for word in weights(one):
            assert one.text[word.start : word.end] == word.text
            assert -1 <= word.weight <= 1
        for mention in one.mentions:
            tried = {(word.start, word.end) for word in mention.words}
            inside = {(w.start, w.end) for w in listed if mention.start <= w.start < mention.end}
            assert inside <= tried
            assert len(tried - inside) <= 2 * module.AROUND


def test_a_weight_is_what_the_tagger_answers_without_the_word(
    tagger: Tagger, told: list[Explanation]
) -> None:
    """Read alone, each text gives what it gave among all the other readings."""
    one = told[0]
    assert one.sentiment is not None
    place = SENTIMENTS.index(one.sentiment.label)
    for word in one.sentiment.words[:4]:
        left, clauses = without(one.text, one.clauses, [Clause(word.start, word.end)])
        (answer,) = tagger.probabilities([left], [one.language], [clauses])
        assert answer is not None
        assert answer.clauses == clauses
        expected = one.sentiment.probability - float(answer.by_head["sentiment"][place])
        assert word.weight == pytest.approx(expected, abs=0.02)


def test_the_word_that_says_it_weighs_most(told: list[Explanation]) -> None:
    found = {}
    for one in told:
        for mention in one.mentions:
            found[one.language, mention.theme] = [word.text for word in strongest(mention.words, 2)]
    assert found["ru", "politeness"][0] == "вежливый"
    assert "friendly" in found["en", "politeness"]
    assert found["pl", "price"][0] in ("Ceny", "wysokie")


def test_strongest_are_named_in_order_and_the_idle_are_not() -> None:
    said = [Weight(i, i + 1, "x", weight) for i, weight in enumerate((0.04, -0.5, 0.0, 0.2, 0.005, -0.2))]
    assert [one.weight for one in strongest(said, 3)] == [-0.5, 0.2, -0.2]
    assert [one.weight for one in strongest(said, 9)] == [-0.5, 0.2, -0.2, 0.04]


def test_near_misses_stayed_below_their_thresholds(told: list[Explanation]) -> None:
    for one in told:
        assert len(one.near) <= NEAREST
        shown = {mention.theme for mention in one.mentions}
        ratios = [miss.confidence / miss.threshold for miss in one.near]
        assert ratios == sorted(ratios, reverse=True)
        for miss, ratio in zip(one.near, ratios, strict=True):
            assert 0.49 < ratio < 1.001
            assert miss.theme not in shown
            assert one.text[miss.start : miss.end] == miss.quote


def test_a_higher_threshold_turns_a_mention_into_a_near_miss(
    tagger: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Персонал очень вежливый и приветливый."
    (before,) = (m for m in explain(tagger, text, "ru").mentions if m.theme == "politeness")
    strict = tuple(1.0 if theme == "politeness" else 2.0 for theme in THEMES)
    monkeypatch.setattr(tagger, "_thresholds", module.replace(tagger.thresholds, theme=strict))
    after = explain(tagger, text, "ru")
    assert after.mentions == ()
    assert (after.near[0].theme, after.near[0].threshold) == ("politeness", 1.0)
    assert after.near[0].polarity == before.polarity
    assert after.near[0].confidence == pytest.approx(before.confidence, abs=0.02)


@pytest.mark.parametrize("most", [1, 7, 40])
def test_a_long_text_is_bounded_and_says_what_was_left_out(tagger: Tagger, most: int) -> None:
    one = explain(tagger, LONG, "ru", most=most)
    assert one.mentions
    assert one.sentiment is not None
    assert 0 < one.readings <= most
    assert len(one.sentiment.words) <= one.readings
    assert one.untried == len(words(LONG)) - len(one.sentiment.words)
    assert sum(mention.untried for mention in one.mentions) > 0
    for word in weights(one):
        assert LONG[word.start : word.end] == word.text


def test_in_a_long_text_the_words_of_mentions_come_first(tagger: Tagger) -> None:
    filler = "Зашли в отделение, взяли талон, сели на стул у окна и посмотрели по сторонам. " * 12
    one = explain(tagger, filler + "Сотрудники грубые и невежливые.", "ru", most=40)
    rude = next(m for m in one.mentions if m.theme == "politeness")
    assert rude.start >= len(filler)
    assert rude.untried == 0
    assert strongest(rude.words, 1)[0].text in ("грубые", "невежливые")
    assert one.untried > 0


def test_very_long_texts_get_fewer_readings(tagger: Tagger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHARACTERS", 3 * len(LONG) + 1)
    assert explain(tagger, LONG, "ru").readings == 3


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "empty"), ("12345, 67", "no words"), ("በጣም ቅልል ያለ አፕ በርቱልን ለአጠቃቀም ምቹ", "unknown script")],
)
def test_what_cannot_be_read_says_why(tagger: Tagger, text: str, why: str) -> None:
    one = explain(tagger, text)
    assert one.untaggable == why
    assert (one.sentiment, one.mentions, one.near, one.readings, one.by_emoji) == (None, (), (), 0, False)


def test_emoji_alone_are_read_by_a_list(tagger: Tagger) -> None:
    one = explain(tagger, "👍👍")
    assert one.by_emoji
    assert one.untaggable is None
    assert one.sentiment is not None
    assert (one.sentiment.label, one.sentiment.words) == ("positive", ())
    assert (one.mentions, one.readings) == ((), 0)


def test_the_only_word_takes_everything_with_it(tagger: Tagger) -> None:
    one = explain(tagger, "Супер", "ru")
    assert one.sentiment is not None
    (word,) = one.sentiment.words
    assert word.weight == pytest.approx(one.sentiment.probability, abs=0.02)


@pytest.mark.parametrize(
    "text",
    ["\ud83d lone surrogate in a bad app \udfff", "<b>=cmd|' /C calc'!A0 [red]bad[/red] bank", "w" * 3_000],
)
def test_hostile_texts_are_explained(tagger: Tagger, text: str) -> None:
    one = explain(tagger, text)
    assert one.untaggable or all(text[word.start : word.end] == word.text for word in weights(one))


def test_probabilities_answer_for_the_clauses_given(tagger: Tagger) -> None:
    text = "Курьер вежливый и быстро привёз"
    given = [Clause(0, 15), Clause(15, 15), Clause(16, 31)]
    (one,) = tagger.probabilities([text], ["ru"], [given])
    assert one is not None
    assert one.clauses == given
    themes = one.by_head["theme"]
    assert themes.shape == (3, len(THEMES))
    # A clause that holds nothing raises nothing.
    assert float(themes[1].max()) < 0.05
    assert np.allclose(one.by_head["polarity"].sum(axis=-1), 1, atol=0.001)


def test_probabilities_of_what_cannot_be_read(tagger: Tagger) -> None:
    assert tagger.probabilities(["", "👍", "12"]) == [None, None, None]
    assert tagger.probabilities([]) == []
    with pytest.raises(ValueError, match="1 texts came with 2 languages"):
        tagger.probabilities(["ok"], ["en", "en"])
