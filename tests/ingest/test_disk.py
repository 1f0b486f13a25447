"""Personal data never reach the disk of the lake, nor the rejects."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq

from ugc.text.privacy import KINDS

SECRETS = [
    "+7 916 123-45-67", "9161234567", "ivan.petrov@mail.ru", "4111 1111 1111 1111", "4111111111111111",
    "4508 123456", "500100732259", "112-233-445 95", "44051401359", "5261040828",
    "PL61109010140000071219812874", "40817810099910004312", "621/0000-0012345", "abc123token",
    "Константин Константинопольский", "kostya@yandex.ru", "76561197979911480",
]  # fmt: skip

SENTENCES = [
    "Звоните +7 916 123-45-67 или 89161234567", "пишите ivan.petrov@mail.ru", "карта 4111 1111 1111 1111",
    "или 4111111111111111", "паспорт 4508 123456", "ИНН 500100732259", "СНИЛС 112-233-445 95",
    "PESEL 44051401359", "NIP 5261040828", "konto PL61109010140000071219812874", "счёт 40817810099910004312",
    "договор № 621/0000-0012345", "ссылка https://bank.ru/lk?token=abc123token",
]  # fmt: skip


def everything_on(folder: Path) -> str:
    """All that lies in a folder: file names, raw bytes, and what the tables decode to."""
    parts = []
    for path in sorted(folder.rglob("*")):
        parts.append(str(path.relative_to(folder)))
        if not path.is_file():
            continue
        parts.append(path.read_bytes().decode("utf-8", "replace"))
        if path.suffix == ".parquet":
            table = pq.read_table(path, partitioning=None)
            parts.append(json.dumps(table.to_pylist(), ensure_ascii=False, default=str))
    return "\n".join(parts)


def personal_rows():
    """Rows that leak personal data in every field."""
    for number, sentence in enumerate(SENTENCES):
        yield {
            "id": "kostya@yandex.ru" if number == 0 else str(number),
            "text": sentence, "title": sentence, "pros": sentence, "cons": sentence, "reply": sentence,
            "author": "Константин Константинопольский",
            "email": "kostya@yandex.ru",
            "url": "https://steamcommunity.com/profiles/76561197979911480/" if number % 2
            else "https://bank.ru/review/1?token=abc123token",
            "company": sentence, "product": sentence, "place": sentence, "city": sentence,
            "rating": sentence, "date": sentence,
        }  # fmt: skip


def test_no_secret_lies_in_any_file_of_the_lake(tmp_path, take, rows):
    path = tmp_path / "+7 916 123-45-67.csv"
    table = list(personal_rows())
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    names = (
        "text",
        "title",
        "pros",
        "cons",
        "author",
        "url",
        "company",
        "product",
        "place",
        "city",
        "rating",
        "date",
    )
    summary = take(
        path, mapping={"author_mail": "email", "reply_text": "reply"} | {name: name for name in names}
    )
    assert summary.new == len(SENTENCES)
    assert len(rows()) == len(SENTENCES)
    assert set(summary.masked) == set(KINDS)
    found = everything_on(tmp_path / "lake")
    assert "‹phone›" in found
    leaked = [secret for secret in SECRETS if secret in found]
    assert leaked == []


def test_the_rejects_hold_no_personal_data_and_no_formula(tmp_path, write, take):
    path = write(
        "a.csv",
        'author,text,note\nКонстантин Константинопольский,,"звоните +7 916 123-45-67"\nИван,,=1+1\n'
        "Иван,слишком, много, ячеек ivan.petrov@mail.ru\nЯна,хорошо,\n",
    )
    summary = take(path)
    assert (summary.new, summary.rejected) == (1, 3)
    (name,) = summary.rejects
    assert name == str(tmp_path / "here" / "a.rejects.csv")
    with Path(name).open(encoding="utf-8-sig", newline="") as stream:
        found = list(csv.reader(stream))
    assert found[0] == ["row", "reason", "author", "text", "note", "other"]
    assert [row[0] for row in found[1:]] == ["2", "3", "4"]
    assert "neither a text nor a rating" in found[1][1]
    assert "4 cells where the header has 3" in found[3][1]
    assert found[1][4] == "звоните ‹phone›"
    assert found[2][4] == "'=1+1"
    flat = Path(name).read_text(encoding="utf-8-sig")
    assert [secret for secret in SECRETS if secret in flat] == []
    assert "Иван" not in flat


def test_no_rejects_no_file(tmp_path, write, take):
    summary = take(write("a.csv", "text\nхорошо\n"))
    assert summary.rejects == []
    assert not list((tmp_path / "here").iterdir())
