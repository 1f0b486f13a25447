"""`ugc eval` on invented reviews, the format of labelled files, and the warning about leaks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from models.evaluation.answers import TaggerReader, any_clause
from models.evaluation.score import FIGURES, leaked, score, score_by, score_by_language
from models.labelled import Labelled, fingerprint, normalised, read_labelled, residue
from models.labels import THEMES
from models.tagger import Tagger
from ugc.cli.eval import app
from ugc.errors import InputError, ModelError
from ugc.review import Mention, Tags

RUN = CliRunner()


def perfect(review: Labelled) -> Tags:
    """Tags that say just what the labels say."""
    return Tags(
        sentiment=review.sentiment,
        sentiment_probabilities={review.sentiment: 1.0},
        emotions=review.emotions,
        contact=review.contact,
        loyalty=review.loyalty,
        effort=review.effort,
        repeat=review.repeat,
        specific=review.specific,
        mentions=tuple(
            Mention(m.start, m.end, review.text[m.start : m.end], m.theme, m.polarity, m.touchpoint, 1.0)
            for m in review.mentions
        ),
    )


def test_perfect_tags_score_one(labelled: list[Labelled]) -> None:
    figures = score_by_language(labelled, [perfect(review) for review in labelled])
    assert list(figures) == ["all", "ru", "en", "pl"]
    for own in figures.values():
        assert list(own) == list(FIGURES)
        for name, value in own.items():
            if name == "sentiment ECE":
                assert value == 0
            elif name.startswith("theme ECE"):
                assert value is None
            elif name != "n":
                assert value == 1
    assert [figures[name]["n"] for name in ("all", "ru", "en", "pl")] == [31, 15, 9, 7]


def test_scores_by_hand(labelled: list[Labelled]) -> None:
    # The first review has speed, transparency, accessibility; we show speed with the wrong polarity
    # and touchpoint, and one theme too many. The fourth has no mention and is called positive.
    first, fourth = labelled[0], labelled[3]
    mentions = (
        Mention(0, 5, first.text[0:5], "speed", "positive", "support", 0.9),
        Mention(0, 5, first.text[0:5], "price", "negative", "delivery", 0.9),
    )
    shown = [
        Tags(
            sentiment="negative",
            sentiment_probabilities={"negative": 0.8, "positive": 0.2},
            mentions=mentions,
        ),
        Tags(
            sentiment="positive",
            sentiment_probabilities={"positive": 0.7, "negative": 0.3},
            emotions=("joy",),
        ),
    ]
    figures = score([first, fourth], shown)
    assert figures["sentiment accuracy"] == 0.5
    assert figures["sentiment macro-F1"] == pytest.approx((2 / 3 + 0) / 2)
    assert figures["sentiment ECE"] == pytest.approx((0.2 + 0.7) / 2)
    assert figures["theme micro-F1"] == pytest.approx(2 * 1 / (3 + 2))
    assert figures["theme macro-F1"] == pytest.approx(1 / 4)
    assert figures["theme+polarity micro-F1"] == 0
    assert figures["theme+touchpoint micro-F1"] == 0
    assert figures["emotions micro-F1"] == 0
    assert figures["loyalty micro-F1"] is None
    assert figures["contact accuracy"] == 0


def test_untaggable_reviews_count_as_misses(labelled: list[Labelled]) -> None:
    figures = score(labelled[:2], [Tags(untaggable="empty"), perfect(labelled[1])])
    assert figures["sentiment accuracy"] == 0.5
    assert figures["theme micro-F1"] == pytest.approx(2 * 2 / (5 + 2))


def chances(*rows: dict[str, float]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Probabilities of themes, zero unless named."""
    return np.asarray([[row.get(name, 0.0) for name in THEMES] for row in rows], np.float32)


