"""Broken input through the real command: one message that says what to do, exit code 2, no lake."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ugc.cli import main


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Runs `ugc import` in this process; gives exit code, output and error output."""

    def call(*arguments):
        monkeypatch.setattr(
            sys, "argv", ["ugc", "import", *map(str, arguments), "--lake", str(tmp_path / "lake")]
        )
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


BROKEN = {
    "empty.csv": (b"", "is empty"),
    "blank.csv": (b"\xef\xbb\xbf \r\n\r\n", "is empty"),
    "nulls.csv": (b"\0" * 500, "binary data|is empty"),
    "report.csv": (b"%PDF-1.7\n1 0 obj\n", "is a PDF.*export the reviews as CSV"),
    "page.csv": (b"<!DOCTYPE html><html><body>login</body></html>", "web page"),
    "old.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "XLS.*save it as XLSX"),
    "packed.csv": (b"\x1f\x8b\x08\0" + b"x" * 50, "gzip"),
    "photo.csv": (b"\x89PNG\r\n\x1a\n", "picture"),
    "noise.csv": (bytes(range(256)) * 40, "binary data"),
    "header.csv": ("Отзыв;Оценка\n".encode(), "has a header and no rows"),
    "no_text.csv": (b"num,flag\n1,2\n3,4\n", "No column.*num, flag.*--map text=COLUMN"),
    "blank_text.csv": (b"text,rating\n,\n,x\n", "No row.*holds a text or a rating|holds the text"),
    "cut.json": (b'[{"text": "one two"}, {"text": "thr', "ends too early.*export it anew"),
    "words.json": (b"hello there", "no JSON"),
    "no_array.json": (b'{"a": [1, 2], "b": [3]}', "no array of reviews"),
    "odd.jsonl": (b'{"text" broken\n{also broken\n[1]\n', "No row.*can be read"),
    "ragged.csv": (b"text,rating\n" + b"a, b, c, d\n" * 9 + b"fine,5\n", "9 of 10 rows.*cannot be read"),
    "endless.csv": (
        b'text,rating\nok,5\n"' + b"x" * 13_000_000 + b'",3\n',
        "longer than 10 MB.*Nothing was imported",
    ),
    "endless_lines.csv": (
        b'text,rating\nok,5\n"' + b"word\n" * 2_200_000 + b'",3\n',
        "row 3.*longer than 10 MB",
    ),
    "endless.json": (b'[{"text":"' + b"x" * 13_000_000 + b'"},{"text":"b"}]', "longer than 10 MB"),
    "unknown.csv": (b"text,rating\n" + b"\x81\x8d\x8f\x90\x98\x9d,1\n" * 5, "encoding.*cannot be told"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files(name, write, run, tmp_path):
    content, words = BROKEN[name]
    code, out, err = run(write(name, content))
    assert code == 2, out + err
    assert err.startswith("ugc: ")
    assert len(err.strip().splitlines()) == 1
    assert re.search(words, err), err
    assert not (tmp_path / "lake").exists()
    assert not list((tmp_path / "here").iterdir())


def test_a_folder_a_missing_file_and_archives(write, run, tmp_path):
    (tmp_path / "folder").mkdir()
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("reviews.csv", "text\nхорошо\n")
    book = openpyxl.Workbook()
    book.save(tmp_path / "empty.xlsx")
    whole = (tmp_path / "empty.xlsx").read_bytes()
    (tmp_path / "half.xlsx").write_bytes(whole[: len(whole) // 2])
    pq.write_table(pa.table({"text": ["fine", "x" * 10_000_001]}), tmp_path / "endless.parquet")
    for path, words in (
        (tmp_path / "folder", "is a folder"),
        (tmp_path / "nothing.csv", "There is no file"),
        (archive, "Unpack it"),
        (tmp_path / "empty.xlsx", "holds no rows"),
        (tmp_path / "half.xlsx", "damaged"),
        (tmp_path / "endless.parquet", "A cell in row 2 of endless.parquet is longer than 10 MB"),
    ):
        code, _, err = run(path)
        assert (code, words in err) == (2, True), err
    assert not (tmp_path / "lake").exists()


def test_wrong_options(write, run, tmp_path):
    path = write("a.csv", "Отзыв,Оценка\nхорошо,5\n")
    for options, words in (
        (("--map", "text=Текст"), "its columns are: отзыв, оценка"),
        (("--map", "words=Отзыв"), "field=column"),
        (("--zone", "Mars/Base"), "no time zone"),
        (("--collected", "завтра-то"), "is no date"),
        (("--collected", "2199-01-01"), "is no date"),
    ):
        code, _, err = run(path, *options)
        assert (code, words in err.lower()) == (2, True), err
    code, _, err = run()
    assert (code, "Name one" in err) == (2, True)
    assert not (tmp_path / "lake").exists()


def test_a_lake_that_is_there_stays_as_it_is(write, run, lake):
    version = lake.version()
    assert run(write("a.csv", b""))[0] == 2
    assert lake.version() == version


def test_the_mapping_and_the_summary_are_shown(write, run):
    path = write("a.csv", 'Отзыв,Балл,Зря\n"звоните \x1b[31m+7 916 123-45-67",5,\nплохо,1,\n,,\n,x,y\n')
    code, out, err = run(path, "--map", "rating=Балл", "--company", "Ясень")
    assert code == 0, err
    told = (
        "Отзыв",
        "--map",
        "not used",
        "‹phone›",
        "ratings 1 to 5",
        "ru 2",
        "a.rejects.csv",
        "next: ugc tag",
    )
    for words in (*told, "masked personal data  1 (phone 1)"):
        assert words in out
    assert "\x1b" not in out
    assert "916" not in out
    again = run(path, "--company", "Ясень")[1]
    assert [line.split() for line in again.splitlines() if line.startswith(("new", "unchanged"))] == [
        ["new", "0"],
        ["unchanged", "2"],
    ]


def test_a_dry_run_makes_no_lake(write, run, tmp_path):
    code, out, _ = run(write("a.csv", "text\nхорошо\n"), "--dry-run")
    assert code == 0
    assert "nothing was written" in out
    assert not (tmp_path / "lake").exists()


def test_the_sample(run, lake):
    code, _, err = run("--sample")
    assert code == 0, err
    with lake.snapshot() as snapshot:
        first = snapshot.sql("SELECT count(*) AS n, count(DISTINCT company) AS c FROM reviews").to_pylist()[0]
    assert first["n"] >= 600
    assert first["c"] == 3
    run("--sample")
    with lake.snapshot() as snapshot:
        assert snapshot.sql("SELECT count(*) AS n FROM reviews").to_pylist()[0]["n"] == first["n"]


def test_help_is_quick_and_names_every_option():
    script = "import sys; sys.argv = ['ugc', 'import', '--help']; from ugc.cli import main; main()"
    found = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "120"},
        timeout=60,
        check=True,
    )
    options = "--map --company --source --collected --zone --scale --rejects --dry-run --sample --lake"
    assert [option for option in options.split(" ") if option not in found.stdout] == []
    imported = {
        line.split("|")[-1].strip() for line in found.stderr.splitlines() if line.startswith("import time")
    }
    assert imported & {"pandas", "pyarrow", "duckdb", "openpyxl", "ftfy", "datasketch"} == set()
