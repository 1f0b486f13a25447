"""Counting by several expressions in one pass: SQL of grouping sets, and which row belongs to which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["AtOnce"]


@dataclass(frozen=True)
class AtOnce:
    """Expressions to group by, each on its own; they are this package's own constants, never a user's word.

    A statement selects `named` from its rows, then `names` and counts from that, `GROUP BY` `sets`.
    """

    expressions: Sequence[str]

    @property
    def named(self) -> str:
        """The expressions, each under a name of its own."""
        return ", ".join(f"{one} AS key_{place}" for place, one in enumerate(self.expressions))

    @property
    def names(self) -> str:
        """Those names, and a number that tells by which of them a row is grouped."""
        listed = ", ".join(f"key_{place}" for place in range(len(self.expressions)))
        return f"{listed}, grouping({listed}) AS grouped_by"

    @property
    def sets(self) -> str:
        """What follows `GROUP BY`."""
        listed = ", ".join(f"(key_{place})" for place in range(len(self.expressions)))
        return f"GROUPING SETS ({listed})"

    def taken(self, row: dict[str, Any]) -> tuple[int, Any]:
        """Takes the names out of a row of the answer: the place of its expression, and its value."""
        size = len(self.expressions)
        values = [row.pop(f"key_{place}") for place in range(size)]
        # A bit for each expression, the first one the highest; 0 for the one that the row is grouped by.
        bits = row.pop("grouped_by")
        place = next(one for one in range(size) if not bits >> (size - 1 - one) & 1)
        return place, values[place]
