from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from ugc.cli import program
from ugc.errors import InputError
from ugc.lake import Lake


def run(*words: str) -> str:
    result = CliRunner().invoke(program, ["actions", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def weekly(city: str, week: int, place: int, slow: bool) -> dict[str, object]:
    """One review of a week counted from 2026-05-04."""
    day = date(2026, 5, 4) + timedelta(weeks=week, days=place % 7)
    text = f"Доставка шла долго {week} {place} {city}" if slow else f"Всё хорошо {week} {place} {city}"
    mentions = [("Доставка шла долго", "speed", "negative")] if slow else []
    more = {"sentiment": "negative" if slow else "positive", "stars": 1.0 if slow else 5.0}
    return {"text": text, "date": str(day), "city": city, "company": "Lumbi", "mentions": mentions} | more


@pytest.fixture
def lake(plant, monkeypatch) -> Lake:
    """Every second review of Казань blames speed until 2026-05-04 and every tenth after; Москва stays."""
    reviews = [
        weekly(city, week, place, slow=place % (10 if city == "Казань" and week >= 0 else 2) == week % 2)
        for week in range(-14, 9)
        for city in ("Казань", "Москва")
        for place in range(10)
    ]
    made = plant(*reviews)
    monkeypatch.setenv("UGC_LAKE", made.address)
    return made


def test_noting_listing_and_removing(lake):
    assert "There are none" in run("list")
    assert "no actions" in run("effect")
    words = ["--day", "2026-05-04", "--city", "казань", "--theme", "speed", "--author", "Anna"]
    told = json.loads(run("add", "Second courier", *words, "--json"))
    (made,) = told["actions"]
    assert told["version"] == 1
    assert (made["for"], made["theme"], made["day"]) == ({"city": ["Казань"]}, "speed", "2026-05-04")
    listed = run("list").splitlines()
    assert listed == [f"{made['id']}  2026-05-04  Second courier  for city Казань  theme speed  by Anna"]
    run("add", "New\x1b[31m site", "--day", "2026-06-01", "--company", "Lumbi", "--company", "")
    assert "\x1b" not in run("list")
    assert "for company Lumbi or none" in run("list")
    assert len(json.loads(run("list", "--json"))["actions"]) == 2
    assert run("remove", made["id"]).startswith(f"Removed: {made['id']}")
    (left,) = json.loads(run("list", "--json"))["actions"]
    assert json.loads(run("remove", left["id"], "--json"))["removed"][0]["id"] == left["id"]
    assert json.loads(run("list", "--json"))["actions"] == []


def test_what_came_of_it(lake):
    words = ["--day", "2026-05-04", "--city", "Казань"]
    one = json.loads(run("add", "Second courier", *words, "--theme", "speed", "--json"))["actions"][0]
    run("add", "Planned", "--day", "2027-01-01")
    run("add", "Long ago", "--day", "2020-01-01")
    told = run("effect", one["id"])
    assert "\n    Helped.\n" in told
    assert "Before: 50.0% (" in told
    assert "n = 140 in 14 weeks" in told
    assert "against the others; q = 0.0" in told
    (row,) = json.loads(run("effect", one["id"], "--json"))["effects"]
    assert (row["verdict"], row["measure"], row["meanwhile"]) == ("helped", "complaints", [])
    assert row["action"] == one
    assert row["effect"]["low"] < row["effect"]["value"] < row["effect"]["high"] < 0
    assert row["before"]["reviews"] == row["rest_before"]["reviews"] == 140
    assert row["course"][0]["first"] == "2026-01-26"
    assert sum(week["own"]["reviews"] for week in row["course"] if week["first"] < "2026-05-04") == 140
    everything = run("effect")
    assert everything.count("Looked at:") == 3
    assert "Too early to tell. There are too few weeks of reviews yet." in everything
    assert "There are no reviews before it to compare with." in everything
    stars = run("effect", one["id"], "--measure", "stars")
    assert "Looked at: mean stars" in stars
    assert " stars (+" in stars


def test_weeks_still_needed(lake):
    made = run("add", "New", "--day", "2026-06-15", "--city", "Москва", "--json")
    one = json.loads(made)["actions"][0]["id"]
    (row,) = json.loads(run("effect", one, "--measure", "stars", "--json"))["effects"]
    assert row["verdict"] == "too_early"
    (row,) = json.loads(run("effect", one, "--measure", "negative", "--json"))["effects"]
    assert row["weeks_passed"] == 3
    assert row["verdict"] == "too_early"
    weeks = row["weeks_needed"]
    assert weeks is None or f"About {weeks} more week" in run("effect", one)


def test_what_cannot_be_asked_for(lake):
    for words, match in (
        (["add", "x", "--day", "2026-05-04", "--city", "Казан"], "Nearest: Казань"),
        (["add", "x", "--day", "2026-05-04", "--theme", "weather"], "no review with theme"),
        (["add", " ", "--day", "2026-05-04"], "no words"),
        (["effect", "nothing"], "no action"),
        (["remove", "nothing"], "no action"),
        (["effect", "--measure", "sales"], "stars"),
    ):
        with pytest.raises(InputError, match=match):
            run(*words)
    assert json.loads(run("list", "--json"))["actions"] == []


def test_an_empty_lake(tmp_path):
    address = str(Lake.open(tmp_path / "lake").address)
    run("add", "First", "--day", "2026-05-04", "--lake", address)
    told = run("effect", "--lake", address)
    assert "Too early to tell. There are no reviews before it to compare with." in told
