"""The sample reviews keep what the documentation says of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

FILES = sorted((Path(__file__).parents[1] / "ugc/sample").glob("*.jsonl"))
ROWS = [json.loads(line) for path in FILES for line in path.read_text(encoding="utf-8").splitlines()]


def test_three_companies_five_sources_six_cities():
    assert len(ROWS) >= 600
    assert {row["company"] for row in ROWS} == {"Ясень Банк", "Lumbi", "Amberhaus"}
    assert len({row["source"] for row in ROWS}) == 5
    assert len({row["city"] for row in ROWS if "city" in row}) == 6


def test_eighteen_months_without_a_gap():
    months = {row["date"][:7] for row in ROWS}
    days = [date.fromisoformat(row["date"][:10]) for row in ROWS]
    assert len(months) == 19
    assert 17.5 * 30 < (max(days) - min(days)).days < 18.5 * 31


@pytest.mark.parametrize(("language", "share"), [("ru", 0.60), ("en", 0.25), ("pl", 0.15)])
def test_the_mix_of_languages(language, share):
    found = Counter(row["language"] for row in ROWS)[language] / len(ROWS)
    assert found == pytest.approx(share, abs=0.02)


def test_no_id_and_no_text_twice():
    assert len({(row["source"], row["source_id"]) for row in ROWS}) == len(ROWS)
    assert len({row["text"].casefold() for row in ROWS}) == len(ROWS)


def test_no_sentence_twice():
    sentences = Counter(
        " ".join(re.findall(r"\w+", sentence.casefold()))
        for row in ROWS
        for field in ("text", "title", "reply_text")
        for sentence in re.split(r"[.!?…\n]+", row.get(field) or "")
        if len(sentence.strip()) > 12
    )
    assert {sentence for sentence, times in sentences.items() if times > 1} == set()


def test_sources_have_what_sources_have():
    assert all("app_version" in row for row in ROWS if row["source"] == "google_play")
    assert not any("app_version" in row for row in ROWS if row["source"] != "google_play")
    assert sum("reply_text" in row for row in ROWS) > 100
    assert any(row.get("pros") for row in ROWS)
    assert any(row.get("rating") is None for row in ROWS)
