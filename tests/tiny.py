"""A tiny world in which training takes seconds: invented labels, a random encoder, a bundle of both."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from models.labelled import residue

GOOD = ["вежливый персонал", "чистый номер", "быстрая доставка", "отличное качество", "приятный сервис"]
BAD = ["хамство персонала", "грязный номер", "долгая доставка", "ужасное качество", "противный сервис"]
TAGS = ["politeness", "environment", "speed", "product_quality", None]


def invented(
    count: int = 150, *, seed: int = 5, good: Sequence[str] = GOOD, bad: Sequence[str] = BAD, first: int = 0
) -> list[dict[str, Any]]:
    """Labelled reviews of a tiny world with a rule that can be learnt."""
    dice = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for i in range(first, first + count):
        kind, other = dice.integers(0, 5, 2)
        pleased = bool(dice.integers(0, 2))
        words = good if pleased else bad
        quotes = [f"{words[kind]} номер {i}"] + ([f"тут {words[other]} всегда"] if other != kind else [])
        polarity = "positive" if pleased else "negative"
        mentions = [
            {"quote": quote, "theme": TAGS[k], "polarity": polarity, "touchpoint": "venue"}
            for quote, k in zip(quotes, (kind, other), strict=False)
            if TAGS[k]
        ]
        rows.append(
            {
                "id": str(i),
                "set": "airline" if i % 50 == 7 else "invented",
                "lang": "ru",
                "text": ". ".join(quotes) + ".",
                "sentiment": polarity,
                "emotions": [] if pleased else ["anger"],
                "contact": "praise" if pleased else "complaint",
                "loyalty": [],
                "effort": "none",
                "repeat": False,
                "specific": True,
                "mentions": mentions,
            }
        )
    return rows


def write_lines(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """Writes JSON lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def write_gzip(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Writes gzipped JSON lines."""
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_public_sets(data: Path, known: str) -> None:
    """Public sets with a few texts each, one of them known from the labels."""
    data.mkdir()
    write_gzip(
        data / "sentiment.jsonl.gz",
        [
            {"set": "esg", "lang": "ru", "text": f"{words} раз {i}", "sentiment": name}
            for i in range(8)
            for words, name in (("очень хорошо", "positive"), ("очень плохо", "negative"))
        ]
        + [
            {"set": "wildberries", "lang": "ru", "text": "куртка тёплая", "stars": 4.0},
            {"set": "wildberries", "lang": "ru", "text": known.upper(), "stars": 5.0},
            {"set": "airline", "lang": "en", "text": "never trained on", "sentiment": "negative"},
        ],
    )
    write_gzip(
        data / "emotion.jsonl.gz",
        [
            {
                "set": "cedr",
                "lang": "ru",
                "text": f"какая радость {i}",
                "emotions": ["joy"],
                "emotions_known": ["joy", "anger"],
            }
            for i in range(6)
        ],
    )
    write_gzip(
        data / "unlabelled.jsonl.gz",
        [{"set": "elsewhere", "lang": "ru", "text": f"ждали долго, но вежливо {i}"} for i in range(4)],
    )
    write_gzip(data / "aspect.jsonl.gz", [{"set": "mams", "lang": "en", "text": "quick and polite"}])
    write_gzip(
        data / "contact.jsonl.gz",
        [
            {"set": "banking77", "lang": "en", "text": f"where is my card {i}?", "contact": "card_arrival"}
            for i in range(4)
        ],
    )


def write_encoder(base: Path, texts: Sequence[str]) -> None:
    """Writes a random two-layer encoder with its tokenizer."""
    import torch
    from transformers import BertConfig, BertModel

    pieces = Tokenizer(models.Unigram())
    pieces.normalizer = normalizers.Replace(Regex(" {2,}"), " ")
    pieces.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(
        vocab_size=250, special_tokens=special, unk_token="<unk>", show_progress=False
    )
    pieces.train_from_iterator([*texts, "query: очень хорошо плохо радость"], trainer)
    config = BertConfig(
        vocab_size=pieces.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        pad_token_id=1,
    )
    torch.manual_seed(1)
    BertModel(config, add_pooling_layer=False).save_pretrained(base)
    pieces.save(str(base / "tokenizer.json"))


def _write_world(folder: Path) -> None:
    """Writes labels (labels.jsonl), public sets (data) and an encoder (tiny)."""
    rows = invented()
    write_lines(folder / "labels.jsonl", rows)
    texts = [str(row["text"]) for row in rows]
    write_public_sets(folder / "data", next(text for text in texts if residue(text) == 0))
    write_encoder(folder / "tiny", texts)


def _train(world: Path, folder: Path) -> None:
    """Trains a bundle on the tiny world."""
    from models.training.fit import Plan
    from models.training.material import gather
    from models.training.recipe import complete_bundle, train_network, write_graph
    from models.training.restore import encoder_entry

    rows = [row for row in invented() if residue(row["text"]) != 0]
    # Enough of the heads that the network has a say beside the sparse evidence.
    plan = Plan(head_epochs=40, head_rate=3e-3, epochs=1, bf16=False)
    material = gather(write_lines(folder / "labels.jsonl", rows), None, plan)
    out = folder / "bundle"
    network, tokenizer = train_network(material, str(world / "tiny"), plan, say=_quiet)
    write_graph(network, tokenizer, out)
    named = {"base": "tiny", "name": "tiny", "version": "1"}
    complete_bundle(out, material, plan, **named, say=_quiet, encoder=encoder_entry(network))


Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def world(once: Once) -> Path:
    """Labels (labels.jsonl), public sets (data) and an encoder (tiny); for reading only."""
    return once("world", _write_world)


@pytest.fixture(scope="session")
def tiny_bundle(once: Once, world: Path) -> Path:
    """A bundle trained on the tiny world, without card and scores to save time; for reading only."""
    return once("tiny-bundle", partial(_train, world)) / "bundle"


@pytest.fixture
def quick_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cards are written without reading the sample reviews, which takes longer than the training."""
    monkeypatch.setattr("models.training.card.doubts", lambda tagger: {"n": 0, "against": 0, "examples": []})


def write_silent(bundle: Path, out: Path, name: str) -> str:
    """Copies a bundle into one that never shows a theme; its version."""
    from models.bundle import open_bundle
    from models.calibration import Calibration
    from models.decode import Thresholds
    from models.training.recipe import seal

    shutil.copytree(bundle, out)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8")) | {"name": name}
    seal(out, manifest, Calibration.from_manifest(manifest["calibration"]), Thresholds.even(3.0))
    return open_bundle(out).version


def _quiet(line: str) -> None:
    """Says nothing."""
