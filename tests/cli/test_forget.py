from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ugc.cli import program
from ugc.settings import load, pseudonym_salt
from ugc.text.privacy import pseudonym


@pytest.fixture(autouse=True)
def _salt(monkeypatch):
    monkeypatch.setenv("UGC_SALT", "salt of the tests")


@pytest.fixture
def lake(plant, monkeypatch):
    salt = pseudonym_salt(load())
    made = plant(
        {"text": "раз", "author": pseudonym("Иван П.", "otzovik", salt)},
        {"text": "два", "author": pseudonym("Иван П.", "otzovik", salt)},
        {"text": "три", "author": pseudonym("Иван П.", "ceneo", salt), "source": "ceneo"},
        {"text": "четыре", "author": pseudonym("Анна", "otzovik", salt)},
    )
    monkeypatch.setenv("UGC_LAKE", made.address)
    return made


def run(*words, answer=None):
    return CliRunner().invoke(program, ["forget", *words], input=answer, catch_exceptions=False)


def texts(lake):
    with lake.snapshot() as snapshot:
        return set(snapshot.sql("SELECT text FROM reviews")["text"].to_pylist())


def test_a_name_of_one_source(lake):
    result = run(" иван  П. ", "--source", "otzovik", "--yes")
    assert result.exit_code == 0
    assert "Removed 2 reviews" in result.stdout
    assert texts(lake) == {"три", "четыре"}


def test_a_name_of_every_source(lake):
    found = json.loads(run("Иван П.", "--yes", "--json").stdout)
    assert found == {"removed": 3, "authors": 2, "pages": 0}
    assert texts(lake) == {"четыре"}


def test_a_pseudonym(lake):
    with lake.snapshot() as snapshot:
        author = snapshot.sql("SELECT author FROM reviews WHERE text = 'четыре'")["author"][0].as_py()
    assert "Removed 1 reviews" in run(author, "--yes").stdout
    assert texts(lake) == {"раз", "два", "три"}


def test_it_asks_first(lake):
    refused = run("Анна", answer="n\n")
    assert refused.exit_code == 1
    assert len(texts(lake)) == 4
    assert run("Анна", answer="y\n").exit_code == 0
    assert len(texts(lake)) == 3


def test_nobody_of_that_name(lake):
    result = run("Пётр", "--yes")
    assert result.exit_code == 0
    assert "nothing was removed" in result.stdout
    assert len(texts(lake)) == 4
