from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ugc.cli import program
from ugc.errors import InputError

runner = CliRunner()

STEERING = "\x1b[2J Дали скидку за отзыв \u202eи чай"


@pytest.fixture
def lake(plant):
    fine = {"text": "Всё хорошо", "sentiment": "positive", "stars": 5.0, "company": "Lumbi"}
    bought = {"company": "Lumbi", "date": "2026-06-10", "sentiment": "negative", "stars": 4.0}
    return plant(
        *[fine for _ in range(8)],
        bought | {"text": STEERING, "url": "https://otzovik.example/1"},
        bought | {"text": "Меня попросили оставить хороший отзыв", "date": "2026-06-12"},
    ).address


def run(*args):
    return runner.invoke(program, list(args), catch_exceptions=False)


def test_reviews_with_their_reasons(lake):
    out = run("credibility", "--lake", lake, "--lang", "en").stdout
    assert "Doubtful: 2 of 10, 20% (6–51%)." in out
    assert "  for a bonus: 10% (2–40%), 1 / 10" in out
    assert "  copies another author's review: not known: the sources do not tell" in out
    assert "Displeased texts: 20.0 % with all reviews, 0.0 % without the doubtful ones." in out
    assert out.index("asked for: попросили оставить") < out.index("for a bonus: скидку за отзыв")
    assert "2026-06-10 · ★ 4 · Lumbi · otzovik · https://otzovik.example/1" in out
    assert "\x1b" not in out
    assert "\u202e" not in out


@pytest.mark.parametrize(("lang", "word"), [("ru", "за бонус: скидку"), ("pl", "za bonus: скидку")])
def test_words_in_each_language(lake, lang, word):
    assert word in run("credibility", "--lake", lake, "--lang", lang, "--top", "2").stdout


def test_one_reason_and_a_choice(lake):
    out = run("credibility", "--lake", lake, "--lang", "en", "--reason", "asked").stdout
    assert "попросили" in out
    assert "скидку" not in out
    out = run("credibility", "--lake", lake, "--lang", "en", "--since", "2026-06-11").stdout
    assert "Doubtful: 1 of 1" in out
    with pytest.raises(InputError, match="Known: copied"):
        run("credibility", "--lake", lake, "--reason", "bought")


def test_json_is_stable(lake):
    document = json.loads(run("credibility", "--lake", lake, "--json", "--lang", "en", "--top", "1").stdout)
    assert list(document) == [
        "version", "language", "filters", "reviews", "doubtful", "share", "low", "high", "counts", "bursts",
        "rows", "every", "credible",
    ]  # fmt: skip
    assert (document["version"], document["filters"]["left_out"]) == (1, 0)
    assert (document["every"]["reviews"], document["credible"]["reviews"]) == (10, 8)
    (row,) = document["rows"]
    assert row["date"] == "2026-06-12T00:00:00+00:00"
    assert row["doubts"] == [{"reason": "asked", "told": "попросили оставить хороший отзыв"}]
    copied = document["counts"][0]
    assert (copied["reason"], copied["reviews"], copied["n"], copied["share"]) == ("copied", None, 0, None)


def test_other_figures_leave_them_out(lake):
    with_them = json.loads(run("reasons", "--lake", lake, "--json").stdout)
    without = json.loads(run("reasons", "--lake", lake, "--json", "--without-doubtful").stdout)
    assert (with_them["reviews"]["reviews"], with_them["filters"]["left_out"]) == (10, 0)
    assert (without["reviews"]["reviews"], without["filters"]["left_out"]) == (8, 2)
    said = run("reasons", "--lake", lake, "--lang", "en", "--without-doubtful").stdout
    assert "Doubtful reviews left out, whatever the dates and themes: 2." in said


def test_a_report_says_what_it_leaves_out(lake, tmp_path):
    page = tmp_path / "june.html"
    said = run("report", str(page), "--lake", lake, "--lang", "en", "--without-doubtful").stdout
    assert "8 reviews, 8 of them read" in said
    assert "Doubtful reviews left out, whatever the dates and themes: 2" in page.read_text(encoding="utf-8")


def test_an_empty_lake_says_what_to_do(plant):
    address = plant().address
    result = run("credibility", "--lake", address)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "ugc import" in result.stderr
    assert json.loads(run("credibility", "--lake", address, "--json").stdout)["share"] is None


def test_filters_that_leave_nothing(lake):
    result = run("credibility", "--lake", lake, "--since", "2027-01-01")
    assert "No review matches" in result.stderr
    assert result.stdout == ""
