"""The documentation is tested: links lead somewhere, commands are described, examples name real ones."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from scrapers.registry import sources
from ugc.cli import COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "models").rglob("*.md"),
    ]
)


def generator():
    """The module that writes the page of commands."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs/generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_commands_is_what_the_commands_say():
    assert generator().PAGE.read_text(encoding="utf-8") == generator().render(), "run: make docs"


def test_the_page_of_sources_is_what_the_sources_say():
    assert generator().SOURCES.read_text(encoding="utf-8") == generator().render_sources(), "run: make docs"


def test_every_source_has_its_page():
    for name in sources():
        page = ROOT / "docs" / "sources" / f"{name}.md"
        assert page.is_file(), name
        assert name in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_explained(name):
    shown = generator().render().split(f"\n## ugc {name}\n", 1)[1].split("\n## ", 1)[0]
    assert not re.search(r"\| `[^|]*` \|\s*\|", shown)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in link:
            assert (page.parent / link).exists(), f"{page.name} points to {link}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_name_commands_that_exist(page):
    for block in re.findall(
        r"```(?:bash|sh|console)?\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL
    ):
        for word in re.findall(r"^\$? ?ugc ([a-z-]+)", block, re.MULTILINE):
            assert word in COMMANDS, f"{page.name}: ugc {word}"


def test_the_readme_begins_with_the_two_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.index("make app") < 800
    assert text.index("make test") < 1500
