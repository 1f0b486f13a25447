"""A teacher's soft targets: probabilities where it reads, what the set says where it says something."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from models.labels import SENTIMENTS
from models.tagger import Tagger
from models.training.fit import collate
from models.training.loss import binary, distribution
from models.training.public_sets import Partial
from models.training.teacher import LEAST, WEIGHT, public_items, sentiment_target, soft_items


def test_what_a_set_says_outweighs_the_teacher() -> None:
    taught = np.asarray([0.05, 0.9, 0.03, 0.02], np.float32)
    assert sentiment_target((), taught) is taught
    sure = sentiment_target((0.97, 0.01, 0.01, 0.01), taught)
    assert sure * WEIGHT == pytest.approx([0.97, 0.01, 0.01, 0.01])
    # four stars: the teacher moves the shares, and they still add up to a label's weight
    stars = sentiment_target((0.6, 0.1, 0.25, 0.05), taught)
    assert stars.sum() * WEIGHT == pytest.approx(1)
    assert stars[1] / stars[0] > 0.1 / 0.6
    assert stars.argmax() == 0


def test_soft_targets_are_what_the_teacher_believes(world: Path, tiny_bundle: Path) -> None:
    tokenizer = Tokenizer.from_file(str(world / "tiny" / "tokenizer.json"))
    teacher = Tagger.load(tiny_bundle)
    rows = [Partial("вежливый персонал но долгая доставка", "ru", "x"), Partial("123", "ru", "x")]
    said: list[str] = []
    (item,) = soft_items(tokenizer, rows, teacher, said.append)
    believed = teacher.probabilities([rows[0].text], ["ru"])[0]
    assert believed is not None
    assert item.theme == pytest.approx(believed.by_head["theme"], abs=1e-6)
    shares = item.polarity.sum(axis=-1)
    known = ~np.isnan(shares)
    assert (known == (believed.by_head["theme"] >= LEAST)).all()
    assert shares[known] == pytest.approx(believed.by_head["theme"][known], abs=1e-5)
    assert item.weight == WEIGHT
    assert item.sentiment.sum() == pytest.approx(1, abs=1e-5)
    assert len(item.sentiment) == len(SENTIMENTS)


def test_without_a_teacher_only_what_sets_say_is_trained(world: Path) -> None:
    tokenizer = Tokenizer.from_file(str(world / "tiny" / "tokenizer.json"))
    public = {
        "reviews": [Partial("silent", "en", "x"), Partial("плохо", "ru", "x", sentiment=(0.0, 1.0, 0.0, 0.0))]
    }
    (items,) = public_items(tokenizer, public, None, print)
    assert len(items) == 1
    assert items[0].sentiment[1] == 1
    _, _, _, targets = collate(items, 1)
    assert targets["weight"].tolist() == [1.0]


def test_weights_of_rows_scale_their_losses() -> None:
    logits, targets = torch.tensor([[0.3], [-0.7]]), torch.tensor([[1.0], [torch.nan]])
    whole = binary(logits, targets, torch.ones(2))
    assert binary(logits, targets, torch.tensor([0.5, 9.0])) == pytest.approx(float(whole) / 2)
    shares = torch.tensor([[0.25, 0.75], [torch.nan, torch.nan]])
    both = torch.tensor([[1.0, 2.0], [5.0, 1.0]])
    one = distribution(both, shares, torch.ones(2))
    assert distribution(both, shares, torch.tensor([0.5, 9.0])) == pytest.approx(float(one) / 2)
