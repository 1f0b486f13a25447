"""The tagger with the shipped bundle: what it reads, exact spans, independence, hostile input."""

from __future__ import annotations

import json
import pickle
import random
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models import DEFAULT_BUNDLE
from models.bundle import open_bundle
from models.labelled import Labelled
from models.labels import EMOTIONS, SENTIMENTS, THEMES, TOUCHPOINTS
from models.reading import WINDOW
from models.tagger import Tagger
from ugc.errors import ModelError
from ugc.review import Tags

MIXED_LENGTHS = [
    "Ок",
    "Ужас!!! Никогда больше",
    "Great hotel, friendly staff, but the Wi-Fi kept dropping and breakfast was cold.",
    "Bardzo miła obsługa, szybka dostawa, polecam!",
    "Жду карту третью неделю, на линии не дозвониться, в чате бот. " * 6,
    "Кредит оформили быстро, менеджер вежливый и всё объяснил. Но потом списали комиссию за страховку. " * 30,
]


def same(a: Tags, b: Tags) -> None:
    """Labels equal, probabilities within 0.02."""
    assert a.sentiment == b.sentiment
    assert (a.emotions, a.contact, a.loyalty) == (b.emotions, b.contact, b.loyalty)
    assert (a.effort, a.repeat, a.specific, a.untaggable) == (b.effort, b.repeat, b.specific, b.untaggable)
    assert a.sentiment_probabilities == pytest.approx(b.sentiment_probabilities, abs=0.02)
    assert a.emotion_probabilities == pytest.approx(b.emotion_probabilities, abs=0.02)
    assert len(a.mentions) == len(b.mentions)
    for x, y in zip(a.mentions, b.mentions, strict=True):
        assert (x.start, x.end, x.theme, x.polarity, x.touchpoint) == (
            y.start,
            y.end,
            y.theme,
            y.polarity,
            y.touchpoint,
        )
        assert x.confidence == pytest.approx(y.confidence, abs=0.02)


def check(text: str, tags: Tags) -> None:
    """What holds for the tags of any text."""
    if tags.untaggable is not None:
        assert tags == Tags(untaggable=tags.untaggable)
        return
    assert tags.sentiment in SENTIMENTS
    assert set(tags.sentiment_probabilities) == set(SENTIMENTS)
    assert sum(tags.sentiment_probabilities.values()) == pytest.approx(1, abs=0.001)
    assert set(tags.emotions) <= set(EMOTIONS)
    assert all(0 <= p <= 1 for p in tags.emotion_probabilities.values())
    for mention in tags.mentions:
        assert text[mention.start : mention.end] == mention.quote
        assert mention.quote.strip() == mention.quote != ""
        assert mention.theme in THEMES
        assert mention.touchpoint in TOUCHPOINTS
        assert 0 < mention.confidence <= 1


@pytest.mark.parametrize(
    ("text", "sentiment", "theme", "polarity"),
    [
        ("Доставка опоздала на две недели, ужасно медленно.", "negative", "speed", "negative"),
        ("Очень вежливый и приветливый персонал, спасибо!", "positive", "politeness", "positive"),
        ("The app keeps crashing after the update, totally unusable.", "negative", "reliability", "negative"),
        ("The room was spotless and quiet, a lovely stay.", "positive", "environment", "positive"),
        ("Ceny są bardzo wysokie, nie warto.", "negative", "price", "negative"),
        ("Świetna jakość materiału, bluza ciepła i wygodna.", "positive", "product_quality", "positive"),
    ],
)
def test_plain_cases_in_three_languages(
    tagger: Tagger, text: str, sentiment: str, theme: str, polarity: str
) -> None:
    (tags,) = tagger.tag([text])
    check(text, tags)
    assert tags.sentiment == sentiment
    assert (theme, polarity) in {(m.theme, m.polarity) for m in tags.mentions}


def test_spans_are_exact(tagger: Tagger, labelled: list[Labelled]) -> None:
    texts = [review.text for review in labelled] + MIXED_LENGTHS
    found = tagger.tag(texts)
    assert len(found) == len(texts)
    for text, tags in zip(texts, found, strict=True):
        check(text, tags)
    assert sum(len(tags.mentions) for tags in found) > 20


