"""The client against a real server: keys that are never shown, packed bodies, forms, unchanged pages."""

from __future__ import annotations

import gzip
import logging
import socket
import threading
import time
import zlib
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers import fetch
from scrapers.archive import Archive
from scrapers.fetch import MAX_BYTES, Access
from scrapers.unpack import BodyBroken, BodyTooLong, Unpacker
from tests.scrapers.client import KEY, Keyed, read, with_client
from ugc.errors import SourceError

pytestmark = pytest.mark.usefixtures("quick_retries")


# Keys -------------------------------------------------------------------------------------------


def secretly(site, **options):
    """A page read with a key in the query and in a header."""
    asked = {"params": {"page": 1}, "secret": {"key": KEY}, "headers": {"X-Key": KEY}}
    return read(site, source=Keyed(), key=KEY, asked=asked, **options)


FORMS = (KEY, "k3y%2Fwith%2Bsigns%3D%3D", "k3y/with%2Bsigns%3D%3D", "k3y\\/with+signs==")


def test_a_key_is_sent_and_never_shown(site, answer, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    body = "{" + ", ".join(f'"next": "https://shop.example/?key={form}"' for form in FORMS) + "}"
    site.route = lambda path: answer(body.encode(), headers={"Link": f"</?key={KEY}>", "X-Seen": FORMS[1]})
    with Archive(tmp_path, "shop", "run") as archive:
        found = secretly(site, archive=archive)
    assert site.requests[-1].query == {"page": "1", "key": KEY}
    assert site.requests[-1].headers["x-key"] == KEY
    kept = gzip.decompress((tmp_path / "shop" / "run.warc.gz").read_bytes()).decode()
    assert "https://shop.example/page?page=1" in kept
    for form in FORMS:
        assert form not in found.where.url
        assert form not in found.body.decode()
        assert form not in str(found.headers)
        assert form not in kept
        assert form not in caplog.text
    assert found.body.count(b"key=***") == len(FORMS)


def no_address(site):
    site.url = "localhost:80"


@pytest.mark.parametrize(
    "trouble",
    [
        lambda site, answer: setattr(site, "route", lambda path: answer(b"", 403)),
        lambda site, answer: setattr(site, "route", lambda path: answer(b"", 404)),
        lambda site, answer: setattr(site, "route", lambda path: answer(b"", 500)),
        lambda site, answer: setattr(site, "route", lambda path: answer(b"half", drop=True)),
        lambda site, answer: setattr(
            site, "route", lambda path: answer(b"", 302, {"Location": f"https://other.example/?key={KEY}"})
        ),
        lambda site, answer: setattr(site, "route", lambda path: answer(b"", 302, {"Location": path})),
        lambda site, answer: setattr(site, "robots", "User-agent: *\nDisallow: /"),
        lambda site, answer: no_address(site),
        lambda site, answer: setattr(site, "url", "http://127.0.0.1:1"),
    ],
    ids=["403", "404", "500", "drop", "elsewhere", "circle", "robots", "no address", "nobody there"],
)
def test_a_key_is_in_no_error_and_no_log(site, answer, trouble, caplog):
    caplog.set_level(logging.DEBUG)
    trouble(site, answer)
    told = []
    with pytest.raises(SourceError) as caught:
        secretly(site, waiting=told.append)
    for form in FORMS:
        assert form not in str(caught.value)
        assert form not in caplog.text
        assert form not in " ".join(told)


def test_a_key_is_not_in_what_the_access_looks_like():
    assert KEY not in repr(Access("cx@example.com", key=KEY))


# Bodies -----------------------------------------------------------------------------------------


def packed(data: bytes, bits: int = -15) -> bytes:
    packer = zlib.compressobj(wbits=bits)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"packed")),
        ("x-gzip", gzip.compress(b"packed")),
        ("GZIP", gzip.compress(b"pac") + gzip.compress(b"ked")),
        ("deflate", zlib.compress(b"packed")),
        ("deflate", packed(b"packed")),
        ("identity", b"packed"),
    ],
    ids=["gzip", "x-gzip", "two members", "deflate", "raw deflate", "plain"],
)
def test_packed_bodies_are_read(site, answer, encoding, body):
    site.route = lambda path: answer(body, 200, {"Content-Encoding": encoding})
    assert read(site).body == b"packed"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", b"not gzip at all"),
        ("gzip", gzip.compress(b"packed" * 100)[:-12]),
        ("deflate", b"\xff\xff\xff"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"packed"))),
        ("br", b"\x0b\x02\x80packed\x03"),
    ],
    ids=["no gzip", "cut gzip", "no deflate", "twice", "unknown"],
)
def test_broken_packing_is_named_after_the_retries(site, answer, encoding, body):
    site.route = lambda path: answer(body, 200, {"Content-Encoding": encoding})
    with pytest.raises(SourceError, match="compression is broken"):
        read(site)
    assert len(site.asked) == 2


@pytest.mark.parametrize("size", [MAX_BYTES + 1, MAX_BYTES * 6])
def test_a_bomb_is_not_swallowed(site, answer, size):
    bomb = gzip.compress(bytes(size), 9)
    site.route = lambda path: answer(bomb, 200, {"Content-Encoding": "gzip"})
    with pytest.raises(SourceError, match="longer than"):
        read(site)
    assert len(site.asked) == 1


