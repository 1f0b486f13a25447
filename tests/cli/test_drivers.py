from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from tests.insight.truths import Planted, tables
from ugc.cli import program
from ugc.errors import InputError, LakeError
from ugc.lake import Lake

runner = CliRunner()

PLANTED = (
    Planted("reliability", 0.14, 0.16, penalty=1.2),
    Planted("politeness", 0.14, 0.16, reward=0.9),
    Planted("speed", 0.14, 0.16, penalty=0.6, reward=0.6),
    Planted("safety", 0.0, 0.005),
)


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    return tables(1500, PLANTED, 8).write(Lake.open(tmp_path_factory.mktemp("drivers") / "lake")).address


def run(*args):
    return runner.invoke(program, ["drivers", *args], catch_exceptions=False)


def test_the_themes_with_their_classes(lake):
    out = run("--lake", lake, "--lang", "en").stdout
    assert out.startswith("Mean rating: 3.")
    assert "n = 1500." in out
    assert "The themes together explain" in out
    assert "Reliability: must-be: blame takes, praise hardly adds" in out
    assert "Politeness: delighter: praise adds, blame hardly takes" in out
    assert "Speed: performance: blame takes, praise adds" in out
    assert "Safety, praise: too few reviews: " in out
    assert "Raised by no review: Competence" in out
    assert out.count("if complaints fell by 50%: +0.0") == 2
    assert "not significant" in out


@pytest.mark.parametrize(
    ("lang", "word"), [("ru", "Надёжность: обязательное"), ("en", "must-be"), ("pl", "podstawowe")]
)
def test_words_in_each_language(lake, lang, word):
    assert word in run("--lake", lake, "--lang", lang).stdout


def test_a_document(lake):
    document = json.loads(run("--lake", lake, "--lang", "pl", "--fall", "0.2", "--json").stdout)
    assert (document["version"], document["language"], document["fall"]) == (1, "pl", 0.2)
    assert document["filters"]["left_out"] == 0
    assert 0 < document["r2_adjusted"] < document["r2"] < 1
    row = next(one for one in document["rows"] if one["theme"] == "reliability")
    assert (row["kind"], row["undecided"], row["name"]) == ("must_be", None, "Niezawodność")
    assert row["penalty"]["low"] < row["penalty"]["value"] < row["penalty"]["high"]
    assert row["blame_impact"]["q_value"] < 0.05
    assert row["what_if"]["mean_stars"] == pytest.approx(document["mean_stars"] + row["what_if"]["value"])
    few = next(one for one in document["unweighed"] if one["theme"] == "safety")
    assert (few["polarity"], few["cause"], few["like"]) == ("positive", "few", None)


def test_a_theme_is_shown_alone(lake):
    document = json.loads(run("--lake", lake, "--theme", "speed", "--json").stdout)
    assert [one["theme"] for one in document["rows"]] == ["speed"]
    assert document["ratings"] == 1500


def test_filters_and_mistakes(lake):
    document = json.loads(run("--lake", lake, "--city", "казань", "--json").stdout)
    assert 600 < document["tagged"] < 900
    with pytest.raises(InputError, match="no review with city"):
        run("--lake", lake, "--city", "Париж")
    with pytest.raises(InputError, match="cannot fall"):
        run("--lake", lake, "--fall", "50")
    with pytest.raises(InputError, match="no words"):
        run("--lake", lake, "--lang", "de")


def test_too_few_ratings_are_said_to_be(plant):
    slow = ("долго", "speed", "negative")
    one = {"text": "долго", "stars": 2.0, "sentiment": "negative", "mentions": [slow]}
    result = run("--lake", plant(one, {"text": "Не прочитано"}).address, "--lang", "en")
    assert "Not representative: ratings lacking to 300: 299" in result.stdout
    assert "There are too few ratings to say what moves them: 1 (at least 100" in result.stdout
    assert " 1. Speed\n      raised by: 100% (21–100%), 1 / 1\n" in result.stdout
    assert "★" not in result.stdout
    assert "Run: ugc tag" in result.stderr


def test_an_empty_lake_says_what_to_do(plant):
    lake = plant().address
    result = run("--lake", lake)
    assert "Bring some in with" in result.stderr
    assert result.stdout == ""
    document = json.loads(run("--lake", lake, "--json").stdout)
    assert (document["tagged"], document["rows"], document["lacking"]) == (0, [], "ratings")


def test_no_lake(tmp_path):
    with pytest.raises(LakeError, match="no lake"):
        run("--lake", str(tmp_path / "none"))


@pytest.mark.parametrize("name", ["drivers", "moments"])
def test_help_is_light(name):
    """Asking for help loads none of the heavy packages."""
    ask = (
        "import sys; from typer.testing import CliRunner; from ugc.cli import program;"
        f"assert '--company' in CliRunner().invoke(program, ['{name}', '--help']).stdout;"
        "print(sorted({'duckdb', 'pyarrow', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
