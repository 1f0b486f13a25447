from __future__ import annotations

import json

import pytest

from ugc.errors import LakeError


def test_a_run_begins_and_ends(lake):
    run = lake.start_run("collect", "banki_ru", "gazprombank")
    found = lake.runs().to_pylist()
    assert [(one["id"], one["kind"], one["state"], one["finished_at"]) for one in found] == [
        (run, "collect", "running", None)
    ]
    lake.finish_run(run, "partial", "asked to stay away", {"new": 5, "pages": 2}, "page=3")
    (one,) = lake.runs().to_pylist()
    assert (one["source"], one["target"], one["state"]) == ("banki_ru", "gazprombank", "partial")
    assert (one["reason"], one["cursor"]) == ("asked to stay away", "page=3")
    assert json.loads(one["counts"]) == {"new": 5, "pages": 2}
    assert one["finished_at"] >= one["started_at"]


def test_the_latest_comes_first(lake):
    runs = [lake.start_run("import", None, f"{n}.csv") for n in range(3)]
    assert lake.runs()["id"].to_pylist() == runs[::-1]
    assert len(set(runs)) == 3


def test_finishing_one_leaves_the_others(lake):
    first, second = lake.start_run("import"), lake.start_run("tag")
    lake.finish_run(first, "failed", "why")
    states = dict(zip(lake.runs()["id"].to_pylist(), lake.runs()["state"].to_pylist(), strict=True))
    assert states == {first: "failed", second: "running"}


def test_an_unknown_run(lake):
    with pytest.raises(LakeError, match="ugc runs"):
        lake.finish_run("nothing", "complete")
