from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa

from ugc.insight import Filters, freshness
from ugc.review import review_id, text_hash
from ugc.schema import REVIEWS


def row(source, source_id):
    return {
        "id": review_id(source, source_id),
        "source": source,
        "source_id": source_id,
        "text": "Отзыв",
        "text_hash": text_hash("Отзыв"),
        "content_hash": source_id,
    }


def test_an_empty_lake_has_no_sources(plant):
    with plant().snapshot() as snapshot:
        assert freshness(snapshot, Filters()) == ()


def test_counts_and_dates_by_source(plant):
    lake = plant(
        {"text": "а", "source": "otzovik", "date": "2026-05-01", "sentiment": "positive"},
        {"text": "б", "source": "otzovik", "date": "2026-06-01"},
        {"text": "", "source": "otzovik", "untaggable": "empty"},
        {"text": "в", "source": "ceneo", "city": "Gdańsk", "sentiment": "negative"},
    )
    with lake.snapshot() as snapshot:
        otzovik, ceneo = freshness(snapshot, Filters())
        assert [one.source for one in freshness(snapshot, Filters(cities=("Gdańsk",)))] == ["ceneo"]
    assert (otzovik.source, otzovik.reviews) == ("otzovik", 3)
    assert otzovik.newest == datetime(2026, 6, 1, tzinfo=UTC)
    assert otzovik.oldest == datetime(2026, 5, 1, tzinfo=UTC)
    assert (otzovik.without_text, otzovik.undated, otzovik.untagged) == (1, 1, 1)
    assert (ceneo.newest, ceneo.oldest, ceneo.undated) == (None, None, 1)
    assert (ceneo.read_at, ceneo.kind, ceneo.state) == (None, None, None)


def test_the_last_run_that_read_a_source(plant):
    lake = plant()
    first = lake.start_run("import", None, "export.csv")
    lake.upsert_reviews(pa.Table.from_pylist([row("otzovik", "1"), row("ceneo", "1")], schema=REVIEWS))
    lake.finish_run(first, "complete", None, {"new": 2})
    second = lake.start_run("collect", "otzovik", "lumbi")
    lake.finish_run(second, "partial", "the site asked for a captcha", {})
    tagging = lake.start_run("tag", None, "hand@1")
    lake.finish_run(tagging, "complete", None, {})
    with lake.snapshot() as snapshot:
        found = {one.source: one for one in freshness(snapshot, Filters())}
    otzovik, ceneo = found["otzovik"], found["ceneo"]
    assert (otzovik.kind, otzovik.state, otzovik.reason) == (
        "collect",
        "partial",
        "the site asked for a captcha",
    )
    assert (ceneo.kind, ceneo.state, ceneo.reason) == ("import", "complete", None)
    assert ceneo.read_at.tzinfo is not None
    assert otzovik.read_at >= ceneo.read_at
