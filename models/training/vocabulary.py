"""Cuts a vocabulary to the pieces that texts really use: word embeddings are half of a small encoder.

A piece that is taken away is written with shorter ones from then on; single characters always stay,
so no text becomes unreadable by it. The cut comes before training, so the network learns with the
vocabulary that it will read with.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import nn

from ugc.errors import ModelError

__all__ = ["LEAST_SEEN", "count_pieces", "cut", "padding_of"]

LEAST_SEEN = 2
"""Times that a piece of several characters must occur to stay."""

PART = 2_000


def padding_of(tokenizer: Tokenizer, owner: str | Path) -> int:
    """Id of the padding token; `ModelError` names the owner of a tokenizer that has none."""
    found = tokenizer.token_to_id("<pad>")
    if found is None:
        raise ModelError(
            f"The tokenizer of {owner} has no <pad>.", "Start from an encoder of the XLM-RoBERTa family."
        )
    return int(found)


def count_pieces(tokenizer: Tokenizer, texts: Iterable[str]) -> npt.NDArray[np.int64]:
    """How often each piece of the vocabulary occurs in texts."""
    counts = np.zeros(tokenizer.get_vocab_size(), np.int64)
    left = iter(texts)
    while part := list(islice(left, PART)):
        for encoding in tokenizer.encode_batch(part, add_special_tokens=False):
            np.add.at(counts, np.asarray(encoding.ids, np.int64), 1)
    return counts


def _kept(pieces: Sequence[str], special: frozenset[str], counts: npt.NDArray[np.int64]) -> list[int]:
    """Numbers of the pieces that stay, in their order."""
    return [
        i
        for i, piece in enumerate(pieces)
        if piece in special or len(piece.lstrip("▁")) <= 1 or counts[i] >= LEAST_SEEN
    ]


def cut(tokenizer: Tokenizer, encoder: nn.Module, counts: npt.NDArray[np.int64]) -> Tokenizer:
    """A tokenizer of fewer pieces; the encoder's word embeddings are cut to the same rows in place.

    Args:
        tokenizer: a unigram tokenizer.
        encoder: its encoder, with `embeddings.word_embeddings`.
        counts: occurrences of each piece, from `count_pieces`.

    Raises:
        ModelError: the tokenizer is of another kind.
    """
    whole = json.loads(tokenizer.to_str())
    if whole["model"].get("type") != "Unigram":
        raise ModelError(
            f"The vocabulary of a {whole['model'].get('type')} tokenizer cannot be cut.",
            "Train with the whole vocabulary.",
        )
    vocabulary = whole["model"]["vocab"]
    special = frozenset(token["content"] for token in whole["added_tokens"])
    kept = _kept([piece for piece, _ in vocabulary], special, counts)
    place = {old: new for new, old in enumerate(kept)}
    whole["model"]["vocab"] = [vocabulary[i] for i in kept]
    whole["model"]["unk_id"] = place[whole["model"]["unk_id"]]
    for token in whole["added_tokens"]:
        token["id"] = place[token["id"]]
    for token in ((whole.get("post_processor") or {}).get("special_tokens") or {}).values():
        token["ids"] = [place[i] for i in token["ids"]]
    embeddings = encoder.get_submodule("embeddings")
    old = embeddings.get_submodule("word_embeddings").get_parameter("weight")
    padding = int(encoder.config.pad_token_id)  # type: ignore[union-attr, arg-type]
    new = nn.Embedding(len(kept), old.shape[1], padding_idx=place[padding])
    with torch.no_grad():
        new.weight.copy_(old[kept])
    embeddings.word_embeddings = new
    encoder.config.vocab_size = len(kept)  # type: ignore[union-attr]
    return Tokenizer.from_str(json.dumps(whole))
