"""How quick the dashboard is in a real browser: `python -m benchmarks.dashboard [REVIEWS | LAKE]`.

Makes a lake of REVIEWS reviews (1,000,000 unless told) with three mentions each, or takes one that
`benchmarks.generated` made; starts `ugc app` over it and opens it in Chromium.

The first page counts from the request to the moment when all of it stands, twice: by the first
visitor of a server just started, and by the next one. Then each page is opened and its filters are
changed in turn, never to a choice that was answered before; a change counts from the click on an
option until the page says other figures and nothing runs any more. Then every page is opened in every
language. At last five visitors change filters at the same moment on five pages. Memory is that of the
server process, all in all.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path
from statistics import median, quantiles

import psutil
from playwright.sync_api import Browser

from benchmarks.generated import CITIES, COMPANIES, SOURCES, fill
from tests.browser.visitor import PATIENCE, Visitor, chromium_launched, served
from ugc.dashboard.look.words import LANGUAGES, words
from ugc.dashboard.views import LAKELESS, PLACES
from ugc.lake import Lake

PAGES = ("", "reasons", "moments", "segments", "compare", "shelf", "reviews", "actions")
"""Pages with filters, by their part of the address."""

EVERY_PAGE = tuple(place.path for place in PLACES[1:]) + tuple(name for name, *_ in LAKELESS)

USERS = 5
ROUNDS = 4
"""Changes that each of the five makes."""

WORD = words("en")

_DONE = """before => {
  const facts = document.querySelector('.house-facts');
  return facts && facts.innerText !== before
    && document.querySelector('[data-test-script-state=notRunning]')
    && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]');
}"""


_STANDS = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  return main && main.querySelector('h1') && main.innerText.length > 60
    && document.querySelector('[data-test-script-state=notRunning]')
    && !document.querySelector('[data-stale=true], [data-testid=stSkeleton], [data-testid=stSpinner]');
}"""


class Memory(threading.Thread):
    """Watches the memory of the server, a look each twentieth of a second."""

    def __init__(self, server: psutil.Process) -> None:
        super().__init__(daemon=True)
        self.server = server
        self.most = 0
        self.ended = False

    def run(self) -> None:
        """Keeps the highest figure until told to end."""
        while not self.ended and self.server.is_running():
            self.most = max(self.most, self.server.memory_info().rss)
            time.sleep(0.05)

    def told(self) -> str:
        """The highest figure so far."""
        return f"{self.most / 2**30:.2f} GB"


@contextmanager
def _watched() -> Iterator[Memory]:
    """The memory of the only child that serves."""
    server = next(one for one in psutil.Process().children() if "app" in one.cmdline())
    memory = Memory(server)
    memory.start()
    yield memory
    memory.ended = True
    memory.join()


def _visitor(chromium: Browser, address: str) -> Visitor:
    """A new window."""
    return Visitor(chromium.new_context(viewport={"width": 1440, "height": 1000}).new_page(), address)


def _opened(guest: Visitor, page: str) -> float:
    """Seconds from the request until all of a page stands."""
    begun = time.perf_counter()
    guest.page.goto(f"{guest.address}/{page}?ui=en")
    guest.page.wait_for_function(_DONE, arg="", timeout=PATIENCE, polling=20)
    return time.perf_counter() - begun


def _everywhere(guest: Visitor) -> dict[str, float]:
    """Every page in every language: the slowest seconds of each page; a failure ends the benchmark."""
    took: dict[str, float] = {}
    for page, language in product(EVERY_PAGE, LANGUAGES):
        begun = time.perf_counter()
        guest.page.goto(f"{guest.address}/{page}?ui={language}")
        guest.page.wait_for_function(_STANDS, timeout=PATIENCE, polling=20)
        if guest.page.locator("[data-testid=stException]").count() or guest.trouble:
            raise SystemExit(f"The page {page!r} fails in {language}: {guest.trouble}")
        took[page] = max(took.get(page, 0.0), time.perf_counter() - begun)
    return took


def _open_list(guest: Visitor, field: str) -> None:
    """Opens the list of a filter."""
    guest.page.locator(f"[class*='st-key-{field}_']").first.locator("input").first.click()


def _begin(guest: Visitor, option: str) -> tuple[str, float]:
    """Clicks an option; gives what the page said before, and when."""
    before = guest.page.locator(".house-facts").first.inner_text()
    one = guest.page.get_by_role("option", name=option, exact=True)
    one.wait_for()
    begun = time.perf_counter()
    one.click()
    return before, begun


