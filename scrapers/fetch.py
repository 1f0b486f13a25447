"""The polite client: robots.txt first, an honest name, a steady pace, and no way around a refusal."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import httpx
import stamina
from aiolimiter import AsyncLimiter
from protego import Protego

from ugc import __version__
from ugc.errors import SettingsError, SourceBlocked, SourceError

__all__ = ["MAX_BYTES", "Client"]

MAX_BYTES = 16 * 1024 * 1024
"""Longest response that is read, in bytes after decompression."""

_MAX_REDIRECTS = 5
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_LONGEST_WAIT = 120.0
_BLOCK_WORDS = (b"just a moment", b"captcha", b"are you a human", b"showcaptcha")


class _TryLater(Exception):
    """The site asked to come back later (429, 5xx) or the line broke; `after` is its wish in seconds."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


def _wait_hint(error: Exception) -> bool | float:
    """Tells stamina whether to retry, and how long to wait when the site said so."""
    if isinstance(error, _TryLater):
        return True if error.after is None else min(error.after, _LONGEST_WAIT)
    return False


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds of a `Retry-After` header in its numeric form."""
    value = response.headers.get("retry-after", "")
    return float(value) if value.isdigit() else None


class Client:
    """Reads pages of one site.

    `base_url` is where the site is read from; `mirror` says that the user set it, and only then
    may it lie on this machine or in a private network. `contact` is named in the User-Agent;
    without one `SettingsError`. `pause` is the least time between requests in seconds; a longer
    crawl-delay of the site wins. Use as an async context manager.
    """

    def __init__(
        self, base_url: str, *, contact: str | None, pause: float, mirror: bool = False, attempts: int = 4
    ) -> None:
        if not contact:
            raise SettingsError(
                "Collecting needs a contact that the sites can reach.",
                'Put contact = "you@company.example" into ugc.toml, or set UGC_CONTACT.',
            )
        self.base_url = base_url.rstrip("/")
        self._mirror = mirror
        self._attempts = attempts
        self._pause = pause
        self._agent = f"ugc/{__version__} (+{contact})"
        self._http = httpx.AsyncClient(
            headers={"User-Agent": self._agent, "Accept-Language": "ru,en;q=0.8,pl;q=0.7"},
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=not mirror,
        )
        self._limiter: AsyncLimiter | None = None
        self._robots: Protego | None = None

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def get(self, path: str, params: Mapping[str, str | int] | None = None) -> bytes:
        """The body of a page of the site.

        `SourceBlocked` when robots.txt, a login or a captcha says no; `SourceError` when it cannot
        be read after the retries, is too long, or leads away from the site.
        """
        url = str(httpx.URL(urljoin(self.base_url + "/", path.lstrip("/")), params=params))
        await self._ask_robots(url)
        return await self._read(url)

    async def _ask_robots(self, url: str) -> None:
        """Reads robots.txt once, sets the pace, and refuses what it forbids."""
        if self._robots is None:
            self._check_address(self.base_url)
            self._robots = Protego.parse(await self._robots_text())
            delay = self._robots.crawl_delay(self._agent)
            self._pause = max(self._pause, float(delay or 0))
            if self._pause:
                self._limiter = AsyncLimiter(1, self._pause)
        if not self._robots.can_fetch(url, self._agent):
            raise SourceBlocked(
                f"robots.txt of {urlsplit(url).netloc} forbids {urlsplit(url).path}.",
                "It is left alone. Use an export of the site, or pages you saved yourself.",
            )

    async def _robots_text(self) -> str:
        """The rules of the site; none where it has no robots.txt (RFC 9309, 2.3.1.3)."""
        try:
            return (await self._read(self.base_url + "/robots.txt", missing_is_empty=True)).decode(
                "utf-8", "replace"
            )
        except SourceBlocked:
            return "User-agent: *\nDisallow: /"

    async def _read(self, url: str, *, missing_is_empty: bool = False) -> bytes:
        """One page with retries; waits as long as the site asks."""
        try:
            async for attempt in stamina.retry_context(
                on=_wait_hint, attempts=self._attempts, timeout=None, wait_initial=0.5, wait_max=20.0
            ):
                with attempt:
                    return await self._read_once(url, missing_is_empty)
        except _TryLater as error:
            raise SourceError(
                f"{urlsplit(url).netloc} could not be read: {error}.", "Run the same command again later."
            ) from error
        raise AssertionError("a retry loop ends with an answer or an error")

    async def _read_once(self, url: str, missing_is_empty: bool) -> bytes:
        """One page, following redirects within the site only."""
        for _ in range(_MAX_REDIRECTS):
            if self._limiter is not None:
                await self._limiter.acquire()
            status, headers, body = await self._request(url)
            if status in {301, 302, 303, 307, 308}:
                url = self._redirect(url, headers.get("location", ""))
                continue
            if missing_is_empty and status in {404, 410}:
                return b""
            self._refuse(url, status, body)
            return body
        raise SourceError(f"{url} redirects in a circle.", "The site has changed; report it.")

    async def _request(self, url: str) -> tuple[int, httpx.Headers, bytes]:
        """Sends one request; reads at most MAX_BYTES."""
        try:
            async with self._http.stream("GET", url) as response:
                if response.status_code == 429 or response.status_code in {500, 502, 503, 504}:
                    raise _TryLater(f"it answered {response.status_code}", _retry_after(response))
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > MAX_BYTES:
                        raise SourceError(
                            f"{url} is longer than {MAX_BYTES // 1024 // 1024} MB.", "It was not taken."
                        )
                return response.status_code, response.headers, bytes(body)
        except httpx.TransportError as error:
            raise _TryLater(f"{type(error).__name__} {error}".strip()) from error

    def _redirect(self, url: str, location: str) -> str:
        """Where a redirect leads; `SourceError` when that is another host or scheme."""
        there = urljoin(url, location)
        here, new = urlsplit(url), urlsplit(there)
        if new.scheme not in {"http", "https"} or new.netloc != here.netloc:
            raise SourceError(
                f"{here.netloc} redirects to {new.scheme}://{new.netloc}, another host.",
                "Redirects to other hosts are not followed.",
            )
        return there

    def _refuse(self, url: str, status: int, body: bytes) -> None:
        """Ends the run where the site does not want to be read, or has nothing there."""
        host = urlsplit(url).netloc
        seen = body[:20_000].lower()
        if status in {401, 403, 407, 451, 507} or (
            status != 200 and any(word in seen for word in _BLOCK_WORDS)
        ):
            named = next((word.decode() for word in _BLOCK_WORDS if word in seen), f"status {status}")
            raise SourceBlocked(
                f"{host} refuses to be read ({named}).", "It is left alone. Use an export or saved pages."
            )
        if status != 200:
            raise SourceError(f"{host} answered {status} for {urlsplit(url).path}.", "Check the target.")

    def _check_address(self, url: str) -> None:
        """`SourceError` for anything but http(s) to a public address, unless the user set a mirror."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise SourceError(f"{url} is not an http(s) address.", "Set base_url to one.")
        if self._mirror:
            return
        try:
            found = socket.getaddrinfo(parts.hostname, parts.port or 443, proto=socket.IPPROTO_TCP)
        except socket.gaierror as error:
            raise SourceError(f"{parts.hostname} cannot be found: {error}.", "Check the network.") from error
        for *_, address in found:
            if not ipaddress.ip_address(address[0]).is_global:
                raise SourceError(
                    f"{parts.hostname} points to {address[0]}, which is not a public address.",
                    "Only a base_url that you set yourself may lie in your own network.",
                )
