from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ugc.cli import program
from ugc.errors import InputError, SettingsError

runner = CliRunner()


def asks(contact, theme, **more):
    text = "Посылку везли целых две недели"
    told = {"company": "Lumbi", "date": "2026-06-10"} | more
    mentions = [(text, theme, "negative")] if theme else []
    return {
        "text": text,
        "sentiment": "negative",
        "contact": contact,
        "repeat": False,
        "mentions": mentions,
        **told,
    }


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def lake(plant):
    return plant(
        asks("complaint", "speed", date="2026-06-01"),
        asks("claim", "speed", repeat=True),
        asks("question", "price"),
        asks("complaint", None),
        asks("praise", "speed", company="\x1b[2JЯсень", date="2026-06-30"),
        {"text": "Ещё не прочитано", "company": "Lumbi"},
    ).address


@pytest.fixture
def volumes(tmp_path):
    path = tmp_path / "volumes.csv"
    path.write_text("period,company,transactions\n2026-06,Lumbi,1000\n2026-06,Nobody,5\n", encoding="utf-8")
    return str(path)


def run(*args):
    return runner.invoke(program, ["priority", *args], catch_exceptions=False)


def test_themes_in_their_order(lake, volumes):
    result = run("--lake", lake, "--lang", "en", "--volumes", volumes, "--reduction", "0.2")
    assert result.exit_code == 0
    out = result.stdout
    assert "What to do first (n = 5)" in out
    assert "Contacts: 4 (80%, 38–96% of the reviews read): questions 1, requests 0, complaints 2" in out
    assert "Points: 8 (" in out
    assert "Cost: 720 (" in out
    assert "(first contact 130, repeated 330)" in out
    assert out.index(" 1. Speed: points 5 (") < out.index(" 2. Price: points 1 (") < out.index("– No theme")
    assert "if 20% fell away: a fix would save 92 (" in out
    assert "places: by points 1, by impact 1.5, by cost 1" in out
    assert "Complaints and claims per 1000 transactions" in out
    assert "whole: 3.00 (0.62…8.77), 3 / 1000" in out
    assert "Line 3 (2026-06) is not used: the lake holds no such reviews." in out
    assert "Run: ugc tag" in result.stderr
    assert "\x1b" not in out


def test_words_in_each_language(lake, volumes):
    for lang, word in (("ru", "Скорость"), ("en", "Speed"), ("pl", "Szybkość")):
        assert word in run("--lake", lake, "--lang", lang, "--volumes", volumes).stdout


def test_prices_come_from_the_settings(lake, tmp_path, monkeypatch):
    (tmp_path / "ugc.toml").write_text("[priority]\nfirst_contact = 2.5\n", encoding="utf-8")
    monkeypatch.setenv("UGC_PRIORITY__REPEAT_CONTACT", "10")
    document = json.loads(run("--lake", lake, "--json").stdout)
    assert (document["first_contact"], document["repeat_contact"]) == (2.5, 10.0)
    assert document["whole"]["cost"]["value"] == 17.5
    assert "first contact 2.50, repeated 10" in run("--lake", lake, "--lang", "en").stdout
    for price in ("-1", "inf", "nan", "much"):
        monkeypatch.setenv("UGC_PRIORITY__REPEAT_CONTACT", price)
        with pytest.raises(SettingsError, match="UGC_PRIORITY__REPEAT_CONTACT"):
            run("--lake", lake)


def test_volumes_come_from_the_settings_unless_named(lake, volumes, tmp_path):
    (tmp_path / "ugc.toml").write_text('volumes = "volumes.csv"\n', encoding="utf-8")
    assert json.loads(run("--lake", lake, "--json").stdout)["rates"]["whole"]["transactions"] == 1000
    (tmp_path / "other.csv").write_text("period,transactions\n2026-06,2000\n", encoding="utf-8")
    named = json.loads(run("--lake", lake, "--json", "--volumes", "other.csv").stdout)
    assert named["rates"]["whole"]["transactions"] == 2000
    (tmp_path / "volumes.csv").unlink()
    with pytest.raises(InputError, match=r"volumes\.csv cannot be read"):
        run("--lake", lake)


def test_json(lake, volumes):
    document = json.loads(run("--lake", lake, "--json", "--volumes", volumes, "--lang", "en").stdout)
    assert (document["version"], document["n_reviews"], document["reduction"]) == (1, 5, 0.5)
    speed = document["rows"][0]
    assert (speed["theme"], speed["name"], speed["rank"]) == ("speed", "Speed", pytest.approx(3.5 / 3))
    assert speed["contacts"]["contacts"] == 2
    assert set(speed["saved_by_fix"]) == {"value", "low", "high"}
    assert document["rows"][-1]["name"] is None
    assert document["rates"]["whole"]["rate"] == 3.0
    assert document["rates"]["unused"] == [{"line": 3, "period": "2026-06", "why": "unknown"}]


def test_what_is_wrong_is_said(lake, volumes, tmp_path):
    with pytest.raises(InputError, match="cannot fall"):
        run("--lake", lake, "--reduction", "2")
    with pytest.raises(InputError, match="cannot be read"):
        run("--lake", lake, "--volumes", str(tmp_path / "absent.csv"))
    with pytest.raises(InputError, match="The lake holds no review with city"):
        run("--lake", lake, "--volumes", volumes, "--city", "Казань")


def test_an_empty_lake_says_what_to_do(plant, volumes):
    address = plant().address
    result = run("--lake", address, "--volumes", volumes)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "ugc import" in result.stderr
    assert json.loads(run("--lake", address, "--json").stdout)["rows"] == []


def test_praise_alone_is_no_contact(plant):
    out = run("--lake", plant(asks("praise", "speed")).address, "--lang", "en").stdout
    assert "There are no contacts in these reviews." in out
