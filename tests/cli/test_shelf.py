from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ugc.cli import program
from ugc.errors import InputError

runner = CliRunner()


@pytest.fixture
def lake(plant):
    def one(day, stars, **more):
        return {
            "text": f"Отзыв номер {day} \x1b[2J",
            "date": f"2026-06-{day:02}",
            "stars": stars,
            "source": "otzovik",
            "company": "Lumbi",
            "place": ("Садовая", "Заводская")[day % 2],
            **more,
        }

    return plant(
        one(9, 1.0, helpful_votes=7, reply_text="Разберёмся"),
        one(8, 5.0, helpful_votes=1),
        one(7, 3.0),
        one(6, 4.0, source="ceneo"),
        one(5, 2.0, source="ceneo", text="Дали скидку за отзыв"),
    ).address


def run(*args):
    return runner.invoke(program, ["shelf", *args], catch_exceptions=False)


def test_a_page_in_each_order(lake):
    out = run("--lake", lake, "--lang", "en").stdout
    assert "otzovik · Lumbi: reviews: 3, mean 3.00 (" in out
    assert (
        "Newest: first 3: mean 3.0, negative 1 of 3, answered 1; glowing right after furious: rank 2" in out
    )
    assert "     1. ★ 1 2026-06-09 +7 ↩ «Отзыв номер 9" in out
    assert "     3. ★ 3 2026-06-07 «Отзыв номер 7" in out
    assert "Newest: first 2: mean 3.0, negative 1 of 2, answered not known" in out
    assert "Most helpful: votes not known" in out
    assert "\x1b" not in out


@pytest.mark.parametrize(("lang", "word"), [("ru", "Полка"), ("pl", "Półka")])
def test_words_in_each_language(lake, lang, word):
    assert run("--lake", lake, "--lang", lang).stdout.startswith(word)


def test_shelves_of_places(lake):
    out = run("--lake", lake, "--lang", "en", "--by", "place", "--source", "otzovik").stdout
    assert "otzovik · Lumbi · Садовая: reviews: 1" in out
    assert "otzovik · Lumbi · Заводская: reviews: 2" in out
    with pytest.raises(InputError, match="Known: product, place"):
        run("--lake", lake, "--by", "city")


def test_doubtful_reviews_can_be_left_out(lake):
    out = run("--lake", lake, "--lang", "en", "--source", "ceneo", "--without-doubtful").stdout
    assert "left out, whatever the dates and themes: 1." in out
    assert "reviews: 1, mean 4.00" in out


def test_json_is_stable(lake):
    document = json.loads(run("--lake", lake, "--json").stdout)
    assert list(document) == ["version", "language", "filters", "shelves"]
    first, second = document["shelves"]
    assert set(first) == {
        "source", "company", "product", "place", "reviews", "ratings", "mean_stars", "low", "high",
        "read_at", "newest", "helpful",
    }  # fmt: skip
    assert (first["newest"]["clashes"], first["newest"]["answered"]) == ([2], 1)
    assert first["newest"]["reviews"][0]["date"] == "2026-06-09T00:00:00+00:00"
    assert (second["helpful"], second["newest"]["answered"]) == (None, None)


def test_an_empty_lake_says_what_to_do(plant):
    address = plant().address
    result = run("--lake", address)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "ugc import" in result.stderr
    assert json.loads(run("--lake", address, "--json").stdout)["shelves"] == []
