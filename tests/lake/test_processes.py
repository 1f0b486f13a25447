"""Several processes on one lake, as they really are: started anew, killed without warning."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ugc.errors import LakeError
from ugc.lake import Lake, turn

WORKER = Path(__file__).parent / "worker.py"

COUNTS = """
SELECT (SELECT count(*) FROM tags) AS tags, (SELECT count(*) FROM mentions) AS mentions,
       (SELECT count(DISTINCT review_id) FROM mentions) AS mentioning
"""


@pytest.fixture
def start():
    """Starts workers and makes sure that none outlives its test."""
    running: list[subprocess.Popen[str]] = []

    def begin(*words: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "error", str(WORKER), *map(str, words)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def result(process: subprocess.Popen[str]) -> str:
    """What a worker printed; fails when the worker did."""
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    return out


def test_four_writers_and_a_reader(tmp_path, start):
    address, stop = tmp_path / "lake", tmp_path / "stop"
    writers = [start("upsert", address, seed, 6) for seed in range(4)]
    while not (address / "reviews" / "_delta_log").exists():
        time.sleep(0.05)
        assert any(writer.poll() is None for writer in writers)
    reader = start("read", address, stop)
    new = sum(int(result(writer)) for writer in writers)
    stop.touch()
    assert int(result(reader)) > 0
    lake = Lake.open(address, create=False)
    with lake.snapshot() as snapshot:
        found = snapshot.sql("SELECT id, text FROM reviews").to_pylist()
    assert len(found) == new == len({one["id"] for one in found})
    assert all(f"r{int(one['text'].split()[0]):04}" == one["id"] for one in found)
    assert lake.check().problems == ()


def test_writers_without_a_common_turn(tmp_path, start):
    """As on an object store: Delta's commits alone keep the table right."""
    writers = [start("upsert", tmp_path / "lake", seed, 4, "--without-turn") for seed in range(3)]
    new = sum(int(result(writer)) for writer in writers)
    lake = Lake.open(tmp_path / "lake", create=False)
    assert lake.info().rows("reviews") == new
    assert lake.check().problems == ()


def test_two_taggers_and_a_reader(tmp_path, start):
    address, stop = tmp_path / "lake", tmp_path / "stop"
    result(start("upsert", address, 0, 5))
    lake = Lake.open(address)
    total = lake.info().rows("reviews")
    reader = start("read", address, stop)
    taggers = [start("tag", address, name, 99) for name in "ab"]
    taggers.append(start("tag", address, "c", 99, "--without-turn"))
    for tagger in taggers:
        result(tagger)
    stop.touch()
    assert int(result(reader)) > 0
    with lake.snapshot() as snapshot:
        assert snapshot.sql(COUNTS).to_pylist() == [
            {"tags": total, "mentions": 2 * total, "mentioning": total}
        ]
    assert lake.info().rows("tags") == total
    assert lake.check().ok
    lake.compact()
    assert lake.info().rows("mentions") == 2 * total


def test_a_writer_killed_at_any_moment(tmp_path, start):
    for pause in (0.0, 0.03, 0.11):
        writer = start("grow", tmp_path / "lake")
        said = [int(writer.stdout.readline()) for _ in range(3)]
        time.sleep(pause)
        writer.send_signal(signal.SIGKILL)
        rest = [int(line) for line in writer.communicate()[0].split()]
        lake = Lake.open(tmp_path / "lake", create=False)
        held = lake.info().rows("reviews")
        assert held % 20 == 0
        assert held >= max(said + rest)
        assert lake.check().problems == ()
        with lake.snapshot() as snapshot:
            keys = snapshot.sql("SELECT count(DISTINCT id) AS n FROM reviews")["n"][0].as_py()
        assert keys == held


def test_the_turn_waits_and_ends_with_its_process(tmp_path, start):
    holder = start("hold", tmp_path)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(LakeError, match="busy"), turn.take(tmp_path, wait=0.2):
        pass
    holder.kill()
    with turn.take(tmp_path, wait=20):
        pass


def test_no_turn_is_needed_for_an_object_store():
    with turn.take(None), turn.take(None):
        pass
