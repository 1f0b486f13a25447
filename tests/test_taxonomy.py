from __future__ import annotations

import pytest

from models.labels import THEMES
from ugc import taxonomy
from ugc.errors import TaxonomyError
from ugc.taxonomy import Label


@pytest.mark.parametrize("kind", taxonomy.KINDS)
def test_every_label_has_a_name_in_every_language(kind):
    for one in taxonomy.labels(kind):
        assert set(one.names) == set(taxonomy.LANGUAGES)
        assert len({one.name(language) for language in taxonomy.LANGUAGES}) >= 1
        assert all(name.strip() for name in one.names.values())


@pytest.mark.parametrize("kind", taxonomy.KINDS)
@pytest.mark.parametrize("language", taxonomy.LANGUAGES)
def test_no_two_labels_of_a_kind_share_a_name(kind, language):
    names = [one.name(language) for one in taxonomy.labels(kind)]
    assert len(names) == len(set(names))


def test_the_fifteen_themes_in_order():
    assert taxonomy.keys("themes") == (
        "speed", "politeness", "reliability", "competence", "responsiveness", "resolution", "promises",
        "transparency", "convenience", "accessibility", "price", "product_quality", "assortment",
        "environment", "safety",
    )  # fmt: skip


def test_every_touchpoint_belongs_to_a_stage():
    stages = set(taxonomy.keys("stages"))
    for one in taxonomy.labels("touchpoints"):
        assert one.key == "none" or one.stage in stages


def test_unknown_names_are_told_the_known_ones():
    with pytest.raises(TaxonomyError, match="speed"):
        taxonomy.label("themes", "spede")
    with pytest.raises(TaxonomyError, match="themes"):
        taxonomy.labels("theme")


def test_a_language_we_lack_falls_back_to_english():
    assert taxonomy.label("themes", "speed").name("de") == "Speed"


@pytest.mark.shared
def test_the_labels_of_the_training_data_are_ours(shared):
    import json

    kinds = {"theme": "themes", "polarity": "polarities", "touchpoint": "touchpoints"}
    with (shared / "labels/train.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for field, kind in kinds.items():
        assert {mention[field] for row in rows for mention in row["mentions"]} <= set(taxonomy.keys(kind))
    assert {row["contact"] for row in rows} <= set(taxonomy.keys("contact"))
    assert {one for row in rows for one in row["emotions"]} <= set(taxonomy.keys("emotions"))
    assert {one for row in rows for one in row["loyalty"]} <= set(taxonomy.keys("loyalty"))
    assert {row["effort"] for row in rows} <= set(taxonomy.keys("effort"))
    assert {row["sentiment"] for row in rows} <= set(taxonomy.keys("sentiments"))


def test_every_shipped_theme_has_examples_in_every_language():
    said = [
        one
        for theme in taxonomy.shipped("themes")
        for language in taxonomy.LANGUAGES
        for one in theme.examples[language]
    ]
    assert len(said) == len(set(said)) == 12 * len(taxonomy.shipped("themes"))
    assert max(map(len, said)) <= 80


def test_edits_hold_until_others_are_put_in_force():
    shipped = taxonomy.shipped("themes")
    pace = Label("speed", dict.fromkeys(taxonomy.LANGUAGES, "Pace"), {})
    parking = Label("parking", dict.fromkeys(taxonomy.LANGUAGES, "Parking"), {}, own=True)
    taxonomy.revise("themes", [parking, pace])
    assert taxonomy.keys("themes") == (*(one.key for one in shipped), "parking")
    assert taxonomy.label("themes", "speed").name("ru") == "Pace"
    assert taxonomy.shipped("themes") == shipped
    assert len(THEMES) == len(shipped)
    taxonomy.revise("themes", ())
    assert taxonomy.labels("themes") == shipped
