"""Imports a package without one that it would load only to see whether it is there.

spaCy looks for torch, for pipelines of a kind that is not used here; where torch is installed that
doubles the time to the first tag and takes a hundred megabytes.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

__all__ = ["without"]


class _Absent(MetaPathFinder):
    """Says that a package is not installed, to one thread."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread = threading.get_ident()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Nothing, so that the next finder is asked; `ModuleNotFoundError` for the absent package."""
        if fullname == self._name and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"{fullname} is left out here.", name=fullname)
        return None


@contextmanager
def without(name: str) -> Iterator[None]:
    """Within, this thread cannot import a package, unless it is loaded already; other threads can."""
    absent = _Absent(name)
    sys.meta_path.insert(0, absent)
    try:
        yield
    finally:
        sys.meta_path.remove(absent)
