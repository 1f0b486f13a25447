"""`ugc themes`: list, show, add, edit, remove, draw; tagging finds what is like the examples."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ugc.cli import program
from ugc.errors import InputError
from ugc.lake import Lake

ADD = (
    *("themes", "add", "--name-en", "Late courier", "--example-en", "the courier was late"),
    *("--example-ru", "курьер опоздал", "--example-ru", "доставка пришла на другой день"),
)


def run(*words: str) -> str:
    """What a command prints; raises what it raises."""
    result = CliRunner().invoke(program, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return str(result.stdout)


@pytest.fixture
def lake(sample_lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A lake of the sample that may be written."""
    shutil.copytree(sample_lake, tmp_path / "lake")
    monkeypatch.setenv("UGC_LAKE", str(tmp_path / "lake"))
    return Lake.open(tmp_path / "lake")


def test_a_theme_is_looked_at_added_edited_and_removed(lake: Lake) -> None:
    looked = run(*ADD, "--threshold", "0.4", "--look")
    assert "Just falls in" in looked
    assert "Just stays out" in looked
    assert lake.info().rows("labels") == 0

    saved = json.loads(run(*ADD, "--threshold", "0.4", "--author", "Anna", "--json"))["saved"]
    assert saved["key"] == "late_courier"
    assert saved["mentions"] >= saved["reviews"] > 0
    listed = json.loads(run("themes", "list", "--json"))["themes"]
    assert (listed[-1]["key"], listed[-1]["own"], listed[-1]["author"]) == ("late_courier", True, "Anna")
    assert listed[-1]["reviews"] == saved["reviews"]
    assert "own, by examples from 0.40" in run("themes", "list")

    edited = run("themes", "edit", "late_courier", "--name-ru", "Опоздания", "--threshold", "0.45")
    assert "Saved the theme late_courier." in edited
    shown = run("themes", "show", "late_courier")
    assert "ru  Опоздания" in shown
    assert "    the courier was late" in shown
    assert "Late courier" in run("reasons", "--theme", "late_courier", "--lang", "en")
    assert json.loads(run("themes", "draw", "--json"))["found"] == 0

    assert "Removed" in run("themes", "remove", "late_courier")
    assert "late_courier" not in run("themes", "list")


def test_a_shipped_theme_is_renamed_and_given_its_name_back(lake: Lake) -> None:
    run("themes", "edit", "speed", "--name-en", "Pace\x1b[31m")
    listed = run("themes", "list")
    assert "Pace" in listed
    assert "\x1b" not in listed
    run("themes", "remove", "speed")
    assert "Pace" not in run("themes", "list")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("add", "--name-en", "Parking"), "found by its examples"),
        (("add", "--name-en", "Speed", "--example-en", "so slow"), "already"),
        (("edit", "spede", "--name-en", "x"), "no theme 'spede'"),
        (("show", "spede"), "no theme 'spede'"),
        (("remove", "speed"), "Nobody has edited"),
    ],
)
def test_what_cannot_be_is_told(lake: Lake, asked: tuple[str, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        run("themes", *asked)
    assert lake.info().rows("labels") == 0


def test_tagging_finds_the_theme_in_new_reviews(lake: Lake, plant: Callable[..., Lake]) -> None:
    run(*ADD, "--threshold", "0.3")
    new = plant({"text": "Ужас. Курьер опоздал и не позвонил. Больше не закажу.", "language": "ru"})
    with new.snapshot() as snapshot:
        lake.upsert_reviews(snapshot.raw("SELECT * FROM reviews"))
    said = json.loads(run("tag", "--no-group", "--json"))
    assert said["tagged"] == 1
    assert said["by_examples"] >= 1
    with lake.snapshot() as snapshot:
        quotes = snapshot.sql("SELECT quote FROM mentions WHERE theme = 'late_courier'").column(0).to_pylist()
    assert any("Курьер опоздал и не позвонил" in one for one in quotes)
