"""A collection from a loopback site into a real lake: first run, second run, edits, faults."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from scrapers.banki_ru import BankiRu
from ugc.errors import SettingsError
from ugc.ingest.collect import collect
from ugc.lake import Lake
from ugc.settings import Settings, SourceSettings


def row(number: int, day: str, **changes: object) -> dict[str, object]:
    """One invented review of the bank's list."""
    return {
        "id": number,
        "dateCreate": f"{day} 10:00:00",
        "title": f"Отзыв {number}",
        "text": f"<p>Обращение номер {number} решили, спасибо, телефон 8 (900) 000-12-{number % 100:02d}</p>",
        "grade": 5,
        "agentAnswerText": None,
        "company": {"name": "Ясень Банк"},
        **changes,
    }


class Shop:
    """The bank's list with pages of two, newest first."""

    def __init__(self, answer, rows):
        self.answer, self.rows, self.fail_on = answer, rows, None

    def __call__(self, path):
        page = int(parse_qs(urlsplit(path).query)["page"][0])
        if page == self.fail_on:
            return self.answer(b"<title>Just a moment...</title>", 403)
        found = self.rows[(page - 1) * 2 : page * 2]
        return self.answer(json.dumps({"data": found, "hasMorePages": page * 2 < len(self.rows)}).encode())


@pytest.fixture
def lake(tmp_path):
    return Lake.open(tmp_path / "lake")


@pytest.fixture
def settings(site):
    mirror = SourceSettings(base_url=site.url, pause=0)
    return Settings(contact="cx@example.com", sources={"banki_ru": mirror})


@pytest.fixture
def shop(site, answer):
    site.route = Shop(answer, [row(9 - n, f"2026-0{9 - n}-01") for n in range(6)])
    return site.route


def rows_of(lake, query):
    with lake.snapshot() as snapshot:
        return snapshot.sql(query).to_pylist()


def test_a_first_run_reads_to_the_end(lake, settings, shop, site):
    run = collect(lake, BankiRu(), "yasen", settings=settings)
    assert (run.state, run.reason, run.pages, run.summary.new) == ("complete", "", 3, 6)
    assert (run.summary.first.date(), run.summary.last.date()) == (date(2026, 4, 1), date(2026, 9, 1))
    (kept,) = rows_of(lake, "SELECT state, kind, source, target FROM runs WHERE kind = 'collect'")
    assert kept == {"state": "complete", "kind": "collect", "source": "banki_ru", "target": "yasen"}
    texts = [one["text"] for one in rows_of(lake, "SELECT text FROM reviews")]
    assert all("‹phone›" in text and "900" not in text for text in texts)


def test_a_second_run_reads_the_window_only_and_takes_edits(lake, settings, shop, site):
    collect(lake, BankiRu(), "yasen", settings=settings)
    site.asked.clear()
    shop.rows = [row(10, "2026-10-01"), row(9, "2026-09-01", agentAnswerText="Спасибо!"), *shop.rows[1:]]
    run = collect(lake, BankiRu(), "yasen", settings=settings)
    assert (run.summary.new, run.summary.changed) == (1, 1)
    assert len(site.asked) == 3
    (edited,) = rows_of(lake, "SELECT reply_text FROM reviews WHERE source_id = '9'")
    assert edited["reply_text"] == "Спасибо!"


def test_a_refusal_midway_keeps_what_came_and_does_not_move_the_cursor(lake, settings, shop):
    shop.fail_on = 2
    run = collect(lake, BankiRu(), "yasen", settings=settings)
    assert (run.state, run.summary.new) == ("partial", 2)
    assert "Just a moment" in run.reason
    shop.fail_on = None
    again = collect(lake, BankiRu(), "yasen", settings=settings)
    assert (again.state, again.summary.new, again.summary.unchanged) == ("complete", 4, 2)


def test_a_refusal_at_once_is_failed_not_empty(lake, settings, shop):
    shop.fail_on = 1
    assert collect(lake, BankiRu(), "yasen", settings=settings).state == "failed"


def test_limit_and_since_stop_early(lake, settings, shop, site):
    run = collect(lake, BankiRu(), "yasen", settings=settings, limit=3)
    assert (run.state, run.summary.rows) == ("partial", 3)
    site.asked.clear()
    run = collect(lake, BankiRu(), "yasen", settings=settings, since=date(2026, 8, 15))
    assert run.state == "complete"
    assert len(site.asked) == 2


def test_a_site_that_repeats_its_last_page_ends(lake, settings, site, answer):
    page = json.dumps({"data": [row(1, "2026-01-01")], "hasMorePages": True}).encode()
    site.route = lambda path: answer(page)
    run = collect(lake, BankiRu(), "yasen", settings=settings)
    assert (run.state, run.summary.new, len(site.asked)) == ("complete", 1, 2)


def test_no_contact_no_collection(lake, shop, site):
    with pytest.raises(SettingsError, match="contact"):
        collect(lake, BankiRu(), "yasen", settings=Settings())
    assert site.asked == []
    assert rows_of(lake, "SELECT * FROM runs") == []