def test_a_plain_page_that_is_too_long_is_not_taken(site, answer):
    site.route = lambda path: answer(bytes(MAX_BYTES + 1))
    with pytest.raises(SourceError, match="longer than"):
        read(site)


def test_a_body_of_just_the_limit_is_taken():
    for encoding, body in (("", bytes(1000)), ("gzip", gzip.compress(bytes(1000)))):
        unpacker = Unpacker(encoding, 1000)
        unpacker.feed(body)
        assert unpacker.whole() == bytes(1000)
        unpacker = Unpacker(encoding, 999)
        with pytest.raises(BodyTooLong):
            unpacker.feed(body)


@given(st.lists(st.binary(max_size=40), max_size=6), st.integers(1, 9), st.booleans())
def test_pieces_of_any_size_give_the_same_body(parts, size, raw):
    data = b"".join(parts)
    body = packed(data) if raw else b"".join(gzip.compress(part) for part in parts)
    unpacker = Unpacker("deflate" if raw else "gzip", 10_000)
    for at in range(0, len(body), size):
        unpacker.feed(body[at : at + size])
    assert unpacker.whole() == data


def test_empty_members_without_end_are_too_long():
    unpacker = Unpacker("gzip", 1000)
    with pytest.raises(BodyTooLong):
        unpacker.feed(gzip.compress(b"") * 60)


def test_an_empty_body_that_is_called_packed_is_empty():
    assert Unpacker("gzip", 10).whole() == b""
    with pytest.raises(BodyBroken):
        Unpacker("zstd", 10)


@contextmanager
def drip(pause):
    """A server that never ends its page; gives its address."""
    stop = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        while not stop.is_set():
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line:
                asked = line.recv(4000)
                if b"/robots.txt" in asked:
                    line.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    continue
                line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
                while not stop.wait(pause):
                    try:
                        line.sendall(b".")
                    except OSError:
                        break

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    stop.set()
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def test_a_page_that_drips_for_ever_is_left(monkeypatch):
    monkeypatch.setattr(fetch, "LONGEST", 0.4)
    with drip(0.02) as url:
        start = time.monotonic()
        with pytest.raises(SourceError, match="took longer"):
            with_client(None, lambda client: client.get("/page"), base_url=url)
        assert time.monotonic() - start < 3


# Asking otherwise -------------------------------------------------------------------------------


def test_a_page_that_did_not_change_is_not_read_again(site, answer):
    told = {"ETag": '"v1"', "Last-Modified": "Mon, 02 Nov 2026 10:00:00 GMT"}

    def route(path):
        same = site.requests[-1].headers.get("if-none-match") == '"v1"'
        return answer(b"", 304) if same else answer(b"feed", headers=told)

    site.route = route

    async def twice(client):
        first, known = await client.changed("/feed", {})
        second, still = await client.changed("/feed", known)
        return first, known, second, still

    first, known, second, still = with_client(site, twice)
    assert first.body == b"feed"
    assert known == still == {"etag": '"v1"', "modified": "Mon, 02 Nov 2026 10:00:00 GMT"}
    assert second is None
    assert site.requests[-1].headers["if-modified-since"] == "Mon, 02 Nov 2026 10:00:00 GMT"


def test_a_304_that_nobody_asked_for_is_named(site, answer):
    site.route = lambda path: answer(b"", 304)
    with pytest.raises(SourceError, match="304"):
        read(site)


def test_forms_and_documents_are_sent(site, answer):
    site.route = lambda path: answer(site.requests[-1].body)

    async def both(client):
        form = await client.post("/form", form={"q": "да"}, headers={"X-A": "b"})
        return form, await client.post("/json", json={"q": [1]}, params={"p": 2})

    form, document = with_client(site, both)
    assert [asked.method for asked in site.requests] == ["POST", "POST"]
    assert site.requests[0].form == {"q": "да"}
    assert site.requests[0].headers["x-a"] == "b"
    assert document.body.replace(b" ", b"") == b'{"q":[1]}'
    assert document.where.url == "https://shop.example/json?p=2"
    assert form.where.url == "https://shop.example/form"


@pytest.mark.parametrize(("status", "method"), [(302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
def test_a_redirected_form(site, answer, status, method):
    site.route = lambda path: (
        answer(b"", status, {"Location": "/there"}) if path == "/form" else answer(b"there")
    )
    found = with_client(site, lambda client: client.post("/form", form={"q": "1"}))
    assert found.body == b"there"
    assert site.requests[-1].method == method
    assert site.requests[-1].form == ({"q": "1"} if method == "POST" else {})


def test_only_whole_pages_are_archived(site, answer, tmp_path):
    site.route = lambda path: answer(b"no", 404) if path == "/gone" else answer(b"yes")

    async def three(client):
        await client.get("/lookup", reviews=False)
        await client.get("/page")
        with pytest.raises(SourceError):
            await client.get("/gone")

    with Archive(tmp_path, "shop", "run") as archive:
        with_client(site, three, archive=archive)
    kept = gzip.decompress((tmp_path / "shop" / "run.warc.gz").read_bytes())
    assert kept.count(b"WARC-Target-URI") == 2
    assert b"/gone" not in kept
    assert b"robots.txt" not in kept
