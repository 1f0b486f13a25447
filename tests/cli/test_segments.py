from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from tests.insight.whereabouts.test_hotspots import HOSTILE, reviews
from ugc.cli import program
from ugc.errors import InputError

runner = CliRunner()


def run(*args):
    return runner.invoke(program, ["segments", *args], catch_exceptions=False)


@pytest.fixture
def lake(plant):
    return plant(*reviews(bad="Казань")).address


def test_plain_sentences_in_each_language(lake):
    out = run("--lake", lake, "--lang", "en").stdout
    assert out.startswith("What the average hides: groups unlike the other reviews (n = 1600)\n")
    assert "Worse than elsewhere" in out
    assert "Better than elsewhere" not in out
    assert "Казань, version 4.2: 49% complain about speed, elsewhere 6.7%" in out
    assert "Казань, version 4.2: 49% are displeased, elsewhere 6.7%" in out
    assert "theme that differs most: Speed" in out
    assert "«Приложение грузится целую вечность" in out
    assert "such reviews beyond the expected: " in out
    assert "недовольных 49\u00a0%, в остальных 6,7\u00a0%" in run("--lake", lake, "--lang", "ru").stdout
    assert (
        "Казань, wersja 4.2: 49% skarży się: szybkość, gdzie indziej 6,7%"
        in run("--lake", lake, "--lang", "pl").stdout
    )


def test_a_document(lake):
    document = json.loads(run("--lake", lake, "--lang", "en", "--target", "negative", "--json").stdout)
    assert (document["version"], document["tagged"], document["size"]) == (1, 1600, 50)
    (row,) = document["rows"]
    assert row["conditions"] == [
        {"dimension": "city", "value": "Казань"},
        {"dimension": "version", "value": "4.2"},
    ]
    assert row["sentence"] == "Казань, version 4.2: 49% are displeased, elsewhere 6.7%"
    assert (row["theme"], row["name"], row["about"]) == (None, None, "speed")
    assert row["share"]["low"] < row["share"]["value"] < row["share"]["high"]
    assert row["difference"]["low"] > 0


def test_nothing_to_report(lake):
    out = run("--lake", lake, "--lang", "en", "--theme", "politeness", "--only", "better").stdout
    assert "No group differs by more than chance." in out
    with pytest.raises(InputError, match="no review with city"):
        run("--lake", lake, "--city", "Париж")


def test_hostile_names_do_not_steer_the_terminal(plant):
    out = run("--lake", plant(*reviews()).address, "--lang", "ru").stdout
    assert "\x1b" not in out
    assert HOSTILE.replace("\x1b", "\ufffd") in out


def test_one_review_and_none(plant):
    result = run("--lake", plant(*reviews(1)).address, "--lang", "en")
    assert "There are too few reviews to look for groups: at least 100" in result.stdout


def test_an_empty_lake_says_what_to_do(plant):
    lake = plant().address
    result = run("--lake", lake)
    assert "Bring some in with" in result.stderr
    assert result.stdout == ""
    document = json.loads(run("--lake", lake, "--json").stdout)
    assert (document["tagged"], document["rows"]) == (0, [])


def test_help_is_light():
    """Asking for help loads none of the heavy packages."""
    ask = (
        "import sys; from typer.testing import CliRunner; from ugc.cli import program;"
        "assert '--floor' in CliRunner().invoke(program, ['segments', '--help']).stdout;"
        "print(sorted({'duckdb', 'pyarrow', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
