"""`ugc group` and the concrete reasons of `ugc reasons`, as a user runs them."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from tests.grouping.planted import TEXTS, filled
from ugc.cli import program

runner = CliRunner()

ENGLISH = ("the parcel was left outside", "nobody answers the phone", "two hours in the queue")
POLISH = ("kurier nie dzwoni przed dostawą", "infolinia nie odbiera telefonu", "kolejka na dwie godziny")
HOSTILE = (
    "<b>=cmd|' /C calc'!A0</b> не работает",
    "\x1b[2Jкурьер \u202eнагрубил у двери",
    "очередь на два часа",
)


def run(*args: object) -> str:
    result = runner.invoke(program, [str(one) for one in args], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_grouping_twice_and_anew(plant):
    address = filled(plant).address
    first = run("group", "--lake", address)
    assert "Grouped 60 mentions" in first
    assert "3 reasons (opened 3, merged 0)" in first
    assert "In no reason: 0% of 60 mentions." in first
    assert "Nothing new to group. Reasons: 3." in run("group", "--lake", address)
    again = json.loads(run("group", "--anew", "--lake", address, "--json"))
    assert (again["looked_at"], again["opened"], again["reasons"]) == (60, 0, 3)
    assert again["share_unassigned"] == 0


def test_an_empty_lake(plant):
    address = plant().address
    assert "ugc tag" in run("group", "--lake", address)
    assert json.loads(run("group", "--lake", address, "--json"))["share_unassigned"] is None


@pytest.mark.parametrize(("language", "texts"), [("ru", TEXTS), ("en", ENGLISH), ("pl", POLISH)])
def test_concrete_reasons_in_three_languages(plant, language, texts):
    address = filled(plant, texts=texts, language=language).address
    run("group", "--lake", address)
    said = json.loads(run("reasons", "--lake", address, "--lang", language, "--json"))
    below = said["complain"]["reasons"][0]["concrete"]
    assert (below["mentions"], below["unassigned"], below["share_unassigned"]) == (60, 0, 0)
    assert {row["reviews"] for row in below["rows"]} == {20}
    for row in below["rows"]:
        assert any(row["name"] in text or text in row["name"] for text in texts)
    shown = run("reasons", "--lake", address, "--lang", language)
    assert all(f"– «{text}»" in shown for text in texts)
    assert "– «" not in run("reasons", "--lake", address, "--concrete", 0)


def test_no_name_steers_the_terminal(plant):
    address = filled(plant, texts=HOSTILE).address
    run("group", "--lake", address)
    said = json.loads(run("reasons", "--lake", address, "--lang", "ru", "--json"))
    names = [row["name"] for row in said["complain"]["reasons"][0]["concrete"]["rows"]]
    assert all(name and name.isprintable() and not set(name) & set("<>=|!\u202e\x1b") for name in names)
    shown = run("reasons", "--lake", address, "--lang", "ru")
    assert not {"\x1b", "\u202e"} & set(shown)


def test_the_eleven_in_three_languages(plant):
    address = filled(plant).address
    for language, name in (("ru", "Стабильность"), ("en", "Stability"), ("pl", "Stabilność")):
        said = json.loads(run("reasons", "--eleven", "--lake", address, "--lang", language, "--json"))
        rows = said["eleven"]["rows"]
        assert (len(rows), said["eleven"]["n_reviews"]) == (11, 60)
        assert name in {row["name"] for row in rows}
        assert all(row["low"] <= row["share"] <= row["high"] and row["rules"] for row in rows)
        assert name in run("reasons", "--eleven", "--lake", address, "--lang", language)
