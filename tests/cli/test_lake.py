from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ugc.cli import program
from ugc.errors import InputError, LakeError
from ugc.schema import SCHEMA_VERSION


def run(*words):
    result = CliRunner().invoke(program, ["lake", *map(str, words)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def lake(plant, monkeypatch):
    made = plant(
        {
            "text": "Ждал две недели",
            "date": "2025-03-01",
            "sentiment": "negative",
            "mentions": [("Ждал две недели", "speed", "negative")],
            "language": "ru",
        },
        {"text": "=1+1", "date": "2025-04-02", "source": "ceneo", "language": "pl"},
    )
    monkeypatch.setenv("UGC_LAKE", made.address)
    return made


def test_info(lake):
    out = run("info").stdout
    assert lake.address in out
    assert "2025-03-01 … 2025-04-02" in out
    assert "ceneo 1, otzovik 1" in out
    assert "pl 1, ru 1" in out
    assert "hand@1 1" in out
    (reviews,) = (line for line in out.splitlines() if line.startswith("reviews"))
    assert reviews.split()[1] == "2"


def test_info_as_json(lake):
    found = json.loads(run("info", "--json").stdout)
    assert found["address"] == lake.address
    assert {one["name"]: one["rows"] for one in found["tables"]} == {
        "reviews": 2,
        "tags": 1,
        "mentions": 1,
        "runs": 0,
        "corrections": 0,
        "actions": 0,
        "vectors": 0,
        "reasons": 0,
        "grouped": 0,
        "labels": 0,
        "likened": 0,
    }
    assert found["first_date"] == "2025-03-01T00:00:00+00:00"
    assert found["models"] == {"hand@1": 1}


def test_compact(lake):
    out = run("compact", "--keep-hours", "0").stdout
    assert "Files in use: 3 before, 3 now." in out
    assert json.loads(run("compact", "--json").stdout)["mentions_dropped"] == 0


def test_check(lake):
    good = run("check")
    assert good.exit_code == 0
    assert f"is in order (schema version {SCHEMA_VERSION})" in good.stdout
    next(Path(lake.address, "reviews").glob("*.parquet")).unlink()
    bad = run("check")
    assert bad.exit_code == 1
    assert "damage: reviews" in bad.stdout
    assert "backup" in bad.stdout
    assert json.loads(run("check", "--json").stdout)["ok"] is False


def test_check_of_a_lake_that_cannot_be_opened(lake):
    Path(lake.address, "tags", "_delta_log", f"{0:020}.json").write_text("garbage")
    assert run("check").exit_code == 1


def test_export(lake, tmp_path):
    out = run("export", tmp_path / "out", "--format", "csv").stdout
    assert f"{tmp_path / 'out' / 'reviews.csv'}: 2 rows" in out
    assert "'=1+1" in (tmp_path / "out" / "reviews.csv").read_text(encoding="utf-8-sig")
    with pytest.raises(InputError, match="--overwrite"):
        run("export", tmp_path / "out", "--format", "csv")
    again = run("export", tmp_path / "out", "--format", "csv", "--overwrite", "--json")
    assert json.loads(again.stdout)[str(tmp_path / "out" / "mentions.csv")] == 1


@pytest.mark.parametrize("command", ["info", "compact", "check"])
def test_no_lake(tmp_path, command):
    with pytest.raises(LakeError, match="no lake at"):
        run(command, "--lake", tmp_path / "none")
    assert not (tmp_path / "none").exists()
