"""The same lake in an object store, over real HTTP on the loopback."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import pytest

from ugc.errors import LakeError
from ugc.lake import Lake
from ugc.lake.store import TABLES

HERE = Path(__file__).parent
ADDRESS = "s3://reviews/a/lake"


@pytest.fixture
def bucket(monkeypatch, tmp_path):
    """Address of a bucket that is empty."""
    server = subprocess.Popen([sys.executable, HERE / "bucket.py"], stdout=subprocess.PIPE, text=True)
    url = server.stdout.readline().strip()
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield url
    server.kill()
    server.communicate()


def keys(bucket: str) -> list[str]:
    """Names of all objects in the bucket."""
    listed = httpx.get(f"{bucket}/reviews?list-type=2").text
    return re.findall("<Key>(.*?)</Key>", listed)


def test_the_whole_way(bucket, rows, ask, tmp_path):
    lake = Lake.open(ADDRESS)
    assert lake.upsert_reviews(rows.some(1, 2, 3)).new == 3
    assert lake.upsert_reviews(rows.some(2, 3, author="a" * 16)).changed == 2
    assert lake.write_tags(*rows.tags(lake.untagged("m@1"), "b1")) == 3
    lake.add_correction(rows.id(1), "sentiment", "mixed")
    lake.finish_run(lake.start_run("import"), "complete")
    again = Lake.open(ADDRESS, create=False)
    assert again.version() == lake.version()
    found = ask(again, "SELECT r.text, m.quote FROM reviews r JOIN mentions m ON m.review_id = r.id")
    assert len(found) == 3
    assert all(one["quote"] in one["text"] for one in found)
    assert again.check().problems == ()
    assert again.compact(keep_hours=0).files_removed > 0
    assert again.forget("a" * 16) == 2
    assert ask(again, "SELECT count(*) AS n FROM reviews") == [{"n": 1}]
    assert again.info().address == ADDRESS
    assert {key.split("/")[2] for key in keys(bucket)} == set(TABLES)


def test_copies_go_with_the_lake(bucket, rows, tmp_path):
    lake = Lake.open(ADDRESS)
    lake.upsert_reviews(rows.some(1))
    assert lake.count_untagged("m@1") == 1
    assert list(tmp_path.glob("ugc-lake-*"))
    del lake
    assert list(tmp_path.glob("ugc-lake-*")) == []


def test_several_writers(bucket):
    command = [sys.executable, "-W", "error", str(HERE / "worker.py"), "upsert", ADDRESS]
    writers = [
        subprocess.Popen([*command, str(seed), "3"], stdout=subprocess.PIPE, text=True) for seed in range(3)
    ]
    new = sum(int(writer.communicate(timeout=240)[0]) for writer in writers)
    assert {writer.returncode for writer in writers} == {0}
    lake = Lake.open(ADDRESS, create=False)
    assert lake.info().rows("reviews") == new
    assert lake.check().problems == ()


def test_no_lake_in_the_bucket(bucket):
    with pytest.raises(LakeError, match="no lake at s3://reviews/a/lake"):
        Lake.open(ADDRESS, create=False)
    assert keys(bucket) == []


def test_a_store_that_does_not_answer(bucket, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_RETRIES", "0")
    with pytest.raises(LakeError, match="cannot be re"):
        Lake.open(ADDRESS)
