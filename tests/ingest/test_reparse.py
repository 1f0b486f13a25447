"""Pages kept by a collection, parsed again by a better parser."""

from __future__ import annotations

import json

import pytest

from scrapers import archive, registry
from scrapers.source import Page, Source, Where, read_json, records, require
from scrapers.walk import newest_first
from ugc.errors import InputError
from ugc.ingest.collect import collect
from ugc.ingest.forgetting import Forgotten, forget_pages
from ugc.ingest.reparse import reparse
from ugc.lake import Lake
from ugc.settings import Settings, SourceSettings
from ugc.text.privacy import pseudonym


class Shop(Source):
    """A site with a parser that can become better."""

    name, title, target, limits = "shop", "shop.example", "a name", "nothing"
    example = "ugc collect shop one"
    base_url, pause = "https://shop.example", 0.0
    reads_city = False

    def recognise(self, url):
        return None

    def parse(self, body, where):
        answer = read_json(self.name, body)
        require(self.name, "no reviews", "reviews" in answer)
        found = records(self.name, answer["reviews"], self.convert)
        return Page(found, more=answer["next"] is not None, following=answer["next"])

    def convert(self, one):
        return {
            "source_id": one["id"],
            "text": one["text"],
            "author": one["who"],
            "date": one["date"],
            "city": one["city"] if self.reads_city else None,
        }

    async def fetch(self, target, cursor, client):
        async def read(position):
            answer = await client.get("/reviews", {"page": int(position or 1)})
            return self.parse(answer.body, answer.where)

        async for page, mark in newest_first(read, cursor):
            yield page, mark


def row(number: int, text: str = "Ответили быстро", who: str = "Мария Ясенева") -> dict[str, object]:
    """One invented review."""
    return {
        "id": str(number),
        "date": f"2026-0{number}-01T10:00:00+03:00",
        "text": f"{text}, обращение {number}",
        "who": who,
        "city": "Тула",
    }


def page(*rows: dict[str, object], following: str | None = None) -> bytes:
    """A page of the site."""
    return json.dumps({"reviews": rows, "next": following}, ensure_ascii=False).encode()


@pytest.fixture(autouse=True)
def shop(monkeypatch):
    """The only site there is."""
    site = Shop()
    monkeypatch.setattr(registry, "sources", lambda: {"shop": site})
    monkeypatch.setattr("ugc.settings.pseudonym_salt", lambda chosen: "salt")
    return site


