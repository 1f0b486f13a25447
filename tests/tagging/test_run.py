from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

from ugc.errors import LakeError
from ugc.lake import Lake
from ugc.tagging import tag_lake

WORKER = Path(__file__).parent / "worker.py"


def rows(lake: Lake, query: str) -> list[dict[str, object]]:
    with lake.snapshot() as snapshot:
        return snapshot.sql(query).to_pylist()


def test_everything_is_tagged_the_newest_first(lake, keywords):
    seen = []
    summary = tag_lake(lake, keywords, batch_size=2, progress=lambda *so_far: seen.append(so_far))
    assert keywords.read == ["долго, долго", " \n", "Спасибо", "Очень долго", "", "Всё быстро", "Ждал долго"]
    assert set(keywords.languages) == {"ru"}
    assert seen == [(2, 7), (4, 7), (6, 7), (7, 7)]
    assert (summary.tagged, summary.mentions, summary.untaggable, summary.left) == (7, 3, {"empty": 2}, 0)
    assert rows(lake, "SELECT count(*) AS n FROM tags") == [{"n": 7}]
    assert rows(lake, "SELECT DISTINCT quote FROM mentions") == [{"quote": "долго"}]
    unread = "SELECT text, untaggable FROM tags JOIN reviews ON id = review_id WHERE sentiment IS NULL"
    found = {(one["text"], one["untaggable"]) for one in rows(lake, unread)}
    assert found == {("", "empty"), (" \n", "empty")}


def test_the_run_is_noted(lake, keywords):
    summary = tag_lake(lake, keywords)
    (run,) = lake.runs().to_pylist()
    assert run["id"] == summary.run
    assert (run["kind"], run["target"], run["state"]) == ("tag", "keywords@1", "complete")
    assert json.loads(run["counts"]) == {"tagged": 7, "mentions": 3, "untaggable: empty": 2}


def test_again_there_is_nothing_to_do(lake, keywords):
    tag_lake(lake, keywords)
    version = lake.version()
    keywords.read.clear()
    summary = tag_lake(lake, keywords)
    assert (summary.run, summary.tagged, summary.left) == (None, 0, 0)
    assert keywords.read == []
    assert lake.version() == version


def test_an_empty_lake(tmp_path, keywords):
    summary = tag_lake(Lake.open(tmp_path / "empty"), keywords)
    assert summary.run is None


def test_a_limit_leaves_the_rest(lake, keywords):
    summary = tag_lake(lake, keywords, batch_size=2, limit=3)
    assert keywords.read == ["долго, долго", " \n", "Спасибо"]
    assert (summary.tagged, summary.left) == (3, 4)
    assert lake.runs()["state"].to_pylist() == ["partial"]
    assert tag_lake(lake, keywords).tagged == 4
    assert lake.runs()["state"].to_pylist() == ["complete", "partial"]


def test_only_what_is_new_or_changed_is_read_again(lake, keywords, reviews):
    tag_lake(lake, keywords)
    keywords.read.clear()
    first = reviews("Ждал долго")
    other = {"text": "Передумал", "text_hash": "0", "content_hash": "0"}
    changed = pa.Table.from_pylist([first.to_pylist()[0] | other], schema=first.schema)
    lake.upsert_reviews(pa.concat_tables([reviews("Новый"), changed]))
    assert tag_lake(lake, keywords).tagged == 2
    assert sorted(keywords.read) == ["Новый", "Передумал"]


def test_another_model_reads_everything_again(lake, keywords):
    tag_lake(lake, keywords)
    keywords.version = "keywords@2"
    assert tag_lake(lake, keywords).tagged == 7
    assert rows(lake, "SELECT DISTINCT model FROM tags") == [{"model": "keywords@2"}]
    assert rows(lake, "SELECT count(*) AS n FROM mentions") == [{"n": 3}]


