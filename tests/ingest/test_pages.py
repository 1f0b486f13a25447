"""Pages saved in a browser, and folders, through `ugc import` into a real lake."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scrapers.schema_org import SchemaOrg
from scrapers.source import Where
from tests.scrapers.saved import test_other_sites as others
from tests.scrapers.saved import test_otzovik as otzovik
from tests.scrapers.saved import test_read as pages
from ugc.cli import program
from ugc.errors import InputError
from ugc.ingest.folder import gather
from ugc.ingest.records import Intake

LONG = "Кипятит быстро,\nкрышка держится крепко."


def ids(rows: list[dict[str, object]]) -> list[str]:
    """Source and id of each review."""
    return sorted(f"{row['source']}:{row['source_id']}" for row in rows)


@pytest.fixture
def ugc(lake):
    """Runs `ugc import` into the test's lake."""

    def run(*arguments: object):
        return CliRunner().invoke(program, ["import", *map(str, arguments), "--lake", lake.address])

    return run


def test_a_saved_page_is_a_file_of_reviews(write, take, rows):
    summary = take(write("Отзывы.html", otzovik.listing(otzovik.item(555), otzovik.item(556, rating="1"))))
    assert (summary.new, summary.rejected, summary.unread_dates, summary.sources) == (2, 0, 0, {"otzovik": 2})
    found = {row["source_id"]: row for row in rows()}
    first = found["555"]
    assert first["text"].startswith("Хороший чайник\nКипятит быстро, крышка держится...")
    assert "Достоинства: Быстро кипит." in first["text"]
    assert (first["stars"], first["city"], first["product"], first["helpful_votes"]) == (
        4,
        "Казань",
        "Чайник Ясень",
        7,
    )
    assert first["date"] == datetime(2026, 2, 3, 7, 11, 12, tzinfo=UTC)
    assert first["url"] == "https://otzovik.com/review_555.html"
    assert len(first["author"]) == 16
    assert found["556"]["stars"] == 1


@pytest.mark.parametrize("name", pages.PAGES)
def test_every_kind_of_page_twice_and_as_mhtml_is_taken_once(write, take, rows, name):
    first = take(write("a.html", pages.PAGES[name]))
    assert first.new > 0
    assert first.rejected == 0
    before = rows()
    again = take(write("b.htm", pages.PAGES[name]))
    url = "https://www.trustpilot.com/review/ash.example" if name == "trustpilot" else ""
    packed = take(write("c.mhtml", pages.mhtml(pages.PAGES[name], url)))
    assert (again.new, again.changed, packed.new, packed.changed) == (0, 0, 0, 0)
    assert rows() == before
    assert {row["source"] for row in before} == {"shop_example" if name == "page" else name}


@pytest.mark.parametrize(
    ("collected", "day"), [(None, "2023-11-13"), (datetime(2024, 5, 2, 12, tzinfo=UTC), "2024-05-01")]
)
def test_relative_dates_count_from_the_files_time_or_what_the_user_says(write, take, rows, collected, day):
    path = write("zoon.html", others.ZOON)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    take(path, collected=collected)
    dates = {row["source_id"]: row["date"] for row in rows()}
    assert dates.pop("c9") == datetime(2020, 3, 5, tzinfo=UTC)
    assert [one.date().isoformat() for one in dates.values()] == [day]


def test_a_review_without_an_id_is_the_same_when_its_page_is_saved_another_day(write, take):
    assert take(write("zoon.html", others.ZOON)).new == 2
    later = take(write("later.html", others.ZOON.replace("вчера".encode(), "2 дня назад".encode())))
    assert (later.new, later.unchanged) == (0, 2)


def test_ratings_without_words_are_taken(write, take, rows):
    bare = '{"@type": "Review", "author": "Anonymous", "datePublished": "2026-01-02", "reviewRating": 4}'
    body = f'<html><script type="application/ld+json">[{bare}, {bare}]</script></html>'
    summary = take(write("a.html", body))
    assert (summary.new, summary.without_text) == (2, 2)
    assert [row["stars"] for row in rows()] == [4, 4]


def test_a_saved_page_and_the_collected_one_are_the_same_reviews(write, take, rows, lake, monkeypatch):
    monkeypatch.setenv("UGC_SALT", "salt")
    records = SchemaOrg().parse(pages.SHOP, Where("t", "https://www.shop.example/kettle")).records
    run = lake.start_run("collect", "schema_org", "t")
    Intake(lake, run_id=run, source="schema_org").add(records)
    before = ids(rows())
    summary = take(write("a.html", pages.SHOP))
    assert (summary.new, summary.changed, summary.unchanged) == (0, 0, 1)
    assert ids(rows()) == before


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<!DOCTYPE html><html><body>login</body></html>", "no reviews can be found"),
        (otzovik.listing(otzovik.item(1).replace("review_1", "x")), "review 1 of the page"),
        (otzovik.listing(), "a page of otzovik.com, holds no reviews"),
        (
            pages.SHOP.replace(b'"Review"', b'"Thing"').replace(b'"review"', b'"x"'),
            "carries no reviews in schema.org",
        ),
        (pages.SHOP.replace(b"}}</script>", b"</script>"), "block 1 of JSON-LD"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\nx", "MHTML"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>', "is XML"),
        (b"<!-- feed --><rss><channel></channel></rss>", "is XML"),
    ],
)
def test_a_page_that_cannot_be_read_is_named_and_nothing_is_written(write, take, rows, body, said):
    path = write("page.html", body)
    with pytest.raises(InputError, match=said) as caught:
        take(path)
    assert "page.html" in caught.value.what
    assert rows() == []


