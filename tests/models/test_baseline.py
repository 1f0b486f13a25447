"""The classical peer that learns: TF-IDF with logistic regression."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.evaluation.baseline import Baseline
from models.evaluation.measure import baseline_for
from models.evaluation.regressions import Choice, Labels, vectoriser
from models.evaluation.score import score
from models.evaluation.thresholds import best_thresholds
from models.labelled import Labelled
from models.labels import THEMES
from ugc.errors import InputError


@pytest.fixture(scope="module")
def many(labelled: list[Labelled]) -> list[Labelled]:
    """The invented reviews several times, each time with another ending, so that they split."""
    return [replace(review, text=f"{review.text} {i}") for i in range(6) for review in labelled]


@pytest.fixture(scope="module")
def baseline(many: list[Labelled]) -> Baseline:
    return Baseline(many)


def test_it_learns_and_answers(baseline: Baseline, labelled: list[Labelled]) -> None:
    answers = baseline.answer([r.text for r in labelled], [r.language for r in labelled])
    figures = score(labelled, answers.tags, answers.chances)
    assert figures["sentiment accuracy"] > 0.8
    assert figures["theme micro-F1"] > 0.5
    assert figures["theme ECE"] is not None
    assert answers.chances is not None
    assert answers.chances.shape == (len(labelled), len(THEMES))
    assert ((answers.chances >= 0) & (answers.chances <= 1)).all()


def test_its_mentions_are_spans_of_the_text(baseline: Baseline, labelled: list[Labelled]) -> None:
    tags = baseline.tag(labelled)
    assert any(one.mentions for one in tags)
    for review, one in zip(labelled, tags, strict=True):
        assert all(review.text[m.start : m.end] == m.quote for m in one.mentions)
        assert sum(one.sentiment_probabilities.values()) == pytest.approx(1, abs=1e-3)


def test_it_takes_any_text(baseline: Baseline) -> None:
    assert len(baseline.answer(["", " ", "👍", "x" * 5000], ["ru", "en", "pl", "und"]).tags) == 4
    assert baseline.answer([], []).tags == []


def test_the_reviews_to_score_teach_it_nothing(many: list[Labelled], labelled: list[Labelled]) -> None:
    # All reviews that call anything mixed are scored, so it cannot know the word.
    scored = [review for review in many if review.sentiment == "mixed"]
    assert scored
    tags = baseline_for(scored, many).tag(scored)
    assert {one.sentiment for one in tags}.isdisjoint({"mixed"})


def test_too_few_labels_are_refused(labelled: list[Labelled]) -> None:
    with pytest.raises(InputError, match="to train TF-IDF on"):
        Baseline(labelled[:5])


def test_labels_are_calibrated_on_other_texts() -> None:
    texts = [f"good {i % 7}" if i % 2 else f"bad {i % 7}" for i in range(200)]
    truth = np.asarray([[i % 2, 1, 0] for i in range(200)], np.float32)
    truth[0, 0] = np.nan
    features = vectoriser(len(texts), 3)
    rows = features.fit_transform(texts).tocsr()
    model = Labels(rows, truth)
    model.calibrate(rows, truth)
    p = model.probabilities(features.transform(["good 1", "bad 1"]).tocsr())
    assert p[0, 0] > 0.9 > 0.1 > p[1, 0]
    assert (p[:, 1] > 0.9).all()
    assert (p[:, 2] < 0.1).all()


def test_a_choice_sums_to_one_and_knows_what_it_saw() -> None:
    texts = ["red wine", "white wine", "black tea"] * 30
    features = vectoriser(len(texts), 1)
    rows = features.fit_transform(texts).tocsr()
    model = Choice(rows, [0, 1, 2] * 30, 4)
    model.calibrate(rows, [0, 1, 2] * 30)
    p = model.probabilities(features.transform(["white", "tea"]).tocsr())
    assert p.argmax(axis=1).tolist() == [1, 2]
    assert p.sum(axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert (p[:, 3] < 0.05).all()


def test_thresholds_part_what_is_there_from_what_is_not() -> None:
    p = np.asarray([[0.9, 0.2], [0.8, 0.3], [0.3, 0.1], [0.2, 0.1]] * 10)
    gold = np.asarray([[True, True], [True, True], [False, False], [False, False]] * 10)
    alone = [best_thresholds(p[:, [column]], gold[:, [column]]) for column in (0, 1)]
    for column, own in enumerate(alone):
        assert ((p[:, [column]] >= own) == gold[:, [column]]).all()
    # together they share a common one, and each meets its own half way
    both = best_thresholds(p, gold)
    assert alone[1][0] <= both[1] <= both[0] <= alone[0][0]
    # a label of which there are few takes what is best for all
    gold[:, 1] = False
    gold[0, 1] = True
    assert best_thresholds(p, gold)[1] == best_thresholds(p[:, :1], gold[:, :1])[0]
