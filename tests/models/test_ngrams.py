"""Hashed n-grams of many texts at once: each text gets what it would get alone."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import DEFAULT_BUNDLE, ngrams
from models.bundle import open_bundle
from models.evidence import Evidence

TEXTS = ["Быстро и вежливо, спасибо!", "", "a", "ОК ок ок", "Great room; cold breakfast", " \n", "😡😡"]


@given(st.lists(st.text(max_size=40), max_size=6))
def test_every_ngram_is_hashed_once(texts: list[str]) -> None:
    rows, bins = ngrams.hashed(texts)
    assert len(rows) == len(bins)
    assert not len(bins) or 0 <= bins.min() <= bins.max() < ngrams.BINS
    for i, text in enumerate(texts):
        plain = " ".join(text.lower().split())
        length, words = len(plain) + 2, len(re.findall(r"\w+|[^\w\s]", plain))
        characters = sum(max(length - n + 1, 0) for n in range(2, 6))
        assert (rows == i).sum() == characters + words + max(words - 1, 0)


@pytest.mark.parametrize("block", [1, 30, 10**6])
def test_texts_are_counted_as_if_alone(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ngrams, "BLOCK", block)
    together = ngrams.count(TEXTS)
    assert together.shape == (len(TEXTS), ngrams.BINS)
    for i, text in enumerate(TEXTS):
        assert (together[i] != ngrams.count([text])).nnz == 0
    assert together[0].nnz > 50


def test_words_in_another_order_share_words_and_not_pairs() -> None:
    one, other = ngrams.count(["банк хороший"]), ngrams.count(["хороший банк"])
    shared = len(np.intersect1d(one.indices, other.indices))
    assert 0.5 * one.nnz < shared < one.nnz


def test_tally_counts_sublinearly_and_sorts() -> None:
    found = ngrams.tally(np.asarray([2, 0, 0, 0, 2]), np.asarray([1, 3, 0, 3, 1]), (3, 4))
    expected = np.zeros((3, 4))
    expected[0, 0], expected[0, 3], expected[2, 1] = 1, 1 + np.log(2), 1 + np.log(2)
    assert found.toarray() == pytest.approx(expected)
    assert found.has_sorted_indices


def test_scaled_rows_have_length_one_unless_empty() -> None:
    counts = ngrams.count(TEXTS)
    idf = np.random.default_rng(0).random(ngrams.BINS).astype(np.float32)
    scaled = ngrams.scale(counts, idf)
    lengths = np.sqrt(np.asarray(scaled.multiply(scaled).sum(axis=1)).ravel())
    assert lengths == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert ngrams.scale(counts[:0], idf).shape == (0, ngrams.BINS)


def test_evidence_of_a_text_does_not_depend_on_others() -> None:
    evidence = Evidence.load(Path(open_bundle(DEFAULT_BUNDLE).evidence))
    for read in (evidence.clauses, evidence.reviews):
        together = read(TEXTS)
        for i, text in enumerate(TEXTS):
            alone = read([text])
            assert all(np.array_equal(values[0], together[head][i]) for head, values in alone.items())
        assert any(np.ptp(values, axis=0).max() > 0.1 for values in together.values())
