"""Real exports, where they lie beside the checkout."""

from __future__ import annotations

import csv
import time
from datetime import timedelta
from itertools import islice

import pytest

pytestmark = pytest.mark.shared


def by_id(rows):
    return {row["source_id"]: row for row in rows()}


def test_bank_ru(shared, take, rows):
    started = time.process_time()
    summary = take(shared / "demo" / "bank_ru_5k.csv", company="Газпромбанк")
    assert time.process_time() - started < 40
    assert (summary.rows, summary.new, summary.rejected, summary.repeated) == (4974, 4974, 0, 0)
    assert (summary.without_text, summary.unread_dates, summary.unread_ratings, summary.undated) == (
        2,
        0,
        0,
        0,
    )
    assert dict(summary.sources) == {"banki_ru": 266, "sravni_ru": 4708}
    assert summary.languages["ru"] >= 4960
    found = by_id(rows)
    assert len(found) == 4974
    first = found["12336496"]
    assert str(first["date"])[:10] == "2025-05-31"
    assert (first["stars"], first["company"], first["product"]) == (5, "Газпромбанк", "Ипотека")
    assert first["url"] == "https://www.banki.ru/services/responses/bank/response/12336496/"
    assert sum(row["stars"] is not None for row in found.values()) == 331
    assert not any("|" in (row["product"] or "") for row in found.values())
    assert 10 <= summary.near_duplicates <= 40
    again = take(shared / "demo" / "bank_ru_5k.csv", company="Газпромбанк")
    assert (again.new, again.changed, again.unchanged) == (0, 0, 4974)


def test_wildberries(shared, take, rows):
    summary = take(shared / "demo" / "wildberries_ru_relative_dates.csv")
    assert (summary.rows, summary.new, summary.repeated, summary.rejected) == (1002, 999, 3, 0)
    assert (summary.undated, summary.unread_dates, summary.unread_ratings) == (1, 0, 0)
    assert summary.notes
    assert summary.last - summary.first < timedelta(days=366)
    found = rows()
    assert {row["stars"] for row in found} == {1, 2, 3, 4, 5}
    assert all(row["language"] == "ru" for row in found)
    assert max(row["photos_count"] for row in found) == 5
    assert not any("，" in row["text"] for row in found)


def test_ceneo(shared, take, rows):
    summary = take(shared / "demo" / "ceneo_pl.csv")
    assert (summary.rows, summary.new, summary.rejected, summary.undated, summary.unread_dates) == (
        462,
        462,
        0,
        0,
        0,
    )
    found = by_id(rows)
    first, second = found["11792815"], found["10827439"]
    assert str(first["date"])[:10] == "2020-02-24"
    assert (first["stars"], first["verified"], first["helpful_votes"], first["author"]) == (3, True, 7, None)
    assert second["text"].endswith(
        "\nPlusy: głośność pracy, jakość, jakość wykonania, moc, wyposażenie"
        "\nMinusy: brak wymiennej baterii, cena, czas pracy, waga"
    )
    assert second["verified"] is False
    assert len(second["author"]) == 16
    assert all(row["product"] for row in found.values())
    assert {row["rating_scale"] for row in found.values()} == {5}


def test_bank_apps(shared, take, rows):
    summary = take(shared / "demo" / "bank_apps_en.csv")
    assert (summary.rows, summary.new + summary.repeated, summary.rejected) == (1229, 1229, 0)
    found = rows()
    assert {row["company"] for row in found} == {
        "Commercial Bank of Ethiopia", "Bank of Abyssinia", "Dashen Bank",
    }  # fmt: skip
    assert {row["source"] for row in found} == {"google_play"}
    assert {row["stars"] for row in found} == {1, 2, 3, 4, 5}
    assert summary.first.year == 2024


def test_a_slice_of_steam(shared, take, rows, tmp_path):
    path = tmp_path / "steam.csv"
    with (
        (shared / "demo" / "steam_en_22k.csv").open(encoding="utf-8-sig", newline="") as whole,
        path.open("w", encoding="utf-8", newline="") as part,
    ):
        csv.writer(part).writerows(islice(csv.reader(whole), 1501))
    summary = take(path, company="Valve")
    assert (summary.new, summary.rejected, summary.unread_dates, summary.unread_ratings) == (1500, 0, 0, 0)
    found = by_id(rows)
    first = found["839131"]
    assert (first["rating"], first["rating_scale"], first["stars"]) == (1, 1, 5)
    assert (first["product"], first["verified"], first["helpful_votes"]) == (
        "Team Fortress Classic",
        True,
        24,
    )
    assert str(first["date"])[:19] == "2010-11-19 21:08:04"
    assert first["language"] == "en"
    assert {row["stars"] for row in found.values()} == {1, 5}