def test_a_failure_keeps_what_was_written(lake, keywords):
    honest = keywords.one

    def stumbling(text: str) -> object:
        if text == "Очень долго":
            raise MemoryError("too much")
        return honest(text)

    keywords.one = stumbling
    with pytest.raises(MemoryError):
        tag_lake(lake, keywords, batch_size=1)
    (run,) = lake.runs().to_pylist()
    assert (run["state"], run["reason"]) == ("failed", "MemoryError: too much")
    assert json.loads(run["counts"])["tagged"] == 3
    keywords.one = honest
    assert tag_lake(lake, keywords).tagged == 4


def test_stopping_by_hand_is_a_partial_run(lake, keywords):
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tag_lake(lake, keywords, batch_size=3, progress=stop)
    (run,) = lake.runs().to_pylist()
    assert (run["state"], run["reason"]) == ("partial", "stopped by the user")
    assert tag_lake(lake, keywords).tagged == 4


def test_stopping_within_a_batch_keeps_what_was_read(lake, keywords, monkeypatch):
    monkeypatch.setattr("ugc.tagging.run.STEP", 2)
    honest = keywords.tag

    def stopped(texts, languages=None):
        if keywords.read:
            raise KeyboardInterrupt
        return honest(texts, languages)

    keywords.tag = stopped
    with pytest.raises(KeyboardInterrupt):
        tag_lake(lake, keywords)
    assert json.loads(lake.runs()["counts"][0].as_py())["tagged"] == 2
    keywords.tag = honest
    assert tag_lake(lake, keywords).tagged == 5


def test_tags_that_do_not_stick_are_not_tried_for_ever(lake, keywords, monkeypatch):
    monkeypatch.setattr(Lake, "write_tags", lambda *_: 0)
    with pytest.raises(LakeError, match="are not there"):
        tag_lake(lake, keywords)


def test_a_review_forgotten_while_it_is_read(lake, keywords, reviews):
    lake.upsert_reviews(reviews("Забудьте меня", author="a" * 16))
    honest = keywords.tag

    def forgetting(texts, languages=None):
        lake.forget("a" * 16)
        return honest(texts, languages)

    keywords.tag = forgetting
    assert tag_lake(lake, keywords).tagged == 7
    assert lake.check().problems == ()


def begin(address: str, pause: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", str(WORKER), address, str(pause)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_killed_in_the_middle_and_run_again(tmp_path, reviews):
    lake = Lake.open(tmp_path / "lake")
    lake.upsert_reviews(reviews(*(f"{n} отзыв" for n in range(40))))
    for pause in (0.0, 0.02, 0.07):
        process = begin(lake.address, 0.0)
        for _ in range(2):  # the second sign comes after the first commit
            process.stdout.readline()
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert rows(lake, "SELECT count(*) AS n FROM tags")[0]["n"] >= 2
        assert lake.count_untagged("slow@1") > 0, "it was done before it was killed"
    last = begin(lake.address, 0.0)
    _, err = last.communicate(timeout=120)
    assert last.returncode == 0, err
    found = rows(
        lake,
        "SELECT count(*) AS n, count(DISTINCT review_id) AS reviews, "
        "(SELECT count(*) FROM mentions) AS mentions FROM tags",
    )
    assert found == [{"n": 40, "reviews": 40, "mentions": 80}]
    assert lake.info().rows("tags") == 40
    assert lake.check().ok
    lake.compact()
    assert lake.check().problems == ()
    assert lake.info().rows("mentions") == 80


def test_two_at_the_same_time(tmp_path, reviews):
    lake = Lake.open(tmp_path / "lake")
    lake.upsert_reviews(reviews(*(f"{n} отзыв" for n in range(20))))
    both = [begin(lake.address, 0.01) for _ in range(2)]
    for process in both:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    assert lake.info().rows("tags") == 20
    assert rows(lake, "SELECT count(*) AS n FROM mentions") == [{"n": 40}]
    counted = [json.loads(one)["tagged"] for one in lake.runs()["counts"].to_pylist()]
    assert sum(counted) == 20
