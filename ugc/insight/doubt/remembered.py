"""What is computed from the whole lake once and holds as long as its snapshot is open."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["remembered"]

T = TypeVar("T")

_LOCK = threading.RLock()
_KNOWN: WeakKeyDictionary[Snapshot, dict[str, Any]] = WeakKeyDictionary()


def remembered(snapshot: Snapshot, compute: Callable[[Snapshot], T]) -> T:
    """`compute(snapshot)`, from memory when it was asked before; it goes with the snapshot.

    While one thread computes, the others wait: two would take twice as long side by side.
    """
    name = f"{compute.__module__}.{compute.__qualname__}"
    with _LOCK:
        known = _KNOWN.setdefault(snapshot, {})
        if name not in known:
            known[name] = compute(snapshot)
        answer: T = known[name]
    return answer
