"""A collection from a loopback site into a real lake: first run, second run, edits, faults."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from scrapers.banki_ru import BankiRu
from ugc.errors import SettingsError
from ugc.ingest.alone import alone
from ugc.ingest.collect import Job, collect, collect_all
from ugc.ingest.records import Intake
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


@pytest.fixture(autouse=True)
def _own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


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


def test_a_run_that_broke_off_goes_on_from_there(lake, settings, site, answer):
    site.route = Shop(answer, [row(40 - n, f"{2026 - n // 10}-{9 - n % 9:02d}-01") for n in range(40)])
    site.route.rows.sort(key=lambda one: one["dateCreate"], reverse=True)
    site.route.fail_on = 16
    first = collect(lake, BankiRu(), "yasen", settings=settings)
    assert (first.state, first.summary.new) == ("partial", 30)
    site.route.fail_on = None
    site.asked.clear()
    again = collect(lake, BankiRu(), "yasen", settings=settings)
    assert (again.state, again.summary.new) == ("complete", 10)
    assert len(site.asked) <= 9
    assert rows_of(lake, "SELECT count(DISTINCT source_id) AS n FROM reviews") == [{"n": 40}]


def test_the_cursor_stands_beside_the_rows_of_a_run_that_was_killed(lake, settings, shop, site):
    """As after a kill: the rows are written, the end of the run is not."""
    run = lake.start_run("collect", "banki_ru", "yasen")
    intake = Intake(lake, run_id=run, source="banki_ru")
    intake.add(
        [{"source_id": "9", "text": "Спасибо", "date": "2026-09-01T10:00:00+03:00"}], cursor='{"a": 1}'
    )
    intake.add(
        [{"source_id": "9", "text": "Спасибо", "date": "2026-09-01T10:00:00+03:00"}], cursor='{"a": 2}'
    )
    assert lake.last_cursor("banki_ru", "other") is None
    assert lake.last_cursor("banki_ru", "yasen") == '{"a": 1}'
    (ended,) = rows_of(lake, "SELECT state, reason, cursor FROM runs")
    assert ended == {"state": "partial", "reason": "It was broken off.", "cursor": '{"a": 1}'}


def test_targets_are_read_side_by_side(lake, settings, site, answer):
    pages = {
        name: Shop(answer, [row(number + n, f"2026-0{9 - n}-01") for n in range(4)])
        for name, number in (("one", 10), ("two", 20))
    }
    site.route = lambda path: pages[parse_qs(urlsplit(path).query)["bank"][0]](path)
    pages["two"].fail_on = 2
    told = []
    jobs = [Job(BankiRu(), "one"), Job(BankiRu(), "two"), Job(BankiRu(), "no such!")]
    runs = collect_all(
        lake, jobs, settings=settings, progress=lambda run: told.append((run.target, run.pages))
    )
    assert [run.state for run in runs] == ["complete", "partial", "failed"]
    assert "no target" in runs[2].reason
    assert {("one", 2), ("two", 1)} <= set(told)
    kept = rows_of(lake, "SELECT target, state, counts FROM runs ORDER BY target")
    assert [one["state"] for one in kept] == ["failed", "complete", "partial"]
    assert json.loads(kept[1]["counts"])["pages"] == 2
    assert rows_of(lake, "SELECT count(*) AS n FROM reviews") == [{"n": 6}]


def test_a_run_keeps_its_span_and_counts_ratings_without_text_apart(lake, settings, shop):
    shop.rows[0] = row(9, "2026-09-01", text="", title="")
    run = collect(lake, BankiRu(), "yasen", settings=settings)
    assert run.summary.without_text == 1
    (kept,) = rows_of(lake, "SELECT oldest, newest, counts FROM runs")
    assert (kept["oldest"].date(), kept["newest"].date()) == (date(2026, 4, 1), date(2026, 9, 1))
    assert json.loads(kept["counts"])["without_text"] == 1


def test_the_same_target_is_collected_once_at_a_time(lake, settings, shop, site):
    with alone(lake.address, "banki_ru", "yasen") as free:
        assert free
        run = collect(lake, BankiRu(), "yasen", settings=settings)
    assert (run.state, run.reason) == ("failed", "Another collection of this is running.")
    assert site.asked == []
    assert collect(lake, BankiRu(), "yasen", settings=settings).state == "complete"


def test_a_fault_of_ours_is_noted_and_raised(lake, settings, shop, monkeypatch):
    """What is no trouble of the site is not hidden; what was read before it is kept."""
    original = BankiRu.parse

    def parse(self, body, where):
        if "page=2" in where.url:
            raise ZeroDivisionError("a slip")
        return original(self, body, where)

    monkeypatch.setattr(BankiRu, "parse", parse)
    with pytest.raises(ZeroDivisionError):
        collect(lake, BankiRu(), "yasen", settings=settings)
    (kept,) = rows_of(lake, "SELECT state, reason FROM runs")
    assert kept == {"state": "partial", "reason": "ZeroDivisionError: a slip"}
    assert rows_of(lake, "SELECT count(*) AS n FROM reviews") == [{"n": 2}]


def test_a_source_without_its_key_says_where_to_put_it(lake, settings, shop):
    class Locked(BankiRu):
        name, key, needs = "locked", True, "a key of yours from the bank"

    with pytest.raises(SettingsError, match="UGC_SOURCES__LOCKED__KEY"):
        collect(lake, Locked(), "yasen", settings=settings)
    runs = collect_all(lake, [Job(Locked(), "yasen"), Job(BankiRu(), "yasen")], settings=settings)
    assert [run.state for run in runs] == ["failed", "complete"]
    assert "a key of yours from the bank" in runs[0].reason