def _ended(guest: Visitor, before: str, begun: float) -> float:
    """Seconds until the page says something else and stands."""
    guest.page.wait_for_function(_DONE, arg=before, timeout=PATIENCE, polling=20)
    took = time.perf_counter() - begun
    guest.page.keyboard.press("Escape")
    guest.settle()
    return took


def _changed(guest: Visitor, field: str, option: str) -> float:
    """Seconds that one change of a filter takes."""
    _open_list(guest, field)
    return _ended(guest, *_begin(guest, option))


def _choices(page: str) -> list[tuple[str, str]]:
    """Changes of a page, each of which leads to reviews not yet asked for: field, option."""
    cities = [one for one in CITIES if one]
    place = PAGES.index(page)
    return [
        ("city", cities[place % len(cities)]),
        ("company", COMPANIES[place % len(COMPANIES)]),
        ("source", WORD.called("source", SOURCES[place % len(SOURCES)])),
        ("city", cities[(place + 1) % len(cities)]),
        ("source", WORD.called("source", SOURCES[(place + 1) % len(SOURCES)])),
    ]


def _alone(guest: Visitor) -> dict[str, list[float]]:
    """Every page by one visitor: seconds of its changes."""
    took: dict[str, list[float]] = {}
    for page in PAGES:
        _opened(guest, page)
        took[page] = [_changed(guest, field, option) for field, option in _choices(page)]
    return took


def _together(guests: Sequence[Visitor]) -> list[float]:
    """Seconds of the changes of five visitors who click at the same moment."""
    took: list[float] = []
    pairs = list(product([one for one in CITIES if one], COMPANIES))
    for guest, page in zip(guests, PAGES, strict=False):
        _opened(guest, page)
    for step in range(ROUNDS):
        wanted = [pairs[(3 * USERS + 2 * step + place) % len(pairs)] for place in range(USERS)]
        fields = ["city" if step % 2 == 0 else "company"] * USERS
        begun = []
        for guest, field in zip(guests, fields, strict=True):
            _open_list(guest, field)
        for guest, field, (city, company) in zip(guests, fields, wanted, strict=True):
            begun.append(_begin(guest, city if field == "city" else company))
        took += [_ended(guest, *one) for guest, one in zip(guests, begun, strict=True)]
    return took


def _row(name: str, took: Sequence[float]) -> str:
    """A line of the table: median, 95th percentile, slowest."""
    high = quantiles(took, n=20, method="inclusive")[-1]
    return f"| {name} | {len(took)} | {median(took):.2f} | {high:.2f} | {max(took):.2f} |"


def _lake(stack: ExitStack, wanted: str) -> Path:
    """The lake of that address, or a new one of that many reviews."""
    if not wanted.isdigit():
        return Path(wanted)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "lake"
    fill(Lake.open(folder), int(wanted))
    return folder


def main() -> None:
    """Prints the table."""
    with ExitStack() as stack:
        lake = _lake(stack, sys.argv[1] if len(sys.argv) > 1 else "1000000")
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = stack.enter_context(served(lake, folder))
        memory = stack.enter_context(_watched())
        chromium = stack.enter_context(chromium_launched())
        first, guest = _visitor(chromium, address), _visitor(chromium, address)
        print(f"First page, first visitor of the server: {_opened(first, ''):.2f} s")
        print(f"First page, second visitor: {_opened(guest, ''):.2f} s; memory {memory.told()}\n")
        took = _alone(guest)
        print("| change of a filter | n | median, s | 95th percentile, s | slowest, s |")
        print("|---|---:|---:|---:|---:|")
        for page, seconds in took.items():
            print(_row(WORD(f"{page or 'overview'}.title"), seconds))
        print(_row("all pages", [one for seconds in took.values() for one in seconds]))
        print(f"\nMemory after one visitor: {memory.told()}")
        slowest = max(_everywhere(guest).items(), key=lambda one: one[1])
        print(f"Every page in every language opened; the slowest is {slowest[0]}: {slowest[1]:.2f} s")
        guests = [_visitor(chromium, address) for _ in range(USERS)]
        print(_row(f"{USERS} visitors at the same time", _together(guests)))
        print(f"\nMemory of the server, {USERS} visitors: {memory.told()}")


if __name__ == "__main__":
    main()
