from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ugc.lake import forget, upkeep
from ugc.schema import GROUPED, REASONS, VECTORS

SECRET = "редкостное слово кальвадосище"
AUTHOR = "0123456789abcdef"


def traces(folder: Path, *words: str) -> set[str]:
    """Files below a folder that hold one of the words, also inside compressed Parquet."""
    found = set()
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content += str(pq.read_table(path).to_pylist()).encode()
        if any(word.encode() in content for word in words):
            found.add(path.name)
    return found


@pytest.fixture
def told(lake, rows):
    """A lake where one author said something rare, twice, and it was tagged, changed and corrected."""
    mine = [rows.review(n, f"{SECRET}: долго ждал {n}", author=AUTHOR) for n in (1, 2)]
    twin = rows.review(3, author="f" * 16, duplicate_of=rows.id(1))
    lake.upsert_reviews(rows.reviews(*mine, twin, rows.review(4, author="f" * 16)))
    lake.write_tags(*rows.tags(lake.untagged("m@1"), "b1", quote=SECRET))
    changed = rows.review(2, f"{SECRET}: теперь иначе, долго ждал", author=AUTHOR)
    lake.upsert_reviews(rows.reviews(changed))
    lake.write_tags(*rows.tags(lake.untagged("m@1"), "b2", quote=SECRET))
    lake.add_correction(rows.id(1), "sentiment", "mixed")
    return lake


def test_nothing_of_an_author_stays_on_the_disk(told, rows, tmp_path, ask):
    words = (SECRET, AUTHOR, rows.id(1), rows.id(2))
    assert traces(tmp_path / "lake", SECRET)
    assert told.forget(AUTHOR) == 2
    assert traces(tmp_path / "lake", *words) == set()
    assert ask(told, "SELECT id FROM reviews ORDER BY date") == [{"id": rows.id(3)}, {"id": rows.id(4)}]
    assert told.info().rows("mentions") == 0
    assert told.info().corrections == 0
    assert told.info().rows("tags") == 2
    assert told.check().problems == ()


@pytest.fixture
def named(told, rows):
    """The same lake with vectors, and reasons of which one only this author gave."""
    told.write_tags(*rows.tags(told.untagged("m@2"), "b3", "m@2", quote="долго ждал"))
    found = told.ungrouped().to_pylist()
    assert len(found) == 4
    now = datetime(2026, 5, 1, tzinfo=UTC)
    reason = {"theme": "speed", "polarity": "negative", "model": "m@2", "centroid": b"\0\0\x80?"}
    reason |= {"members": 2, "opened_at": now, "updated_at": now, "quote_review": rows.id(1)}
    reason |= {"quote_start": 0, "quote_end": 5}
    listed = [reason | {"id": "own", "name_ru": SECRET}, reason | {"id": "shared", "name_ru": "долго ждал"}]
    spans = [{key: one[key] for key in ("review_id", "text_hash", "model", "start", "end")} for one in found]
    told.write_vectors(pa.Table.from_pylist([one | {"vector": b"\1\2"} for one in spans], schema=VECTORS))
    went = {"theme": "speed", "polarity": "negative"}
    grouped = [
        one | went | {"reason": "own" if one["review_id"] == rows.id(1) else "shared"} for one in spans
    ]
    told.write_grouping(
        pa.Table.from_pylist(listed, schema=REASONS), pa.Table.from_pylist(grouped, schema=GROUPED)
    )
    return told


def test_vectors_and_reasons_of_an_author_leave_the_disk(named, rows, tmp_path, ask):
    words = (SECRET, AUTHOR, rows.id(1), rows.id(2))
    for name in ("vectors", "grouped", "reasons"):
        assert traces(tmp_path / "lake" / name, *words)
    assert named.forget(AUTHOR) == 2
    assert traces(tmp_path / "lake", *words) == set()
    left = ask(named, "SELECT id, name_ru, quote_review, quote_start FROM reasons")
    assert left == [{"id": "shared", "name_ru": "долго ждал", "quote_review": None, "quote_start": None}]
    for name in ("vectors", "grouped", "reasoned"):
        assert ask(named, f"SELECT DISTINCT review_id FROM {name} ORDER BY 1") == [
            {"review_id": one} for one in sorted((rows.id(3), rows.id(4)))
        ]
    assert named.check().problems == ()


def test_a_near_duplicate_by_another_stays(told, rows, ask):
    told.forget(AUTHOR)
    found = ask(told, "SELECT duplicate_of FROM reviews WHERE id = ?", [rows.id(3)])
    assert found == [{"duplicate_of": None}]


def test_what_interrupted_writers_left_goes_too(told, tmp_path):
    for name in ("reviews", "mentions"):
        one = next(path for path in (tmp_path / "lake" / name).glob("*.parquet"))
        shutil.copy(one, one.with_name("part-from-a-killed-writer.zstd.parquet"))
    told.forget(AUTHOR)
    assert traces(tmp_path / "lake", SECRET) == set()


def test_a_stranger_changes_no_review(told, ask):
    assert told.forget("0" * 16) == 0
    assert ask(told, "SELECT count(*) AS n FROM reviews") == [{"n": 4}]


def test_forgetting_that_was_interrupted_is_finished(told, tmp_path, monkeypatch):
    class Killed(Exception):
        pass

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(forget, "purge", die)
        with pytest.raises(Killed):
            told.forget(AUTHOR)
    assert traces(tmp_path / "lake", SECRET)
    assert told.forget(AUTHOR) == 0
    assert traces(tmp_path / "lake", SECRET) == set()


def test_the_log_never_holds_words_of_a_text(named, tmp_path):
    """Statistics of columns in the log would outlive the files."""
    for name in ("reviews", "mentions", "reasons"):
        upkeep._checkpoint(named._store.open(name))
    logs = [path for path in (tmp_path / "lake").rglob("*") if "_delta_log" in path.parts and path.is_file()]
    assert len(logs) > 5
    for path in logs:
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content += str(pq.read_table(path).to_pylist()).encode()
        assert "редкостное".encode() not in content
        assert AUTHOR.encode() not in content
