"""A cut vocabulary reads the texts it was counted on as before, and all others still."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models

from models.labelled import read_labelled
from models.training.network import load_encoder
from models.training.vocabulary import LEAST_SEEN, count_pieces, cut, padding_of
from ugc.errors import ModelError


def test_counts_are_those_of_the_tokenizer(world: Path) -> None:
    tokenizer = Tokenizer.from_file(str(world / "tiny" / "tokenizer.json"))
    texts = ["очень хорошо", "очень плохо"]
    counts = count_pieces(tokenizer, texts)
    ids = [piece for text in texts for piece in tokenizer.encode(text, add_special_tokens=False).ids]
    assert counts.sum() == len(ids)
    assert all(counts[piece] == ids.count(piece) for piece in set(ids))


def test_texts_keep_their_vectors_and_unused_pieces_go(world: Path) -> None:
    base = world / "tiny"
    tokenizer, encoder = Tokenizer.from_file(str(base / "tokenizer.json")), load_encoder(base).eval()
    texts = [review.text for review in read_labelled(world / "labels.jsonl")[:20]] * LEAST_SEEN
    whole = tokenizer.get_vocab_size()
    before = [tokenizer.encode(text, add_special_tokens=False) for text in texts[:20]]
    with torch.no_grad():
        vectors = [encoder(input_ids=torch.tensor([one.ids])).last_hidden_state for one in before]
    small = cut(tokenizer, encoder, count_pieces(tokenizer, texts))
    assert small.get_vocab_size() < whole
    assert encoder.get_submodule("embeddings.word_embeddings").weight.shape[0] == small.get_vocab_size()
    for text, one, vector in zip(texts, before, vectors, strict=False):
        again = small.encode(text, add_special_tokens=False)
        assert again.tokens == one.tokens
        with torch.no_grad():
            assert torch.equal(encoder(input_ids=torch.tensor([again.ids])).last_hidden_state, vector)
    assert all(small.token_to_id(name) is not None for name in ("<s>", "<pad>", "</s>", "<unk>"))
    assert small.encode("никогда не виданное слово").ids


def test_other_kinds_of_tokenizers_are_refused(world: Path) -> None:
    other = Tokenizer(models.WordPiece({"[UNK]": 0}, unk_token="[UNK]"))
    with pytest.raises(ModelError, match="WordPiece"):
        cut(other, load_encoder(world / "tiny"), count_pieces(other, []))
    with pytest.raises(ModelError, match="no <pad>"):
        padding_of(other, "other")
