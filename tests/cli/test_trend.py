from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from ugc.cli import program

runner = CliRunner()


@pytest.fixture
def lake(plant):
    rows = [
        {
            "text": "Посылку везли две недели",
            "date": (date(2026, 1, 5) + timedelta(days=7 * week + n % 7)).isoformat(),
            "stars": 1.0 if n < (12 if week >= 8 else 2) else 5.0,
            "sentiment": "negative" if n < (12 if week >= 8 else 2) else "positive",
            "mentions": [("Посылку везли", "speed", "negative")] if n < 2 else [],
        }
        for week in range(14)
        for n in range(21)
    ]
    return plant(*rows).address


def run(*args):
    return runner.invoke(program, ["trend", *args], catch_exceptions=False)


@pytest.mark.parametrize(
    ("lang", "word"), [("ru", "Что изменилось"), ("en", "What changed"), ("pl", "Co się")]
)
def test_the_course_and_its_change(lake, lang, word):
    out = run("--lake", lake, "--lang", lang, "--theme", "speed").stdout
    assert word in out
    assert "2026-03-02 (" in out


def test_a_document(lake):
    document = json.loads(run("--lake", lake, "--json", "--by", "month").stdout)
    assert (document["by"], len(document["points"])) == ("month", 4)
    weekly = json.loads(run("--lake", lake, "--json").stdout)
    assert {one["at"] for one in weekly["changes"]} == {"2026-03-02"}


def test_an_empty_lake(plant):
    assert "ugc import" in run("--lake", plant().address).stderr
