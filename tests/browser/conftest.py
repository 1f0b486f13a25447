"""The dashboard over the tagged sample, and windows to look at it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.visitor import Visitor, chromium_launched, served
from ugc.lake import Lake


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def dashboard(sample_lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the dashboard over the sample."""
    folder = tmp_path_factory.mktemp("dashboard")
    with served(sample_lake, folder) as address:
        yield address
    assert "Traceback" not in (folder / "errors").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    with chromium_launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def profiles(chromium: Browser) -> Iterator[dict[str, BrowserContext]]:
    """A profile of the browser for each kind of window, kept so that the scripts are loaded once."""
    held: dict[str, BrowserContext] = {}
    yield held
    for one in held.values():
        one.close()


@pytest.fixture
def visitor(
    chromium: Browser, profiles: dict[str, BrowserContext], dashboard: str
) -> Iterator[Callable[..., Visitor]]:
    """`visitor(width=390, color_scheme="dark")` opens a window; nothing may go wrong in any.

    A window remembers nothing of those before it but the files that it had loaded.
    """
    opened: list[Visitor] = []

    def come(width: int = 1440, height: int = 1000, address: str = dashboard, **how: Any) -> Visitor:
        kind = repr((width, height, sorted(how.items())))
        if kind not in profiles:
            profiles[kind] = chromium.new_context(viewport={"width": width, "height": height}, **how)
        one = Visitor(profiles[kind].new_page(), address)
        opened.append(one)
        return one

    yield come
    for one in opened:
        if one.page.url.startswith("http"):
            one.page.evaluate("localStorage.clear(), sessionStorage.clear()")
        one.page.close()
    assert [trouble for one in opened for trouble in one.trouble] == []


@pytest.fixture
def lake(sample_lake: Path, tmp_path: Path) -> Lake:
    """A lake of the sample that may be written."""
    shutil.copytree(sample_lake, tmp_path / "lake")
    return Lake.open(tmp_path / "lake")


@pytest.fixture
def place(lake: Lake, tmp_path: Path) -> Iterator[str]:
    """Address of a dashboard over that lake."""
    with served(Path(lake.address), tmp_path) as address:
        yield address
    assert "Traceback" not in (tmp_path / "errors").read_text(encoding="utf-8")


@pytest.fixture
def come(place: str, visitor: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """Opens a window on it. The windows close before the server stops: they are asked for after it."""
    return partial(visitor, address=place)
