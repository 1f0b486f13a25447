"""Every page in every language over a million reviews; `make million` runs it, `make test` leaves it out."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from benchmarks.generated import fill
from tests.dashboard.test_pages import LANGUAGES, PAGES, everything
from ugc.dashboard.look.formats import formats
from ugc.lake import Lake

pytestmark = [pytest.mark.million, pytest.mark.timeout(3600)]

REVIEWS = 1_000_000
SLOWEST = 20.0
"""Seconds of a page that is opened for the first time, the reading of the lake aside."""


@pytest.fixture(scope="module", autouse=True)
def _generated(lakes: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> None:
    """The lake, under the name `million`."""
    lakes["million"] = tmp_path_factory.mktemp("million") / "lake"
    fill(Lake.open(lakes["million"]), REVIEWS)


def test_the_lake_is_read(visit: Callable[..., AppTest]) -> None:
    app = visit("million", "overview", ui="en")
    assert not app.exception
    assert formats("en").number(REVIEWS) in everything(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(visit: Callable[..., AppTest], page: str, language: str) -> None:
    begun = time.perf_counter()
    app = visit("million", page, ui=language)
    assert not app.exception
    assert len(everything(app)) > 200
    assert time.perf_counter() - begun < SLOWEST


@pytest.mark.parametrize("page", PAGES)
def test_every_page_follows_a_filter(visit: Callable[..., AppTest], page: str) -> None:
    app = visit("million", page, ui="pl", city=["Gdańsk"], company=["Lumbi"])
    assert not app.exception
