"""The lakes that the pages are opened with, and a hand to open them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from tests.dashboard.lakes import hostile, usual, write
from ugc.lake import Lake
from ugc.review import review_id

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(scope="session")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Lakes by name: absent, empty, single, unread, usual, hostile, broken."""
    home = tmp_path_factory.mktemp("lakes")
    paths = {
        name: home / name for name in ("absent", "empty", "single", "unread", "usual", "hostile", "broken")
    }
    Lake.open(paths["empty"])
    write(
        paths["single"],
        [
            {
                "text": "Курьер опоздал.",
                "sentiment": "negative",
                "mentions": [("Курьер опоздал", "speed", "negative")],
            }
        ],
    )
    write(paths["unread"], usual()[:7], tagged=False)
    write(paths["usual"], usual())
    write(paths["hostile"], hostile(), state="partial")
    write(paths["broken"], usual()[:3])
    for file in (paths["broken"] / "reviews" / "_delta_log").iterdir():
        file.write_text("{", encoding="utf-8")
    return paths


@pytest.fixture(scope="session", autouse=True)
def _scanned() -> Iterator[None]:
    """Looks once through the installed packages for parts of pages, as a server does.

    Each AppTest would do it anew, which takes longer than most pages.
    """
    with pytest.MonkeyPatch.context() as monkeypatch:
        scan = cache(manifest_scanner.scan_component_manifests)
        monkeypatch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="session", autouse=True)
def _released() -> Iterator[None]:
    """Lets go of the snapshots that the pages remember before the interpreter ends."""
    yield
    st.cache_data.clear()
    st.cache_resource.clear()
    gc.collect()


@pytest.fixture
def visit(lakes: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """`visit("usual", "reasons", ui="pl", city=["Казань"])` opens a page and gives it."""

    def open_page(lake: str, name: str = "overview", /, **address: Any) -> AppTest:
        monkeypatch.setenv("UGC_LAKE", str(lakes[lake]))
        app = AppTest.from_file(str(APP), default_timeout=120)
        # AppTest.switch_page knows only pages that are files; ours are functions.
        app._page_hash = calc_hash(name)
        for key, value in address.items():
            app.query_params[key] = value
        return app.run()

    return open_page


@pytest.fixture
def usual_id() -> str:
    """Id of one review of the usual lake."""
    return review_id("test", "50")
