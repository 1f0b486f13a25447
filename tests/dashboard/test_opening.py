"""What is asked before the first visitor comes is all that the first page asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ugc.dashboard.answers import opening
from ugc.dashboard.frame import data
from ugc.insight import Filters, options

Visit = Callable[..., AppTest]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the functions that a snapshot was really asked for, as they come."""
    found: list[str] = []
    remembered = data._answer

    def answer(address: str, version: str, name: str, given: Any, kept: Any, _compute: Any) -> Any:
        def compute() -> Any:
            found.append(name.rpartition(".")[2])
            return _compute()

        return remembered(address, version, name, given, kept, compute)

    monkeypatch.setattr(data, "_answer", answer)
    st.cache_data.clear()
    return found


@pytest.mark.parametrize("lake", ["single", "unread", "usual", "hostile"])
def test_the_first_page_finds_everything_answered(
    visit: Visit, lakes: dict[str, Path], asked: list[str], lake: str
) -> None:
    ask = data.ask(str(lakes[lake]))
    assert ask is not None
    opening.prepare(ask, "ru")
    assert "options" in asked
    asked.clear()
    app = visit(lake, ui="ru")
    assert not app.exception
    assert asked == []
    visit(lake, ui="ru", source=["google_play"])
    assert asked


def test_an_empty_lake_is_asked_for_no_more_than_its_size(lakes: dict[str, Path], asked: list[str]) -> None:
    ask = data.ask(str(lakes["empty"]))
    assert ask is not None
    opening.prepare(ask, "en")
    assert asked == ["options"]
    assert ask(options, Filters()).reviews == 0
