"""The client against a real server: who asks, at which pace, and what is no page."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import httpx
import pytest
import stamina
from hypothesis import given
from hypothesis import strategies as st

from scrapers import fetch
from scrapers.fetch import Access, Client
from scrapers.hosts import Hosts
from scrapers.refusals import refusal
from tests.scrapers.client import KEY, MIRROR, Keyed, Shop, read, read_mirror, rules, with_client
from ugc.errors import SettingsError, SourceBlocked, SourceError

pytestmark = pytest.mark.usefixtures("quick_retries")


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
