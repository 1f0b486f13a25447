from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ugc.cli import program
from ugc.errors import InputError

runner = CliRunner()

WISH = "Хотелось бы больше касс вечером"
STEERING = "They should \x1b[2Jfix \u202ethe :boom: door"


def said(text, theme=None, **more):
    mentions = [(text, theme, "negative")] if theme else []
    return {"text": text, "sentiment": "negative", "mentions": mentions, **more}


@pytest.fixture
def lake(plant):
    return plant(
        said(WISH, "speed", date="2026-06-10", stars=2.0, company="Lumbi", city="Казань",
             url="https://otzovik.example/1"),
        said(STEERING, date="2026-06-11", company="Lumbi"),
        said("Ожидал ответа час", "speed", date="2026-01-11", company="Ясень"),
        {"text": "Ещё не прочитано", "company": "Lumbi"},
    ).address  # fmt: skip


def run(*args):
    return runner.invoke(program, ["expectations", *args], catch_exceptions=False)


def test_themes_with_figures_and_quotes(lake):
    result = run("--lake", lake, "--lang", "en")
    assert result.exit_code == 0
    out = result.stdout
    assert "What customers expected (n = 3)" in out
    assert "Expectations are stated in 67% of the reviews read (21–94%), 2 / 3: 2 in all" in out
    assert "50% of the expectations belong to no theme." in out
    assert "This quarter (2026-04-01 … 2026-06-11) is compared with 2026-01-11 … 2026-03-31." in out
    assert " 1. Speed: 33% (6–79%), 1 / 3; wished 1; +50\u00a0pp (not significant)" in out
    assert f"«{WISH}»" in out
    assert "2026-06-10 · ★ 2 · Lumbi · Казань · otzovik · https://otzovik.example/1" in out
    assert "  – No theme" in out
    assert "Run: ugc tag" in result.stderr
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_words_in_each_language(lake):
    for lang, word in (("ru", "Скорость"), ("en", "Speed"), ("pl", "Szybkość")):
        assert word in run("--lake", lake, "--lang", lang).stdout


def test_json(lake):
    document = json.loads(run("--lake", lake, "--json", "--company", "lumbi", "--lang", "pl").stdout)
    assert (document["version"], document["language"]) == (1, "pl")
    assert document["filters"]["companies"] == ["Lumbi"]
    assert (document["n_reviews"], document["reviews"], document["unassigned"]) == (2, 2, 0.5)
    speed, adrift = document["rows"]
    assert (speed["theme"], speed["name"], speed["share"]) == ("speed", "Szybkość", 0.5)
    assert (adrift["theme"], adrift["name"]) == (None, None)
    assert {"low", "high", "kinds", "change", "is_new", "quotes", "mean_stars"} <= set(speed)
    quote = speed["quotes"][0]
    assert (quote["text"], quote["kind"], quote["words"]) == (WISH, "wished", "Хотелось бы")
    assert quote["date"] == "2026-06-10T00:00:00+00:00"


def test_nothing_to_tell(plant, lake):
    assert "Nobody states" in run("--lake", lake, "--lang", "en", "--company", "Ясень").stdout
    with pytest.raises(InputError, match="Nearest: Lumbi"):
        run("--lake", lake, "--company", "Lumbbi")


def test_an_empty_lake_says_what_to_do(plant):
    address = plant().address
    result = run("--lake", address)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "ugc import" in result.stderr
    assert json.loads(run("--lake", address, "--json").stdout)["rows"] == []