def test_theme_calibration_by_hand(labelled: list[Labelled]) -> None:
    # The first review has speed, transparency, accessibility; the fourth has no theme.
    own = [labelled[0], labelled[3]]
    said = chances({"speed": 0.75, "transparency": 0.75, "accessibility": 1.0}, {"price": 0.25})
    figures = score(own, [Tags(sentiment="negative")] * 2, said)
    # 0.75 twice, both there: gap 0.5; 0.25 once, not there: 0.25; the other 27 pairs are right
    assert figures["theme ECE"] == pytest.approx(0.75 / 30)
    # 1.0 and the zeros are no doubtful ones
    assert figures["theme ECE, doubtful"] == pytest.approx(0.75 / 3)


def test_readers_without_probabilities_have_no_calibration(labelled: list[Labelled]) -> None:
    figures = score(labelled[:1], [Tags(sentiment="negative")])
    assert figures["sentiment accuracy"] == 1
    assert figures["sentiment ECE"] is None
    assert figures["theme ECE"] is None


def test_figures_of_groups_are_those_of_their_reviews(labelled: list[Labelled]) -> None:
    tags = [perfect(review) for review in labelled[:5]]
    tags[4] = Tags()
    said = chances(*({"speed": 0.5} for _ in range(5)))
    found = score_by(labelled[:5], tags, ["b", "a", "a", "a", "b"], said)
    assert list(found) == ["a", "b"]
    assert found["a"] == score(labelled[1:4], tags[1:4], said[1:4])
    assert found["b"]["sentiment accuracy"] == 0.5


def test_a_review_raises_what_any_clause_raises() -> None:
    p = np.asarray([[0.5, 0.0, 0.9], [0.5, 0.0, 0.0]], np.float32)
    assert any_clause(p) == pytest.approx([0.75, 0.0, 0.9])


def test_the_model_is_measured_as_the_product_reads(tagger: Tagger, labelled: list[Labelled]) -> None:
    texts = [*(review.text for review in labelled[::4]), "", "12345", "👍👍"]
    languages = [*(review.language for review in labelled[::4]), "ru", "ru", "ru"]
    answers = TaggerReader(tagger).answer(texts, languages)
    assert answers.tags == tagger.tag(texts, languages)
    assert answers.chances is not None
    assert answers.chances.shape == (len(texts), len(THEMES))
    for tags, row in zip(answers.tags, answers.chances, strict=True):
        for mention in tags.mentions:
            # what is shown is at most as sure as the theme, times its polarity
            assert mention.confidence <= row[THEMES.index(mention.theme)] + 1e-3
    assert not answers.chances[-3:].any()


