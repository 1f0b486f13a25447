from __future__ import annotations

import csv
import json

import openpyxl
import pyarrow.parquet as pq
import pytest

from ugc.errors import InputError
from ugc.lake import FORMATS
from ugc.schema import MENTIONS, REVIEWS

HOSTILE = ["=1+1", "+7 999", "-5", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", 'обычный "текст", да']


@pytest.fixture
def told(tagged, rows):
    """The tagged lake with hostile texts in it."""
    hostile = [rows.review(f"h{n}", text, city=text, stars=4.5) for n, text in enumerate(HOSTILE)]
    tagged.upsert_reviews(rows.reviews(*hostile))
    return tagged


@pytest.mark.parametrize("kind", FORMATS)
def test_every_view_is_written(told, tmp_path, kind):
    written = told.export(tmp_path / "out", kind)
    assert {path.name: rows for path, rows in written.items()} == {
        f"reviews.{kind}": 12,
        f"tags.{kind}": 4,
        f"mentions.{kind}": 4,
        f"runs.{kind}": 0,
        f"corrections.{kind}": 0,
        f"actions.{kind}": 0,
        f"reasons.{kind}": 0,
        f"grouped.{kind}": 0,
        f"labels.{kind}": 0,
        f"likened.{kind}": 0,
    }
    assert {path.name for path in (tmp_path / "out").iterdir()} == {path.name for path in written}


def test_parquet_and_json_keep_texts_as_they_are(told, tmp_path):
    told.export(tmp_path / "p", "parquet")
    table = pq.read_table(tmp_path / "p" / "reviews.parquet")
    assert table.column_names == REVIEWS.names
    assert set(HOSTILE) <= set(table["text"].to_pylist())
    told.export(tmp_path / "j", "jsonl")
    lines = (tmp_path / "j" / "reviews.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    parsed = [json.loads(line) for line in lines]
    assert set(HOSTILE) <= {one["text"] for one in parsed}
    assert "2025-01-02T00:00:00Z" in {one["date"] for one in parsed}


def test_csv_holds_no_formula(told, tmp_path):
    told.export(tmp_path / "out", "csv")
    with (tmp_path / "out" / "reviews.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert list(found[0]) == REVIEWS.names
    for one in found:
        for name in ("text", "city"):
            assert not one[name].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert {one["text"] for one in found} >= {"'=1+1", HOSTILE[-1]}
    assert {one["stars"] for one in found} == {"", "4.5"}


def test_xlsx_holds_no_formula(told, tmp_path):
    told.export(tmp_path / "out", "xlsx")
    book = openpyxl.load_workbook(tmp_path / "out" / "reviews.xlsx")
    sheet = book["reviews"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert all(cell.hyperlink is None for cell in cells)
    texts = {row[REVIEWS.names.index("text")].value for row in sheet.iter_rows(min_row=2)}
    assert {"=1+1", "@SUM(A1)", HOSTILE[-1]} <= texts
    stars = {row[REVIEWS.names.index("stars")].value for row in sheet.iter_rows(min_row=2)}
    assert stars == {None, 4.5}
    book.close()


def test_what_is_written_is_what_is_shown(told, rows, tmp_path):
    start = rows.review(1)["text"].index("долго ждал")
    told.add_correction(rows.id(1), "polarity", "neutral", start=start, end=start + 10, theme="speed")
    told.upsert_reviews(rows.reviews(rows.review(2, "Другой текст")))
    told.export(tmp_path / "out", "parquet")
    mentions = pq.read_table(tmp_path / "out" / "mentions.parquet")
    assert mentions.column_names == MENTIONS.names
    assert sorted(mentions["polarity"].to_pylist()) == ["negative", "negative", "neutral"]


def test_files_that_are_there_are_kept_unless_asked(told, tmp_path):
    told.export(tmp_path / "out", "csv")
    (tmp_path / "out" / "reviews.csv").write_text("mine")
    with pytest.raises(InputError, match="--overwrite"):
        told.export(tmp_path / "out", "csv")
    assert (tmp_path / "out" / "reviews.csv").read_text() == "mine"
    told.export(tmp_path / "out", "csv", overwrite=True)
    assert (tmp_path / "out" / "reviews.csv").read_text() != "mine"


def test_a_text_too_long_for_a_cell_leaves_no_file(told, rows, tmp_path):
    told.upsert_reviews(rows.reviews(rows.review("long", "я" * 40_000)))
    with pytest.raises(InputError, match="csv or parquet"):
        told.export(tmp_path / "out", "xlsx")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_unknown_format(told, tmp_path):
    with pytest.raises(InputError, match="parquet, csv, jsonl, xlsx"):
        told.export(tmp_path / "out", "docx")
    assert not (tmp_path / "out").exists()


def test_a_full_disk_is_told_and_leaves_no_file(told, tmp_path, monkeypatch):
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(FORMATS, "csv", lambda rows, *more: next(rows) and full())
    with pytest.raises(InputError, match="No space left"):
        told.export(tmp_path / "out", "csv")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_that_cannot_be(told, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        told.export(tmp_path / "file" / "out", "csv")
