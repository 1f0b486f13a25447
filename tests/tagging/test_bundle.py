"""Tagging with the shipped model: what it says must arrive in the lake unharmed."""

from __future__ import annotations

import pytest

from models.tagger import Tagger
from ugc.lake import Lake
from ugc.tagging import tag_lake

TEXTS = [
    "Курьер опоздал на три часа и нагрубил, деньги не вернули!",
    "😀😀 Спасибо Анне из отделения, всё объяснила быстро 👍🏽",
    "Great hotel, friendly staff.\r\n\r\nThe wi-fi was terrible though…",
    "Obsługa bardzo miła, ale czekałem godzinę w kolejce",
    "",
    "!!! ??? 12345",
    "👎👎👎",
    "服务很好，非常满意",
    "Очень долго. " * 700,
    '=HYPERLINK("http://example.com","жми") <script>alert(1)</script> ужасный банк',
]

ROWS = """
SELECT r.text, t.* EXCLUDE (batch, tagged_at), m.* EXCLUDE (review_id, batch)
FROM tags t JOIN reviews r ON r.id = t.review_id LEFT JOIN mentions m ON m.review_id = t.review_id
ORDER BY t.review_id, m.n
"""


@pytest.fixture(scope="module")
def tagger():
    return Tagger.load()


def told(lake: Lake) -> list[dict[str, object]]:
    with lake.snapshot() as snapshot:
        return snapshot.sql(ROWS).to_pylist()


def test_every_text_is_tagged_in_its_place(tmp_path, reviews, tagger):
    lake = Lake.open(tmp_path / "lake")
    lake.upsert_reviews(reviews(*TEXTS, language=None))
    summary = tag_lake(lake, tagger)
    assert (summary.tagged, summary.left, summary.model) == (len(TEXTS), 0, tagger.version)
    found = told(lake)
    assert {one["text"] for one in found} == set(TEXTS)
    for one in found:
        assert one["model"] == tagger.version
        assert (one["sentiment"] is None) == (one["untaggable"] is not None)
        if one["quote"] is not None:
            assert one["text"][one["start"] : one["end"]] == one["quote"]
    reasons = {one["text"]: one["untaggable"] for one in found}
    assert reasons[""] == "empty"
    assert reasons[TEXTS[0]] is None
    assert {one["sentiment"] for one in found if one["text"] == TEXTS[0]} == {"negative"}


def test_the_size_of_batches_changes_nothing(tmp_path, reviews, tagger):
    answers = []
    for size in (1, 256):
        lake = Lake.open(tmp_path / f"lake{size}")
        lake.upsert_reviews(reviews(*TEXTS))
        tag_lake(lake, tagger, batch_size=size)
        answers.append(told(lake))
    assert answers[0] == answers[1]