def test_eval_prints_all_figures_by_language(labelled_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "made" / "scores.json"
    result = RUN.invoke(app, [str(labelled_file), "--json", str(out), "--threads", "2"])
    assert result.exit_code == 0, result.output
    for figure in FIGURES:
        assert figure in result.stdout
    lines = result.stdout.splitlines()
    heads = [line.split() for line in lines if line.startswith(" " * 20)]
    assert heads[0] == ["model", "lexicon"]
    assert ["all", "ru", "en", "pl"] in heads
    assert any(line.startswith("Worst language: ") for line in lines)
    assert any(line.startswith("theme+polarity micro-F1: ") and "lexicon" in line for line in lines)
    assert "Sentiment: labelled (rows), shown (columns)" in lines
    assert "Contact: labelled (rows), shown (columns)" not in lines
    assert "trained on" in result.stdout
    assert "Warning" not in result.stderr
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["figures"]["all"]["n"] == 31
    assert written["in_training_set"] == []
    assert written["leaked"] == {"model": 0}
    assert written["n"] == 31
    assert written["baseline"] is None
    assert list(written["peers"]) == ["model", "lexicon"]
    assert written["peers"]["model"] == written["figures"]
    assert set(written["themes"]["model"]) == set(THEMES)
    assert sum(sum(row.values()) for row in written["confusion"]["sentiment"].values()) == 31
    assert written["worst"]["language"]["name"] in {"ru", "en", "pl"}
    assert set(written["best_peer"]) == {"theme+polarity micro-F1", "sentiment accuracy"}
    assert written["training"]["labelled"] > 1000
    # Easy invented reviews: a model that reads does well on them.
    assert written["figures"]["all"]["sentiment accuracy"] > 0.8
    assert written["figures"]["all"]["theme micro-F1"] > 0.6


def test_eval_held_out_keeps_the_tenth(labelled_file: Path, labelled: list[Labelled]) -> None:
    result = RUN.invoke(app, [str(labelled_file), "--held-out"])
    assert result.exit_code == 0, result.output
    counted = next(line for line in result.stdout.splitlines() if line.startswith("n "))
    assert int(counted.split()[1]) == sum(residue(review.text) == 0 for review in labelled) == 1


@pytest.fixture
def knowing(tagger: Tagger, labelled: list[Labelled], tmp_path: Path) -> Path:
    """The shipped bundle as if it had been trained on three of the labelled reviews."""
    folder = tmp_path / "bundle"
    shutil.copytree(tagger.bundle.folder, folder)
    known = np.sort(np.asarray([fingerprint(review.text) for review in labelled[:3]], np.uint64))
    np.savez_compressed(folder / "training_texts.npz", fingerprints=known)
    return folder


def test_eval_warns_when_texts_were_trained_on(labelled_file: Path, knowing: Path) -> None:
    result = RUN.invoke(app, [str(labelled_file), "--model", str(knowing)])
    assert result.exit_code == 0, result.output
    assert "Warning: 3 of 31 texts were in its training set (ru-01" in result.stderr
    counted = next(line for line in result.stdout.splitlines() if line.startswith("n "))
    assert counted.split()[1] == "31"


def test_eval_prints_json_alone_and_leaves_leaks_out(
    labelled_file: Path, knowing: Path, tagger: Tagger
) -> None:
    result = RUN.invoke(
        app, [str(labelled_file), "--beside", str(knowing), "--skip-leaked", "--json", "-", "--threads", "2"]
    )
    assert result.exit_code == 0, result.output
    written = json.loads(result.stdout)
    beside = tagger.version.split("@")[0]
    assert f"Warning: 3 of 31 texts were in the training set of {beside} (ru-01" in result.stderr
    assert (written["n"], written["left_out"]) == (28, 3)
    assert written["leaked"] == {"model": 0, beside: 3}
    assert list(written["peers"]) == ["model", "lexicon", beside]
    # the same graph reads the same
    assert written["peers"][beside] == written["figures"]
    assert written["differences"][beside]["sentiment accuracy"]["value"] == 0
    assert written["model"] == tagger.version


def test_eval_shows_the_other_profiles(labelled_file: Path, tagger: Tagger) -> None:
    result = RUN.invoke(app, [str(labelled_file), "--profiles", "--json", "-"])
    assert result.exit_code == 0, result.output
    written = json.loads(result.stdout)
    others = [f"profile {name}" for name in tagger.bundle.profiles[1:]]
    assert list(written["peers"]) == ["model", "lexicon", *others]
    # they are no rivals of the model
    assert {one["peer"] for one in written["best_peer"].values()} == {"lexicon"}


def test_eval_of_nothing_but_leaks_is_refused(labelled_file: Path, knowing: Path, tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text("".join(labelled_file.read_text(encoding="utf-8").splitlines(True)[:3]), encoding="utf-8")
    result = RUN.invoke(app, [str(few), "--model", str(knowing), "--skip-leaked"])
    assert isinstance(result.exception, InputError)
    assert "training set" in result.exception.what


def test_eval_in_full_shows_contact_and_calibration(labelled_file: Path) -> None:
    result = RUN.invoke(app, [str(labelled_file), "--full"])
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert "Contact: labelled (rows), shown (columns)" in lines
    assert any(line.startswith("Calibration of theme: ") for line in lines)


def test_the_shipped_bundle_knows_its_training_texts(tagger: Tagger, labelled: list[Labelled]) -> None:
    prints = tagger.bundle.training_texts()
    assert len(prints) > 4000
    assert leaked(labelled, prints) == []


@pytest.mark.shared
def test_held_out_texts_were_not_trained_on(tagger: Tagger, shared: Path) -> None:
    reviews = read_labelled(shared / "labels" / "train.jsonl")
    held_out = [review for review in reviews if residue(review.text) == 0]
    prints = tagger.bundle.training_texts()
    assert leaked(held_out, prints) == []
    assert leaked([review for review in reviews if review.set == "airline"], prints) == []
    assert len(leaked(reviews, prints)) > 4000


def test_the_same_text_is_known_in_another_dress() -> None:
    assert normalised("  Ужасный   БАНК!!! ") == "ужасный банк"
    assert fingerprint("Great app.") == fingerprint("great APP")
    assert fingerprint("Great app") != fingerprint("Great apps")


def row(**changes: Any) -> dict[str, Any]:
    """A good row with some fields changed; `...` removes one."""
    good: dict[str, Any] = {
        "id": "1",
        "lang": "en",
        "text": "Fast delivery",
        "sentiment": "positive",
        "emotions": [],
        "contact": "story",
        "loyalty": [],
        "effort": "none",
        "repeat": False,
        "specific": True,
        "mentions": [
            {"quote": "Fast delivery", "theme": "speed", "polarity": "positive", "touchpoint": "delivery"}
        ],
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not ...}


def mention(**changes: Any) -> list[dict[str, Any]]:
    """A list of one good mention with some fields changed."""
    return [{"quote": "Fast", "theme": "speed", "polarity": "positive", "touchpoint": "delivery"} | changes]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"text": ""}, "text"),
        ({"text": ...}, "text"),
        ({"sentiment": "good"}, "sentiment is 'good'"),
        ({"emotions": "joy"}, "emotions"),
        ({"emotions": ["bliss"]}, "'bliss'"),
        ({"contact": ...}, "contact is None"),
        ({"loyalty": None}, "loyalty"),
        ({"effort": 1}, "effort"),
        ({"repeat": "no"}, "repeat"),
        ({"specific": ...}, "specific"),
        ({"mentions": {}}, "mentions"),
        ({"mentions": ["x"]}, "quote"),
        ({"mentions": mention(quote="slow")}, "'slow' is not in the text"),
        ({"mentions": mention(theme="weather")}, "theme is 'weather'"),
        ({"mentions": mention(touchpoint="moon")}, "touchpoint is 'moon'"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, changes: dict[str, Any], named: str) -> None:
    path = tmp_path / "bad.jsonl"
    lines = [json.dumps(row(), ensure_ascii=False), json.dumps(row(**changes), ensure_ascii=False)]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_labelled(path)
    assert "bad.jsonl, line 2" in caught.value.what
    assert named in caught.value.what
    assert caught.value.mend


@pytest.mark.parametrize(
    ("content", "named"),
    [(b"", "no reviews"), (b"{oops", "line 1"), (b"[1, 2]", "line 1"), (b"\xff\xfe\x00", "UTF-8")],
)
def test_a_bad_file_is_explained(tmp_path: Path, content: bytes, named: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=named):
        read_labelled(path)


def test_an_absent_file_and_an_absent_model(tmp_path: Path, labelled_file: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        read_labelled(tmp_path / "absent.jsonl")
    result = RUN.invoke(app, [str(labelled_file), "--model", str(tmp_path)])
    assert isinstance(result.exception, ModelError)


def test_spans_are_found_by_quote_when_not_given(tmp_path: Path) -> None:
    path = tmp_path / "good.jsonl"
    path.write_text(json.dumps(row(text="Ok. Fast delivery")) + "\n\n", encoding="utf-8-sig")
    (review,) = read_labelled(path)
    (found,) = review.mentions
    assert (found.start, found.end) == (4, 17)
