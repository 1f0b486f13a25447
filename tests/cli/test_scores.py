"""`ugc scores` as a user runs it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ugc.cli import program
from ugc.errors import InputError

runner = CliRunner()

HOSTILE = "<b>x</b> =1+1\x1b[31m"


def run(*args):
    return runner.invoke(program, ["scores", *args], catch_exceptions=False)


@pytest.fixture
def lake(plant):
    hall = [
        {"text": f"Уютно {n}", "stars": 5, "sentiment": "positive", "company": "Зерно", "place": "Зал",
         "source": "survey", "rating": 10, "rating_scale": 10}
        for n in range(8)
    ]  # fmt: skip
    sent = [
        {"text": f"Долго {n} {HOSTILE}", "stars": 5 if n else 1, "sentiment": "negative", "company": "Зерно",
         "place": "Доставка", "source": "survey", "rating": 0, "rating_scale": 10,
         "mentions": [(f"Долго {n}", "speed", "negative", "delivery")]}
        for n in range(4)
    ]  # fmt: skip
    return plant(*hall, *sent).address


def test_levels_with_their_roll_up(lake):
    out = run("--lake", lake, "--lang", "en").stdout
    assert "CSI from ratings, 0–100: 92" in out
    assert "Not representative: ratings lacking to 300: 288" in out
    assert "By place" in out
    assert "By company" not in out, "one company is the whole"
    assert "Зал: CSI 100 (" in out
    assert "weight 67%; not representative, 292 lacking to 300" in out
    assert "Together, by number of ratings: CSI 92 (" in out
    assert "NPS where the source asked 0 to 10" in out
    assert "survey: 33 (" in out
    assert "4–5★ with a complaint): 25% (" in out
    assert "\x1b" not in out


def test_own_weights(lake, tmp_path, monkeypatch):
    file = tmp_path / "weights.csv"
    file.write_text("level,value,weight\nplace,Зал,70\nplace,Доставка,30\n", encoding="utf-8")
    out = run("--lake", lake, "--lang", "ru", "--level", "place", "--weights", str(file)).stdout
    assert "вес 30\u00a0%" in out
    assert "Вместе, по вашим весам: CSI 92 (" in out
    assert "По источникам" not in out
    monkeypatch.setenv("UGC_WEIGHTS", str(file))
    assert "по вашим весам" in run("--lake", lake, "--level", "place").stdout


@pytest.mark.parametrize(
    ("lang", "word"), [("ru", "Звёзды и текст расходятся"), ("en", "By place"), ("pl", "Według miejsc")]
)
def test_words_in_each_language(lake, lang, word):
    assert word in run("--lake", lake, "--lang", lang).stdout


def test_a_document(lake):
    document = json.loads(run("--lake", lake, "--level", "theme", "--disagreements", "1", "--json").stdout)
    assert document["version"] == 1
    assert document["whole"]["ratings"] == 12
    (row,) = document["levels"]["theme"]["rows"]
    assert (row["value"], row["name"], row["csi"]["value"], row["reviews"]) == ("speed", "Скорость", 0, 4)
    assert document["levels"]["theme"]["rolled_up"]["weights"] == {"speed": 1}
    assert document["nps"][0]["n"] == 12
    assert len(document["disagreements"]["rows"]) == 1


def test_an_unknown_level(lake):
    with pytest.raises(InputError, match="no level 'floor'"):
        run("--lake", lake, "--level", "floor")


def test_an_empty_lake_says_what_to_do(plant):
    result = run("--lake", plant().address)
    assert "The lake holds no reviews yet" in result.stderr
    assert result.stdout == ""
    document = json.loads(run("--lake", plant().address, "--json").stdout)
    assert (document["whole"]["reviews"], document["levels"], document["nps"]) == (0, {}, [])
