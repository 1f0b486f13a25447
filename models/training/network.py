"""The network: one encoder pass over a review, clause vectors by a pooling matrix, all heads.

Vectors of this encoder sit in a narrow cone (all cosines are high), so each kind of vector is
standardised with its mean and deviation over the training texts before a head reads it.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

from models.labels import CLAUSE_HEADS, POLARITIES, REVIEW_HEADS, THEMES

__all__ = ["GROUPS", "Network", "Standardise", "load_encoder"]

GROUPS: dict[str, tuple[str, ...]] = {
    "sentiment": ("sentiment",),
    "emotions": ("emotions",),
    "contact": ("contact",),
    "loyalty": ("loyalty",),
    "conduct": ("effort", "repeat", "specific"),
}
"""Review heads that share one attention pooling and one hidden layer."""


def load_encoder(base: str | Path) -> nn.Module:
    """The encoder of a folder or a hub name, in single precision, with plain attention (for export).

    Its own dropout is off: drawing the masks takes more than half of a forward pass on a CPU.
    """
    encoder: nn.Module = AutoModel.from_pretrained(
        str(base),
        attn_implementation="eager",
        dtype=torch.float32,
        add_pooling_layer=False,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return encoder


class Standardise(nn.Module):
    """Takes away a mean and divides by a deviation, both fixed; then a trained scale and shift."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("deviation", torch.ones(size))
        self.scale = nn.Parameter(torch.ones(size))
        self.shift = nn.Parameter(torch.zeros(size))

    def fit(self, vectors: Tensor) -> None:
        """Sets mean and deviation from vectors (n, size)."""
        self.get_buffer("mean").copy_(vectors.mean(0))
        self.get_buffer("deviation").copy_(vectors.std(0) + 1e-4)

    def forward(self, vectors: Tensor) -> Tensor:
        """Standardised vectors of the same shape."""
        return (vectors - self.get_buffer("mean")) / self.get_buffer("deviation") * self.scale + self.shift


def _mlp(inputs: int, hidden: int, outputs: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(dropout),
        nn.Linear(inputs, hidden),
        nn.GELU(),
        nn.Dropout(dropout),
        nn.Linear(hidden, outputs),
    )


class Network(nn.Module):
    """Encoder and heads. Outputs are logits by head name."""

    def __init__(self, encoder: nn.Module, *, dropout: float = 0.2) -> None:
        super().__init__()
        self.encoder = encoder
        size = int(encoder.config.hidden_size)  # type: ignore[union-attr, arg-type]
        self.tokens = Standardise(size)
        self.clauses = Standardise(size)
        self.reviews = Standardise(size)
        self.attention = nn.Linear(size, len(GROUPS))
        self.clause_head = _mlp(2 * size, size, sum(CLAUSE_HEADS.values()), dropout)
        self.review_heads = nn.ModuleDict(
            {
                group: _mlp(2 * size, size // 2, sum(REVIEW_HEADS[head] for head in heads), dropout)
                for group, heads in GROUPS.items()
            }
        )

    def encode(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Token vectors (batch, tokens, size)."""
        hidden: Tensor = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return hidden

    def read(self, hidden: Tensor, mask: Tensor, pool: Tensor) -> dict[str, Tensor]:
        """Logits from token vectors.

        Args:
            hidden: (batch, tokens, size).
            mask: (batch, tokens), 1 for tokens that are there.
            pool: (batch, clauses, tokens), rows that add up to one, or empty rows.

        Returns:
            theme (batch, clauses, themes), polarity (batch, clauses, themes, polarities), touchpoint
            (batch, clauses, touchpoints), and (batch, width) for each review head.
        """
        present = mask.to(hidden.dtype).unsqueeze(-1)
        mean = (hidden * present).sum(1) / present.sum(1).clamp(min=1.0)
        review = self.reviews(mean)
        clause = self.clauses(pool @ hidden)
        both = torch.cat([clause, review.unsqueeze(1).expand_as(clause)], -1)
        theme, polarity, touchpoint = self.clause_head(both).split(list(CLAUSE_HEADS.values()), -1)
        logits = {
            "theme": theme,
            "polarity": polarity.unflatten(-1, (len(THEMES), len(POLARITIES))),
            "touchpoint": touchpoint,
        }
        tokens = self.tokens(hidden)
        scores = self.attention(tokens).float().masked_fill(mask.unsqueeze(-1) == 0, -1e4).softmax(1)
        looked = scores.to(tokens.dtype).transpose(1, 2) @ tokens
        for i, (group, heads) in enumerate(GROUPS.items()):
            answer = self.review_heads[group](torch.cat([review, looked[:, i]], -1))
            parts = answer.split([REVIEW_HEADS[head] for head in heads], -1)
            logits.update(zip(heads, parts, strict=True))
        return logits

    def forward(self, ids: Tensor, mask: Tensor, pool: Tensor) -> dict[str, Tensor]:
        """Logits of all heads; see `read`."""
        return self.read(self.encode(ids, mask), mask, pool)

    def standardise_on(self, hidden: list[Tensor], pools: list[Tensor]) -> None:
        """Fits the standardisation of tokens, clauses and reviews on vectors (tokens, size) of texts."""
        self.tokens.fit(torch.cat([h[:: max(1, len(h) // 12)] for h in hidden]))
        self.reviews.fit(torch.stack([h.mean(0) for h in hidden]))
        self.clauses.fit(torch.cat([pool @ h for pool, h in zip(pools, hidden, strict=True)]))
