"""What is kept of a run can be read again, whatever became of the run, and holds no secret."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime, timedelta

import pytest

from scrapers.archive import Archive, files, read
from scrapers.source import Where
from ugc.errors import SourceError


def page(number: int) -> bytes:
    """A page that does not pack well, so that a cut falls into it."""
    return f"страница {number} ".encode() + os.urandom(300)


@pytest.fixture
def kept(tmp_path):
    """An archive of three pages of reviews and a lookup: its path and the bodies."""
    bodies = [page(number) for number in range(3)]
    with Archive(tmp_path, "shop", "run1") as archive:
        for number, body in enumerate(bodies):
            where = Where("target", f"https://shop.example/?page={number}")
            archive.keep(where, 200, {"content-type": "text/html"}, body, reviews=True)
            if not number:
                archive.keep(Where("target", "https://shop.example/find"), 200, {}, b"id", reviews=False)
    return archive.path, bodies


def test_pages_come_back_as_they_were(kept):
    path, bodies = kept
    found = list(read(path))
    assert [one.body for one in found] == bodies
    assert [one.where.url[-1] for one in found] == ["0", "1", "2"]
    assert {(one.source, one.run, one.where.target) for one in found} == {("shop", "run1", "target")}
    assert all(timedelta(0) <= datetime.now(UTC) - one.fetched < timedelta(minutes=5) for one in found)


def test_a_kill_at_any_byte_leaves_whole_pages_only(kept, tmp_path):
    path, bodies = kept
    whole = path.read_bytes()
    counts = set()
    for at in range(0, len(whole), 3):
        cut = tmp_path / "cut" / "run.warc.gz"
        cut.parent.mkdir(exist_ok=True)
        cut.write_bytes(whole[:at])
        try:
            found = [one.body for one in read(cut)]
        except SourceError:
            assert at < len(whole) / 3  # not even the first page is there
            continue
        assert found == bodies[: len(found)]
        counts.add(len(found))
    assert counts == {0, 1, 2, 3} or counts == {0, 1, 2}


def test_a_page_is_on_the_disk_before_the_next_is_read(tmp_path):
    with Archive(tmp_path, "shop", "run") as archive:
        archive.keep(Where("t", "https://shop.example/"), 200, {}, b"one", reviews=True)
        assert [one.body for one in read(archive.path)] == [b"one"]


def test_a_run_without_pages_leaves_no_file(tmp_path):
    with Archive(tmp_path, "shop", "run"):
        pass
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    "target",
    ["банк «Ясень»", "a\nb\r\nUGC-Reviews: no", "\\u0041 \\", "日本 🏦", "https://shop.example/?q=ё", " a "],
)
def test_targets_of_any_writing_come_back(tmp_path, target):
    with Archive(tmp_path, "shop", "run") as archive:
        archive.keep(Where(target, "https://shop.example/%D1%91"), 200, {}, b"x", reviews=True)
    (found,) = read(archive.path)
    assert found.where == Where(target, "https://shop.example/%D1%91")


def text(path) -> bytes:
    """An archive unpacked."""
    return gzip.decompress(path.read_bytes())


def test_cookies_and_keys_of_headers_are_not_kept(tmp_path):
    told = {
        "Set-Cookie": "session=1234secret",
        "set-cookie2": "session=1234secret",
        "Authorization": "Bearer 1234secret",
        "www-authenticate": "Digest nonce=1234secret",
        "proxy-authorization": "1234secret",
        "Content-Encoding": "gzip",
        "Content-Length": "7",
        "ETag": '"kept"',
    }
    with Archive(tmp_path, "shop", "run") as archive:
        archive.keep(Where("t", "https://shop.example/"), 200, told, b"body", reviews=True)
    kept = text(archive.path)
    assert b"1234secret" not in kept
    assert b'"kept"' in kept
    assert b"gzip" not in kept.lower()
    assert [one.body for one in read(archive.path)] == [b"body"]


def test_tokens_that_a_login_gave_are_not_kept(tmp_path):
    body = b'{"access_token": "1234secret", "refresh_token":"1234secret" , "expires_in": 3600}'
    with Archive(tmp_path, "shop", "run") as archive:
        archive.keep(Where("t", "https://shop.example/token"), 200, {}, body, reviews=False)
    assert b"1234secret" not in text(archive.path)
    assert b"3600" in text(archive.path)


def test_headers_of_any_bytes_are_kept_readable(tmp_path):
    told = {"x-name": "Ясень", "x-lines": "a\r\nWARC-Target-URI: other", "x-empty": ""}
    with Archive(tmp_path, "shop", "run") as archive:
        archive.keep(Where("t", "https://shop.example/"), 200, told, b"body", reviews=True)
    (found,) = read(archive.path)
    assert found.body == b"body"
    assert found.where.url == "https://shop.example/"


@pytest.mark.parametrize("body", [b"", b"\r\n\r\n", b"WARC/1.1\r\n\r\n", bytes(range(256)) * 50])
def test_bodies_of_any_bytes_come_back(tmp_path, body):
    with Archive(tmp_path, "shop", "run") as archive:
        for _ in range(2):
            archive.keep(Where("t", "https://shop.example/"), 200, {}, body, reviews=True)
    assert [one.body for one in read(archive.path)] == [body, body]


def test_only_its_owner_may_look(tmp_path):
    with Archive(tmp_path / "archive", "shop", "run") as archive:
        archive.keep(Where("t", "https://shop.example/"), 200, {}, b"x", reviews=True)
    assert archive.path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "body",
    [
        b"this is a letter\n" * 40,
        b"\x00\x01\x02\x03" * 99,
        gzip.compress(b"a packed letter\n" * 9),
        b"\x1f\x8b" + bytes(99),
        b"PK\x03\x04" + bytes(99),
        gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 \r\n\r\nx"),
    ],
    ids=["text", "noise", "gzip", "broken gzip", "zip", "no address"],
)
def test_what_is_no_archive_is_named(tmp_path, body):
    path = tmp_path / "shop" / "run.warc.gz"
    path.parent.mkdir()
    path.write_bytes(body)
    with pytest.raises(SourceError, match=r"run\.warc\.gz"):
        list(read(path))


FOREIGN = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://shop.example/\r\n"
    b"WARC-Date: 2026-11-01T10:00:00Z\r\nContent-Type: application/http\r\nContent-Length: 21\r\n\r\n"
    b"HTTP/1.1 200 OK\r\n\r\nhi\r\n\r\n"
)


@pytest.mark.parametrize(
    "record",
    [FOREIGN, b"WARC/1.1\r\nno header at all\r\n", FOREIGN.replace(b"21", b"many")],
    ids=["whole", "no headers", "no length"],
)
def test_an_archive_of_another_program_holds_no_reviews(tmp_path, record):
    path = tmp_path / "shop" / "run.warc.gz"
    path.parent.mkdir()
    path.write_bytes(gzip.compress(record))
    assert list(read(path)) == []


def test_a_full_disk_is_named(tmp_path):
    (tmp_path / "archive").write_text("a file where the folder should be")
    archive = Archive(tmp_path / "archive", "shop", "run")
    with archive, pytest.raises(SourceError, match="cannot be kept"):
        archive.keep(Where("t", "https://shop.example/"), 200, {}, b"x", reviews=True)


def test_archives_are_listed_by_run(tmp_path):
    for source, run in (("shop", "20260102"), ("other", "20260101"), ("shop", "20260103")):
        with Archive(tmp_path, source, run) as archive:
            archive.keep(Where("t", "https://shop.example/"), 200, {}, b"x", reviews=True)
    assert [path.name[:8] for path in files(tmp_path)] == ["20260101", "20260102", "20260103"]
    assert [path.parent.name for path in files(tmp_path, "shop")] == ["shop", "shop"]
