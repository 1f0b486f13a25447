"""The report on a model and its peers: groups, themes, what is worst, and what a manifest keeps."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from models.evaluation.answers import Answers, TaggerReader
from models.evaluation.detail import by_theme, confusions, reliability, worst
from models.evaluation.domains import DOMAINS, OTHER, domain
from models.evaluation.doubts import LENGTH, doubts
from models.evaluation.lexicon import Lexicon
from models.evaluation.measure import BASELINE, LEXICON, MODEL, PROFILE, measure, measure_bundle, report
from models.evaluation.tables import report_lines
from models.labelled import Labelled, LabelledMention
from models.labels import THEMES
from models.tagger import Tagger
from ugc.ingest.sample import files
from ugc.review import Mention, Tags


def review(*mentions: tuple[str, str], sentiment: str = "negative", **changes: str) -> Labelled:
    """A labelled review with themes and polarities."""
    spans = tuple(LabelledMention(0, 4, theme, polarity, "none") for theme, polarity in mentions)
    plain = Labelled("1", "text", "en", "", sentiment, (), "story", (), "none", False, False, spans)
    return replace(plain, **changes)


def shown(*mentions: tuple[str, str], sentiment: str = "negative") -> Tags:
    """Tags with themes and polarities."""
    spans = tuple(Mention(0, 4, "text", theme, polarity, "none", 1.0) for theme, polarity in mentions)
    return Tags(
        sentiment=sentiment, sentiment_probabilities={sentiment: 0.9}, contact="story", mentions=spans
    )


def test_themes_by_hand() -> None:
    reviews = [review(("speed", "negative"), ("price", "positive")), review(("speed", "positive")), review()]
    answers = Answers(
        [shown(("speed", "negative")), shown(("speed", "negative")), shown(("price", "negative"))]
    )
    found = by_theme(reviews, answers)
    assert list(found) == list(THEMES)
    # speed: two of two found, one of them with the right polarity
    assert found["speed"] == {
        "n": 2,
        "shown": 2,
        "precision": 1,
        "recall": 1,
        "F1": 1,
        "F1 with polarity": pytest.approx(0.5),
    }
    assert (found["price"]["n"], found["price"]["shown"], found["price"]["F1"]) == (1, 1, 0)
    assert found["safety"]["F1"] is None


def test_the_worst_are_named_among_those_with_enough_cases() -> None:
    figure = "theme+polarity micro-F1"
    languages = {
        "all": {"n": 100, figure: 0.1},
        "ru": {"n": 60, figure: 0.8},
        "en": {"n": 30, figure: 0.7},
        "pl": {"n": 10, figure: 0.2},
    }
    themes = {"speed": {"n": 50, "F1": 0.9}, "safety": {"n": 3, "F1": 0.0}, "price": {"n": 0, "F1": None}}
    found = worst(languages, {"banks": {"n": 4, figure: None}}, themes)
    assert found["language"] == {"name": "en", "n": 30, figure: 0.7}
    assert found["theme"] == {"name": "speed", "n": 50, "F1": 0.9}
    assert found["domain"] is None
    few = {"pl": {"n": 10, figure: 0.2}, "en": {"n": 5, figure: 0.1}}
    assert worst(few, {}, {})["language"]["name"] == "en"


def test_confusion_and_bins_by_hand() -> None:
    reviews = [review(("speed", "negative"), sentiment="negative"), review(sentiment="mixed")]
    chances = np.zeros((2, len(THEMES)), np.float32)
    chances[0, THEMES.index("speed")] = 0.75
    answers = Answers([shown(sentiment="negative"), shown(sentiment="negative")], chances)
    assert confusions(reviews, answers)["sentiment"] == {
        "negative": {"negative": 1},
        "mixed": {"negative": 1},
    }
    bins = reliability(reviews, answers)
    assert bins["sentiment"] == [{"from": 0.9, "n": 2, "said": pytest.approx(0.9), "was": 0.5}]
    assert bins["theme"] == [
        {"from": 0.0, "n": 2 * len(THEMES) - 1, "said": 0.0, "was": 0.0},
        {"from": 0.7, "n": 1, "said": 0.75, "was": 1.0},
    ]
    assert "theme" not in reliability(reviews, Answers(answers.tags))


def test_domains_follow_the_set() -> None:
    names = ["sravni_gpb", "steam", "polemo_medicine", "hotels", "", "unheard of"]
    assert domain([review(set=name) for name in names]) == [
        "banks",
        "apps",
        "clinics",
        "hotels",
        OTHER,
        OTHER,
    ]
    every = [name for names in DOMAINS.values() for name in names]
    assert len(every) == len(set(every))


def test_the_best_peer_is_the_best_and_no_profile() -> None:
    reviews = [review(("speed", "negative")) for _ in range(40)]
    right, wrong = shown(("speed", "negative")), shown(("price", "negative"), sentiment="positive")
    answers = {
        MODEL: Answers([right] * 40),
        "good": Answers([right] * 30 + [wrong] * 10),
        "bad": Answers([wrong] * 40),
        PROFILE + "fast": Answers([right] * 40),
    }
    found = report(reviews, answers)
    best = found["best_peer"]["sentiment accuracy"]
    assert best["peer"] == "good"
    assert best["value"] == pytest.approx(0.25)
    assert best["low"] > 0
    assert found["differences"][PROFILE + "fast"]["sentiment accuracy"]["value"] == 0
    assert found["baseline"] is None
    text = "\n".join(report_lines(found, full=True))
    assert "+25.0 points against good" in text
    assert json.loads(json.dumps(found)) == found


def test_a_model_alone_has_no_peers() -> None:
    found = report([review(("speed", "negative"))], {MODEL: Answers([shown(("speed", "negative"))])})
    assert (found["best_peer"], found["differences"]) == ({}, {})
    assert list(report_lines(found))


def test_everybody_reads_the_same_reviews(tagger: Tagger, labelled: list[Labelled]) -> None:
    found = measure(labelled, {MODEL: TaggerReader(tagger), LEXICON: Lexicon()})
    assert {name: own["all"]["n"] for name, own in found["peers"].items()} == {MODEL: 31, LEXICON: 31}
    assert found["peers"][LEXICON]["all"]["theme ECE"] is None
    assert found["peers"][MODEL]["all"]["theme ECE"] is not None


def test_what_a_manifest_keeps(tagger: Tagger, labelled: list[Labelled]) -> None:
    known = [replace(one, text=f"{one.text} {i}") for i in range(6) for one in labelled]
    found = measure_bundle(tagger.bundle.folder, known, labelled)
    assert set(found) == {"held_out", "sample"}
    held_out = found["held_out"]
    assert (held_out["n"], held_out["left_out"]) == (31, 0)
    assert held_out["model"] == held_out["figures"]
    assert held_out["baseline"] == held_out["peers"][BASELINE]
    assert set(held_out["peers"]) >= {MODEL, BASELINE, LEXICON}
    assert json.loads(json.dumps(found)) == found
    assert set(measure_bundle(tagger.bundle.folder, known, [])) == {"sample"}


def test_doubts_are_sample_reviews_against_their_stars(tagger: Tagger) -> None:
    ours = " ".join(" ".join(path.read_text(encoding="utf-8").split()) for path in files())
    found = doubts(tagger)
    assert 200 <= found["n"] <= 300
    # any decent model reads most stars
    assert found["against"] < 0.2 * found["n"]
    assert len(found["examples"]) <= 6
    for one in found["examples"]:
        assert one["said"] == ("positive" if one["rating"] <= 2 else "negative")
        assert len(one["text"]) <= LENGTH + 2
        assert one["probability"] > 0.25
        assert one["text"].removesuffix(" …")[-20:] in ours.replace('\\"', '"') or "‹" in one["text"]
