"""The registry: names, addresses, and a source that another package adds."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path

import pytest

from scrapers import registry
from scrapers.fetch import Access, Client
from scrapers.source import Saved, Source
from tests.scrapers.contract import Contract
from tests.site import Answer
from ugc.errors import InputError, SettingsError

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-source.md"


@pytest.fixture(autouse=True)
def _fresh():
    registry.sources.cache_clear()
    yield
    registry.sources.cache_clear()


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Installs a package with one source as pip would: a module, and the record of its entry point."""

    def install(name, module, text, made):
        (tmp_path / f"{module}.py").write_text(text, encoding="utf-8")
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[ugc.sources]\n{name} = {module}:{made}\n")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, module, raising=False)

    return install


def example() -> str:
    """The source of the page that explains how to add one."""
    (found,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return found


def test_names_are_unique_and_every_source_is_one():
    for name, source in registry.sources().items():
        assert isinstance(source, Source)
        assert source.name == name
        assert registry.get(name) is source
    assert all(isinstance(saved, Saved) for saved in registry.SAVED)
    assert not {saved.name for saved in registry.SAVED} & set(registry.LEFT_OUT)


def test_a_source_of_another_package_is_listed(package):
    package("tea_house", "tea_house_one", example(), "TeaHouse")
    assert registry.get("tea_house").title == "Tea House"
    source, target = registry.recognise("https://tea.example/shops/tula/reviews")
    assert (source.name, target) == ("tea_house", "tula")


@pytest.mark.parametrize(
    "text", ["class Made:\n    name = 'x'\n", example() + "\n\nclass Made(TeaHouse):\n    name = 'steam'\n"]
)
def test_what_cannot_be_a_source_is_named(package, text):
    package("made", "made_source", text, "Made")
    with pytest.raises(SettingsError, match="'made'"):
        registry.sources()


def test_any_other_page_may_have_schema_org_reviews():
    source, target = registry.recognise("https://shop.example/kettle")
    assert (source.name, target) == ("schema_org", "https://shop.example/kettle")


@pytest.mark.parametrize(
    ("url", "instead"),
    [
        ("https://otzovik.com/reviews/kettle/", "ugc import"),
        ("https://yandex.ru/maps/org/teahouse/123/reviews/", "ugc import"),
        ("https://perm.zoon.ru/cafes/teahouse/", "ugc import"),
        ("https://www.google.com/maps/place/x", "Google Places"),
        ("https://www.ozon.ru/product/1", "seller"),
    ],
)
def test_sites_that_do_not_want_programs_are_not_asked(url, instead):
    with pytest.raises(InputError, match="not collected") as told:
        registry.recognise(url)
    assert instead in told.value.mend
    with pytest.raises(InputError, match="not collected"):
        asyncio.run(_read(registry.get("schema_org"), url))


async def _read(source, target):
    access = Access(contact="cx@example.com")
    async with Client(source, target, access) as client:
        return [page async for page, _ in source.fetch(target, {}, client)]


def test_other_pages_of_their_hosts_are_no_business_of_ours():
    assert registry.recognise("https://yandex.ru/support/")[0].name == "schema_org"
    assert registry.recognise("https://notozon.ru/x")[0].name == "schema_org"


def test_a_site_of_saved_pages_says_how_to_save_them():
    with pytest.raises(InputError, match="ugc import"):
        registry.get("otzovik")


@pytest.mark.parametrize("url", ["ftp://files.example/reviews", "no address", "https://", "https://[x"])
def test_an_address_of_nobody(url):
    with pytest.raises(InputError, match="ugc sources"):
        registry.recognise(url)


def _tea_house() -> Source:
    made: dict[str, type[Source]] = {}
    exec(compile(example(), str(PAGE), "exec"), made)
    return made["TeaHouse"]()


class TestTeaHouse(Contract):
    """The example keeps the contract."""

    source = _tea_house()
    target = "tula"
    page = 3
    replies = False

    def play(self, reviews, asked):
        number = int(asked.query["page"])
        rows = [
            {
                "id": r.id,
                "text": r.text,
                "stars": r.stars,
                "written": f"{r.day}T12:00:00+03:00",
                "name": r.author,
            }
            for r in reviews[(number - 1) * 3 : number * 3]
        ]
        following = str(number + 1) if number * 3 < len(reviews) else None
        return Answer(json.dumps({"reviews": rows, "next": following}).encode())
