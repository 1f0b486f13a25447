from __future__ import annotations

import asyncio
import gzip

import pytest

from scrapers.fetch import MAX_BYTES, Client
from ugc.errors import SettingsError, SourceBlocked, SourceError


def read(site, path="/page", **options):
    """Reads one page of the loopback site through the real client."""

    async def run() -> bytes:
        settings = {"contact": "cx@example.com", "pause": 0.0, "mirror": True, "attempts": 2, **options}
        async with Client(site.url, **settings) as client:
            return await client.get(path)

    return asyncio.run(run())


def test_reads_a_page_under_an_honest_name(site, answer):
    site.route = lambda path: answer(b"hello")
    assert read(site) == b"hello"
    assert all("cx@example.com" in agent and agent.startswith("ugc/") for agent in site.agents)


def test_refuses_to_start_without_a_contact(site):
    with pytest.raises(SettingsError, match="contact"):
        read(site, contact=None)
    assert site.agents == []


def test_obeys_robots(site, answer):
    site.robots = "User-agent: *\nDisallow: /private"
    site.route = lambda path: answer(b"open")
    assert read(site, "/public") == b"open"
    with pytest.raises(SourceBlocked, match=r"robots\.txt"):
        read(site, "/private/list")
    assert site.asked == ["/public"]


def test_crawl_delay_sets_the_pace(site, answer):
    site.robots = "User-agent: *\nCrawl-delay: 0.3"
    site.route = lambda path: answer(b"x")

    async def three() -> float:
        async with Client(site.url, contact="c", pause=0.0, mirror=True) as client:
            start = asyncio.get_running_loop().time()
            for number in range(3):
                await client.get(f"/{number}")
            return asyncio.get_running_loop().time() - start

    assert asyncio.run(three()) >= 0.55


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, b"<title>Just a moment...</title>"),
        (507, b"captcha"),
        (401, b""),
        (404, b"please solve the CAPTCHA"),
    ],
)
def test_a_refusal_ends_at_once_with_its_name(site, answer, status, body):
    site.route = lambda path: answer(body, status)
    with pytest.raises(SourceBlocked):
        read(site)
    assert len(site.asked) == 1


def test_waits_as_long_as_the_site_asks(site, answer):
    site.route = lambda path: (
        answer(b"", 429, {"Retry-After": "1"}) if len(site.asked) == 1 else answer(b"now")
    )
    assert read(site) == b"now"
    assert len(site.asked) == 2


def test_gives_up_after_the_retries(site, answer):
    site.route = lambda path: answer(b"", 503)
    with pytest.raises(SourceError, match="503"):
        read(site)
    assert len(site.asked) == 2


def test_a_dropped_line_is_tried_again(site, answer):
    site.route = lambda path: answer(b"half", drop=len(site.asked) == 1)
    assert read(site) == b"half"
    assert len(site.asked) == 2


def test_redirect_to_itself_with_a_cookie_is_followed(site, answer):
    def route(path):
        if len(site.asked) == 1:
            return answer(b"", 302, {"Location": path, "Set-Cookie": "seen=1"})
        return answer(b"in")

    site.route = route
    assert read(site, "/list?page=1") == b"in"
    assert site.cookies[-1] == "seen=1"


def test_redirect_to_another_host_is_refused(site, answer):
    site.route = lambda path: answer(b"", 302, {"Location": "http://127.0.0.2:1/inner"})
    with pytest.raises(SourceError, match="another host"):
        read(site)


def test_redirect_to_a_file_is_refused(site, answer):
    site.route = lambda path: answer(b"", 302, {"Location": "file:///etc/passwd"})
    with pytest.raises(SourceError, match="another host"):
        read(site)


def test_unasked_gzip_is_read(site, answer):
    site.route = lambda path: answer(gzip.compress(b"packed"), 200, {"Content-Encoding": "gzip"})
    assert read(site) == b"packed"


def test_a_bomb_is_not_swallowed(site, answer):
    site.route = lambda path: answer(gzip.compress(bytes(MAX_BYTES + 1)), 200, {"Content-Encoding": "gzip"})
    with pytest.raises(SourceError, match="longer than"):
        read(site)


def test_own_network_is_refused_unless_the_user_set_a_mirror(site, answer):
    site.route = lambda path: answer(b"secret")
    with pytest.raises(SourceError, match="not a public address"):
        read(site, mirror=False)
    assert site.asked == []
