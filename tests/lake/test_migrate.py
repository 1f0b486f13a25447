from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from ugc.lake import Lake, migrate
from ugc.lake.store import TABLES, VERSION_PROPERTY, Store
from ugc.schema import (
    ACTIONS,
    CORRECTIONS,
    GROUPED,
    LABELS,
    LIKENED,
    MENTIONS,
    REASONS,
    REVIEWS,
    RUNS,
    SCHEMA_VERSION,
    TAGS,
    VECTORS,
)

NOW = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def old(tmp_path, rows):
    """A lake of version 0, made by hand: no version, fewer columns, no table of runs."""
    folder = tmp_path / "lake"
    lacking = {"reviews": {"duplicate_of", "photos_count", "masked"}, "corrections": {"text_hash"}}
    reviews = rows.some(1, 2, first_seen=NOW, updated_at=NOW)
    tags, mentions = rows.tags(reviews.select(["id", "text", "text_hash"]), "b0")
    correction = {
        "id": "c1",
        "review_id": rows.id(1),
        "text_hash": "",
        "field": "sentiment",
        "value": "mixed",
        "made_at": NOW,
    }
    tables = {
        "reviews": reviews,
        "tags": tags,
        "mentions": mentions,
        "corrections": pa.Table.from_pylist([correction], schema=CORRECTIONS),
    }
    for name, table in tables.items():
        write_deltalake(folder / name, table.drop_columns(sorted(lacking.get(name, ()))))
    return folder


def test_a_lake_of_version_0_is_brought_up_to_date(old, rows, ask):
    assert migrate.version_of(Store(old)) == 0
    lake = Lake.open(old)
    for name, schema in TABLES.items():
        table = DeltaTable(old / name)
        assert {field.name for field in table.schema().fields} == set(schema.names)
        assert table.metadata().configuration[VERSION_PROPERTY] == str(SCHEMA_VERSION)
    assert ask(lake, "SELECT text, masked FROM reviews ORDER BY date")[0] == {
        "text": rows.review(1)["text"],
        "masked": None,
    }
    assert ask(lake, "SELECT sentiment FROM tags ORDER BY sentiment") == [
        {"sentiment": "mixed"},
        {"sentiment": "negative"},
    ]
    assert ask(lake, "SELECT count(*) AS n FROM mentions") == [{"n": 2}]
    assert lake.runs().num_rows == 0
    assert lake.check().problems == ()


def test_it_can_be_written_afterwards(old, rows, ask):
    lake = Lake.open(old)
    assert lake.upsert_reviews(rows.some(1, 2, first_seen=NOW, updated_at=NOW)).unchanged == 2
    lake.upsert_reviews(rows.some(2, 3, masked=["phone"]))
    found = ask(lake, "SELECT masked FROM reviews ORDER BY date")
    assert [one["masked"] for one in found] == [None, ["phone"], ["phone"]]
    lake.compact(keep_hours=0)
    assert ask(lake, "SELECT count(*) AS n FROM reviews") == [{"n": 3}]


def test_a_migration_that_was_interrupted_is_finished(old, monkeypatch):
    class Killed(Exception):
        pass

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(migrate, "_mark", die)
        with pytest.raises(Killed):
            Lake.open(old)
    assert migrate.version_of(Store(old)) == 0
    Lake.open(old)
    assert migrate.version_of(Store(old)) == SCHEMA_VERSION


def test_opening_an_up_to_date_lake_migrates_nothing(old):
    version = Lake.open(old).version()
    assert Lake.open(old).version() == version


def test_there_is_a_step_from_every_version():
    assert set(migrate.STEPS) == set(range(SCHEMA_VERSION))


def test_every_table_has_a_schema():
    assert TABLES == {
        "likened": LIKENED,
        "labels": LABELS,
        "grouped": GROUPED,
        "reasons": REASONS,
        "vectors": VECTORS,
        "actions": ACTIONS,
        "corrections": CORRECTIONS,
        "runs": RUNS,
        "mentions": MENTIONS,
        "tags": TAGS,
        "reviews": REVIEWS,
    }
