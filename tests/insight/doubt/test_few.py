from __future__ import annotations

import gc

import numpy as np

from tests.insight.doubt.test_credibility import planted, rhythm
from ugc.insight import Filters, credibility, doubtful
from ugc.insight.doubt import doubts
from ugc.insight.doubt.bursts import bursts
from ugc.insight.doubt.few import doubts_of
from ugc.insight.doubt.remembered import _KNOWN, remembered


def test_a_page_says_what_the_whole_lake_says(plant):
    """Ten reviews at a time, every review of a lake has the doubts that all reviews together have."""
    generator = np.random.default_rng(23)
    found = rhythm(generator, "ceneo")
    found += [one for group in planted(generator, "ceneo").values() for one in group]
    found.append(
        {"source": "ceneo", "author": "new", "text": "Обещали скидку за отзыв", "sentiment": "positive"}
    )
    found[-1] |= {"specific": False, "stars": 5.0}
    with plant(*found).snapshot() as snapshot:
        whole = {row.review_id: row.doubts for row in credibility(snapshot, Filters(), top=999).rows}
        ids = snapshot.sql("SELECT id FROM reviews")["id"].to_pylist()
        told = {}
        for start in range(0, len(ids), 10):
            told |= doubts_of(snapshot, ids[start : start + 10])
    assert len(whole) > 20
    assert {one.reason for own in whole.values() for one in own} >= {
        *doubts.ALONE,
        "no_detail",
        "fresh_author",
    }
    assert told == whole


def test_nothing_asked_and_unknown_ids(plant):
    with plant({"text": "Всё хорошо"}).snapshot() as snapshot:
        assert doubts_of(snapshot, ()) == {}
        assert doubts_of(snapshot, ("nobody",)) == {}
    with plant().snapshot() as snapshot:
        assert doubts_of(snapshot, ("nobody",)) == {}


def test_the_whole_lake_is_looked_at_once(plant, monkeypatch):
    with plant({"text": "Меня попросили оставить хороший отзыв"}).snapshot() as snapshot:
        first = doubtful(snapshot)
        monkeypatch.setattr(doubts, "find", lambda *_: 1 / 0)
        assert doubtful(snapshot) == first
        assert len(first) == 1
        assert remembered(snapshot, bursts) == ()
    del snapshot


def test_what_is_remembered_goes_with_its_snapshot(plant):
    snapshot = plant({"text": "Да"}).snapshot()
    remembered(snapshot, bursts)
    assert snapshot in _KNOWN
    before = len(_KNOWN)
    snapshot.close()
    del snapshot
    gc.collect()
    assert len(_KNOWN) < before
