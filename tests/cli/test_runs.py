from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ugc.cli import program
from ugc.lake import Lake


def run(*words):
    return CliRunner().invoke(program, ["runs", *words], catch_exceptions=False)


@pytest.fixture
def lake(tmp_path, monkeypatch):
    made = Lake.open(tmp_path / "lake")
    monkeypatch.setenv("UGC_LAKE", made.address)
    return made


def test_no_run_yet(lake):
    assert "ugc import" in run().stdout
    assert json.loads(run("--json").stdout) == []


def test_the_latest_first(lake):
    first = lake.start_run("import", "file", "\x1b[31mbank.csv\n2")
    lake.finish_run(first, "complete", None, {"new": 4974, "rejected": 0})
    lake.start_run("tag", None, "ours@1")
    late, early = run().stdout.splitlines()
    assert " · tag ours@1 · running · no end" in late
    assert "bank.csv 2 · complete" in early
    assert "new 4,974" in early
    assert "rejected" not in early
    assert "\x1b" not in early
    assert len(run("--last", "1").stdout.splitlines()) == 1


def test_as_json(lake):
    made = lake.start_run("collect", "banki_ru", "gazprombank")
    lake.finish_run(made, "partial", "asked to stay away", {"new": 5}, "page=3")
    (found,) = json.loads(run("--json").stdout)
    assert found["id"] == made
    assert found["counts"] == {"new": 5}
    assert found["cursor"] == "page=3"
    assert found["started_at"].endswith("+00:00")
