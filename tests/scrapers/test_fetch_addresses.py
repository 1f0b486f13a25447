"""The client against a real server: cookies, redirects, and addresses that are refused."""

from __future__ import annotations

import asyncio
import socket

import pytest
import respx

from scrapers import fetch
from scrapers.fetch import Access, Client
from scrapers.hosts import Hosts, check_address, matches
from tests.scrapers.client import Baking, Shop, public, read, with_client
from ugc.errors import SourceError

pytestmark = pytest.mark.usefixtures("quick_retries")


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
