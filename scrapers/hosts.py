"""The hosts that are read: which may be, what their robots.txt says, and each one's pace."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiolimiter import AsyncLimiter
from protego import Protego

from ugc.errors import SourceBlocked, SourceError

__all__ = ["LONGEST_PAUSE", "Host", "Hosts", "check_address", "check_public", "matches"]

LONGEST_PAUSE = 300.0
"""Seconds between two requests; with more a site says that it is not to be read."""


def matches(host: str, pattern: str) -> bool:
    """Whether a host is the one named, or lies below `*.example.com`."""
    return host == pattern or (pattern.startswith("*.") and host.endswith(pattern[1:]))


async def check_address(url: str, *, own: bool) -> None:
    """`SourceError` for anything but http(s) to a public address.

    `own` says that the user set this very address, which may then lie in the user's own network.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SourceError(
            f"{parts.scheme}://{parts.netloc} is not an http(s) address.",
            "Name one that begins with https://.",
        )
    if own:
        return
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            parts.hostname, parts.port or 443, proto=socket.IPPROTO_TCP
        )
    except (socket.gaierror, UnicodeError) as error:
        raise SourceError(f"{parts.hostname} cannot be found: {error}.", "Check the network.") from error
    for *_, address in found:
        check_public(parts.hostname, str(address[0]))


def check_public(host: str, address: str) -> None:
    """`SourceError` for an address of a private, local or reserved network."""
    if not ipaddress.ip_address(address.partition("%")[0]).is_global:
        raise SourceError(
            f"{host} points to {address}, which is not a public address.",
            "Only a base_url that you set yourself may lie in your own network.",
        )


@dataclass
class Host:
    """One host: its rules and its pace, shared by all that read it at the same time."""

    name: str
    pause: float = 0.0
    robots: Protego | None = None
    ready: asyncio.Lock = field(default_factory=asyncio.Lock)
    _limiter: AsyncLimiter | None = None
    _rests: float = 0.0
    """Until when the host asked to be left alone, by the monotonic clock."""

    async def learn(self, agent: str, pause: float, text: Callable[[], Awaitable[bytes]]) -> Protego:
        """The rules of the host, read at the first call; sets the pace.

        Args:
            agent: the User-Agent the rules are asked for.
            pause: least seconds between requests that the reader wants to keep.
            text: reads robots.txt.

        Raises:
            SourceBlocked: the rules ask for a pace at which nothing can be collected.
        """
        async with self.ready:
            if self.robots is None:
                self.robots = Protego.parse((await text()).decode("utf-8", "replace"))
            slowest = max(self.pause, pause, float(self.robots.crawl_delay(agent) or 0))
            if slowest > LONGEST_PAUSE:
                raise SourceBlocked(
                    f"robots.txt of {self.name} asks for {slowest:.0f} s between two requests.",
                    "So slowly nothing is collected. Use an export of the site, or pages you saved yourself.",
                )
            if slowest > self.pause:
                self.pause = slowest
                self._limiter = AsyncLimiter(1, slowest)
                # What was read before counts as the first request of the new pace.
                await self._limiter.acquire()
            return self.robots

    def check(self, url: str, agent: str) -> None:
        """`SourceBlocked` for an address that the rules forbid."""
        if self.robots is not None and not self.robots.can_fetch(url, agent):
            raise SourceBlocked(
                f"robots.txt of {self.name} forbids {urlsplit(url).path}.",
                "It is left alone. Use an export of the site, or pages you saved yourself.",
            )

    def rest(self, seconds: float) -> None:
        """Lets nobody ask for so long, because the host said so to one who asked."""
        self._rests = max(self._rests, time.monotonic() + seconds)

    async def turn(self) -> None:
        """Waits until the next request may be sent; `SourceError` where that is too long."""
        while (left := self._rests - time.monotonic()) > 0:
            if left > LONGEST_PAUSE:
                raise SourceError(
                    f"{self.name} asks to be left alone for {left:.0f} s more.",
                    "Run the same command again later.",
                )
            await asyncio.sleep(left)
        if self._limiter is not None:
            await self._limiter.acquire()


class Hosts:
    """All hosts that are read at the same time; one object for all clients of a collection."""

    def __init__(self) -> None:
        """Knows no host yet."""
        self._known: dict[str, Host] = {}

    def __getitem__(self, name: str) -> Host:
        """The host with that name and port."""
        return self._known.setdefault(name, Host(name))
