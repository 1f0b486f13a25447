"""What the pages ask of the lake, remembered until the lake changes.

The lake is opened once for all sessions, and so is a snapshot of each of its last versions; every
answer is remembered under the version it was computed from.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from ugc.errors import LakeError
from ugc.lake.labels import wear

if TYPE_CHECKING:
    from ugc.lake import Lake, Snapshot

__all__ = ["Ask", "ask"]

T = TypeVar("T")

_FRESH = 2.0
"""Seconds after which the lake is asked again whether it has changed."""


@st.cache_resource(show_spinner=False, max_entries=8)
def _lake(address: str) -> Lake:
    from ugc.lake import Lake

    return Lake.open(address, create=False)


@st.cache_data(show_spinner=False, ttl=_FRESH, max_entries=8)
def _version(address: str) -> str:
    return _lake(address).version()


@st.cache_resource(show_spinner=False, max_entries=4)
def _snapshot(address: str, version: str) -> Snapshot:
    """A snapshot taken when the lake had `version`; it holds what it has read in memory."""
    return _lake(address).snapshot()


@st.cache_data(show_spinner=False, max_entries=1024)
def _answer(
    address: str,
    version: str,
    name: str,
    given: tuple[Any, ...],
    options: tuple[tuple[str, Any], ...],
    _compute: Callable[[], Any],
) -> Any:
    """What `_compute` gives; all other arguments are the key it is remembered under."""
    return _compute()


class Ask:
    """Asks functions of `ugc.insight` about one snapshot; the same question is answered once."""

    def __init__(self, address: str, current: Snapshot) -> None:
        """Binds the questions to a snapshot of the lake at `address`."""
        self._address = address
        self._current = current

    @property
    def version(self) -> str:
        """A name of the state that is asked, another one after each change of the lake."""
        return self._current.version

    def __call__(self, function: Callable[..., T], /, *given: Any, **options: Any) -> T:
        """`function(snapshot, *given, **options)`, from memory when it was asked before."""
        answer: T = _answer(
            self._address,
            self._current.version,
            f"{function.__module__}.{function.__qualname__}",
            given,
            tuple(sorted(options.items())),
            lambda: function(self._current, *given, **options),
        )
        return answer


def ask(address: str, *, anew: bool = False) -> Ask | None:
    """Questions to the lake as it is now, two seconds old at most; `None` where there is no lake yet.

    Its names of themes are in force from then on. `anew` asks at once whether it has changed, for one who
    has just written to it. Raises `LakeError` when there is one that cannot be read.
    """
    if "://" not in address and not Path(address).exists():
        return None
    if anew:
        _version.clear(address)
    try:
        current = _snapshot(address, _version(address))
    except LakeError:
        _lake.clear()
        raise
    wear(current)
    return Ask(address, current)
