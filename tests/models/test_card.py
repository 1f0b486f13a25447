"""The model card: what is measured stands in it, what is not is left out, and nothing breaks its tables."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from models.evaluation.answers import TaggerReader
from models.evaluation.lexicon import Lexicon
from models.evaluation.measure import LEXICON, MODEL, measure
from models.evaluation.score import FIGURES, score_by_language
from models.labelled import Labelled
from models.tagger import Tagger
from models.training.card import table, write_card

SAMPLE = {
    "n": 300,
    "against": 4,
    "examples": [
        {
            "text": "so `cheap` | so [good](x)",
            "language": "en",
            "rating": 5,
            "said": "negative",
            "probability": 0.8,
        }
    ],
}
PUBLIC = {
    "cedr": {
        "unit": "sentence",
        "n": 12,
        "left_out": 0,
        "readers": {"model": {"macro-F1": 0.5}},
        "published": [
            {
                "set": "cedr",
                "who": "another",
                "figure": "macro-F1",
                "value": 0.73,
                "source": "a/b",
                "note": "Else.",
            }
        ],
    }
}


def manifest(**measured: Any) -> dict[str, Any]:
    """A manifest with what was measured."""
    return {
        "name": "invented",
        "version": "7",
        "hash": "abc123",
        "licence": "Apache-2.0",
        "base": "a base",
        "languages": ["ru", "en"],
        "training": {
            "labelled": 120,
            "development": 12,
            "by_language": {"ru": 100, "en": 20},
            "sets": {"one": 90, "two": 42},
            "plan": {"epochs": 3, "seed": 20},
            "made": "2026-11-22",
        },
        "measured": measured,
    }


def rows_fit(card: str) -> bool:
    """Whether each row of each table has as many cells as its head."""
    for block in re.findall(r"(?:^\|.*\n)+", card, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        if len(widths) != 1:
            return False
    return True


@pytest.fixture(scope="module")
def held_out(tagger: Tagger, labelled: list[Labelled]) -> dict[str, Any]:
    found = measure(labelled, {MODEL: TaggerReader(tagger), LEXICON: Lexicon()})
    return {"n": 31, "left_out": 0, "model": found["figures"], **found}


def test_the_card_says_what_it_must(tmp_path: Path, held_out: dict[str, Any]) -> None:
    write_card(tmp_path, manifest(held_out=held_out, public=PUBLIC, sample=SAMPLE))
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    for needed in ("# invented 7", "`abc123`", "Apache-2.0", "a base", "2026-11-22", "epochs 3", "seed 20"):
        assert needed in card
    for needed in ("120 reviews", "ru 100, en 20", "12 more", "| one | 90 |", "| two | 42 |"):
        assert needed in card
    for section in ("## Scores", "### By language", "### By theme", "### Calibration", "## Public sets"):
        assert f"\n{section}\n" in card
    assert "| | model | lexicon |" in card
    assert "| | all | ru | en | pl |" in card
    assert "Worst language: " in card
    assert "points against lexicon" in card
    assert "| set | texts | reader | macro-F1 |" in card
    assert "| cedr | 12 | model | 0.500 |" in card
    assert "| cedr | – | another (published) | 0.730 |" in card
    assert "4 are read against" in card
    assert rows_fit(card)


def test_texts_cannot_break_the_card(tmp_path: Path, held_out: dict[str, Any]) -> None:
    write_card(tmp_path, manifest(held_out=held_out, sample=SAMPLE))
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "so \\`cheap\\` \\| so \\[good\\](x)" in card
    assert "## Public sets" not in card


def test_a_bundle_measured_in_the_old_way_has_a_card(
    tmp_path: Path, tagger: Tagger, labelled: list[Labelled]
) -> None:
    tags = tagger.tag([r.text for r in labelled], [r.language for r in labelled])
    figures = score_by_language(labelled, tags)
    old = manifest(held_out={"model": figures, "baseline": figures}, sample=SAMPLE)
    old["training"] |= {"started_from": "ugc-1@f00", "corrected": 5, "before": {"labelled": 77}}
    write_card(tmp_path, old)
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| | model | TF-IDF + LR |" in card
    assert "It started from ugc-1@f00, which had learnt from 77 reviews" in card
    assert "### By theme" not in card
    assert rows_fit(card)


def test_without_measurement_the_sample_is_still_read(tmp_path: Path, tagger: Tagger) -> None:
    folder = tmp_path / "bundle"
    shutil.copytree(tagger.bundle.folder, folder)
    write_card(folder, manifest())
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "No reviews were held out" in card
    assert re.search(r"Of \d+ sample reviews .* \d+ are read against them", card)


def test_a_table_has_every_figure() -> None:
    shown = table({"one": {"n": 3, "theme ECE": 0.25}})
    assert [line.split("|")[1].strip() for line in shown.splitlines()[2:]] == list(FIGURES)
    assert "| n | 3 |" in shown
    assert "| theme ECE | 0.250 |" in shown
    assert "| loyalty micro-F1 | – |" in shown


def test_the_shipped_card_is_of_the_shipped_bundle(tagger: Tagger) -> None:
    folder = tagger.bundle.folder
    said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert said["hash"] in card
    assert str(said["training"]["labelled"]) in card
    assert rows_fit(card)
