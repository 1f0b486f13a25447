from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from ugc.cli import program
from ugc.errors import InputError

runner = CliRunner()

SLOW = "Посылку везли целых две недели вместо трёх дней"
STEERING = "\x1b[2J[red]Ясень[/red] \u202e" + "😀" * 300


def side(name, slow, fine, **more):
    """Reviews of one company: so many blame speed, so many nothing."""
    for n in range(slow + fine):
        blamed = n < slow
        text = f"{SLOW} {n}" if blamed else f"Всё хорошо {n}"
        yield {
            "text": text,
            "company": name,
            "source_id": f"{name} {n}",
            "stars": 2.0 if blamed else 5.0,
            "sentiment": "negative" if blamed else "positive",
            "mentions": [(text, "speed", "negative")] if blamed else [],
            "date": "2026-06-10" if blamed else "2026-02-10",
            **more,
        }


@pytest.fixture
def lake(plant):
    return plant(
        *side("Lumbi", 30, 20, city="Казань"),
        *side("Amberhaus", 5, 45),
        *side(STEERING, 5, 5),
        {"text": "Ещё не прочитано", "company": "Lumbi", "source_id": "unread"},
    ).address


def run(*args):
    return runner.invoke(program, ["compare", *args], catch_exceptions=False)


def test_a_table(lake):
    result = run("Lumbi", "Amberhaus", "--lake", lake, "--lang", "en")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Companies side by side"
    assert lines[1].startswith("Differences: against the first (Lumbi). Tested together: 4, corrected")
    table = {line[:24].strip(): line[24:].split() for line in lines[3:11]}
    assert table["Reviews"] == ["51", "50"]
    assert table["ratings lacking to 300"] == ["250", "250"]
    speed = next(line for line in lines if line.startswith("− Speed"))
    assert "60% (46–72%)" in speed
    assert "10% (4–21%); −50.0* (−63.6…−32.1)" in speed
    assert f"      Lumbi: «{SLOW}" in result.stdout
    assert "Run: ugc tag" in result.stderr


def test_nothing_steers_the_terminal(lake):
    out = run("Lumbi", STEERING, "--lake", lake).stdout
    assert not {"\x1b", "\u202e"} & set(out)
    assert "[red]" in out
    assert "😀" * 60 not in out


def test_words_in_each_language(lake):
    for lang, told in (("ru", "Компании рядом"), ("en", "Companies side"), ("pl", "Firmy obok")):
        for against in ("first", "rest"):
            out = run("Lumbi", "Amberhaus", "--lake", lake, "--lang", lang, "--against", against).stdout
            assert out.startswith(told)
    for lang, told in (("ru", "Периоды"), ("en", "Periods"), ("pl", "Okresy")):
        assert run("2026-Q1", "2026-Q2", "--lake", lake, "--lang", lang).stdout.startswith(told)
    out = run("Lumbi", "Amberhaus", "--lake", lake, "--since", "2026-06-01", "--lang", "en").stdout
    assert "No difference is significant." in out


def test_json(lake):
    result = run("Lumbi", "Amberhaus", STEERING, "--lake", lake, "--json", "--lang", "pl", "--city", "Казань")
    found = json.loads(result.stdout)
    assert (found["version"], found["what"], found["against"]) == (1, "company", "first")
    assert [one["scores"]["reviews"] for one in found["sides"]] == [50, 0, 0]
    found = json.loads(run("Lumbi", "Amberhaus", STEERING, "--lake", lake, "--json", "--lang", "pl").stdout)
    assert [one["name"] for one in found["sides"]] == ["Lumbi", "Amberhaus", STEERING]
    assert found["sides"][0]["csi"] is None
    assert set(found["sides"][1]["csi"]) == {"value", "low", "high", "p_value", "q_value", "significant"}
    speed = found["themes"][0]
    assert (speed["theme"], speed["name"], speed["polarity"]) == ("speed", "Szybkość", "negative")
    assert [one["reviews"] for one in speed["shares"]] == [30, 5, 5]
    assert [len(one) for one in speed["quotes"]] == [1, 0, 0]
    assert found["concrete"] == []


def test_what_and_top(lake):
    found = json.loads(
        run("Lumbi", "Amberhaus", "--lake", lake, "--json", "--what", "company", "--top", "1").stdout
    )
    assert len(found["themes"]) == 1
    for args, message in (
        (("Lumbi", "Amberhaus", "--what", "city"), "no review with city 'Lumbi'"),
        (("Lumbi", "Amberhouse"), "Nearest: Amberhaus"),
        (("Lumbi", "Lumbi"), "same reviews"),
        (("2026-Q1", "2026-03"), "share days"),
        (("Lumbi",), "fewer than two"),
        (("Lumbi", "Amberhaus", "--against", "all"), "Known: first, rest"),
    ):
        with pytest.raises(InputError, match=message):
            run(*args, "--lake", lake)


def test_an_empty_lake_says_what_to_do(plant):
    address = plant().address
    result = run("Lumbi", "Amberhaus", "--lake", address)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "ugc import" in result.stderr
    document = json.loads(run("Lumbi", "Amberhaus", "--lake", address, "--json").stdout)
    assert (document["sides"], document["themes"]) == ([], [])


def test_help_is_light():
    """Asking for help loads none of the heavy packages."""
    ask = (
        "import sys; from typer.testing import CliRunner; from ugc.cli import program;"
        "assert '--against' in CliRunner().invoke(program, ['compare', '--help']).stdout;"
        "print(sorted({'duckdb', 'pyarrow', 'sklearn', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
