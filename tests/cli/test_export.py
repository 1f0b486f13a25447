from __future__ import annotations

import pytest
from typer.testing import CliRunner

from ugc.cli import program
from ugc.errors import InputError, LakeError
from ugc.tagging.corrected import read_corrected
from ugc.tagging.corrected_lines import read_lines

TEXT = "Курьер опоздал, но был вежлив. \u202e=cmd|\x07"


def run(*words):
    return CliRunner().invoke(program, ["export", "corrections", *map(str, words)], catch_exceptions=False)


@pytest.fixture
def lake(plant):
    made = plant({"text": TEXT, "language": "ru"}, {"text": "Спасибо"})
    with made.snapshot() as snapshot:
        rows = {row["text"]: row["id"] for row in snapshot.sql("SELECT id, text FROM reviews").to_pylist()}
    made.add_correction(rows[TEXT], "sentiment", "mixed")
    made.add_correction(rows[TEXT], "polarity", "negative", start=0, end=14, theme="speed")
    made.add_correction(rows["Спасибо"], "sentiment", "neutral")
    made.add_correction(rows["Спасибо"], "sentiment", None)
    return made


def test_a_file_holds_what_the_trainer_learns_from(lake, tmp_path):
    out = tmp_path / "corrections.jsonl"
    result = run("--lake", lake.address, "--out", out)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "2 corrections of 1 reviews written." in result.stderr
    with out.open(encoding="utf-8") as file, lake.snapshot() as snapshot:
        found = read_lines(file)
        assert found == read_corrected(snapshot)
    assert (found[0].text, found[0].sentiment, len(found[0].claims)) == (TEXT, "mixed", 1)


@pytest.mark.parametrize("words", [(), ("--out", "-")])
def test_the_standard_output_has_the_same_and_nothing_else(lake, words, monkeypatch):
    monkeypatch.setenv("UGC_LAKE", lake.address)
    assert [one.text for one in read_lines(run(*words).stdout.splitlines())] == [TEXT]


def test_nobody_corrected_anything(plant):
    result = run("--lake", plant({"text": "Да"}).address)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "0 corrections of 0 reviews" in result.stderr


def test_no_lake_and_no_folder(lake, tmp_path):
    with pytest.raises(LakeError):
        run("--lake", tmp_path / "nowhere")
    with pytest.raises(InputError, match="cannot be written"):
        run("--lake", lake.address, "--out", tmp_path / "none" / "a.jsonl")