def test_a_clause_may_carry_two_themes_and_polarities_differ(tagger: Tagger) -> None:
    text = "Персонал очень вежливый, но ждали заказ два часа."
    (tags,) = tagger.tag([text], ["ru"])
    found = {(m.theme, m.polarity): m for m in tags.mentions}
    assert ("politeness", "positive") in found
    assert ("speed", "negative") in found
    assert found["politeness", "positive"].end <= found["speed", "negative"].start


def test_answers_do_not_depend_on_neighbours_or_order(tagger: Tagger) -> None:
    alone = [tagger.tag([text])[0] for text in MIXED_LENGTHS]
    for a, b in zip(alone, tagger.tag(MIXED_LENGTHS), strict=True):
        same(a, b)
    every = list(enumerate(MIXED_LENGTHS))
    # More short ones than the tagger holds at once, and the two long ones twice.
    many = every * 2 + every[:-2] * 18
    random.Random(1).shuffle(many)
    for (i, _), tags in zip(many, tagger.tag([text for _, text in many]), strict=True):
        same(alone[i], tags)


@pytest.mark.parametrize("threads", [1, 3])
def test_answers_do_not_depend_on_threads(tagger: Tagger, threads: int) -> None:
    other = Tagger.load(threads=threads)
    for a, b in zip(tagger.tag(MIXED_LENGTHS), other.tag(MIXED_LENGTHS), strict=True):
        same(a, b)


def test_two_threads_may_share_a_tagger(tagger: Tagger) -> None:
    expected = tagger.tag(MIXED_LENGTHS)
    found: list[list[Tags]] = []
    workers = [threading.Thread(target=lambda: found.append(tagger.tag(MIXED_LENGTHS))) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == [expected] * 3


def test_pickled_tagger_answers_alike(tagger: Tagger) -> None:
    copy = pickle.loads(pickle.dumps(tagger))
    assert copy.version == tagger.version
    assert copy.tag(MIXED_LENGTHS[:3]) == tagger.tag(MIXED_LENGTHS[:3])
    assert len(pickle.dumps(tagger)) < 1000


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("   \n\t ", "empty"),
        ("\u200b", "no words"),
        ("!!! ... ???", "no words"),
        ("12345, 67", "no words"),
    ],
)
def test_untaggable_texts_are_named(tagger: Tagger, text: str, why: str) -> None:
    assert tagger.tag([text]) == [Tags(untaggable=why)]


def test_unknown_scripts_are_named(tagger: Tagger) -> None:
    (tags,) = tagger.tag(["በጣም ቅልል ያለ አፕ በርቱልን ለአጠቃቀም ምቹ"])
    assert tags == Tags(untaggable="unknown script")


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [("👍👍👍", "positive"), ("😡😡", "negative"), ("😍 😡", "mixed"), ("🔥❤️", "positive")],
)
def test_emoji_alone_tell_the_sentiment_and_nothing_else(tagger: Tagger, text: str, sentiment: str) -> None:
    (tags,) = tagger.tag([text])
    assert tags.sentiment == sentiment
    assert sum(tags.sentiment_probabilities.values()) == pytest.approx(1)
    assert (tags.mentions, tags.contact, tags.effort) == ((), None, None)


@pytest.mark.parametrize(
    "text",
    [
        "\ud83d\ude00 lone \ud83d surrogate in a bad app \udfff",
        "<script>alert('x')</script> ужасный банк",
        "=cmd|' /C calc'!A0 bad bank",
        "\x00\x01\x02 great phone \x7f",
        "ｆｕｌｌ　ｗｉｄｔｈ ｇｏｏｄ",
        "а\u0301 \u202eдлоб\u202c очень плохо",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
        "w" * 5_000,
        "плохо " * 3_000,
    ],
)
def test_hostile_texts_are_tagged_or_named(tagger: Tagger, text: str) -> None:
    (tags,) = tagger.tag([text])
    check(text, tags)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
@example("a\ud800")
def test_any_string_is_taken(tagger: Tagger, text: str) -> None:
    (tags,) = tagger.tag([text])
    check(text, tags)


