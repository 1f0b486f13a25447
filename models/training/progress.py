"""How far training has come, told step by step to whoever shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Moment", "Say", "Tell"]


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of training.

    Attributes:
        stage: `read` (texts pass the frozen encoder), `heads` or `all`.
        done: texts or steps of the stage that are done.
        total: texts or steps of the stage.
        loss: mean loss of the epoch so far; `None` while nothing is fitted.
    """

    stage: str
    done: int
    total: int
    loss: float | None = None


Say = Callable[[str], None]
"""Told in one line what has been done."""

Tell = Callable[[Moment], None]
"""Called after each step."""