@pytest.fixture
def lake(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return Lake.open(tmp_path / "lake")


@pytest.fixture
def run(lake, site, answer, tmp_path, shop):
    mirror = SourceSettings(base_url=site.url, pause=0)
    chosen = Settings(contact="cx@example.com", sources={"shop": mirror}, archive=tmp_path / "archive")

    def collected(*rows, replay=True):
        site.route = lambda path: answer(page(*rows))
        return collect(lake, shop, "yasen", settings=chosen, replay=replay)

    return collected


def rows_of(lake, query):
    with lake.snapshot() as snapshot:
        return snapshot.sql(query).to_pylist()


def test_a_better_parser_reads_the_kept_pages_again(lake, run, tmp_path, shop, site):
    run(row(2), row(1))
    site.asked.clear()
    (same,) = reparse(lake, tmp_path / "archive")
    assert (same.pages, same.summary.new, same.summary.changed, same.summary.unchanged) == (1, 0, 0, 2)
    shop.reads_city = True
    (done,) = reparse(lake, tmp_path / "archive", source="shop")
    assert (done.pages, done.summary.new, done.summary.changed) == (1, 0, 2)
    assert rows_of(lake, "SELECT DISTINCT city FROM reviews") == [{"city": "Тула"}]
    assert site.asked == []
    kinds = rows_of(lake, "SELECT kind, state FROM runs ORDER BY started_at")
    assert kinds == [
        {"kind": "collect", "state": "complete"},
        {"kind": "reparse", "state": "complete"},
        {"kind": "reparse", "state": "complete"},
    ]


def test_the_newest_of_several_kept_states_counts(lake, run, tmp_path, shop):
    run(row(2), row(1))
    run(row(2, "Передумал: ждал месяц"), row(1))
    shop.reads_city = True
    (done,) = reparse(lake, tmp_path / "archive")
    assert (done.pages, done.summary.changed) == (2, 2)
    texts = rows_of(lake, "SELECT text FROM reviews WHERE source_id = '2'")
    assert "Передумал" in texts[0]["text"]


def test_a_later_state_of_the_lake_is_left_alone(lake, run, tmp_path, shop):
    run(row(2), row(1))
    run(row(2, "Передумал: ждал месяц"), row(1), replay=False)
    shop.reads_city = True
    (done,) = reparse(lake, tmp_path / "archive")
    assert (done.newer, done.summary.changed) == (1, 1)
    kept = rows_of(lake, "SELECT text, city FROM reviews ORDER BY source_id")
    assert [one["city"] for one in kept] == ["Тула", None]
    assert "Передумал" in kept[1]["text"]
    (again,) = reparse(lake, tmp_path / "archive")
    assert (again.newer, again.summary.changed) == (1, 0)


def test_pages_that_cannot_be_parsed_are_counted_by_reason(lake, run, tmp_path, shop):
    run(row(1))
    (tmp_path / "archive" / "shop" / "zzz.warc.gz").write_bytes(b"no archive")
    (done,) = reparse(lake, tmp_path / "archive")
    assert done.pages == 1
    assert [number for _, number in done.troubles.items()] == [1]
    assert "no WARC archive" in next(iter(done.troubles))
    assert rows_of(lake, "SELECT state FROM runs WHERE kind = 'reparse'") == [{"state": "partial"}]


def test_without_kept_pages_it_says_how_to_keep_them(lake, tmp_path):
    with pytest.raises(InputError, match="--replay"):
        reparse(lake, tmp_path / "archive")


def test_a_forgotten_author_does_not_come_back(tmp_path, shop, site, answer, lake):
    """The page goes from the archive; the others of the file stay."""
    pages = [page(row(2), following="2"), page(row(1, who="Олег Кленов"))]
    site.route = lambda path: answer(pages[int(site.requests[-1].query["page"]) - 1])
    folder = tmp_path / "archive"
    mirror = SourceSettings(base_url=site.url, pause=0)
    chosen = Settings(contact="cx@example.com", sources={"shop": mirror}, archive=folder)
    collect(lake, shop, "yasen", settings=chosen, replay=True)
    (path,) = archive.files(folder)
    assert len(list(archive.read(path))) == 2
    nobody = forget_pages(folder, "Анна", [pseudonym("Анна", "shop", "salt")], "salt")
    assert nobody == Forgotten(0, 0)
    author = pseudonym("Олег Кленов", "shop", "salt")
    assert lake.forget(author) == 1
    assert forget_pages(folder, author, [author], "salt") == Forgotten(1, 0)
    reparse(lake, folder)
    assert rows_of(lake, "SELECT source_id FROM reviews") == [{"source_id": "2"}]
    other = pseudonym("Мария Ясенева", "shop", "salt")
    assert forget_pages(folder, other, [other], "salt") == Forgotten(1, 0)
    assert not path.exists()


def test_a_page_that_no_parser_reads_goes_when_the_name_stands_in_it(tmp_path):
    folder = tmp_path / "archive"
    with archive.Archive(folder, "shop", "1") as kept:
        for body in ('{"who": "Олег"}', json.dumps({"who": "Олег"}), '{"who": "Анна"}'):
            kept.keep(Where("x", "https://x.example/"), 200, {}, body.encode(), reviews=True)
    assert forget_pages(folder, "Олег", ["0" * 16], "salt") == Forgotten(2, 1)
