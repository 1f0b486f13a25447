"""Putting SQL together from this package's own pieces."""

from __future__ import annotations

__all__ = ["fill"]


def fill(statement: str, /, **pieces: str) -> str:
    """A statement with its `{named}` pieces in place.

    Pieces are constants of this package or conditions made by `Filters.where`: names of columns
    and of parameters. Values travel as parameters only; none is ever put into a statement.
    """
    return statement.format_map(pieces)
