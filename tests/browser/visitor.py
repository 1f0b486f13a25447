"""A real server, and a window of a real Chromium with its patience and its memory of what went wrong."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

PATIENCE = 60_000
"""Milliseconds to wait for what a page does; a busy machine is slow, not broken."""

STILL = 4
"""Looks in a row, a tenth of a second apart, that must find nothing running."""

expect.set_options(timeout=PATIENCE)

EXPECTED = ("/_stcore/health", "/_stcore/host-config")
"""Streamlit asks for these under the name of a page before it asks for them at the root."""

COMMAND = [sys.executable, "-c", "from ugc.cli import main; main()", "app", "--no-browser"]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def served(lake: Path, folder: Path) -> Iterator[str]:
    """`ugc app` with a lake; gives its address and stops it afterwards."""
    port = free_port()
    command = [*COMMAND, "--port", str(port), "--lake", str(lake)]
    with (folder / "errors").open("w", encoding="utf-8") as errors:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=folder)
        try:
            assert server.stdout is not None
            said = server.stdout.readline()
            assert f":{port}" in said, (folder / "errors").read_text(encoding="utf-8")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=60)
            if server.stdout is not None:
                server.stdout.close()


@contextmanager
def chromium_launched() -> Iterator[Browser]:
    """The system's Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    assert path, "The browser tests need Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visitor:
    """A window of the browser, and what went wrong in it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.trouble: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        page.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.location.get("url", "").endswith(EXPECTED):
            self.trouble.append(f"console: {message.text} {message.location}")

    def _failed(self, request: Request) -> None:
        # What a page still loads when it is left is broken off, and nothing is wrong with that.
        if request.failure != "net::ERR_ABORTED":
            self.trouble.append(f"failed: {request.url} {request.failure}")

    def open(self, place: str) -> Page:
        """Opens an address of the dashboard and waits until it stands."""
        self.page.goto(self.address + place)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Waits until the page has its heading and nothing runs any more."""
        expect(self.page.locator("h1")).to_be_visible(timeout=PATIENCE)
        running = self.page.locator(
            "[data-test-script-state=running], [data-stale=true], [data-testid=stSkeleton]"
        )
        still = 0
        for _ in range(PATIENCE // 100):  # one look may fall between two runs
            self.page.wait_for_timeout(100)
            still = 0 if running.count() else still + 1
            if still == STILL:
                break
        expect(self.page.locator("[data-test-script-state=notRunning]")).to_be_attached(timeout=PATIENCE)
        expect(running).to_have_count(0, timeout=PATIENCE)

    def where(self) -> tuple[str, dict[str, list[str]]]:
        """Path and parameters of the address."""
        parts = urlsplit(self.page.url)
        return parts.path, parse_qs(parts.query, keep_blank_values=True)

    def comes_to(self, **parameters: str | list[str]) -> None:
        """Waits until the address holds these parameters and no others."""
        wanted = {key: one if isinstance(one, list) else [one] for key, one in parameters.items()}
        for _ in range(PATIENCE // 100):
            if self.where()[1] == wanted:
                return
            self.page.wait_for_timeout(100)
        assert self.where()[1] == wanted

    def finds(self, fewer_than: int) -> int:
        """Waits until the line under the heading counts fewer reviews, and gives their number."""
        for _ in range(PATIENCE // 100):
            found = int(self.facts().split()[0])
            if found < fewer_than:
                return found
            self.page.wait_for_timeout(100)
        raise AssertionError(f"There are still {fewer_than} reviews.")

    def facts(self) -> str:
        """The line under the heading."""
        return self.page.locator(".house-facts").first.inner_text().replace("\u00a0", " ")

    def choose(self, field: str, option: str, typed: str = "") -> None:
        """Chooses an option of a filter when nothing runs any more.

        A field that is drawn anew would lose the click. In a long list what is not `typed` for may
        not be drawn yet.
        """
        self.settle()
        box = self.page.locator(f"[class*='st-key-{field}_']").first
        box.locator("input").first.click()
        if typed:
            self.page.keyboard.type(typed)
        self.page.get_by_role("option", name=option, exact=True).click()
        # A list that takes several stays open; on one that closes, Escape would take the choice back.
        if box.get_by_test_id("stMultiSelect").count():
            self.page.keyboard.press("Escape")
        expect(self.page.get_by_role("listbox")).to_have_count(0, timeout=PATIENCE)

    def bar(self, text: str, place: int = 0) -> Any:
        """A row of a list of bars."""
        return self.page.locator(".house-bars").nth(place).get_by_role("button").filter(has_text=text)
