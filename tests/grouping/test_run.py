from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from tests.grouping.planted import assigned, filled
from ugc.grouping import group_lake
from ugc.grouping import run as running
from ugc.insight import Filters, concrete, eleven
from ugc.lake import Lake
from ugc.review import review_id
from ugc.schema import GROUPED, REASONS

WORKER = Path(__file__).parent / "worker.py"


def test_planted_reasons_are_found_named_and_read(plant):
    lake = filled(plant)
    done = group_lake(lake)
    assert (done.looked_at, done.reasons, done.unassigned) == (60, 3, 0)
    found = assigned(lake)
    for kind in range(3):
        assert len({found[review_id("otzovik", str(i))] for i in range(kind, 60, 3)}) == 1
    with lake.snapshot() as snapshot:
        below = concrete(snapshot, Filters(), themes=["speed"], polarity="negative", language="ru")["speed"]
        ranked = eleven(snapshot, Filters(), language="pl")
    assert {one.reviews for one in below.rows} == {20}
    assert (below.share_unassigned, below.n_reviews, below.waiting) == (0.0, 60, 0)
    assert any("дозвониться" in (one.name or "") for one in below.rows)
    assert all(one.low < one.share < one.high and one.quotes for one in below.rows)
    assert (len(ranked.rows), {one.reviews for one in ranked.rows}) == (11, {0})


def test_more_reviews_move_no_old_mention(plant):
    lake = filled(plant)
    group_lake(lake)
    before = assigned(lake)
    filled(plant, 60, 6)
    done = group_lake(lake)
    after = assigned(lake)
    assert (done.looked_at, done.opened, len(after)) == (6, 0, 66)
    assert {key: after[key] for key in before} == before


def test_a_second_run_and_one_anew_keep_the_ids(plant):
    lake = filled(plant)
    group_lake(lake)
    before = assigned(lake)
    assert group_lake(lake).looked_at == 0
    again = group_lake(lake, again=True)
    assert (again.looked_at, again.reasons) == (60, 3)
    assert assigned(lake) == before


def test_a_run_that_is_broken_off_goes_on(plant, monkeypatch):
    lake = filled(plant)
    write, calls = lake.write_grouping, []

    def failing(reasons, grouped):
        calls.append(grouped.num_rows)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return write(reasons, grouped)

    monkeypatch.setattr(lake, "write_grouping", failing)
    with pytest.raises(KeyboardInterrupt):
        group_lake(lake, chunk=20)
    assert len(assigned(lake)) == 20
    monkeypatch.setattr(lake, "write_grouping", write)
    done = group_lake(lake)
    assert (done.looked_at, done.reasons, done.unassigned) == (40, 3, 0)
    assert running.CHUNK > 20


def test_an_empty_lake_and_one_review(plant):
    lake = plant()
    assert group_lake(lake).share_unassigned is None
    one = filled(plant, 0, 1)
    done = group_lake(one)
    assert (done.looked_at, done.reasons, done.unassigned) == (1, 0, 1)


def test_merges_are_followed_and_go_on_drawing(plant):
    lake = filled(plant)
    group_lake(lake)
    before = assigned(lake)
    first, second, third = (before[review_id("otzovik", str(i))] for i in range(3))
    with lake.snapshot() as snapshot:
        rows = {row["id"]: row for row in snapshot.sql("SELECT * FROM reasons").to_pylist()}
    chain = [rows[first] | {"merged_into": second}, rows[second] | {"merged_into": third}]
    lake.write_grouping(pa.Table.from_pylist(chain, schema=REASONS), GROUPED.empty_table())
    assert set(assigned(lake).values()) == {third}
    filled(plant, 60, 6)
    assert group_lake(lake).opened == 0
    assert set(assigned(lake).values()) == {third}
    with lake.snapshot() as snapshot:
        below = concrete(snapshot, Filters(), themes=["speed"], polarity="negative", language="ru")["speed"]
    assert [(one.id, one.reviews) for one in below.rows] == [(third, 66)]


def test_reasons_that_have_grown_together_are_merged(plant):
    lake = filled(plant)
    group_lake(lake)
    now = datetime.now(UTC)
    with lake.snapshot() as snapshot:
        rows = snapshot.sql("SELECT * FROM reasons ORDER BY id").to_pylist()
        grouped = snapshot.sql("SELECT * FROM grouped").to_pylist()
    moved = [row["id"] for row in rows[:1]]
    twin = rows[0] | {"id": "twin", "members": 0, "quote_review": None, "opened_at": now}
    half = [row | {"reason": "twin"} for row in grouped if row["reason"] == moved[0]][::2]
    lake.write_grouping(
        pa.Table.from_pylist([twin], schema=REASONS), pa.Table.from_pylist(half, schema=GROUPED)
    )
    assert len(set(assigned(lake).values())) == 4
    done = group_lake(lake)
    assert (done.merged, done.reasons) == (1, 3)
    assert len(set(assigned(lake).values())) == 3
    assert group_lake(lake).merged == 0


def test_killed_in_the_middle_and_run_again(plant):
    lake = filled(plant)
    for _ in range(2):
        command = [sys.executable, "-W", "error", str(WORKER), lake.address]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.communicate()
    reached = len(assigned(lake))
    assert 10 <= reached < 60
    again = Lake.open(lake.address, create=False)
    done = group_lake(again)
    assert (done.looked_at, done.reasons, done.unassigned) == (60 - reached, 3, 0)
    with again.snapshot() as snapshot:
        counted = snapshot.sql("SELECT count(*) AS n, count(DISTINCT review_id) AS once FROM grouped")
    assert counted.to_pylist() == [{"n": 60, "once": 60}]
    assert again.check().ok
    assert group_lake(again).looked_at == 0
