"""`ugc eval` on invented reviews, the format of labelled files, and the warning about leaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from models.evaluation.baseline import Baseline
from models.evaluation.score import FIGURES, leaked, score, score_by_language
from models.labelled import Labelled, fingerprint, normalised, read_labelled, residue
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


def test_eval_prints_all_figures_by_language(labelled_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "made" / "scores.json"
    result = RUN.invoke(app, [str(labelled_file), "--json", str(out), "--threads", "2"])
    assert result.exit_code == 0, result.output
    for figure in FIGURES:
        assert figure in result.stdout
    head = next(line for line in result.stdout.splitlines() if line.split()[:1] == ["all"])
    assert head.split() == ["all", "ru", "en", "pl"]
    assert "trained on" in result.stdout
    assert "Warning" not in result.stderr
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["figures"]["all"]["n"] == 31
    assert written["in_training_set"] == []
    assert written["baseline"] is None
    assert written["training"]["labelled"] > 1000
    # Easy invented reviews: a model that reads does well on them.
    assert written["figures"]["all"]["sentiment accuracy"] > 0.8
    assert written["figures"]["all"]["theme micro-F1"] > 0.6


def test_eval_held_out_keeps_the_tenth(labelled_file: Path, labelled: list[Labelled]) -> None:
    result = RUN.invoke(app, [str(labelled_file), "--held-out"])
    assert result.exit_code == 0, result.output
    counted = next(line for line in result.stdout.splitlines() if line.startswith("n "))
    assert int(counted.split()[1]) == sum(residue(review.text) == 0 for review in labelled) == 1


def test_eval_warns_when_texts_were_trained_on(
    labelled_file: Path, labelled: list[Labelled], tagger: Tagger, tmp_path: Path
) -> None:
    import shutil

    folder = tmp_path / "bundle"
    shutil.copytree(tagger.bundle.folder, folder)
    known = np.sort(np.asarray([fingerprint(review.text) for review in labelled[:3]], np.uint64))
    np.savez_compressed(folder / "training_texts.npz", fingerprints=known)
    result = RUN.invoke(app, [str(labelled_file), "--model", str(folder)])
    assert result.exit_code == 0, result.output
    assert "Warning: 3 of 31 texts were in its training set (ru-01" in result.stderr


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


def test_the_baseline_learns_and_answers(labelled: list[Labelled]) -> None:
    again = [
        Labelled(**{**{f: getattr(r, f) for f in r.__slots__}, "text": f"{r.text} {i}"})
        for i in range(6)
        for r in labelled
    ]
    tags = Baseline(again).tag(labelled)
    assert score(labelled, tags)["sentiment accuracy"] > 0.8  # type: ignore[operator]


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
