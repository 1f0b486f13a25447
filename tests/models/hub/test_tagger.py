"""Our tagger with models of the hub: whose answer is whose, long texts, neighbours, other processes."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.hub import HubTagger, Meaning
from models.labels import EMOTIONS, SENTIMENTS
from models.tagger import Tagger
from tests.models.hub import worker
from tests.models.hub.tiny import FELT, OPINIONS, make
from ugc.errors import InputError, MissingExtra, ModelError
from ugc.review import Tags
from ugc.tagging import to_arrow

TEXTS = [
    "Отличный банк",
    "Ужасный банк, бесит",
    "It is a hotel",
    "Очень вежливый персонал. " * 30 + "Обожаю этот банк!",
    "Miła obsługa, ale wszystko сломалось",
    "",
    "👍👍",
    "12345!",
    "в чате бот, курьер опоздал на три часа, деньги не вернули",
]


@pytest.fixture(scope="module")
def both(tagger: Tagger, opinions: Path, felt: Path) -> HubTagger:
    return HubTagger(tagger, sentiment=str(opinions), emotion=str(felt), threads=1)


def alike(a: Tags, b: Tags) -> None:
    """The same but for rounding: probabilities within 1e-4."""
    assert (a.sentiment, a.emotions, a.mentions, a.untaggable) == (
        b.sentiment,
        b.emotions,
        b.mentions,
        b.untaggable,
    )
    assert a.sentiment_probabilities == pytest.approx(b.sentiment_probabilities, abs=1.5e-4)
    assert a.emotion_probabilities == pytest.approx(b.emotion_probabilities, abs=1.5e-4)


def test_sentiment_and_emotions_are_theirs_and_all_else_is_ours(tagger, both):
    for text, own, tags in zip(TEXTS, tagger.tag(TEXTS), both.tag(TEXTS), strict=True):
        assert (tags.mentions, tags.contact, tags.loyalty, tags.effort) == (
            own.mentions,
            own.contact,
            own.loyalty,
            own.effort,
        )
        if text in ("", "👍👍", "12345!"):
            assert tags == own
            continue
        assert set(tags.sentiment_probabilities) == set(SENTIMENTS)
        assert tags.sentiment_probabilities["mixed"] == 0
        assert sum(tags.sentiment_probabilities.values()) == pytest.approx(1, abs=0.001)
        assert set(tags.emotion_probabilities) in (set(EMOTIONS), set())
    said = [tags.sentiment for tags in both.tag(TEXTS[:3])]
    assert said == ["positive", "negative", "neutral"]
    felt = both.tag(
        ["бесит персонал и банк", "Обожаю! Это банк", "scared! a hotel", "curious: a hotel", "a hotel"]
    )
    assert [tags.emotions for tags in felt] == [("anger",), ("joy",), ("anxiety",), (), ()]


def test_vectors_are_ours_and_stand_beside_the_same_tags(tagger, both):
    found = both.tag_with_vectors(TEXTS)
    assert [tags for tags, _ in found] == both.tag(TEXTS)
    own = [vectors for _, vectors in tagger.tag_with_vectors(TEXTS)]
    for (tags, vectors), ours in zip(found, own, strict=True):
        assert len(vectors) == len(tags.mentions)
        assert vectors == ours[: len(vectors)]
    assert sum(len(vectors) for _, vectors in found) > 0
    spans = [[(one.start, one.end) for one in tags.mentions] for tags, _ in found]
    assert both.vectors(TEXTS, None, spans) == [vectors for _, vectors in found]


def test_only_one_of_them(tagger, opinions, felt):
    (own,) = tagger.tag(["Ужасный банк, бесит"])
    (tags,) = HubTagger(tagger, sentiment=str(opinions)).tag(["Ужасный банк, бесит"])
    assert (tags.sentiment, tags.emotion_probabilities) == ("negative", own.emotion_probabilities)
    (tags,) = HubTagger(tagger, emotion=str(felt)).tag(["Ужасный банк, бесит"])
    assert (tags.emotions, tags.sentiment_probabilities) == (("anger",), own.sentiment_probabilities)


def test_probabilities_are_those_of_the_model(both, opinions, felt):
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    text = "Отличный банк, грубый персонал"
    (tags,) = both.tag([text])
    p = {}
    for folder in (opinions, felt):
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = AutoModelForSequenceClassification.from_pretrained(folder)
        with torch.inference_mode():
            logits = model(**tokenizer(text, return_tensors="pt")).logits[0].double()
        own = logits.sigmoid() if folder == felt else logits.softmax(0)
        p[folder] = dict(zip(model.config.id2label.values(), own.tolist(), strict=True))
    for name in ("positive", "negative", "neutral"):
        assert tags.sentiment_probabilities[name] == pytest.approx(p[opinions][name], abs=1e-4)
    for ours, theirs in (("joy", "joy"), ("anger", "annoyance"), ("anxiety", "fear")):
        assert tags.emotion_probabilities[ours] == pytest.approx(p[felt][theirs], abs=1e-4)


def test_windows_are_merged_by_the_written_rule(both):
    good, bad = "Отличный персонал и отличный банк. ", "Ужасный персонал и ужасный банк. "
    glad, sorry = good * 40, bad * 40
    mostly_glad, mostly_sorry = both.tag([glad + bad * 4, bad * 40 + good * 4])
    assert (mostly_glad.sentiment, mostly_sorry.sentiment) == ("positive", "negative")
    for tags, text in zip(both.tag([glad, sorry]), (good, bad), strict=True):
        (alone,) = both.tag([text])
        assert tags.sentiment_probabilities == pytest.approx(alone.sentiment_probabilities, abs=1e-3)
    filler = "Это банк и тут персонал. " * 60
    for text in ("Обожаю! " + filler, filler + "Обожаю!", filler + "Обожаю! " + filler + "Бесит!"):
        (tags,) = both.tag([text], ["ru"])
        assert tags.emotions == (("joy", "anger") if "Бесит" in text else ("joy",))


def test_emotions_that_exclude_one_another(tagger, tmp_path):
    own = HubTagger(tagger, emotion=str(make(tmp_path / "one", FELT)))
    texts = ["обожаю этот банк", "бесит", "интересно как тут", "это банк", "Обожаю! " + "Банк. " * 60]
    assert [tags.emotions for tags in own.tag(texts)] == [("joy",), ("anger",), (), (), ("joy",)]


def test_several_labels_of_one_class_and_labels_by_number(tagger, tmp_path):
    stars = {f"{n} stars": [word] for n, word in enumerate(["ужас", "плохо", "средне", "хорошо", "супер"], 1)}
    own = HubTagger(tagger, sentiment=str(make(tmp_path / "stars", stars)))
    assert [tags.sentiment for tags in own.tag(["ужас", "плохо", "средне", "хорошо", "супер"])] == [
        "negative",
        "negative",
        "mixed",
        "positive",
        "positive",
    ]
    numbered = str(make(tmp_path / "numbered", OPINIONS, labels=["LABEL_0", "LABEL_1", "LABEL_2"]))
    with pytest.raises(ModelError, match="do not say what they mean"):
        HubTagger(tagger, sentiment=numbered)
    meanings = [Meaning("LABEL_0", "negative"), Meaning("LABEL_1", "positive"), Meaning("LABEL_2", "none")]
    turned = HubTagger(tagger, sentiment=numbered, meanings=meanings)
    assert [tags.sentiment for tags in turned.tag(TEXTS[:2])] == ["negative", "positive"]
    (tags,) = turned.tag(["It is a hotel"])
    assert sum(tags.sentiment_probabilities.values()) == pytest.approx(1, abs=0.001)
    assert tags.sentiment_probabilities["neutral"] == 0
    with pytest.raises(InputError, match="LABEL_7"):
        HubTagger(tagger, sentiment=numbered, meanings=[Meaning("LABEL_7", "negative")])


def test_answers_do_not_depend_on_neighbours_or_threads(both, tagger, opinions, felt):
    alone = [both.tag([text])[0] for text in TEXTS]
    order = np.random.default_rng(3).permutation(len(TEXTS) * 6) % len(TEXTS)
    for i, tags in zip(order, both.tag([TEXTS[i] for i in order]), strict=True):
        alike(alone[i], tags)
    more = HubTagger(tagger, sentiment=str(opinions), emotion=str(felt), threads=3)
    for a, b in zip(alone, more.tag(TEXTS), strict=True):
        alike(a, b)


@pytest.mark.parametrize(
    "text",
    [
        "\ud83d\ude00 lone \ud83d surrogate in a hotel \udfff",
        "<s> </s> [SEP] [PAD] [CLS] ужасный банк [MASK]",
        "=cmd|' /C calc'!A0 awful hotel",
        "w" * 5_000,
        "банк " * 20_000,
    ],
)
def test_hostile_texts(both, text):
    (tags,) = both.tag([text])
    assert (tags.sentiment is None) == (tags.untaggable is not None)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
@example("a\ud800")
def test_any_string_is_taken(both, text):
    (tags,) = both.tag([text])
    assert tags.untaggable is None or tags == Tags(untaggable=tags.untaggable)


def test_a_text_that_a_model_cannot_read(both, tagger, felt):
    text = "Zupełnie inaczej brzmiące słownictwo"
    (own,) = tagger.tag([text])
    assert own.sentiment
    assert both.tag([text]) == [Tags(untaggable="unknown script")]
    (tags,) = HubTagger(tagger, emotion=str(felt)).tag([text])
    assert (tags.sentiment, tags.emotions, tags.emotion_probabilities) == (own.sentiment, (), {})


def test_languages_must_match_texts(both):
    with pytest.raises(ValueError, match="1 texts came with 2 languages"):
        both.tag(["ok"], ["en", "en"])
    assert both.tag([]) == []


def test_a_version_names_every_model_and_its_labels(both, tagger, opinions, felt, tmp_path):
    own, sentiment, emotion = both.version.split("+")
    assert own == tagger.version
    assert sentiment.startswith("sentiment:opinions@")
    assert emotion.startswith("emotion:felt@")
    assert HubTagger(tagger, sentiment=str(opinions), emotion=str(felt)).version == both.version
    moved = shutil.copytree(opinions, tmp_path / "opinions")
    assert HubTagger(tagger, sentiment=str(moved)).version == f"{own}+{sentiment}"
    other = [Meaning("neutral", "mixed")]
    assert HubTagger(tagger, sentiment=str(opinions), meanings=other).version != f"{own}+{sentiment}"
    again = make(tmp_path / "again" / "opinions", {**OPINIONS, "negative": ["плохо"]})
    assert HubTagger(tagger, sentiment=str(again)).version != f"{own}+{sentiment}"


def test_notes_say_what_is_left_out(both):
    told = " ".join(both.notes)
    assert "It never says: mixed." in told
    assert "It never says: gratitude, surprise, disappointment, sadness." in told
    assert "dropped: curiosity." in told


def test_another_process_loads_the_same_models(both):
    sent = pickle.dumps(both)
    assert len(sent) < 2_000
    reviews = pa.table(
        {"id": [str(i) for i in range(len(TEXTS))], "text": TEXTS, "text_hash": ["0"] * len(TEXTS)}
    )
    with ProcessPoolExecutor(
        1, mp_context=get_context("spawn"), initializer=worker.open_tagger, initargs=(sent,)
    ) as pool:
        version, tags, mentions = pool.submit(worker.read, reviews).result()
    own = to_arrow(
        reviews, both.tag(TEXTS), model=both.version, batch="b", tagged_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert version == both.version
    assert tags.drop(["p_positive", "p_negative", "p_mixed", "p_neutral"]).equals(
        own[0].drop(["p_positive", "p_negative", "p_mixed", "p_neutral"])
    )
    assert mentions.equals(own[1])


def test_a_model_that_changed_on_the_way_is_refused(tagger, opinions, tmp_path):
    folder = shutil.copytree(opinions, tmp_path / "changing")
    sent = pickle.dumps(HubTagger(tagger, sentiment=str(folder)))
    shutil.rmtree(folder)
    make(folder, {**OPINIONS, "negative": ["плохо"]})
    with pytest.raises(ModelError, match="has changed"):
        pickle.loads(sent)


@pytest.mark.parametrize("package", ["torch", "transformers"])
def test_without_the_extra(tagger, opinions, monkeypatch, package):
    monkeypatch.setattr(
        "models.hub.tagger.find_spec", lambda name: None if name == package else find_spec(name)
    )
    with pytest.raises(MissingExtra, match=rf"{package}.*ugc\[train\]"):
        HubTagger(tagger, sentiment=str(opinions))


def test_neither_our_tagger_nor_this_room_pulls_torch():
    code = "import sys, models.tagger, models.hub; print({'torch', 'transformers'} & {*sys.modules})"
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
