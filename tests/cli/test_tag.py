"""`ugc tag` with the shipped model, as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ugc.cli import program
from ugc.errors import LakeError, ModelError

UGC = Path(sys.executable).parent / "ugc"


def run(*words):
    result = CliRunner().invoke(program, ["tag", *map(str, words)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def lake(plant, monkeypatch):
    made = plant(
        {"text": "Курьер опоздал на три часа и нагрубил. Больше не закажу!", "language": "ru"},
        {"text": "Great hotel, very friendly staff at the reception!", "language": "en"},
        {"text": "Obsługa bardzo miła, polecam", "language": "pl"},
        {"text": "", "stars": 5.0},
    )
    monkeypatch.setenv("UGC_LAKE", made.address)
    return made


def test_tagging_and_doing_nothing_again(lake):
    first = run()
    assert first.exit_code == 0
    assert "Tagged 4 reviews" in first.stdout
    assert "Not readable: empty 1." in first.stdout
    with lake.snapshot() as snapshot:
        found = snapshot.sql(
            "SELECT text, sentiment, untaggable, model FROM tags JOIN reviews ON id = review_id"
        ).to_pylist()
        mentions = snapshot.sql(
            "SELECT r.text, m.* FROM mentions m JOIN reviews r ON r.id = m.review_id"
        ).to_pylist()
    sentiments = {one["text"][:5]: one["sentiment"] for one in found}
    assert sentiments == {"Курье": "negative", "Great": "positive", "Obsłu": "positive", "": None}
    assert {one["text"]: one["untaggable"] for one in found}[""] == "empty"
    assert all("@" in one["model"] for one in found)
    assert all(one["text"][one["start"] : one["end"]] == one["quote"] for one in mentions)
    assert ("speed", "negative") in {(one["theme"], one["polarity"]) for one in mentions}
    version = lake.version()
    second = run()
    assert second.exit_code == 0
    assert "Nothing to do" in second.stdout
    assert lake.version() == version


def test_a_limit_and_json(lake):
    found = json.loads(run("--limit", 3, "--batch-size", 2, "--json").stdout)
    assert (found["tagged"], found["left"]) == (3, 1)
    assert found["run"] == lake.runs()["id"][0].as_py()
    assert found["grouped"]["looked_at"] == found["mentions"]
    rest = json.loads(run("--json", "--no-group").stdout)
    assert (rest["left"], "grouped" in rest) == (0, False)
    assert json.loads(run("--json").stdout)["grouped"]["looked_at"] == rest["mentions"]


def test_the_command_itself(lake):
    done = subprocess.run([UGC, "tag"], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    assert "Tagged 4 reviews" in done.stdout
    assert "4/4" in done.stderr


def test_no_lake(tmp_path):
    with pytest.raises(LakeError, match="ugc import"):
        run("--lake", tmp_path / "none")


def test_no_model(lake, tmp_path):
    version = lake.version()
    with pytest.raises(ModelError, match="no model bundle"):
        run("--model", tmp_path)
    assert lake.version() == version


def test_other_languages_are_counted_apart(plant, monkeypatch):
    made = plant(
        {"text": "Der Kurier war unfreundlich und die Lieferung kam zu spät.", "language": "de"},
        {"text": "Доставили быстро, спасибо", "language": "ru"},
    )
    monkeypatch.setenv("UGC_LAKE", made.address)
    said = run().stdout
    assert "lower confidence" in said
    assert "de 1" in said
    assert "ru 1" not in said


def test_a_profile_reads_again_and_signs_its_tags(lake, monkeypatch):
    assert run().exit_code == 0
    fast = run("--profile", "fast", "--json")
    summary = json.loads(fast.stdout)
    assert summary["tagged"] == 4
    assert sum(summary["languages"].values()) == 4
    assert summary["languages"]["pl"] == 1
    assert "-fast@" in summary["model"]
    monkeypatch.setenv("UGC_PROFILE", "fast")
    assert "Nothing to do" in run().stdout
    with pytest.raises(ModelError, match="no profile 'slow'"):
        run("--profile", "slow")
