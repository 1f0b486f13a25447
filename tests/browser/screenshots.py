"""Renews the pictures of the documentation: `python -m tests.browser.screenshots`."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import date
from pathlib import Path

from PIL import Image

from models.tagger import Tagger
from tests.browser.visitor import Visitor, chromium_launched, served
from ugc.dashboard.look.words import words
from ugc.grouping import group_lake
from ugc.ingest import import_files
from ugc.ingest.sample import files
from ugc.lake import Lake
from ugc.tagging import tag_lake

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"

PLACES = {
    "overview": "/?ui={language}",
    "reasons": "/reasons?ui={language}",
    "theme": "/reasons?ui={language}&company=Lumbi&theme=speed&polarity=negative&by=week",
    "reviews": "/reviews?ui={language}&company=Lumbi&city=Казань&theme=speed&order=helpful",
    "moments": "/moments?ui={language}",
    "segments": "/segments?ui={language}",
    "compare": "/compare?ui={language}",
    "shelf": "/shelf?ui={language}",
    "actions": "/actions?ui={language}",
    "themes": "/taxonomy?ui={language}&label=speed",
    "theme-of-ones-own": "/taxonomy?ui={language}&edit=new",
    "sources": "/sources?ui={language}",
}
"""Name of a picture and what it shows."""

IN_RUSSIAN = ("overview", "reasons", "theme", "reviews")
"""Pictures that are taken in Russian as well as in English."""

HEIGHT = 1000
LARGEST = 300_000
"""Bytes that a picture may take."""


def compress(path: Path) -> None:
    """Makes a picture small; flat colours pack well, and none is lost."""
    with Image.open(path) as picture:
        picture.convert("RGB").save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} takes {path.stat().st_size} bytes; at most {LARGEST} are meant.")


def make_a_theme(guest: Visitor) -> None:
    """Names a theme, writes examples of it in two languages and looks at what is like them."""
    page, word = guest.page, words("en")
    for field, language, text in (
        ("name", "en", "Late courier"),
        ("examples", "en", "the courier was late and did not call\nit came two days late"),
        ("examples", "ru", "курьер опоздал и не позвонил\nпрождали доставку весь день"),
    ):
        page.get_by_label(word(f"theming.{field}", language=word(f"interface.{language}"))).fill(text)
        page.keyboard.press("Tab")
        guest.settle()
    page.get_by_role("button", name=word("theming.find"), exact=True).click()
    page.locator(".st-key-theming_inside figure").first.wait_for()
    guest.settle()
    page.get_by_role("slider").press("ArrowLeft")
    guest.settle()
    page.get_by_text(word("theming.step_examples"), exact=True).evaluate("one => one.scrollIntoView()")


BEFORE = {"theme-of-ones-own": make_a_theme}
"""What is done on a page before its picture is taken."""


def main() -> int:
    """Takes every picture in English, some in Russian too, light, and the overview in the dark as well."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, chromium_launched() as chromium:
        folder = Path(home)
        os.environ |= {"UGC_SALT": "salt of the pictures", "UGC_CONTACT": "you@company.example"}
        lake = Lake.open(folder / "lake")
        import_files(lake, files())
        tag_lake(lake, Tagger.load())
        group_lake(lake)
        lake.add_action(
            "Two more couriers in Kazan", date(2026, 7, 6), concerned={"city": ["Казань"]}, theme="speed"
        )
        shots = [(f"{name}-en", name, "en", "light") for name in PLACES]
        shots += [(f"{name}-ru", name, "ru", "light") for name in IN_RUSSIAN]
        shots.append(("overview-dark", "overview", "en", "dark"))
        with served(folder / "lake", folder) as address:
            for picture, name, language, mode in shots:
                context = chromium.new_context(
                    viewport={"width": 1440, "height": HEIGHT}, color_scheme=mode, locale=language
                )
                guest = Visitor(context.new_page(), address)
                guest.open(PLACES[name].format(language=language))
                if name in BEFORE:
                    BEFORE[name](guest)
                guest.page.wait_for_timeout(1500)
                path = PICTURES / f"{picture}.png"
                guest.page.screenshot(path=path)
                context.close()
                compress(path)
                sys.stdout.write(f"{path}\n")
        errors = (folder / "errors").read_text(encoding="utf-8")
        if "Traceback" in errors:
            raise SystemExit(f"A page has failed:\n{errors}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
