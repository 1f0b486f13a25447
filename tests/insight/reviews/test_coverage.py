from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from ugc.insight import coverage
from ugc.insight.reviews.coverage import Age, age, runs, uncovered
from ugc.review import review_id, text_hash
from ugc.schema import REVIEWS, RUNS


def bring(lake, kind, source, target, *reviews, state="complete", reason=None, counts=None):
    """One run that brings reviews: (source, source_id, text, date)."""
    run = lake.start_run(kind, source, target)
    rows = [
        {
            "id": review_id(name, key),
            "source": name,
            "source_id": key,
            "text": text,
            "text_hash": text_hash(text),
            "content_hash": text_hash(f"{key}{text}"),
            "date": datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None,
        }
        for name, key, text, day in reviews
    ]
    if rows:
        lake.upsert_reviews(pa.Table.from_pylist(rows, schema=REVIEWS))
    lake.finish_run(run, state, reason, counts or {"rows": len(rows), "new": len(rows)})
    return run


def covered(lake, listed=()):
    with lake.snapshot() as snapshot:
        return coverage(snapshot, listed)


def test_an_empty_lake_covers_nothing(plant):
    found = covered(plant())
    assert (found.rows, found.reviews, found.without_text, found.untagged) == ((), 0, 0, 0)


def test_each_target_has_its_own_reviews_dates_and_last_run(plant):
    lake = plant()
    bring(
        lake,
        "collect",
        "banki_ru",
        "yasen",
        ("banki_ru", "1", "Долго", "2026-05-01"),
        ("banki_ru", "2", "", "2026-06-01"),
        ("banki_ru", "3", "Быстро", None),
    )
    bring(lake, "collect", "banki_ru", "klen", ("banki_ru", "9", "Клён", "2026-01-05"))
    bring(lake, "collect", "banki_ru", "yasen", state="partial", reason="a captcha", counts={"pages": 2})
    found = covered(lake)
    yasen, klen = found.rows
    assert (yasen.source, yasen.target, yasen.reviews) == ("banki_ru", "yasen", 3)
    assert (yasen.without_text, yasen.undated, yasen.untagged) == (1, 1, 2)
    assert yasen.oldest == datetime(2026, 5, 1, tzinfo=UTC)
    assert yasen.newest == datetime(2026, 6, 1, tzinfo=UTC)
    assert (yasen.run.state, yasen.run.reason, yasen.run.pages, yasen.run.new) == (
        "partial",
        "a captcha",
        2,
        None,
    )
    assert (klen.target, klen.run.state, klen.run.new) == ("klen", "complete", 1)
    assert (found.reviews, found.without_text, found.untagged, found.sources) == (4, 1, 3, 1)


def test_tagged_reviews_do_not_wait(plant):
    lake = plant({"text": "а", "sentiment": "positive"}, {"text": "б"}, {"text": "", "untaggable": "empty"})
    (row,) = covered(lake).rows
    assert (row.source, row.target, row.run) == ("otzovik", None, None)
    assert (row.reviews, row.untagged, row.without_text) == (3, 1, 1)


def test_a_file_with_several_sources_is_one_run_of_each(plant):
    lake = plant()
    bring(
        lake,
        "import",
        "export",
        "export.csv",
        ("ceneo", "1", "Dobrze", "2026-03-01"),
        ("otzovik", "1", "Хорошо", "2026-03-02"),
        ("otzovik", "2", "Плохо", "2026-03-03"),
    )
    found = covered(lake)
    assert [(one.source, one.target, one.reviews) for one in found.rows] == [
        ("otzovik", "export.csv", 2),
        ("ceneo", "export.csv", 1),
    ]
    assert {one.run.kind for one in found.rows} == {"import"}


def test_what_failed_or_was_never_read_is_listed_too(plant):
    lake = plant()
    bring(lake, "collect", "steam", "570", state="failed", reason="Steam cannot be reached.")
    found = covered(lake, (("steam", "570"), ("banki_ru", "yasen")))
    failed, never = sorted(found.rows, key=lambda one: one.run is None)
    assert (failed.source, failed.reviews, failed.run.state, failed.listed) == ("steam", 0, "failed", True)
    assert (never.source, never.target, never.run, never.listed) == ("banki_ru", "yasen", None, True)


def test_where_no_lake_is_what_is_listed_was_never_read():
    found = uncovered([("steam", "570"), ("steam", "570"), ("banki_ru", "yasen")])
    assert [(one.source, one.target, one.listed) for one in found.rows] == [
        ("banki_ru", "yasen", True),
        ("steam", "570", True),
    ]
    assert (found.reviews, found.sources) == (0, 0)


def test_a_run_that_goes_on_and_one_of_the_model(plant):
    lake = plant()
    lake.start_run("collect", "steam", "570")
    tagging = lake.start_run("tag", None, "hand@1")
    lake.finish_run(tagging, "complete", None, {"tagged": 7})
    (row,) = covered(lake).rows
    assert (row.run.state, row.run.finished_at, row.run.at) == ("running", None, row.run.started_at)
    with lake.snapshot() as snapshot:
        told = runs(snapshot)
        assert runs(snapshot, limit=1) == told[:1]
    assert [(one.kind, one.read, one.new) for one in told] == [("tag", 7, None), ("collect", None, None)]


@pytest.mark.parametrize("counts", ["not json", "[1]"])
def test_counts_that_say_nothing_are_none(counts):
    class Table:
        def to_pylist(self):
            names = [one.name for one in RUNS if one.name not in ("cursor", "counts")]
            return [dict.fromkeys(names, "x") | {"counts": counts}]

    class Snapshot:
        def sql(self, query, params):
            return Table()

    (run,) = runs(Snapshot())
    assert (run.read, run.pages) == (None, None)


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        (timedelta(seconds=-5), Age(0, "minutes")),
        (timedelta(seconds=59), Age(0, "minutes")),
        (timedelta(minutes=59), Age(59, "minutes")),
        (timedelta(minutes=60), Age(1, "hours")),
        (timedelta(hours=47), Age(47, "hours")),
        (timedelta(hours=48), Age(2, "days")),
        (timedelta(days=400), Age(400, "days")),
    ],
)
def test_how_long_ago(passed, told):
    now = datetime(2026, 6, 1, tzinfo=UTC)
    assert age(now - passed, now) == told
