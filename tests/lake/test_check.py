from __future__ import annotations

import shutil

import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake

from ugc.errors import LakeError
from ugc.lake import Lake, look_over
from ugc.lake.store import VERSION_PROPERTY
from ugc.schema import SCHEMA_VERSION


def found(lake) -> list[tuple[str, str, int, bool]]:
    return [(one.table, one.kind, one.count, one.serious) for one in lake.check().problems]


def test_a_lake_in_order(tagged):
    report = tagged.check()
    assert report.ok
    assert report.problems == ()
    assert report.schema_version == SCHEMA_VERSION


def test_no_lake(tmp_path):
    with pytest.raises(LakeError, match="no lake at"):
        look_over(tmp_path / "lake")


def test_doubled_keys(tagged):
    for name in ("reviews", "tags"):
        with tagged.snapshot() as snapshot:
            one = snapshot.raw(f"SELECT * FROM {name} LIMIT 1")
        write_deltalake(f"{tagged.address}/{name}", one, mode="append")
    assert found(tagged) == [("reviews", "doubled", 1, True), ("tags", "doubled", 1, True)]
    assert not tagged.check().ok


def test_leftovers_are_notes(tagged, rows):
    tagged.write_tags(*rows.tags(tagged.untagged("m@2").slice(0, 2), "b2", "m@2"))
    assert found(tagged) == [("mentions", "leftover", 2, False)]
    assert tagged.check().ok
    tagged.compact()
    assert found(tagged) == []


def test_tags_of_unknown_reviews(tagged, rows):
    made, mentions = rows.tags(tagged.untagged("m@2").slice(0, 1), "b2")
    for name, table in (("tags", made), ("mentions", mentions)):
        at = table.column_names.index("review_id")
        stray = table.set_column(at, table.schema.field(at), [["nobody"] * table.num_rows])
        write_deltalake(f"{tagged.address}/{name}", stray, mode="append")
    assert found(tagged) == [("tags", "unknown review", 1, False)]
    assert tagged.compact().tags_dropped == 1
    tagged.compact()
    assert found(tagged) == []


def test_a_damaged_file(tagged, tmp_path):
    path = next((tmp_path / "lake" / "reviews").glob("*.parquet"))
    content = bytearray(path.read_bytes())
    middle = pq.ParquetFile(path).metadata.row_group(0).column(3).data_page_offset
    content[middle : middle + 40] = b"\xff" * 40
    path.write_bytes(content)
    assert found(tagged) == [("reviews", "unreadable", 1, True)]
    assert path.name in tagged.check().problems[0].message


def test_a_file_that_is_gone(tagged, tmp_path):
    next((tmp_path / "lake" / "mentions").glob("*.parquet")).unlink()
    assert found(tagged) == [("mentions", "unreadable", 1, True)]


def test_a_damaged_log(tagged, tmp_path):
    (tmp_path / "lake" / "tags" / "_delta_log" / f"{1:020}.json").write_bytes(b"garbage")
    problems = look_over(tagged.address).problems
    assert [(one.table, one.kind) for one in problems] == [("tags", "unreadable")]
    assert "backup" in problems[0].mend


def test_a_commit_of_no_length(tagged, tmp_path):
    (tmp_path / "lake" / "tags" / "_delta_log" / f"{1:020}.json").write_bytes(b"")
    assert found(tagged) == [("tags", "unreadable", 1, True)]


def test_a_missing_table(tagged, tmp_path):
    shutil.rmtree(tmp_path / "lake" / "corrections")
    problems = look_over(tagged.address).problems
    assert [(one.table, one.kind) for one in problems] == [("corrections", "missing")]


def test_an_older_schema_is_a_note(tagged):
    older = {VERSION_PROPERTY: "0"}
    tagged._store.open("runs").alter.set_table_properties(older, raise_if_not_exists=False)
    assert found(tagged) == [("reviews", "old schema", 1, False)]
    assert tagged.check().ok


def test_a_table_that_came_later_lacks_only_in_a_newer_lake(tagged, tmp_path):
    shutil.rmtree(tmp_path / "lake" / "actions")
    assert found(tagged) == [("actions", "missing", 1, True)]
    older = {VERSION_PROPERTY: "1"}
    tagged._store.open("runs").alter.set_table_properties(older, raise_if_not_exists=False)
    assert found(tagged) == [("reviews", "old schema", 1, False)]
    assert Lake.open(tagged.address).check().problems == ()


def test_a_newer_schema_is_serious(tagged):
    newer = {VERSION_PROPERTY: str(SCHEMA_VERSION + 1)}
    tagged._store.open("runs").alter.set_table_properties(newer, raise_if_not_exists=False)
    report = look_over(tagged.address)
    assert not report.ok
    assert "newer" in report.problems[0].mend
