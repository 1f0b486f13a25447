"""Windows, pooling rows, merging and n-grams: nothing cut off, nothing counted twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from models import DEFAULT_BUNDLE, ngrams
from models.calibration import Calibration, Mix, sigmoid, softmax
from models.decode import JOIN_GAP, Thresholds, decode
from models.labels import CLAUSE_HEADS, POLARITIES, REVIEW_HEADS, THEMES, TOUCHPOINTS
from models.merge import Logits, merge
from models.reading import Reading, frame, read, tokenise
from ugc.text.clauses import Clause, split

TOKENIZER = Tokenizer.from_file(str(DEFAULT_BUNDLE / "tokenizer.json"))
PREFIX, SUFFIX = frame(TOKENIZER)


def reading(text: str, window: int = 320, overlap: int = 40) -> tuple[Reading, list[Clause], list[int]]:
    (encoding,) = tokenise(TOKENIZER, [text])
    clauses = split(text, "ru")
    return (
        read(encoding, clauses, prefix=PREFIX, suffix=SUFFIX, window=window, overlap=overlap),
        clauses,
        encoding.ids,
    )


def test_the_prefix_is_what_the_encoder_was_trained_with() -> None:
    (encoding,) = tokenise(TOKENIZER, ["Отличный банк"])
    assert [*PREFIX, *encoding.ids, *SUFFIX] == TOKENIZER.encode("query: Отличный банк").ids


def test_pooling_rows_average_the_tokens_of_their_clause() -> None:
    text = "Персонал очень вежливый, но номер был грязный."
    found, clauses, _ = reading(text)
    (window,) = found.windows
    assert window.pool.shape == (2, len(window.ids))
    assert window.pool.sum(axis=1) == pytest.approx([1, 1])
    for row, clause in zip(window.pool, clauses, strict=True):
        words = TOKENIZER.decode([int(i) for i, share in zip(window.ids, row, strict=True) if share > 0])
        assert words.strip(" ,.") == text[clause.start : clause.end]
    assert not window.pool[:, : len(PREFIX)].any()
    assert not window.pool[:, -1].any()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["банк хороший", "но очень долго ждали ответа,", "ок.", "w" * 40, "\n"]),
        min_size=1,
        max_size=60,
    )
)
def test_every_token_is_owned_once(words: list[str]) -> None:
    text = " ".join(words)
    if not split(text, "ru"):
        return
    found, clauses, ids = reading(text, window=24, overlap=8)
    owned = np.zeros(len(clauses), int)
    for window in found.windows:
        assert len(window.ids) <= len(PREFIX) + 24 + 8 + len(SUFFIX)
        assert window.pool.shape == (len(window.clauses), len(window.ids))
        assert window.pool.sum(axis=1) == pytest.approx(np.ones(len(window.clauses)), abs=1e-5)
        for clause, n in zip(window.clauses, window.owned, strict=True):
            owned[clause] += n
    assert owned.sum() == len(ids)


def test_windows_repeat_whole_clauses_only() -> None:
    text = "Номер был чистый и тихий. " * 40
    found, _, _ = reading(text, window=60, overlap=15)
    assert len(found.windows) > 3
    first, second = found.windows[:2]
    assert first.clauses[-1] + 1 == second.clauses[0]
    body = list(second.ids[len(PREFIX) : -1])
    tail = list(first.ids[len(PREFIX) : -1])
    repeated = next(n for n in range(15, 0, -1) if tail[-n:] == body[:n])
    assert TOKENIZER.decode(body[:repeated]).startswith("Номер был")


def answer(value: float, clauses: int) -> Logits:
    found: Logits = {
        head: np.full((clauses, width), value, np.float32) for head, width in CLAUSE_HEADS.items()
    }
    found["polarity"] = np.full((clauses, len(THEMES), len(POLARITIES)), value, np.float32)
    return found | {head: np.full(width, value, np.float32) for head, width in REVIEW_HEADS.items()}


def test_merging_follows_the_written_rule() -> None:
    text = "слово " * 90
    (encoding,) = tokenise(TOKENIZER, [text])
    one = [Clause(0, len(text) - 1)]
    assert len(encoding.ids) == 91
    found = read(encoding, one, prefix=PREFIX, suffix=SUFFIX, window=60, overlap=0)
    assert [window.owned for window in found.windows] == [(60,), (31,)]
    merged = merge(found, [answer(3.0, 1), answer(0.0, 1)])
    assert merged["theme"][0] == pytest.approx(np.full(len(THEMES), 3 * 60 / 91))
    assert merged["polarity"].shape == (1, len(THEMES), len(POLARITIES))
    assert merged["sentiment"] == pytest.approx(np.full(4, 3 * 60 / 91))
    assert merged["emotions"] == pytest.approx(np.full(7, 3.0))
    assert merged["specific"] == pytest.approx([3 * 60 / 91])
    assert merged["repeat"] == pytest.approx([3.0])


def test_ngrams_ignore_case_and_spacing_and_tell_texts_apart() -> None:
    counts = ngrams.count(["Быстро  доставили", "быстро доставили", "медленно везли", ""])
    assert (counts[0] != counts[1]).nnz == 0
    assert (counts[0] != counts[2]).nnz > 10
    scaled = ngrams.scale(counts, np.ones(ngrams.BINS, np.float32))
    lengths = np.sqrt(np.asarray(scaled.multiply(scaled).sum(axis=1)).ravel())
    assert lengths[:3] == pytest.approx([1, 1, 1], abs=1e-5)
    assert ngrams.count([]).shape == (0, ngrams.BINS)


def test_ngrams_count_sublinearly() -> None:
    once, thrice = ngrams.count(["да"]), ngrams.count(["да да да"])
    shared = once.multiply(thrice > 0).tocsr()
    bins = shared.indices
    assert max(thrice[0, b] for b in bins) == pytest.approx(1 + np.log(3))


def test_calibration_mixes_both_kinds_of_evidence() -> None:
    calibration = Calibration({**Calibration.plain().mixes, "sentiment": Mix(0.5, 2.0, (0.0, 1.0, 0.0, 0.0))})
    dense, sparse = answer(0.0, 1), answer(0.0, 1)
    sparse["polarity"] = np.zeros((1, 3), np.float32)
    dense["sentiment"] = np.asarray([2.0, 0, 0, 0], np.float32)
    sparse["sentiment"] = np.asarray([0.5, 0, 0, 0], np.float32)
    p = calibration.apply(dense, sparse)
    expected = np.exp([2.0, 1.0, 0, 0])
    assert p["sentiment"] == pytest.approx(expected / expected.sum(), abs=1e-6)
    assert p["polarity"][0].sum(axis=1) == pytest.approx(np.ones(len(THEMES)))
    doubtful = calibration.apply(dense, sparse, doubt=2.0)
    assert doubtful["sentiment"].argmax() == p["sentiment"].argmax()
    assert doubtful["sentiment"].max() < p["sentiment"].max()
    assert Calibration.from_manifest(calibration.to_manifest()) == calibration


def test_extreme_logits_stay_probabilities() -> None:
    extreme = np.asarray([-1e4, 0, 1e4], np.float32)
    assert sigmoid(extreme) == pytest.approx([0, 0.5, 1], abs=1e-6)
    assert softmax(extreme) == pytest.approx([0, 0, 1], abs=1e-6)


def probabilities(clauses: int) -> Logits:
    p = {head: np.full((clauses, width), 0.01, np.float32) for head, width in CLAUSE_HEADS.items()}
    p["polarity"] = np.full((clauses, len(THEMES), len(POLARITIES)), 1 / 3, np.float32)
    return p | {head: np.full(width, 0.1, np.float32) for head, width in REVIEW_HEADS.items()}


def test_neighbouring_clauses_with_the_same_label_are_one_mention() -> None:
    text = "Ждали долго, очень долго ждали. Потом грубили."
    clauses = [Clause(0, 11), Clause(13, 30), Clause(32, 45)]
    assert clauses[1].start - clauses[0].end <= JOIN_GAP
    p = probabilities(3)
    speed, polite = THEMES.index("speed"), THEMES.index("politeness")
    p["theme"][:2, speed] = [0.7, 0.9]
    p["theme"][2, polite] = 0.8
    p["polarity"][:, :, POLARITIES.index("negative")] = 0.9
    p["touchpoint"][:, TOUCHPOINTS.index("venue")] = 0.9
    tags = decode(text, clauses, p, Thresholds.even())
    assert [(m.quote, m.theme, m.polarity, m.touchpoint) for m in tags.mentions] == [
        ("Ждали долго, очень долго ждали", "speed", "negative", "venue"),
        ("Потом грубили", "politeness", "negative", "venue"),
    ]
    assert [m.confidence for m in tags.mentions] == pytest.approx([0.81, 0.72])
    p["polarity"][1, speed] = [0.9, 0.05, 0.05]
    assert len(decode(text, clauses, p, Thresholds.even()).mentions) == 3


def test_thresholds_hide_what_is_below_them() -> None:
    p = probabilities(1)
    p["theme"][0, 0] = 0.5
    p["polarity"][0, 0] = [0.8, 0.1, 0.1]
    assert decode("слово раз два", [Clause(0, 13)], p, Thresholds.even(0.45)).mentions == ()
    assert len(decode("слово раз два", [Clause(0, 13)], p, Thresholds.even(0.3)).mentions) == 1
    low = Thresholds.even(0.05)
    assert Thresholds.from_manifest(low.to_manifest()) == low
    tags = decode("слово раз два", [Clause(0, 13)], p, low)
    assert len(tags.emotions) == 7
    assert tags.repeat is False
