from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest
from deltalake import DeltaTable

from ugc.errors import LakeError
from ugc.lake import Lake
from ugc.lake.store import TABLES, VERSION_PROPERTY
from ugc.schema import SCHEMA_VERSION


def test_a_new_lake_has_every_table_with_its_schema_version(tmp_path):
    lake = Lake.open(tmp_path / "lake")
    for name in TABLES:
        written = DeltaTable(tmp_path / "lake" / name).metadata().configuration[VERSION_PROPERTY]
        assert written == str(SCHEMA_VERSION)
    assert lake.info().rows("reviews") == 0
    assert lake.address == str(tmp_path / "lake")


def test_opening_again_changes_nothing(lake, rows):
    lake.upsert_reviews(rows.some(1, 2))
    version = lake.version()
    again = Lake.open(lake.address)
    assert again.version() == version
    assert again.info().rows("reviews") == 2


@pytest.mark.parametrize("name", ["мой лейк", "it's a lake", "a#b", "a;b, c"])
def test_a_folder_may_have_an_unusual_name(tmp_path, rows, ask, name):
    lake = Lake.open(tmp_path / name / "lake")
    lake.upsert_reviews(rows.some(1, 2))
    lake.upsert_reviews(rows.some(2, 3, city="Тверь"))
    lake.write_tags(*rows.tags(lake.untagged("m@1"), "b1"))
    assert ask(lake, "SELECT count(*) AS n FROM mentions") == [{"n": 3}]
    assert (tmp_path / name / "lake" / "reviews" / "_delta_log").is_dir()


@pytest.mark.parametrize("name", ["a%20b", "a[1]", "a*", "what?"])
def test_a_name_that_delta_misreads_is_refused(tmp_path, name):
    with pytest.raises(LakeError, match="without these signs"):
        Lake.open(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_no_lake_and_none_to_be_made(tmp_path):
    with pytest.raises(LakeError, match="ugc import"):
        Lake.open(tmp_path / "lake", create=False)
    assert not (tmp_path / "lake").exists()


def test_a_file_is_no_lake(tmp_path):
    (tmp_path / "lake").write_text("hello")
    with pytest.raises(LakeError, match="is a file"):
        Lake.open(tmp_path / "lake")
    with pytest.raises(LakeError, match="no lake at"):
        Lake.open(tmp_path / "lake", create=False)


def test_a_place_where_nothing_can_be_made(tmp_path):
    (tmp_path / "file").write_text("hello")
    with pytest.raises(LakeError, match="cannot be made"):
        Lake.open(tmp_path / "file" / "lake")


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "photos").mkdir()
    with pytest.raises(LakeError, match="holds other things, for instance photos"):
        Lake.open(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["photos"]


def test_a_making_that_was_interrupted_is_finished(tmp_path):
    lake = Lake.open(tmp_path / "lake")
    for name in ("reviews", "tags"):
        (tmp_path / "lake" / name).rename(tmp_path / name)
    again = Lake.open(lake.address)
    assert {table.name for table in again.info().tables} == set(TABLES)


def test_a_missing_table_is_named(tagged, tmp_path):
    (tmp_path / "lake" / "tags").rename(tmp_path / "tags")
    with pytest.raises(LakeError, match="table tags of the lake"):
        Lake.open(tagged.address)


@pytest.mark.parametrize("content", [b"garbage", b'{"add":', b"\x00\xff" * 99])
def test_a_damaged_log_says_what_to_do(tagged, tmp_path, content):
    log = tmp_path / "lake" / "reviews" / "_delta_log"
    (log / f"{1:020}.json").write_bytes(content)
    with pytest.raises(LakeError) as met:
        Lake.open(tagged.address)
    assert "reviews" in met.value.what
    assert "\n" not in str(met.value)
    assert "backup" in met.value.mend


def test_a_lost_commit_says_what_to_do(tagged, rows, tmp_path):
    tagged.upsert_reviews(rows.some(5))
    (tmp_path / "lake" / "reviews" / "_delta_log" / f"{1:020}.json").unlink()
    with pytest.raises(LakeError, match="backup"):
        Lake.open(tagged.address)


def test_a_lost_log_is_not_written_over(tagged, tmp_path):
    for path in (tmp_path / "lake" / "reviews" / "_delta_log").iterdir():
        path.unlink()
    with pytest.raises(LakeError, match="no log of them"):
        Lake.open(tagged.address)
    with pytest.raises(LakeError, match="no lake at"):
        Lake.open(tagged.address, create=False)


def test_a_lake_of_a_newer_program_is_left_alone(tagged, rows):
    newer = {VERSION_PROPERTY: str(SCHEMA_VERSION + 1)}
    DeltaTable(f"{tagged.address}/tags").alter.set_table_properties(newer, raise_if_not_exists=False)
    with pytest.raises(LakeError, match="Bring the program up to date"):
        Lake.open(tagged.address)


def test_the_version_follows_every_table(lake, rows):
    seen = [lake.version()]
    lake.upsert_reviews(rows.some(1))
    seen.append(lake.version())
    lake.write_tags(*rows.tags(lake.untagged("m@1"), "b1"))
    seen.append(lake.version())
    lake.add_correction(rows.id(1), "sentiment", "mixed")
    seen.append(lake.version())
    run = lake.start_run("import")
    seen.append(lake.version())
    lake.finish_run(run, "complete")
    seen.append(lake.version())
    assert len(set(seen)) == len(seen)
    assert lake.version() == seen[-1]


def test_two_lakes_never_share_a_version(tmp_path):
    assert Lake.open(tmp_path / "a").version() != Lake.open(tmp_path / "b").version()


def test_a_folder_that_may_only_be_read(tagged, rows, tmp_path):
    """Run as somebody without rights, for root may write anywhere."""
    script = textwrap.dedent(
        """
        import os, sys
        from ugc.errors import LakeError
        from ugc.lake import Lake
        from ugc.schema import REVIEWS
        import pyarrow as pa
        if os.getuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        lake = Lake.open(sys.argv[1])
        with lake.snapshot() as snapshot:
            print(snapshot.sql("SELECT count(*) AS n FROM mentions")["n"][0])
        row = {name: "x" for name in ("id", "source", "source_id", "text", "text_hash", "content_hash")}
        try:
            lake.upsert_reviews(pa.Table.from_pylist([row], schema=REVIEWS))
        except LakeError as error:
            print(error)
        """
    )
    for path in (tmp_path, *tmp_path.parents):
        if path != path.parent and path.stat().st_uid == os.getuid():
            path.chmod(path.stat().st_mode | 0o055)
    for path in (tmp_path / "lake").rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    (tmp_path / "lake").chmod(0o555)
    run = subprocess.run(
        [sys.executable, "-c", script, tagged.address],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    for path in [tmp_path / "lake", *(tmp_path / "lake").rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert run.stdout.startswith("4"), run.stderr
    assert "cannot be written" in run.stdout
    assert "--lake" in run.stdout