def test_a_folder_is_all_its_files_of_reviews(tmp_path, ugc, rows):
    top = tmp_path / "saved"
    (top / "deep" / "deeper").mkdir(parents=True)
    (top / "list_files").mkdir()
    (top / "list.html").write_bytes(otzovik.listing(otzovik.item(1)))
    (top / "list_files" / "frame.html").write_bytes(b"<html>advertisement</html>")
    (top / "deep" / "zoon.MHTML").write_bytes(pages.mhtml(others.ZOON, ""))
    (top / "deep" / "deeper" / "own.csv").write_text("id,text,rating\n7,хорошо,5\n", "utf-8")
    (top / "note.txt").write_text("text\nне отзыв\n", "utf-8")
    (top / ".hidden.csv").write_text("text\nне отзыв\n", "utf-8")
    result = ugc(top)
    assert result.exit_code == 0, result.output
    assert [name.split(":")[0] for name in ids(rows())] == ["otzovik", "own", "zoon", "zoon"]
    for name in ("note.txt", ".hidden.csv", "list_files"):
        assert f"{name}: " in result.output
    assert "pictures and scripts of the page list (1)" in result.output
    again = ugc(top)
    assert again.exit_code == 0
    assert len(rows()) == 4


def test_a_page_of_a_folder_that_cannot_be_read_is_named_and_the_others_taken(tmp_path, ugc, rows):
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "good.html").write_bytes(otzovik.listing(otzovik.item(1)))
    (tmp_path / "f" / "broken.html").write_bytes(pages.SHOP.replace(b"}}</script>", b"</script>"))
    result = ugc(tmp_path / "f")
    assert result.exit_code == 3
    assert "broken.html" in result.output
    assert "block 1 of JSON-LD" in " ".join(result.output.split())
    assert ids(rows()) == ["otzovik:1"]
    named = ugc(tmp_path / "f" / "good.html", tmp_path / "f" / "broken.html")
    assert named.exit_code != 0
    assert isinstance(named.exception, InputError | SystemExit)


def test_a_whole_text_is_not_replaced_by_the_beginning_that_a_list_shows(tmp_path, ugc, rows):
    top = tmp_path / "f"
    top.mkdir()
    (top / "a whole.html").write_bytes(otzovik.WHOLE)
    (top / "b list.html").write_bytes(otzovik.listing(otzovik.item(555), otzovik.item(556)))
    assert ugc(top).exit_code == 0
    found = {row["source_id"]: row["text"] for row in rows()}
    assert LONG in found["555"]
    assert set(found) == {"555", "556"}


@pytest.mark.parametrize("names", [[], ["note.txt"], ["page.html"]])
def test_a_folder_without_reviews_is_an_error(tmp_path, ugc, rows, names):
    (tmp_path / "f").mkdir()
    for name in names:
        (tmp_path / "f" / name).write_text("<html>hello</html>", "utf-8")
    result = ugc(tmp_path / "f")
    assert result.exit_code != 0
    assert rows() == []


def test_files_are_gathered_once_and_in_order(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("2.csv", "10.html", "b/1.csv"):
        (tmp_path / name).write_text("x", "utf-8")
    (tmp_path / "loop").symlink_to(tmp_path)
    gathered = gather([tmp_path / "2.csv", tmp_path, Path(tmp_path / "b")])
    assert [str(path.relative_to(tmp_path)) for path in gathered.files] == ["2.csv", "10.html", "b/1.csv"]
    assert gathered.found == {tmp_path / "10.html", tmp_path / "b" / "1.csv"}


@pytest.mark.shared
def test_recorded_pages(shared, take, rows):
    folder = shared / "sources/fixtures"
    names = ["trustpilot/company_page_1.html", "trustpilot/company_page_3_with_replies.html",
             "otzovik/reviews_page.html", "schema_org/keytomylime_1.html", "schema_org/gimmesomeoven_1.html",
             "schema_org/littlespicejar.html", "schema_org/polishfoodies_2.html"]  # fmt: skip
    summary = take(*(folder / name for name in names))
    assert (summary.new, summary.rejected, summary.undated, summary.unread_dates) == (229, 0, 0, 0)
    assert dict(summary.sources) == {
        "trustpilot": 40, "otzovik": 8, "keytomylime_com": 100, "gimmesomeoven_com": 17,
        "littlespicejar_com": 5, "polishfoodies_com": 59,
    }  # fmt: skip
    assert summary.unread_ratings == 0
    assert sum(row["reply_text"] is not None for row in rows()) == 19
    again = take(*(folder / name for name in names))
    assert (again.new, again.changed) == (0, 0)