def test_a_long_text_is_read_to_its_end(tagger: Tagger) -> None:
    filler = "Зашли в отделение, взяли талон, сели на стул у окна и посмотрели по сторонам. "
    end = "Очень грубые, невежливые сотрудники, хамят клиентам!"
    text = filler * 300 + end
    assert len(text) > 20_000
    (tags,) = tagger.tag([text], ["ru"])
    check(text, tags)
    last = tags.mentions[-1]
    assert (last.theme, last.polarity) == ("politeness", "negative")
    assert last.start >= len(filler) * 300


def test_a_hundred_kilobytes_are_taken(tagger: Tagger) -> None:
    text = "Номер чистый, но завтрак холодный и невкусный. " * 2_200
    assert len(text) > 100_000
    (tags,) = tagger.tag([text])
    check(text, tags)
    assert tags.mentions[-1].end > len(text) - 2 * WINDOW


def test_other_languages_are_tagged_with_lower_confidence(tagger: Tagger) -> None:
    text = "Schrecklicher Service, die App funktioniert nicht und niemand antwortet."
    told, detected = tagger.tag([text, text], ["en", None])
    assert told.sentiment == detected.sentiment == "negative"
    assert detected.sentiment_probabilities["negative"] < told.sentiment_probabilities["negative"]


def test_languages_must_match_texts(tagger: Tagger) -> None:
    with pytest.raises(ValueError, match="1 texts came with 2 languages"):
        tagger.tag(["ok"], ["en", "en"])


def test_no_texts(tagger: Tagger) -> None:
    assert tagger.tag([]) == []


def test_version_names_bundle_and_hash(tagger: Tagger) -> None:
    manifest = json.loads((DEFAULT_BUNDLE / "manifest.json").read_text(encoding="utf-8"))
    assert tagger.version == f"{manifest['name']}-{manifest['version']}@{manifest['hash']}"


def test_shipped_bundle_is_whole_and_small() -> None:
    bundle = open_bundle(DEFAULT_BUNDLE)
    bundle.check_files()
    size = sum(path.stat().st_size for path in DEFAULT_BUNDLE.iterdir())
    assert size < 60_000_000
    assert bundle.manifest["languages"][0] == "ru"
    assert set(bundle.manifest["languages"]) == {"ru", "en", "pl"}
    held_out = bundle.manifest["measured"]["held_out"]
    assert held_out["model"]["all"]["theme micro-F1"] >= 0.66
    assert held_out["model"]["all"]["sentiment accuracy"] >= 0.86
    for figure in ("theme micro-F1", "sentiment accuracy"):
        assert held_out["model"]["all"][figure] > held_out["baseline"]["all"][figure]
    card = (DEFAULT_BUNDLE / "README.md").read_text(encoding="utf-8")
    assert bundle.manifest["hash"] in card


def broken(tmp_path: Path, spoil: Sequence[str]) -> Path:
    """A copy of the bundle whose named files are spoilt ("-name" is removed, "cut:name" halved)."""
    folder = tmp_path / "bundle"
    shutil.copytree(DEFAULT_BUNDLE, folder)
    for name in spoil:
        if name.startswith("-"):
            (folder / name[1:]).unlink()
        elif name.startswith("cut:"):
            whole = (folder / name[4:]).read_bytes()
            (folder / name[4:]).write_bytes(whole[: len(whole) // 2])
        else:
            (folder / name).write_bytes(b"not a model")
    return folder


@pytest.mark.parametrize(
    "spoil",
    [
        "-manifest.json",
        "manifest.json",
        "-model.onnx",
        "model.onnx",
        "tokenizer.json",
        "evidence.npz",
        "cut:evidence.npz",
    ],
)
def test_a_broken_bundle_is_explained(tmp_path: Path, spoil: str) -> None:
    with pytest.raises(ModelError) as caught:
        Tagger.load(broken(tmp_path, [spoil]))
    assert caught.value.mend


def test_a_bundle_for_another_taxonomy_is_refused(tmp_path: Path) -> None:
    folder = broken(tmp_path, [])
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["labels"]["theme"][0] = "weather"
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ModelError, match="taxonomy"):
        Tagger.load(folder)


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    folder = broken(tmp_path, [])
    (folder / "training_texts.npz").write_bytes(b"")
    with pytest.raises(ModelError, match="training_texts"):
        open_bundle(folder).check_files()
    with pytest.raises(ModelError, match="training_texts"):
        open_bundle(folder).training_texts()
