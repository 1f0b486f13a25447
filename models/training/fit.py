"""Fitting the network: heads on frozen token vectors first, then everything at a small rate."""

from __future__ import annotations

import ctypes
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from models.labels import POLARITIES, THEMES, TOUCHPOINTS
from models.training.checkpoint import Keeper, Place
from models.training.data import Item
from models.training.loss import total
from models.training.network import Network
from models.training.progress import Moment, Tell

__all__ = ["Plan", "batches", "collate", "encode_all", "fit_all", "fit_heads", "keep_memory"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to train."""

    head_epochs: int = 4
    head_rate: float = 1e-3
    epochs: int = 6
    body_rate: float = 1.5e-4
    batch: int = 24
    window: int = 20
    """Batches within which texts are sorted by length."""
    warm: float = 0.06
    """Share of the steps in which the rate rises."""
    seed: int = 20
    review_texts: int = 5_000
    emotion_texts: int = 2_500
    contact_texts: int = 300
    """Public texts of each kind in one epoch; each epoch takes others until all were seen."""
    fast_layers: int = 6
    """Layers of the shorter network, the profile "fast"."""
    fast_epochs: int = 3
    fast_rate: float = 2e-4
    bf16: bool = True

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Public texts in one epoch, by kind: reviews, emotion, contact."""
        return self.review_texts, self.emotion_texts, self.contact_texts


Batch = tuple[Tensor, Tensor, Tensor, dict[str, Tensor]]

_EMBEDDINGS = "encoder.embeddings"
"""Beginning of the names of the weights that stay frozen throughout."""


def collate(items: Sequence[Item], padding: int) -> Batch:
    """Ids, mask, pooling matrices and targets of a batch, padded to its longest text."""
    # Few different lengths: the CPU library prepares its kernels anew for each.
    length = -(-max(len(item.ids) for item in items) // 16) * 16
    most = max(len(item.pool) for item in items)
    ids = np.full((len(items), length), padding, np.int64)
    mask = np.zeros((len(items), length), np.int64)
    pool = np.zeros((len(items), most, length), np.float32)
    theme = np.full((len(items), most, len(THEMES)), np.nan, np.float32)
    polarity = np.full((len(items), most, len(THEMES), len(POLARITIES)), np.nan, np.float32)
    touchpoint = np.full((len(items), most, len(TOUCHPOINTS)), np.nan, np.float32)
    for i, item in enumerate(items):
        ids[i, : len(item.ids)] = item.ids
        mask[i, : len(item.ids)] = 1
        rows, columns = item.pool.shape
        pool[i, :rows, :columns] = item.pool
        theme[i, :rows] = item.theme
        polarity[i, :rows] = item.polarity
        touchpoint[i, :rows] = item.touchpoint
    targets = {
        "theme": torch.from_numpy(theme),
        "polarity": torch.from_numpy(polarity),
        "touchpoint": torch.from_numpy(touchpoint),
    }
    for name in ("sentiment", "emotions", "contact", "loyalty", "effort", "flags"):
        targets[name] = torch.from_numpy(np.stack([getattr(item, name) for item in items]))
    targets["weight"] = torch.tensor([item.weight for item in items])
    return torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(pool), targets


def batches(items: Sequence[Item], size: int, window: int, dice: np.random.Generator) -> list[list[int]]:
    """Indices of batches: shuffled, then sorted by length within windows of some batches."""
    order = dice.permutation(len(items)).tolist()
    found: list[list[int]] = []
    for start in range(0, len(order), size * window):
        near = sorted(order[start : start + size * window], key=lambda i: len(items[i].ids))
        found.extend(near[at : at + size] for at in range(0, len(near), size))
    return [found[i] for i in dice.permutation(len(found))]


@torch.no_grad()
def encode_all(
    network: Network, items: Sequence[Item], padding: int, *, bf16: bool = True, tell: Tell | None = None
) -> list[Tensor]:
    """Token vectors (tokens, size) of each text in half precision, without training."""
    network.eval()
    found: list[Tensor] = [torch.empty(0)] * len(items)
    order = sorted(range(len(items)), key=lambda i: len(items[i].ids))
    for start in range(0, len(order), 32):
        chosen = order[start : start + 32]
        ids, mask, _, _ = collate([items[i] for i in chosen], padding)
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            hidden = network.encode(ids, mask)
        for row, i in enumerate(chosen):
            found[i] = hidden[row, : len(items[i].ids)].to(torch.float16)
        if tell:
            tell(Moment("read", start + len(chosen), len(order)))
    return found


def keep_memory() -> None:
    """Tells the C library to keep freed memory: a step frees gigabytes that the next one needs again.

    Giving them back and getting them anew costs up to half of the time on virtual machines.
    """
    if sys.platform == "linux" and platform.libc_ver()[0] == "glibc":
        library = ctypes.CDLL(None)
        trim_threshold, mmap_max = -1, -4
        library.mallopt(mmap_max, 0)
        library.mallopt(trim_threshold, 2**31 - 1)


def fit_heads(
    network: Network,
    items: Sequence[Item],
    hidden: Sequence[Tensor],
    plan: Plan,
    padding: int,
    say: Callable[[str], None],
    *,
    standardise: bool = True,
    keeper: Keeper | None = None,
    tell: Tell | None = None,
) -> None:
    """Fits standardisation and heads on the vectors of a frozen encoder.

    Args:
        network: its heads are trained.
        items: the texts.
        hidden: their token vectors, from `encode_all`.
        plan: `head_epochs` at `head_rate`.
        padding: id of the padding token.
        say: told the loss of each epoch.
        standardise: whether to fit the standardisation; heads that were trained before know theirs.
        keeper: keeps checkpoints, and goes on from one.
        tell: called after each step.
    """
    if standardise:
        pools = [torch.from_numpy(item.pool) for item in items]
        network.standardise_on([h.float() for h in hidden], pools)
    heads = [parameter for name, parameter in network.named_parameters() if not name.startswith("encoder.")]
    optimiser = torch.optim.AdamW(heads, lr=plan.head_rate, weight_decay=0.01)
    dice = np.random.default_rng(plan.seed)
    schedule = [batches(items, plan.batch, plan.window, dice) for _ in range(plan.head_epochs)]
    at = keeper.take_up("heads", network, optimiser) if keeper else Place()
    all_steps = sum(map(len, schedule))
    done = sum(map(len, schedule[: at.epoch])) + at.step
    network.train()
    for epoch in range(at.epoch, plan.head_epochs):
        begin, loss_sum = (at.step, at.loss_sum) if epoch == at.epoch else (0, 0.0)
        steps = schedule[epoch]
        for number, chosen in enumerate(steps[begin:], begin + 1):
            _, mask, pool, targets = collate([items[i] for i in chosen], padding)
            vectors = torch.zeros(*mask.shape, hidden[0].shape[-1])
            for row, i in enumerate(chosen):
                vectors[row, : len(hidden[i])] = hidden[i].float()
            loss = total(network.read(vectors, mask, pool), targets, len(chosen))
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            loss_sum += float(loss.detach())
            done += 1
            if keeper:
                keeper.keep("heads", Place(epoch, number, loss_sum), network, optimiser, frozen="encoder.")
            if tell:
                tell(Moment("heads", done, all_steps, loss_sum / number))
        if keeper:
            keeper.keep("heads", Place(epoch + 1), network, optimiser, frozen="encoder.", now=True)
        say(f"heads {epoch + 1}/{plan.head_epochs}: loss {loss_sum / len(steps):.4f}")


def _sample(public: Sequence[Sequence[Item]], sizes: Sequence[int], epoch: int) -> list[Item]:
    """The next part of each kind of public texts, starting again after the last."""
    found: list[Item] = []
    for rows, size in zip(public, sizes, strict=False):
        found.extend(rows[(epoch * size + i) % len(rows)] for i in range(min(size, len(rows))))
    return found


def fit_all(
    network: Network,
    items: Sequence[Item],
    public: Sequence[Sequence[Item]],
    plan: Plan,
    padding: int,
    say: Callable[[str], None],
    after_epoch: Callable[[int], None] = lambda epoch: None,
    *,
    keeper: Keeper | None = None,
    tell: Tell | None = None,
) -> None:
    """Trains encoder and heads on labelled items and on a part of the public ones in each epoch.

    Word embeddings stay frozen: few of the 54,000 pieces are met often enough to move well.

    Args:
        network: what is trained.
        items: texts that every epoch takes.
        public: kinds of texts of which each epoch takes the next part.
        plan: `epochs` at `body_rate`, the heads at a quarter of `head_rate`.
        padding: id of the padding token.
        say: told the loss every hundred steps, unless `tell` is given.
        after_epoch: called with the number of each epoch that has ended, from 0.
        keeper: keeps checkpoints, and goes on from one.
        tell: called after each step.
    """
    for name, parameter in network.named_parameters():
        parameter.requires_grad = not name.startswith(_EMBEDDINGS)
    body = [p for n, p in network.named_parameters() if n.startswith("encoder.") and p.requires_grad]
    heads = [p for n, p in network.named_parameters() if not n.startswith("encoder.")]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": plan.body_rate}, {"params": heads, "lr": plan.head_rate / 4}],
        weight_decay=0.01,
    )
    dice = np.random.default_rng(plan.seed + 1)
    schedule = []
    for epoch in range(plan.epochs):
        mixed = [*items, *_sample(public, plan.sizes, epoch)]
        schedule.append((mixed, batches(mixed, plan.batch, plan.window, dice)))
    all_steps = sum(len(steps) for _, steps in schedule)
    warm = max(1, int(plan.warm * all_steps))
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min((step + 1) / warm, max(0.02, (all_steps - step) / max(1, all_steps - warm))),
    )
    at = keeper.take_up("all", network, optimiser, rates) if keeper else Place()
    done = before = sum(len(steps) for _, steps in schedule[: at.epoch]) + at.step
    began = time.monotonic()
    for epoch in range(at.epoch, plan.epochs):
        network.train()
        begin, loss_sum = (at.step, at.loss_sum) if epoch == at.epoch else (0, 0.0)
        mixed, steps = schedule[epoch]
        for number, chosen in enumerate(steps[begin:], begin + 1):
            ids, mask, pool, targets = collate([mixed[i] for i in chosen], padding)
            with torch.autocast("cpu", torch.bfloat16, enabled=plan.bf16):
                logits = network(ids, mask, pool)
            loss = total(logits, targets, len(chosen))
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            rates.step()
            loss_sum += float(loss.detach())
            done += 1
            if keeper:
                where = Place(epoch, number, loss_sum)
                keeper.keep("all", where, network, optimiser, rates, frozen=_EMBEDDINGS)
            if tell:
                tell(Moment("all", done, all_steps, loss_sum / number))
            elif number % 100 == 0:
                left = (time.monotonic() - began) / (done - before) * (all_steps - done)
                mean = loss_sum / number
                told = f"epoch {epoch + 1}/{plan.epochs}, step {number}/{len(steps)}"
                say(f"{told}: loss {mean:.4f}, {left / 60:.1f} min left")
        after_epoch(epoch)
        if keeper:
            keeper.keep("all", Place(epoch + 1), network, optimiser, rates, frozen=_EMBEDDINGS, now=True)
        if tell:
            say(f"epoch {epoch + 1}/{plan.epochs}: loss {loss_sum / len(steps):.4f}")
