"""Which site a saved page is of; MHTML; pages that chance has broken."""

from __future__ import annotations

import contextlib
import json
import quopri
from base64 import encodebytes
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.opineo import Opineo
from scrapers.saved import SAVED, announced, read
from scrapers.saved.page import opened
from scrapers.schema_org import SchemaOrg
from scrapers.source import Page, Saved, Where
from tests.scrapers.saved import test_other_sites as others
from tests.scrapers.saved import test_otzovik as otzovik
from tests.scrapers.saved import test_trustpilot as trustpilot
from ugc.errors import InputError, SourceChanged

HERE = Where("saved.html", "")
SHOP = (
    '<html lang="ru"><head><link rel="canonical" href="https://www.shop.example/kettle">'
    '<script type="application/ld+json">'
    + json.dumps({"@type": "Product", "name": "Чайник", "review": {
        "@type": "Review", "author": "Яна", "datePublished": "2026-01-02", "reviewBody": "Кипит"}})
    + "</script></head><body></body></html>"
).encode()  # fmt: skip
PAGES = {
    "otzovik": otzovik.listing(otzovik.item(1), otzovik.item(2)),
    "irecommend": others.IRECOMMEND,
    "yandex_maps": others.yandex(others.STARS),
    "trustpilot": trustpilot.page(trustpilot.state(trustpilot.row())),
    "zoon": others.ZOON,
    "page": SHOP,
}


def mhtml(body: bytes, url: str, *, how: str = "quoted-printable", charset: str = "utf-8") -> bytes:
    """A page as Chrome saves it in one file."""
    packed = quopri.encodestring(body) if how == "quoted-printable" else encodebytes(body)
    frame = b"<html><body>advertisement</body></html>"
    return (
        b"From: <Saved by Blink>\r\n"
        + f"Snapshot-Content-Location: {url}\r\nSubject: =?utf-8?Q?=D0=A7?=\r\n".encode()
        + b"Date: Fri, 20 Nov 2026 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/related;\r\n"
        b'\ttype="text/html";\r\n\tboundary="----B"\r\n\r\n\r\n------B\r\nContent-Type: text/html\r\n'
        b"Content-Transfer-Encoding: binary\r\nContent-Location: https://ads.example/frame\r\n\r\n"
        + frame
        + f"\r\n------B\r\nContent-Type: text/html; charset={charset}\r\n".encode()
        + f"Content-Transfer-Encoding: {how}\r\nContent-Location: {url}\r\n\r\n".encode()
        + packed
        + b"\r\n------B\r\nContent-Type: text/css\r\n\r\nbody {}\r\n------B--\r\n"
    )


def test_every_site_is_one_and_says_how():
    assert [one.name for one in SAVED] == list(PAGES)
    for one in SAVED:
        assert isinstance(one, Saved)
        assert one.how.endswith(".")
        assert one.why


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_told_from_the_others(name):
    saved, page = read(PAGES[name], HERE)
    assert saved.name == name
    assert {one["source"] for one in page.records} == {"shop.example" if name == "page" else name}
    assert [one.name for one in SAVED[:-1] if one.recognise(PAGES[name])] == (
        [] if name == "page" else [name]
    )


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("how", ["quoted-printable", "base64"])
def test_mhtml_gives_the_same(name, how):
    whole = read(PAGES[name], HERE)[1]
    url = {"trustpilot": "https://www.trustpilot.com/review/ash.example"}.get(name, "")
    found, page = read(mhtml(PAGES[name], url, how=how), HERE)
    assert found.name == name
    assert page == whole


def test_mhtml_tells_where_a_page_comes_from_and_its_charset():
    bare = SHOP.replace(b'<link rel="canonical" href="https://www.shop.example/kettle">', b"").decode()
    body = mhtml(
        bare.encode("cp1251", "xmlcharrefreplace"),
        "https://www.shop.example/kettle?x=1",
        charset="windows-1251",
    )
    saved, page = read(body, HERE)
    assert (saved.name, page.records[0]["source"]) == ("page", "shop.example")
    assert page.records[0]["url"] == "https://www.shop.example/kettle?x=1"


@pytest.mark.parametrize(
    "body",
    [
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\nnothing",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n",
        mhtml(b"", "https://shop.example/"),
    ],
)
def test_mhtml_without_a_page_is_named(body):
    with pytest.raises(SourceChanged, match=r"saved\.html"):
        read(body, HERE)


def test_a_saved_page_has_the_ids_of_a_collected_one():
    collected = SchemaOrg().parse(SHOP, Where("t", "https://www.shop.example/kettle")).records
    assert read(SHOP, HERE)[1].records == collected


def test_a_site_that_is_collected_reads_its_saved_pages_itself(monkeypatch):
    shop = (Path(__file__).parents[1] / "fixtures" / "opineo" / "shop.html").read_bytes()
    monkeypatch.setattr("scrapers.registry.sources", lambda: {"opineo": Opineo()})
    note = b"<!-- saved from url=(0044)https://www.opineo.pl/opinie/jesionowy-pl -->"
    saved, page = read(note + shop, HERE)
    collected = Opineo().parse(shop, Where("jesionowy-pl", "https://www.opineo.pl/opinie/jesionowy-pl"))
    assert saved.name == "opineo"
    assert [one["source_id"] for one in page.records] == [one["source_id"] for one in collected.records]
    assert {one["source"] for one in page.records} == {"opineo"}
    assert saved.recognise(note + shop)
    # What its parser does not know is read as any other page.
    other, _ = read(SHOP.replace(b"www.shop.example/kettle", b"www.opineo.pl/opinie/jesionowy-pl"), HERE)
    assert other.name == "page"


def test_a_page_without_reviews_anywhere_is_refused_with_what_can_be_read():
    with pytest.raises(InputError, match="no reviews can be found") as caught:
        read(b"<html><body>hello</body></html>", HERE)
    assert "otzovik.com" in caught.value.mend


def test_a_page_of_a_known_site_in_another_shape_is_not_taken_by_another_parser():
    broken = others.html("<p itemprop='review'>нет</p>", "https://otzovik.com/x/")
    with pytest.raises(SourceChanged, match="otzovik"):
        read(broken, HERE)


@pytest.mark.parametrize("name", PAGES)
@given(data=st.data())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_page_with_any_bytes_changed(name, data):
    body = PAGES[name]
    if data.draw(st.booleans()):
        body = mhtml(body, "https://www.shop.example/kettle")
    start = data.draw(st.integers(0, len(body) - 1))
    length = data.draw(st.sampled_from([0, 1, 5, 40, len(body)]))
    new = data.draw(
        st.binary(max_size=12) | st.sampled_from([b"<div>", b"\x00", b'"', b"=\r\n", b"null", b"[", b"{}"])
    )
    broken = body[:start] + new + body[start + length :]
    page = Page(())
    with contextlib.suppress(SourceChanged, InputError):
        page = read(broken, HERE)[1]
    for one in page.records:
        assert isinstance(one["source_id"], str)
        json.dumps(one)


def test_how_many_reviews_a_page_counts():
    counted = SHOP.replace(b'"name"', b'"aggregateRating": {"reviewCount": "1 204"}, "name"')
    assert (announced(counted), announced(SHOP)) == (1204, 0)


def test_a_page_of_many_links_is_told_apart_quickly():
    body = b"<link " + b"rel=" * 50_000 + b"<!-- " * 50_000 + b"<meta property=" * 20_000
    assert opened(body)[0] == body
    with pytest.raises(InputError):
        read(b"<html>" + body, HERE)
