from __future__ import annotations

import importlib.metadata
import json
from collections import namedtuple
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ugc.cli import doctor, program
from ugc.schema import SCHEMA_VERSION


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(*words):
    return CliRunner().invoke(program, ["doctor", *map(str, words)], catch_exceptions=False)


def findings(*words):
    document = json.loads(run("--json", *words).stdout)
    return document["ok"], {one["what"]: one for one in document["findings"]}


def test_a_good_place(plant, tmp_path):
    lake = plant({"text": "раз"}, {"text": "два"})
    result = run("--lake", lake.address)
    assert result.exit_code == 0
    ok, found = findings("--lake", lake.address)
    assert ok
    assert found["Lake"]["state"] == "ok"
    assert f"schema version {SCHEMA_VERSION}: 2 reviews" in found["Lake"]["text"]
    assert found["Model"]["state"] == "ok"
    assert "@" in found["Model"]["text"]
    assert importlib.metadata.version("deltalake") in found["Packages"]["text"]
    assert found["Disk"]["state"] == "ok"
    assert "ok      Lake" in result.stdout


def test_no_lake_yet_is_no_fault(tmp_path):
    ok, found = findings()
    assert ok
    assert found["Lake"]["state"] == "note"
    assert "ugc import" in found["Lake"]["mend"]
    assert not (tmp_path / "lake").exists()


def test_a_damaged_lake(plant):
    lake = plant({"text": "раз"})
    Path(lake.address, "reviews", "_delta_log", f"{0:020}.json").write_text("garbage")
    result = run("--lake", lake.address)
    assert result.exit_code == 1
    assert "broken  Lake" in result.stdout
    assert "backup" in result.stdout


def test_a_model_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setenv("UGC_MODEL", str(tmp_path / "none"))
    ok, found = findings()
    assert not ok
    assert found["Model"]["state"] == "broken"
    assert found["Model"]["mend"]


def test_a_model_whose_files_are_not_its_own(tmp_path, monkeypatch):
    from models import DEFAULT_BUNDLE

    for path in DEFAULT_BUNDLE.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "tokenizer.json").write_text("{}")
    monkeypatch.setenv("UGC_MODEL", str(tmp_path))
    ok, found = findings()
    assert not ok
    assert "tokenizer.json" in found["Model"]["text"]


def test_settings(tmp_path, monkeypatch):
    assert "no ugc.toml" in findings()[1]["Settings"]["text"]
    (tmp_path / "ugc.toml").write_text('language = "en"\n')
    assert findings()[1]["Settings"]["text"] == str(tmp_path / "ugc.toml")
    (tmp_path / "ugc.toml").write_text('language = "xx"\n')
    ok, found = findings()
    assert not ok
    assert "language" in found["Settings"]["text"]


def test_the_salt_is_placed_and_never_shown(monkeypatch):
    assert "first import" in findings()[1]["Salt"]["text"]
    monkeypatch.setenv("UGC_SALT", "hush-hush")
    assert findings()[1]["Salt"]["text"] == "from UGC_SALT"
    assert "hush-hush" not in run().stdout


def test_packages_that_are_missing_or_too_old(monkeypatch):
    real = importlib.metadata.version

    def version(name):
        if name in ("duckdb", "apprise"):
            raise importlib.metadata.PackageNotFoundError(name)
        return "1.4.9" if name == "pandas" else real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    ok, found = findings()
    assert not ok
    assert found["Packages"]["state"] == "broken"
    assert "duckdb" in found["Packages"]["text"]
    assert "pandas 2.2 (there is 1.4.9)" in found["Packages"]["text"]
    assert found["Extra alerts"]["state"] == "note"
    assert "ugc[alerts]" in found["Extra alerts"]["mend"]
    assert "Lake" not in found


def test_a_full_disk(monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage(1, 1, 1000))
    ok, found = findings()
    assert not ok
    assert found["Disk"]["mend"]
