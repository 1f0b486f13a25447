"""The client against a real server: what it obeys, what it refuses, what it never gives away."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
import threading
import time
import zlib
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import httpx
import pytest
import respx
import stamina
from hypothesis import given
from hypothesis import strategies as st

from scrapers import fetch
from scrapers.archive import Archive
from scrapers.fetch import MAX_BYTES, Access, Client
from scrapers.hosts import Hosts, check_address, matches
from scrapers.refusals import refusal
from scrapers.source import Page, Source
from scrapers.unpack import BodyBroken, BodyTooLong, Unpacker
from ugc.errors import SettingsError, SourceBlocked, SourceError

KEY = "k3y/with+signs=="


class Shop(Source):
    """A source of these tests."""

    name = "shop"
    title = "The shop"
    target = "anything"
    example = "ugc collect shop x"
    limits = "none"
    base_url = "https://shop.example"
    pause = 0.0

    def recognise(self, url):
        return None

    def parse(self, body, where):
        return Page(())

    def fetch(self, target, cursor, client):
        raise NotImplementedError


class Keyed(Shop):
    key = True
    needs = "a key of yours"


class Baking(Shop):
    cookies = True
    hosts = ("*.shop.example",)


@pytest.fixture(autouse=True)
def _quick_retries():
    stamina.set_testing(True, attempts=2, cap=True)
    yield
    stamina.set_testing(False)


def with_client(site, work, source=None, **options):
    """What `work` gives with a client for the site."""

    async def run():
        base = {"contact": "cx@example.com", "base_url": site.url if site else None}
        async with Client(source or Shop(), "target", Access(**{**base, **options})) as client:
            return await work(client)

    return asyncio.run(run())


def read(site, path="/page", source=None, asked=None, **options):
    """One page of the site."""
    return with_client(site, lambda client: client.get(path, **(asked or {})), source, **options)


# Who asks, and at which pace --------------------------------------------------------------------


def test_reads_a_page_under_an_honest_name(site, answer):
    site.route = lambda path: answer(b"hello", headers={"ETag": '"1"'})
    found = read(site, asked={"params": {"q": "да"}})
    assert (found.body, found.headers["etag"]) == (b"hello", '"1"')
    assert found.where.target == "target"
    assert found.where.url == "https://shop.example/page?q=%D0%B4%D0%B0"
    assert all("cx@example.com" in agent and agent.startswith("ugc/") for agent in site.agents)


def test_refuses_to_start_without_a_contact(site):
    with pytest.raises(SettingsError, match="contact"):
        read(site, contact=None)
    assert site.agents == []


def test_refuses_to_start_without_the_key_it_needs(site):
    with pytest.raises(SettingsError, match="UGC_SOURCES__SHOP__KEY"):
        read(site, source=Keyed())
    assert site.agents == []


def test_obeys_robots(site, answer):
    site.robots = "User-agent: *\nDisallow: /private"
    site.route = lambda path: answer(b"open")
    assert read(site, "/public").body == b"open"
    with pytest.raises(SourceBlocked, match=r"robots\.txt"):
        read(site, "/private/list")
    assert site.asked == ["/public"]


def test_rules_for_this_program_go_before_those_for_all(site, answer):
    site.robots = "User-agent: ugc\nDisallow: /a\n\nUser-agent: *\nDisallow: /b"
    site.route = lambda path: answer(b"open")
    assert read(site, "/b").body == b"open"
    with pytest.raises(SourceBlocked):
        read(site, "/a")


def test_a_contact_is_no_name_of_a_robot(site, answer):
    site.robots = "User-agent: example\nAllow: /\n\nUser-agent: *\nDisallow: /"
    site.route = lambda path: answer(b"open")
    with pytest.raises(SourceBlocked):
        read(site, contact="cx@example.com")


def test_only_a_source_with_a_key_is_freed_of_robots(site, answer):
    site.robots = "User-agent: *\nDisallow: /"
    site.route = lambda path: answer(b"open")
    assert read(site, source=Keyed(), key=KEY, robots=False).body == b"open"
    with pytest.raises(SourceBlocked):
        read(site, source=Keyed(), key=KEY)
    with pytest.raises(SourceBlocked):
        read(site, robots=False)


@contextmanager
def rules(site, status, body=b"", headers=None):
    """A site whose robots.txt is answered so, and whose pages say "open"."""
    with respx.mock(base_url=site, assert_all_called=False) as router:
        router.get("/robots.txt").respond(status, content=body, headers=headers)
        pages = router.get(path__regex="^/page").respond(200, content=b"open")
        yield pages


MIRROR = "http://mirror.example"


def read_mirror(**options):
    return with_client(None, lambda client: client.get("/page"), base_url=MIRROR, **options)


@pytest.mark.parametrize("status", [404, 410, 400])
def test_a_site_without_rules_is_read(status):
    with rules(MIRROR, status) as pages:
        assert read_mirror().body == b"open"
        assert pages.call_count == 1


@pytest.mark.parametrize("status", [401, 403])
def test_rules_that_are_kept_secret_forbid_everything(status):
    with rules(MIRROR, status) as pages:
        with pytest.raises(SourceBlocked, match=r"robots\.txt"):
            read_mirror()
        assert pages.call_count == 0


@pytest.mark.parametrize("status", [500, 503, 429, 501])
def test_rules_that_cannot_be_read_end_the_run(status):
    with rules(MIRROR, status) as pages:
        with pytest.raises(SourceError, match=str(status)):
            read_mirror()
        assert pages.call_count == 0


def test_rules_may_name_the_address_of_a_captcha():
    with rules(MIRROR, 200, b"User-agent: *\nDisallow: /showcaptcha\nDisallow: /captcha_url"):
        assert read_mirror().body == b"open"


def test_a_challenge_instead_of_rules_forbids_everything():
    with rules(MIRROR, 200, b"<html><title>Just a moment...</title>") as pages:
        with pytest.raises(SourceBlocked):
            read_mirror()
        assert pages.call_count == 0


def test_a_pace_at_which_nothing_is_collected_is_a_refusal():
    with rules(MIRROR, 200, b"User-agent: *\nCrawl-delay: 86400") as pages:
        with pytest.raises(SourceBlocked, match="86400"):
            read_mirror()
        assert pages.call_count == 0


def test_crawl_delay_is_shared_by_all_who_read_the_host(site, answer):
    site.robots = "User-agent: *\nCrawl-delay: 0.2"
    times = []

    def route(path):
        times.append(time.monotonic())
        return answer(b"x")

    site.route = route

    async def run():
        hosts = Hosts()

        async def two(target):
            access = Access("cx@example.com", site.url, hosts=hosts)
            async with Client(Shop(), target, access) as client:
                for number in range(2):
                    await client.get(f"/{target}/{number}")

        await asyncio.gather(two("a"), two("b"))

    asyncio.run(run())
    assert len(times) == 4
    gaps = [after - before for before, after in pairwise(times)]
    assert min(gaps) > 0.12
    assert len(site.agents) == 5  # the rules once, each page once


def test_the_source_s_own_pace_is_kept(site, answer):
    site.route = lambda path: answer(b"x")

    async def three(client):
        start = time.monotonic()
        for number in range(3):
            await client.get(f"/{number}")
        return time.monotonic() - start

    assert with_client(site, three, pause=0.15) > 0.4
    assert with_client(site, three, pause=0.0) < 0.3


# What a site says that is no page ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "name"),
    [
        (403, b"<title>Just a moment...</title>", "Just a moment"),
        (507, b"captcha", "captcha"),
        (401, b"", "status 401"),
        (403, b"please log in", "login"),
        (404, b"please solve the CAPTCHA", "captcha"),
        (200, b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>", "Just a moment"),
        (200, b"<html><title>Site</title><form action='/showcaptcha?u=1'></form></html>", "captcha"),
        (200, "<html><title>Вы не робот?</title><p>Подтвердите</p></html>".encode(), "robots"),
        (200, b"<html><body><form><input name='captcha_url'></form>", "captcha"),
    ],
)
def test_a_refusal_ends_at_once_with_its_name(site, answer, status, body, name):
    site.route = lambda path: answer(body, status)
    with pytest.raises(SourceBlocked, match=name):
        read(site)
    assert len(site.asked) == 1


ORDINARY = (
    "<!DOCTYPE html><html><head><title>Отзывы о банке</title>"
    "<script>if (form) { form.captcha = grecaptcha.render('g-recaptcha-response', smartcaptcha) }</script>"
    "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script></head><body>"
    "<form action='/login'><div class='g-recaptcha'></div></form><p>"
    + "Отделение работает быстро, очереди нет. " * 20
    + "</p></body></html>"
)


@pytest.mark.parametrize(
    "body",
    [
        ORDINARY.encode(),
        b"<html><body><script>loadCaptcha('captcha_url')</script><p>one review</p></body></html>",
        b'{"text": "Just a moment... are you a robot? smartcaptcha, captcha_url <form captcha>"}',
        b'<?xml version="1.0"?><rss><channel><title>captcha solver: reviews</title></channel></rss>',
        b"captcha",
    ],
    ids=["login form", "script", "json", "feed", "text"],
)
def test_the_word_captcha_is_no_captcha(site, answer, body):
    site.route = lambda path: answer(body)
    assert read(site).body == body


@pytest.mark.parametrize("piece", [b"<", b"<script", b"<title", b"<form ", b"<form captch", b"<!--"])
def test_a_page_made_to_be_slow_is_judged_quickly(piece):
    start = time.monotonic()
    refusal(200, b"<html>" + piece * (100_000 // len(piece)))
    assert time.monotonic() - start < 1.0


@given(st.sampled_from([200, 403, 404, 507]), st.binary(max_size=200))
def test_any_bytes_are_judged(status, body):
    assert refusal(status, body) is None or status != 200 or b"<" in body


def test_a_refused_key_says_which_to_check(site, answer):
    site.route = lambda path: answer(b"", 403)
    with pytest.raises(SourceBlocked, match="UGC_SOURCES__SHOP__KEY"):
        read(site, source=Keyed(), key=KEY)


def test_a_missing_page_names_the_status(site, answer):
    site.route = lambda path: answer(b"not here", 404)
    with pytest.raises(SourceError, match="404 for /page"):
        read(site)
    assert len(site.asked) == 1


# Coming back later ------------------------------------------------------------------------------


def test_waits_as_long_as_the_site_asks(site, answer):
    stamina.set_testing(False)
    site.route = lambda path: (
        answer(b"", 429, {"Retry-After": "1"}) if len(site.asked) == 1 else answer(b"now")
    )
    told = []
    start = time.monotonic()
    assert read(site, waiting=told.append).body == b"now"
    assert time.monotonic() - start >= 0.95
    assert "asks to wait 1 s" in told[1]
    assert told[-1] == ""


def test_waits_until_the_date_that_the_site_names(site, answer):
    stamina.set_testing(False)
    until = datetime.now(UTC) + timedelta(seconds=2)
    site.route = lambda path: (
        answer(b"", 503, {"Retry-After": format_datetime(until, usegmt=True)})
        if len(site.asked) == 1
        else answer(b"now")
    )
    assert read(site).body == b"now"
    assert datetime.now(UTC) >= until.replace(microsecond=0) - timedelta(milliseconds=50)


@pytest.mark.parametrize(
    "wish", ["121", "86400", "9" * 400, format_datetime(datetime(2990, 1, 1, tzinfo=UTC), usegmt=True)]
)
def test_a_wait_that_is_too_long_ends_the_run_without_asking_sooner(site, answer, wish):
    stamina.set_testing(False)
    site.route = lambda path: answer(b"", 429, {"Retry-After": wish})
    start = time.monotonic()
    with pytest.raises(SourceError, match="429 and asks to wait"):
        read(site)
    assert len(site.asked) == 1
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("wish", ["1", "86400"])
def test_what_a_site_asks_of_one_holds_for_all_who_read_it(site, answer, wish):
    stamina.set_testing(False)
    times = []

    def route(path):
        times.append(time.monotonic())
        return answer(b"", 429, {"Retry-After": wish}) if len(times) == 1 else answer(b"x")

    site.route = route

    async def run():
        access = Access("cx@example.com", site.url)
        async with Client(Shop(), "a", access) as one, Client(Shop(), "b", access) as two:
            first = asyncio.create_task(one.get("/1"))
            while not times:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            return await asyncio.gather(first, two.get("/2"), return_exceptions=True)

    found = asyncio.run(run())
    if wish == "1":
        assert [one.body for one in found] == [b"x", b"x"]
        assert min(times[1:]) - times[0] > 0.95
    else:
        assert all(isinstance(one, SourceError) for one in found)
        assert len(times) == 1


@given(st.one_of(st.text(max_size=20), st.sampled_from(["²", "-5", "1e9", "0x1", "Fri, 99 Foo 9999"])))
def test_any_wish_is_read(value):
    response = httpx.Response(429, headers=[(b"retry-after", value.encode("utf-8", "replace"))])
    assert "429" in str(fetch._later(response))


def test_gives_up_after_the_retries(site, answer):
    site.route = lambda path: answer(b"", 503)
    with pytest.raises(SourceError, match="503"):
        read(site)
    assert len(site.asked) == 2


def test_a_dropped_line_is_tried_again(site, answer):
    site.route = lambda path: answer(b"half", drop=len(site.asked) == 1)
    assert read(site).body == b"half"
    assert len(site.asked) == 2


# Redirects and addresses ------------------------------------------------------------------------


def test_redirect_to_itself_with_a_cookie_is_followed(site, answer):
    def route(path):
        if len(site.asked) == 1:
            return answer(b"", 302, {"Location": path, "Set-Cookie": "seen=1"})
        return answer(b"in")

    site.route = route
    assert read(site, "/list?page=1", Baking()).body == b"in"
    assert site.cookies[-1] == "seen=1"


def test_cookies_are_off_by_default(site, answer):
    site.route = lambda path: answer(b"in", headers={"Set-Cookie": "seen=1"})

    async def two(client):
        await client.get("/1")
        await client.get("/2")

    with_client(site, two)
    assert set(site.cookies) == {""}
    with_client(site, two, Baking())
    assert site.cookies[-1] == "seen=1"


def test_cookies_are_not_kept_for_another_client(site, answer):
    site.route = lambda path: answer(b"in", headers={"Set-Cookie": "seen=1"})
    read(site, source=Baking())
    site.cookies.clear()
    read(site, source=Baking())
    assert set(site.cookies) == {""}


def public(monkeypatch, **others):
    """Lets names of the tests lead to public addresses, or to those given."""

    def found(host, port, *args, **options):
        address = others.get(host.replace(".", "_"), "93.184.215.14")
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", found)


@pytest.mark.parametrize("domain", ["", "; Domain=shop.example"])
def test_cookies_are_never_sent_to_another_host(monkeypatch, domain):
    public(monkeypatch)
    with respx.mock as router:
        router.get(path="/robots.txt").respond(404)
        one = router.get("https://shop.example/1").respond(headers={"Set-Cookie": f"secret=1{domain}"})
        two = router.get("https://api.shop.example/2").respond(200)

        async def both(client):
            await client.get("/1")
            await client.get("/1")
            await client.get("https://api.shop.example/2")

        with_client(None, both, Baking())
    assert one.calls[-1].request.headers["cookie"] == "secret=1"
    assert "cookie" not in two.calls[-1].request.headers


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.2:1/inner",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/",
        "//other.example/x",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/",
        "javascript:alert(1)",
        "http://user@other.example/",
    ],
)
def test_redirects_elsewhere_are_refused(site, answer, location):
    site.route = lambda path: answer(b"", 302, {"Location": location})
    with pytest.raises(SourceError, match=r"another host|no address|is none"):
        read(site)
    assert len(site.asked) == 1


def test_a_redirect_to_another_port_of_the_machine_is_refused(site, answer):
    site.route = lambda path: answer(b"", 302, {"Location": "http://127.0.0.1:1/"})
    with pytest.raises(SourceError, match="another host"):
        read(site)


@pytest.mark.parametrize("location", ["http://[::1", "http://[", "https://a:b:c/", "http://\x7f/", "\x01"])
def test_a_redirect_to_no_address_is_named(site, answer, location):
    site.route = lambda path: answer(b"", 302, {"Location": location})
    with pytest.raises(SourceError):
        read(site)


def test_a_redirect_off_encryption_is_refused(monkeypatch):
    public(monkeypatch)
    with respx.mock as router:
        router.get(path="/robots.txt").respond(404)
        router.get("https://shop.example/1").respond(302, headers={"Location": "http://shop.example/1"})
        with pytest.raises(SourceError, match="another host or scheme"):
            read(None, "/1")


def test_a_circle_of_redirects_ends(site, answer):
    site.route = lambda path: answer(b"", 302, {"Location": path})
    with pytest.raises(SourceError, match="circle"):
        read(site)
    assert len(site.asked) == 5


def test_a_mirror_is_asked_for_whole_addresses_of_the_source_s_hosts(site, answer):
    site.route = lambda path: answer(path.encode())

    async def all_of(client):
        return [
            (await client.get(url)).body
            for url in ("https://shop.example/a?b=1", "https://api.shop.example/c", "/d")
        ]

    assert with_client(site, all_of, Baking()) == [b"/a?b=1", b"/c", b"/d"]
    assert with_client(site, all_of, Baking(), base_url=f"{site.url}/deep/") == [
        b"/deep/a?b=1",
        b"/deep/c",
        b"/deep/d",
    ]


def test_a_redirect_of_a_mirror_to_the_site_itself_stays_on_the_mirror(site, answer):
    def route(path):
        there = {"Location": "https://shop.example/slash/"}
        return answer(b"", 301, there) if path == "/slash" else answer(path.encode())

    site.route = route
    assert read(site, "/slash").body == b"/slash/"


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/x",
        "https://shop.example.other.example/",
        "https://shop.example@other.example/",
        "https://user@api.shop.example/",
        "https://api.shop.example:22/",
        "ftp://shop.example/x",
        "file:///etc/passwd",
        "http://[::1",
        "https://shop.example:99999/",
        "http://127.0.0.1/",
    ],
)
def test_addresses_of_other_hosts_are_refused(site, url):
    with pytest.raises(SourceError):
        read(site, url, Baking())
    assert site.agents == []


def test_what_the_user_named_is_allowed_and_nothing_else(site, answer):
    site.route = lambda path: answer(b"named")

    async def named(client):
        client.allow("https://Named.example/any")
        body = (await client.get("https://named.example/page")).body
        with pytest.raises(SourceError, match="another host"):
            await client.get("https://below.named.example/page")
        return body

    assert with_client(site, named) == b"named"


def test_hosts_below_a_star():
    assert matches("a.b.shop.example", "*.shop.example")
    assert not matches("shop.example", "*.shop.example")
    assert not matches("evilshop.example", "*.shop.example")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
    ],
)
def test_names_that_lead_into_a_private_network_are_refused(monkeypatch, address):
    public(monkeypatch, shop_example=address)
    with respx.mock(assert_all_called=False) as router:
        asked = router.route()
        with pytest.raises(SourceError, match="not a public address"):
            read(None)
    assert asked.call_count == 0


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://2130706433/", "http://[::1]/", "http://0x7f.1/"]
)
def test_private_addresses_in_any_writing_are_refused(url):
    with pytest.raises(SourceError):
        asyncio.run(check_address(url, own=False))


def test_a_private_host_that_another_client_may_read_stays_closed(site, answer):
    """The rules of a mirror are known to all clients; the right to read it is not."""
    site.route = lambda path: answer(b"secret")

    async def run():
        hosts = Hosts()
        async with Client(Shop(), "a", Access("cx@example.com", site.url, hosts=hosts)) as client:
            await client.get("/page")
        async with Client(Shop(), "b", Access("cx@example.com", hosts=hosts)) as client:
            client.allow(site.url)
            with pytest.raises(SourceError, match="not a public address"):
                await client.get(f"{site.url}/page")

    asyncio.run(run())
    assert site.asked == ["/page"]


def test_a_name_that_changes_between_check_and_use_is_refused(site, answer, monkeypatch):
    """The check sees a public address; the line then leads to this machine."""
    monkeypatch.delenv("HTTP_PROXY", raising=False)
    monkeypatch.setattr(fetch, "getproxies", dict)
    port = site.url.rpartition(":")[2]
    real, asked = socket.getaddrinfo, []

    def found(host, *args, **options):
        if host not in {"rebound.example", b"rebound.example"}:
            return real(host, *args, **options)
        asked.append(host)
        address = "93.184.215.14" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, int(port)))]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    site.route = lambda path: answer(b"secret")

    async def rebound(client):
        client.allow(f"http://rebound.example:{port}/")
        return await client.get(f"http://rebound.example:{port}/page")

    with pytest.raises(SourceError, match="not a public address"):
        with_client(None, rebound)
    assert site.asked == []


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
