"""Pages kept by a collection, parsed again by a better parser."""

from __future__ import annotations

import json

import pytest

from scrapers.banki_ru import BankiRu
from ugc.errors import InputError
from ugc.ingest.collect import collect
from ugc.ingest.reparse import reparse
from ugc.lake import Lake
from ugc.settings import Settings, SourceSettings


def row(number: int, text: str = "Ответили быстро") -> dict[str, object]:
    """One invented review of the bank's list."""
    return {
        "id": number,
        "dateCreate": f"2026-0{number}-01 10:00:00",
        "title": "Отзыв",
        "text": f"{text}, обращение {number}",
        "grade": 5,
        "userName": "Мария Ясенева",
        "company": {"name": "Ясень Банк", "region": "Тула"},
    }


@pytest.fixture
def lake(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return Lake.open(tmp_path / "lake")


@pytest.fixture
def run(lake, site, answer, tmp_path):
    mirror = SourceSettings(base_url=site.url, pause=0)
    chosen = Settings(
        contact="cx@example.com", sources={"banki_ru": mirror}, archive=tmp_path / "archive", salt="salt"
    )

    def collected(*rows, replay=True):
        body = json.dumps({"data": rows, "hasMorePages": False}, ensure_ascii=False).encode()
        site.route = lambda path: answer(body)
        return collect(lake, BankiRu(), "yasen", settings=chosen, replay=replay)

    return collected


def rows_of(lake, query):
    with lake.snapshot() as snapshot:
        return snapshot.sql(query).to_pylist()


def better(monkeypatch):
    """A parser that also reads the city."""
    original = BankiRu._record
    monkeypatch.setattr(
        BankiRu, "_record", lambda self, one: {**original(self, one), "city": one["company"]["region"]}
    )


def test_a_better_parser_reads_the_kept_pages_again(lake, run, tmp_path, monkeypatch, site):
    run(row(2), row(1))
    site.asked.clear()
    (same,) = reparse(lake, tmp_path / "archive")
    assert (same.pages, same.summary.new, same.summary.changed, same.summary.unchanged) == (1, 0, 0, 2)
    better(monkeypatch)
    (done,) = reparse(lake, tmp_path / "archive", source="banki_ru")
    assert (done.pages, done.summary.new, done.summary.changed) == (1, 0, 2)
    assert rows_of(lake, "SELECT DISTINCT city FROM reviews") == [{"city": "Тула"}]
    assert site.asked == []
    kinds = rows_of(lake, "SELECT kind, state FROM runs ORDER BY started_at")
    assert kinds == [
        {"kind": "collect", "state": "complete"},
        {"kind": "reparse", "state": "complete"},
        {"kind": "reparse", "state": "complete"},
    ]


def test_the_newest_of_several_kept_states_counts(lake, run, tmp_path, monkeypatch):
    run(row(2), row(1))
    run(row(2, "Передумал: ждал месяц"), row(1))
    better(monkeypatch)
    (done,) = reparse(lake, tmp_path / "archive")
    assert (done.pages, done.summary.changed) == (2, 2)
    texts = rows_of(lake, "SELECT text FROM reviews WHERE source_id = '2'")
    assert "Передумал" in texts[0]["text"]


def test_a_later_state_of_the_lake_is_left_alone(lake, run, tmp_path, monkeypatch):
    run(row(2), row(1))
    run(row(2, "Передумал: ждал месяц"), row(1), replay=False)
    better(monkeypatch)
    (done,) = reparse(lake, tmp_path / "archive")
    assert (done.newer, done.summary.changed) == (1, 1)
    kept = rows_of(lake, "SELECT text, city FROM reviews ORDER BY source_id")
    assert [one["city"] for one in kept] == ["Тула", None]
    assert "Передумал" in kept[1]["text"]
    (again,) = reparse(lake, tmp_path / "archive")
    assert (again.newer, again.summary.changed) == (1, 0)


def test_pages_that_cannot_be_parsed_are_counted_by_reason(lake, run, tmp_path, monkeypatch):
    run(row(1))
    (tmp_path / "archive" / "banki_ru" / "zzz.warc.gz").write_bytes(b"no archive")
    (done,) = reparse(lake, tmp_path / "archive")
    assert done.pages == 1
    assert [number for _, number in done.troubles.items()] == [1]
    assert "no WARC archive" in next(iter(done.troubles))
    assert rows_of(lake, "SELECT state FROM runs WHERE kind = 'reparse'") == [{"state": "partial"}]


def test_without_kept_pages_it_says_how_to_keep_them(lake, tmp_path):
    with pytest.raises(InputError, match="--replay"):
        reparse(lake, tmp_path / "archive")
