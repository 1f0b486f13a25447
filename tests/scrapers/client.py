"""The sources that the tests of the client read as, and the ways in which they ask."""

from __future__ import annotations

import asyncio
import socket
from contextlib import contextmanager

import respx

from scrapers.fetch import Access, Client
from scrapers.source import Page, Source

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


def public(monkeypatch, **others):
    """Lets names of the tests lead to public addresses, or to those given."""

    def found(host, port, *args, **options):
        address = others.get(host.replace(".", "_"), "93.184.215.14")
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", found)
