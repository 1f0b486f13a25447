from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from ugc.lake import upkeep

COUNTS = "SELECT (SELECT count(*) FROM tags) AS tags, (SELECT count(*) FROM mentions) AS mentions"


def files(folder: Path, table: str) -> int:
    """Data files of a table on the disk, in use or not."""
    return len(list((folder / "lake" / table).glob("*.parquet")))


def test_compact_joins_files_and_loses_nothing(lake, rows, ask, tmp_path):
    for n in range(6):
        lake.upsert_reviews(rows.some(n))
        lake.write_tags(*rows.tags(lake.untagged("m@1"), f"b{n}"))
    before = ask(lake, "SELECT * FROM reviews ORDER BY id")
    done = lake.compact(keep_hours=0)
    assert (done.files_before, done.files_after) == (18, 3)
    assert done.files_removed == 18
    assert files(tmp_path, "reviews") == files(tmp_path, "tags") == files(tmp_path, "mentions") == 1
    assert ask(lake, "SELECT * FROM reviews ORDER BY id") == before
    assert ask(lake, COUNTS) == [{"tags": 6, "mentions": 6}]
    assert lake.check().problems == ()


def test_compact_again_finds_nothing_to_do(tagged):
    tagged.compact(keep_hours=0)
    version = tagged.version()
    done = tagged.compact(keep_hours=0)
    assert (done.files_removed, done.mentions_dropped, done.tags_dropped) == (0, 0, 0)
    assert tagged.version() == version


def test_a_reader_keeps_its_files_while_others_compact(lake, rows):
    for n in range(3):
        lake.upsert_reviews(rows.some(n))
    with lake.snapshot() as snapshot:
        lake.compact()
        assert snapshot.sql("SELECT count(text) AS n FROM reviews")["n"][0].as_py() == 3


def test_mentions_of_replaced_tags_are_dropped(tagged, rows, ask):
    tagged.write_tags(*rows.tags(tagged.untagged("m@2"), "b2", "m@2"))
    assert tagged.info().rows("mentions") == 8
    done = tagged.compact()
    assert done.mentions_dropped == 4
    assert tagged.info().rows("mentions") == 4
    assert ask(tagged, COUNTS) == [{"tags": 4, "mentions": 4}]


def test_stray_files_go_only_when_they_are_old(tagged, tmp_path):
    stray = tmp_path / "lake" / "reviews" / "part-of-a-killed-writer.parquet"
    stray.write_bytes(b"half a file")
    tagged.compact()
    assert stray.exists()
    old = time.time() - 2 * 3600
    os.utime(stray, (old, old))
    tagged.compact()
    assert not stray.exists()


def test_small_files_stay_few_without_being_asked(lake, rows, ask, monkeypatch):
    monkeypatch.setattr(upkeep, "SMALL_FILES", 4)
    monkeypatch.setattr(upkeep, "KEEP_HOURS", 0)
    most = 0
    for n in range(12):
        lake.upsert_reviews(rows.some(n))
        most = max(most, len(lake.snapshot().pins["reviews"].files))
    assert most <= 5
    assert ask(lake, "SELECT count(*) AS n FROM reviews") == [{"n": 12}]


def test_the_log_is_summed_up_now_and_then(lake, rows, tmp_path, monkeypatch):
    monkeypatch.setattr(upkeep, "CHECKPOINT_EVERY", 3)
    for n in range(4):
        lake.upsert_reviews(rows.some(n))
    log = tmp_path / "lake" / "reviews" / "_delta_log"
    assert [path.name[:20] for path in log.glob("*.checkpoint.parquet")] == [f"{3:020}"]


@pytest.mark.parametrize("name", ["reviews", "tags", "mentions"])
def test_an_empty_lake_can_be_compacted(lake, name):
    assert lake.compact().files_after == 0
    assert lake.info().rows(name) == 0
