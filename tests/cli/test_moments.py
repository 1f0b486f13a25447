from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from tests.insight.truths import Planted, tables
from ugc.cli import program
from ugc.errors import InputError
from ugc.lake import Lake

runner = CliRunner()

PLANTED = (
    Planted("resolution", 0.10, 0.10, penalty=1.3, touchpoint="support"),
    Planted("politeness", 0.12, 0.14, penalty=0.1, reward=0.2, touchpoint="venue"),
    Planted("speed", 0.12, 0.12, penalty=0.2, reward=0.2, touchpoint="delivery"),
    Planted("price", 0.12, 0.12, penalty=0.2, reward=0.2, touchpoint="order"),
    Planted("safety", 0.05, 0.05, touchpoint="none"),
)


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    return tables(1500, PLANTED, 8).write(Lake.open(tmp_path_factory.mktemp("moments") / "lake")).address


def run(*args):
    return runner.invoke(program, ["moments", *args], catch_exceptions=False)


def test_the_moments_and_the_way(lake):
    out = run("--lake", lake, "--lang", "en").stdout
    assert "Moments of truth (n = 1500)\n 1. Resolution · Support\n      pulls the rating down: −0." in out
    assert "times what its share lets one expect" in out
    assert "among 1★ " in out
    names = ["Awareness: 0%", "Choice: 0%", "Decision: ", "After purchase: ", "Place not told: "]
    places = [out.index(f"\n{name}") for name in names]
    assert places == sorted(places)
    assert "    ★ Resolution · Support: " in out
    assert "      Safety · Place not told: " in out
    assert out.count("\n 2. ") == 0
    assert "(not significant)" not in out
    assert ", not significant; with emotion" in out


@pytest.mark.parametrize(
    ("lang", "word"), [("ru", "Моменты истины"), ("en", "Moments of truth"), ("pl", "Momenty prawdy")]
)
def test_words_in_each_language(lake, lang, word):
    assert word in run("--lake", lake, "--lang", lang).stdout


def test_a_document(lake):
    document = json.loads(run("--lake", lake, "--lang", "ru", "--json").stdout)
    assert (document["version"], document["language"], document["enough"]) == (1, "ru", True)
    first = document["cells"][0]
    assert (first["theme"], first["touchpoint"], first["stage"]) == (
        "resolution",
        "support",
        "after_purchase",
    )
    assert first["name"] == "Решение вопроса · Поддержка"
    assert [one["moment"] for one in document["cells"]] == [True, False, False, False, False]
    assert first["blame"]["impact"]["high"] < 0
    assert first["blame"]["excess_q"] < 0.05
    assert [one["key"] for one in document["stages"]][-2:] == ["after_purchase", None]


def test_the_map_is_as_long_as_asked(lake):
    long, short = (run("--lake", lake, "--lang", "en", "--top", top).stdout for top in ("5", "1"))
    assert "Politeness · Visit" in long
    assert "Politeness · Visit" not in short


def test_a_theme_is_shown_alone(lake):
    document = json.loads(run("--lake", lake, "--theme", "speed", "--json").stdout)
    assert [one["theme"] for one in document["cells"]] == ["speed"]
    out = run("--lake", lake, "--lang", "en", "--theme", "speed").stdout
    assert "No place on the way moves the rating more than its share lets one expect." in out


def test_mistakes(lake):
    with pytest.raises(InputError, match="no review with theme"):
        run("--lake", lake, "--theme", "weather")


def test_too_few_ratings_are_said_to_be(plant):
    slow = ("долго", "speed", "negative", "delivery")
    one = {"text": "долго", "stars": 2.0, "sentiment": "negative", "mentions": [slow]}
    result = run("--lake", plant(one).address, "--lang", "en")
    assert "There are too few ratings to say what moves them: 1 (at least 100" in result.stdout
    assert "Moments of truth" not in result.stdout
    assert "Speed · Delivery: 100% (21–100%), 1 / 1; score 0 (0…56); too few ratings" in result.stdout


def test_an_empty_lake_says_what_to_do(plant):
    lake = plant().address
    result = run("--lake", lake)
    assert "Bring some in with" in result.stderr
    assert result.stdout == ""
    document = json.loads(run("--lake", lake, "--json").stdout)
    assert (document["tagged"], document["cells"], document["enough"]) == (0, [], False)
