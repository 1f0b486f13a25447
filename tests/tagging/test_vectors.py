from __future__ import annotations

import numpy as np
import pytest

from benchmarks.vector_speed import opaque
from models.tagger import Tagger
from models.vectors import DIMENSIONS
from ugc.errors import ModelError
from ugc.lake import Lake
from ugc.tagging import add_vectors, tag_lake, vectors

TEXTS = ("Дозвониться невозможно, зато курьер был вежлив.", "The app is slow and the fees are hidden.")


def filled(tmp_path, reviews) -> Lake:
    lake = Lake.open(tmp_path / "own")
    lake.upsert_reviews(reviews(*TEXTS))
    return lake


def test_a_run_writes_the_vectors_of_its_mentions(tmp_path, reviews, rows_by):
    lake = filled(tmp_path, reviews)
    tagger = Tagger.load(threads=1)
    tag_lake(lake, tagger)
    found = lake.ungrouped()["vector"].to_pylist()
    assert len(found) >= 3
    assert all(len(one) == DIMENSIONS for one in found)
    assert lake.unvectored(tagger.version).num_rows == 0
    assert add_vectors(lake, tagger) == 0


def test_vectors_that_lack_are_added_and_are_the_same(tmp_path, reviews, rows_by):
    lake = filled(tmp_path, reviews)
    tagger = Tagger.load(threads=1)

    class Plain:
        version = tagger.version
        tag = tagger.tag

    tag_lake(lake, Plain())
    assert lake.ungrouped()["vector"].null_count == lake.ungrouped().num_rows
    spans = len(rows_by(lake, "SELECT DISTINCT review_id, start, mentions.end FROM mentions"))
    assert add_vectors(lake, tagger) == spans
    texts = rows_by(lake, "SELECT id, text, language FROM reviews")
    for row in texts:
        tags, vectors = tagger.tag_with_vectors([row["text"]], [row["language"]])[0]
        kept = {
            (one["start"], one["end"]): one["vector"]
            for one in rows_by(lake, f"SELECT * FROM vectors WHERE review_id = '{row['id']}'")
        }
        assert kept == {(one.start, one.end): v for one, v in zip(tags.mentions, vectors, strict=True)}


def test_a_few_at_a_time_and_whoever_else_is_left_alone(tmp_path, reviews, rows_by, keywords, monkeypatch):
    lake = filled(tmp_path, reviews)
    tagger = Tagger.load(threads=1)

    class Plain:
        version = tagger.version
        tag = tagger.tag

    tag_lake(lake, Plain())
    other = reviews(*TEXTS, "Ждал долго, очень долго")
    lake.upsert_reviews(other.slice(2))
    tag_lake(lake, keywords, limit=1)
    monkeypatch.setattr(vectors, "AT_ONCE", 1)
    models = "SELECT model, count(*) AS n FROM tags GROUP BY model ORDER BY n"
    assert [one["n"] for one in rows_by(lake, models)] == [1, 2]
    spans = lake.unvectored(tagger.version)["spans"].to_pylist()
    assert add_vectors(lake, tagger, limit=1) == len(spans[0])
    assert add_vectors(lake, tagger) == len(spans[1])
    assert add_vectors(lake, tagger) == 0
    lacking = "SELECT DISTINCT review_id FROM mentions ANTI JOIN vectors USING (review_id)"
    assert len(rows_by(lake, lacking)) == 1


def test_a_network_without_layers_tags_and_says_why_there_are_no_vectors(tmp_path, reviews):
    lake = filled(tmp_path, reviews)
    tagger = Tagger.load(opaque(tmp_path / "bundle"), threads=1)
    assert tag_lake(lake, tagger).mentions >= 3
    assert lake.ungrouped()["vector"].null_count == lake.ungrouped().num_rows
    with pytest.raises(ModelError, match="does not show its layers"):
        add_vectors(lake, tagger)


def test_a_span_without_a_word_stays_without_a_vector(tmp_path, reviews, rows_by):
    lake = Lake.open(tmp_path / "own")
    lake.upsert_reviews(reviews("👍👍👍"))
    tagger = Tagger.load(threads=1)
    tag_lake(lake, tagger)
    (row,) = rows_by(lake, "SELECT id FROM reviews")
    lake.add_correction(row["id"], "added", "positive", start=0, end=3, theme="product_quality")
    for _ in range(2):
        assert add_vectors(lake, tagger) == 0
    assert lake.ungrouped()["vector"].to_pylist() == [None]


def test_what_a_person_added_gets_its_vector(tmp_path, reviews, rows_by):
    lake = filled(tmp_path, reviews)
    tagger = Tagger.load(threads=1)
    tag_lake(lake, tagger)
    (row,) = rows_by(lake, "SELECT id FROM reviews WHERE text LIKE 'The%'")
    lake.add_correction(row["id"], "added", "negative", start=0, end=15, theme="convenience")
    assert lake.unvectored(tagger.version)["spans"].to_pylist() == [[{"start": 0, "end": 15}]]
    assert add_vectors(lake, tagger) == 1
    assert lake.ungrouped()["vector"].null_count == 0


def test_a_reader_without_vectors_tags_as_before(lake, keywords):
    tag_lake(lake, keywords)
    assert lake.ungrouped()["vector"].null_count == lake.ungrouped().num_rows > 0


def test_the_same_said_in_another_language_is_nearer(tmp_path):
    texts = ["Дозвониться до оператора невозможно.", "You cannot get through to an operator."]
    texts += ["Nie można się dodzwonić na infolinię.", "Еда приехала холодной.", "The food arrived cold."]
    found = Tagger.load(threads=1).vectors(texts, None, [[(0, len(one))] for one in texts])
    rows = np.stack([np.frombuffer(one[0], np.int8) for one in found]).astype(float)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    near = rows @ rows.T
    assert min(near[0, 1], near[0, 2], near[1, 2], near[3, 4]) > near[:3, 3:].max()
