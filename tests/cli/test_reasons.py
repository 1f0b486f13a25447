from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest
from rich.console import Console
from typer.testing import CliRunner

from ugc.cli import program
from ugc.cli import reasons as command
from ugc.errors import InputError, LakeError
from ugc.insight import Filters, reasons
from ugc.lake import Lake
from ugc.report import words

runner = CliRunner()

SLOW = "Посылку везли целых две недели вместо трёх дней"
STEERING = "\x1b[2J[red]курьер[/red] \u202eприехал через неделю :boom:\nи не извинился"


def said(text, theme, polarity, **more):
    return {"text": text, "sentiment": polarity, "mentions": [(text, theme, polarity)], **more}


@pytest.fixture
def lake(plant):
    return plant(
        said(SLOW, "speed", "negative", date="2026-06-10", stars=1.0, company="Lumbi", city="Казань",
             url="https://otzovik.example/1"),
        said(STEERING, "speed", "negative", date="2026-06-11", company="Lumbi", url="javascript:alert(1)"),
        said("Очень вежливый курьер", "politeness", "positive", company="Lumbi", source="ceneo"),
        said("Скрытая комиссия за обслуживание карты", "transparency", "negative", company="Ясень Банк",
             date="2026-03-01"),
        {"text": "Ещё не прочитано", "company": "Lumbi"},
        {"text": "", "stars": 5.0, "company": "Lumbi"},
    ).address  # fmt: skip


def run(*args):
    return runner.invoke(program, ["reasons", *args], catch_exceptions=False)


def test_two_tables_with_quotes(lake):
    result = run("--lake", lake, "--lang", "en")
    assert result.exit_code == 0
    out = result.stdout
    assert out.index("What customers thank for (n = 4)") < out.index("What customers complain about (n = 4)")
    assert " 1. Speed: 50% (15–85%), 2 / 4" in out
    assert f"«{SLOW}»" in out
    assert "2026-06-10 · ★ 1 · Lumbi · Казань · otzovik · https://otzovik.example/1" in out
    assert "Politeness: 25% (5–70%)" in out
    assert "Reviews: 6. Read by the model: 4. Not yet read: 1. Without text: 1." in out
    assert "Run: ugc tag" in result.stderr


def test_nothing_steers_the_terminal(lake):
    out = run("--lake", lake).stdout
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "[red]курьер[/red]" in out
    assert ":boom: и не извинился" in out
    assert "javascript" not in out


@pytest.mark.parametrize(("lang", "word"), [("ru", "Скорость"), ("en", "Speed"), ("pl", "Szybkość")])
def test_words_in_each_language(lake, lang, word):
    assert word in run("--lake", lake, "--lang", lang).stdout


def test_a_rich_table_shows_texts_as_they_are(lake):
    drawn = io.StringIO()
    console = Console(file=drawn, force_terminal=True, width=110, highlight=False, emoji=False, markup=False)
    with Lake.open(lake).snapshot() as snapshot:
        found = reasons(snapshot, Filters(), polarity="negative")
    command._print_rich(console, found, words("en"), {})
    shown = drawn.getvalue()
    assert "[red]" in shown
    assert ":boom:" in shown
    assert "\x1b[2J" not in shown
    assert "Speed" in shown


def test_filters(lake):
    out = run("--lake", lake, "--lang", "en", "--company", "lumbi", "--company", "Ясень Банк").stdout
    assert "n = 4" in out
    out = run("--lake", lake, "--lang", "en", "--company", "Ясень Банк").stdout
    assert "n = 1" in out
    assert "Speed" not in out
    out = run("--lake", lake, "--lang", "en", "--since", "2026-06-01", "--until", "2026-06-30").stdout
    assert "n = 2; change against 2026-05-02 … 2026-05-31" not in out  # no review then: nothing to compare
    assert "n = 2" in out
    out = run("--lake", lake, "--lang", "en", "--theme", "transparency").stdout
    assert "Transparency: 25%" in out
    assert "Speed" not in out
    assert run("--lake", lake, "--lang", "en", "--city", "").stdout.count("n = 3") == 2


def test_an_unknown_value_names_the_nearest(lake):
    with pytest.raises(InputError, match="Nearest: Lumbi") as caught:
        run("--lake", lake, "--company", "Lumbbi")
    assert caught.value.exit_code == 2
    with pytest.raises(InputError, match="Known: ru, en, pl"):
        run("--lake", lake, "--lang", "de")


def test_a_day_that_is_none():
    assert run("--since", "yesterday").exit_code == 2


def test_json_is_stable(lake):
    document = json.loads(run("--lake", lake, "--json", "--lang", "pl", "--since", "2026-01-01").stdout)
    assert list(document) == ["version", "language", "filters", "reviews", "thank", "complain"]
    assert document["version"] == 1
    assert document["filters"]["since"] == "2026-01-01"
    assert document["reviews"] == {
        "reviews": 3, "ratings": 1, "tagged": 3, "untagged": 0, "untaggable": 0, "without_text": 0,
    }  # fmt: skip
    complain = document["complain"]
    assert (complain["polarity"], complain["n"], complain["previous"]) == ("negative", 3, None)
    speed = complain["reasons"][0]
    figures = {"reviews", "share", "low", "high", "mentions", "mean_stars", "change"}
    assert set(speed) == {"theme", "name", "polarity", "quotes", "concrete"} | figures
    assert (speed["theme"], speed["name"], speed["reviews"]) == ("speed", "Szybkość", 2)
    quote = next(one for one in speed["quotes"] if one["text"] == SLOW)
    assert quote["date"] == "2026-06-10T00:00:00+00:00"
    assert (quote["url"], quote["source"], quote["stars"]) == ("https://otzovik.example/1", "otzovik", 1.0)
    assert {one["text"] for one in speed["quotes"]} == {SLOW, STEERING}


def test_an_empty_lake_says_what_to_do(plant):
    address = plant().address
    result = run("--lake", address, "--company", "Lumbi")
    assert result.exit_code == 0
    assert "ugc import" in result.stderr
    assert result.stdout == ""
    document = json.loads(run("--lake", address, "--json").stdout)
    assert (document["reviews"]["reviews"], document["thank"]["reasons"]) == (0, [])


def test_an_untagged_lake_says_what_to_do(plant):
    result = run("--lake", plant({"text": "Не прочитано"}).address)
    assert "None of these 1 reviews has been read by the model yet. Run: ugc tag" in result.stderr
    assert result.stdout == ""


def test_filters_that_leave_nothing(lake):
    result = run("--lake", lake, "--since", "2027-01-01")
    assert "No review matches" in result.stderr


def test_no_lake(tmp_path):
    with pytest.raises(LakeError, match="no lake"):
        run("--lake", str(tmp_path / "none"))


def test_help_is_light():
    """Asking for help loads none of the heavy packages."""
    ask = (
        "import sys; from typer.testing import CliRunner; from ugc.cli import program;"
        "assert '--company' in CliRunner().invoke(program, ['reasons', '--help']).stdout;"
        "print(sorted({'duckdb', 'pyarrow', 'sklearn', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
