"""The polite client: robots.txt first, an honest name, a steady pace, and no way around a refusal."""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit
from urllib.request import getproxies

import httpx
import stamina

from scrapers.archive import Archive
from scrapers.closed import refuse_closed
from scrapers.hosts import Hosts, check_address, check_public, matches
from scrapers.refusals import REFUSALS, refusal
from scrapers.source import Source, Where
from scrapers.unpack import PACKED, BodyBroken, BodyTooLong, Unpacker
from ugc import __version__
from ugc.errors import SettingsError, SourceBlocked, SourceError

__all__ = ["LONGEST", "MAX_BYTES", "Access", "Answer", "Client"]

MAX_BYTES = 16 * 1024 * 1024
"""Longest response that is read, in bytes after decompression."""

LONGEST = 90.0
"""Longest time that one response may take, in seconds."""

_MAX_REDIRECTS = 5
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""Variables in which the user may name other certificates than the shipped ones."""

_LONGEST_WAIT = 120.0
"""Seconds that a site may ask to wait before the run ends instead."""

_ROBOT = "ugc"
"""The name that robots.txt is asked for; the contact beside it in the User-Agent may hold any word."""

_SHORTEST_KEY = 8
"""Shorter keys are not looked for in what a site says: they would be found in any text."""

# They log addresses with their queries, and headers: keys travel in both.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class _TryLater(Exception):
    """The site asked to come back later (429, 5xx) or the line broke; `after` is its wish in seconds."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


@dataclass(frozen=True)
class Access:
    """Who reads a site, from where, and how.

    Attributes:
        contact: named in the User-Agent; without one nothing is read.
        base_url: where the site is read from instead of its own address: a mirror, which alone may
            lie on this machine or in a private network.
        pause: seconds between two requests to a host instead of the source's own.
        key: the user's key of the site.
        robots: whether robots.txt is obeyed; only a source with a key can be freed of it.
        attempts: how often a request is tried.
        since: the day down to which the user wants to read.
        hosts: rules and pace of the hosts, shared by clients that run side by side.
        archive: keeps every page.
        waiting: is told why the client waits, and "" when it goes on.
    """

    contact: str | None = None
    base_url: str | None = None
    pause: float | None = None
    key: str | None = field(default=None, repr=False)
    robots: bool = True
    attempts: int = 4
    since: date | None = None
    hosts: Hosts = field(default_factory=Hosts)
    archive: Archive | None = None
    waiting: Callable[[str], None] = lambda reason: None

    def agent(self) -> str:
        """The User-Agent; `SettingsError` without a contact."""
        if not self.contact:
            raise SettingsError(
                "Collecting needs a contact that the sites can reach.",
                'Put contact = "you@company.example" into ugc.toml, or set UGC_CONTACT.',
            )
        return f"ugc/{__version__} (+{self.contact})"

    def key_for(self, source: Source) -> str:
        """The user's key of a source, "" where it needs none; `SettingsError` where it is lacking."""
        if source.key and not self.key:
            raise SettingsError(
                f"{source.title} needs {source.needs}.",
                f"Put it into the variable UGC_SOURCES__{source.name.upper()}__KEY.",
            )
        return self.key or ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site answered: the body, where it comes from, and the headers in lower case."""

    body: bytes
    where: Where
    headers: Mapping[str, str]


class Client:
    """Reads pages of one source for one target; use as an async context manager.

    Attributes:
        since: the day down to which the user wants to read.
    """

    def __init__(self, source: Source, target: str, access: Access) -> None:
        """`SettingsError` without a contact, or without the key that the source needs."""
        self.since = access.since
        self._source, self._target, self._access = source, target, access
        self._pause = source.pause if access.pause is None else access.pause
        self._agent, self._key = access.agent(), access.key_for(source)
        # Through a proxy the peer is the proxy, which looks the names up by itself.
        self._direct = access.base_url is None and not getproxies()
        self._named: set[str] = set()
        self._checked: set[str] = set()
        self._cookies_of = ""
        policy = DefaultCookiePolicy(allowed_domains=None if source.cookies else [])
        self._http = httpx.AsyncClient(
            headers={
                "User-Agent": self._agent,
                "Accept-Language": "ru,en;q=0.8,pl;q=0.7",
                "Accept-Encoding": PACKED,
            },
            cookies=CookieJar(policy),
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=access.base_url is None,
            verify=_trust(access.base_url is None, *map(os.environ.get, _CERTIFICATES)),
        )

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    @property
    def key(self) -> str:
        """The user's key; "" for a source that needs none. Never put it into a `Record` or a path."""
        return self._key

    def allow(self, url: str) -> None:
        """Lets addresses of the host of `url` be read, because the user named it.

        `InputError` for a site that is not read by programs.
        """
        refuse_closed(url)
        try:
            self._named.add(urlsplit(str(httpx.URL(url))).netloc)
        except httpx.InvalidURL as error:
            raise SourceError(f"{url} is no address ({error}).", "Copy it from the browser.") from error

    async def get(
        self,
        path: str,
        params: Mapping[str, str | int] | None = None,
        *,
        secret: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        reviews: bool = True,
    ) -> Answer:
        """A page of the site.

        Args:
            path: below the source's `base_url`, or a whole address of one of its hosts.
            params: the query.
            secret: further parts of the query that are neither shown nor kept.
            headers: further headers; neither shown nor kept.
            reviews: whether the page holds reviews, which is what is parsed again from an archive.

        Raises:
            SourceBlocked: robots.txt, a login or a captcha says no.
            SourceError: it cannot be read after the retries, is too long, or leads away.
        """
        answer = await self._read("GET", path, params, secret=secret, headers=headers, reviews=reviews)
        if answer is None:
            raise SourceError(f"{self._source.title} answered 304 unasked.", "Run the command again later.")
        return answer

    async def post(
        self,
        path: str,
        *,
        form: Mapping[str, str] | None = None,
        json: Any = None,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        reviews: bool = True,
    ) -> Answer:
        """What the site answers to a form or a JSON document; else like `get`."""
        sent = {"data": form} if json is None else {"json": json}
        answer = await self._read("POST", path, params, headers=headers, reviews=reviews, sent=sent)
        if answer is None:
            raise SourceError(f"{self._source.title} answered 304 unasked.", "Run the command again later.")
        return answer

    async def changed(self, path: str, known: Mapping[str, str]) -> tuple[Answer | None, dict[str, str]]:
        """A page unless it is as it was, and what to ask with the next time.

        `known` and the second result are the validators `etag` and `modified` (RFC 9110, 13.1),
        to be kept in the cursor.
        """
        asked = {
            header: known[name]
            for header, name in (("If-None-Match", "etag"), ("If-Modified-Since", "modified"))
            if known.get(name)
        }
        answer = await self._read("GET", path, None, headers=asked)
        if answer is None:
            return None, dict(known)
        told = (("etag", "etag"), ("modified", "last-modified"))
        return answer, {name: answer.headers[header] for name, header in told if header in answer.headers}

    def _address(self, path: str) -> str:
        """A whole address; `SourceError` for one of a host that is none of this source's."""
        own = urlsplit(self._source.base_url).netloc
        try:
            url = path if "://" in path else urljoin(self._source.base_url + "/", path.lstrip("/"))
            parts = urlsplit(str(httpx.URL(url)))
            allowed = parts.netloc in {own, *self._named} or (
                parts.port in {None, 80, 443}
                and "@" not in parts.netloc
                and any(matches(parts.hostname or "", pattern) for pattern in self._source.hosts)
            )
        except (ValueError, httpx.InvalidURL) as error:
            raise SourceError(
                f"{self._source.title} names an address that is none ({error}).", "Check the target."
            ) from error
        if parts.scheme not in {"http", "https"} or not allowed:
            raise SourceError(
                f"{self._source.title} names an address of another host: {parts.scheme}://{parts.netloc}.",
                "Addresses of other hosts are not followed.",
            )
        return url

    def _mirrored(self, url: str) -> str:
        """The address that is really asked: the mirror's, where the user set one."""
        if self._access.base_url is None:
            return url
        mirror, parts = urlsplit(self._access.base_url), urlsplit(url)
        path = mirror.path.rstrip("/") + parts.path
        return urlunsplit((mirror.scheme, mirror.netloc, path, parts.query, ""))

    async def _read(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None,
        *,
        secret: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        reviews: bool = True,
        sent: Mapping[str, Any] | None = None,
    ) -> Answer | None:
        """One page of the site by its rules and at its pace; `None` when it is as it was."""
        bare = httpx.URL(self._address(path))
        url = bare.copy_merge_params(dict(params)) if params else bare
        shown = str(url)
        asked = str(url.copy_merge_params(dict(secret)) if secret else url)
        real = self._mirrored(asked)
        await self._ask_robots(real)
        status, told, body = await self._tried(method, real, dict(headers or {}), dict(sent or {}))
        # Some sites give the key back, in the address of the next page for instance.
        keys = [*(secret or {}).values(), self.key]
        body = _without(keys, body)
        told = {name: _without(keys, value.encode()).decode() for name, value in told.items()}
        where = Where(self._target, shown)
        if self._access.archive is not None and status == 200:
            self._access.archive.keep(where, status, told, body, reviews=reviews)
        return None if status == 304 else Answer(body, where, told)

    async def _ask_robots(self, url: str) -> None:
        """Reads robots.txt of a host once, sets the pace, and refuses what it forbids."""
        parts = urlsplit(url)
        host = self._access.hosts[parts.netloc]
        if parts.netloc not in self._checked:  # though the rules may be known from another client
            await check_address(url, own=self._access.base_url is not None)
            self._checked.add(parts.netloc)
        root = f"{parts.scheme}://{parts.netloc}"
        await host.learn(_ROBOT, self._pause, lambda: self._robots_text(root))
        if self._access.robots or not self._source.key:
            host.check(url, _ROBOT)

    async def _robots_text(self, root: str) -> bytes:
        """The rules of a host; none where it has no robots.txt (RFC 9309, 2.3.1.3)."""
        try:
            _, _, body = await self._tried("GET", root + "/robots.txt", {}, {}, missing_is_empty=True)
        except SourceBlocked:
            return b"User-agent: *\nDisallow: /"
        return body

    async def _tried(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        sent: dict[str, Any],
        *,
        missing_is_empty: bool = False,
    ) -> tuple[int, dict[str, str], bytes]:
        """One page with retries; waits as long as the site asks."""
        try:
            async for attempt in stamina.retry_context(
                on=self._wait, attempts=self._access.attempts, timeout=None, wait_initial=0.5, wait_max=20.0
            ):
                with attempt:
                    found = await self._followed(method, url, headers, sent, missing_is_empty)
                    self._access.waiting("")
                    return found
        except _TryLater as error:
            host = urlsplit(url).netloc
            raise SourceError(
                f"{host} could not be read: {error}.", "Run the same command again later."
            ) from error
        raise AssertionError("a retry loop ends with an answer or an error")

    def _wait(self, error: Exception) -> bool | float:
        """Tells stamina whether to retry, and how long to wait when the site said so."""
        if not isinstance(error, _TryLater) or (error.after or 0) > _LONGEST_WAIT:
            return False
        self._access.waiting(str(error))
        return True if error.after is None else error.after

    async def _followed(
        self, method: str, url: str, headers: dict[str, str], sent: dict[str, Any], missing_is_empty: bool
    ) -> tuple[int, dict[str, str], bytes]:
        """One page, following redirects within its host only."""
        for _ in range(_MAX_REDIRECTS):
            await self._access.hosts[urlsplit(url).netloc].turn()
            status, told, body = await self._request(method, url, headers, sent)
            if status in {301, 302, 303, 307, 308}:
                url = self._redirect(url, told.get("location", ""))
                if status == 303 or (status in {301, 302} and method == "POST"):
                    method, sent = "GET", {}
                continue
            if missing_is_empty and 400 <= status < 500 and status not in REFUSALS:
                return status, told, b""
            # Rules may name the address of a captcha without being one.
            rules = missing_is_empty and status == 200 and not body.lstrip().startswith(b"<")
            if status != 304 and not rules:
                self._refuse(url, status, body)
            return status, told, body
        shown = urlsplit(url)
        raise SourceError(
            f"{shown.netloc}{shown.path} redirects in a circle.", "The site has changed; report it."
        )

    async def _request(
        self, method: str, url: str, headers: dict[str, str], sent: dict[str, Any]
    ) -> tuple[int, dict[str, str], bytes]:
        """Sends one request; reads at most MAX_BYTES, for at most LONGEST seconds."""
        host = urlsplit(url).netloc
        if host != self._cookies_of:  # a jar would give them to hosts below the one they came from
            self._http.cookies.clear()
            self._cookies_of = host
        try:
            async with (
                asyncio.timeout(LONGEST),
                self._http.stream(method, url, headers=headers, **sent) as response,
            ):
                self._check_peer(host, response)
                if response.status_code == 429 or response.status_code in {408, 500, 502, 503, 504}:
                    later = _later(response)
                    self._access.hosts[host].rest(later.after or 0.0)
                    raise later
                body = Unpacker(response.headers.get("content-encoding", ""), MAX_BYTES)
                async for piece in response.aiter_raw():
                    body.feed(piece)
                return response.status_code, dict(response.headers), body.whole()
        except TimeoutError as error:
            raise _TryLater(f"it took longer than {LONGEST:.0f} s") from error
        except httpx.TransportError as error:
            raise _TryLater(f"{type(error).__name__} {error}".strip()) from error
        except httpx.InvalidURL as error:  # httpx reads the address of a redirect by itself
            raise SourceError(
                f"{host} redirects to an address that is none ({error}).", "Try again later."
            ) from error
        except BodyBroken as error:
            raise _TryLater(f"its compression is broken ({error})") from error
        except BodyTooLong as error:
            raise SourceError(
                f"A page of {host} is longer than {MAX_BYTES // 1024 // 1024} MB.", "It was not taken."
            ) from error

    def _check_peer(self, host: str, response: httpx.Response) -> None:
        """`SourceError` when the name led to a private address after all, between check and use."""
        stream = response.extensions.get("network_stream")
        peer = stream.get_extra_info("server_addr") if stream is not None else None
        if peer and self._direct:
            check_public(host, str(peer[0]))

    def _redirect(self, url: str, location: str) -> str:
        """Where a redirect leads; `SourceError` when that is another host or scheme."""
        here = urlsplit(url)
        try:
            there = str(httpx.URL(urljoin(url, location)))
        except (ValueError, httpx.InvalidURL) as error:
            raise SourceError(
                f"{here.netloc} redirects to an address that is none ({error}).", "Try again later."
            ) from error
        new = urlsplit(there)
        own = {urlsplit(self._source.base_url).netloc, *self._named}
        if self._access.base_url is not None and new.netloc in own:
            return self._mirrored(there)
        weaker = here.scheme == "https" and new.scheme == "http"
        if new.scheme not in {"http", "https"} or new.netloc != here.netloc or weaker:
            raise SourceError(
                f"{here.netloc} redirects to {new.scheme}://{new.netloc}, another host or scheme.",
                "Redirects to other hosts are not followed. Is it the same site? Then name that address.",
            )
        return there

    def _refuse(self, url: str, status: int, body: bytes) -> None:
        """Ends the run where the site does not want to be read, or has nothing there."""
        host = urlsplit(url).netloc
        named = refusal(status, body)
        if named is not None:
            mend = "It is left alone. Use an export or saved pages."
            if self._source.key and status in {401, 402, 403}:
                mend = f"Check UGC_SOURCES__{self._source.name.upper()}__KEY, and what that key may read."
            raise SourceBlocked(f"{host} refuses to be read ({named}).", mend)
        if status != 200:
            raise SourceError(f"{host} answered {status} for {urlsplit(url).path}.", "Check the target.")


@cache
def _trust(own: bool, *named: str | None) -> ssl.SSLContext:
    """Whom to trust, read once: that takes as long as several requests.

    Where the variables of the user count (`own`) they are looked at; `named` tells when they changed.
    """
    return httpx.create_ssl_context(trust_env=own)


def _without(keys: Iterable[str], told: bytes) -> bytes:
    """What a site told without the keys it was asked with, in any writing of an address or of JSON."""
    for key in keys:
        if len(key) >= _SHORTEST_KEY:
            for form in (key, quote(key), quote(key, safe=""), key.replace("/", "\\/")):
                told = told.replace(form.encode(), b"***")
    return told


def _later(response: httpx.Response) -> _TryLater:
    """Why a response is to be asked for again, and after how many seconds by its `Retry-After`."""
    value = response.headers.get("retry-after", "").strip()
    after: float | None = None
    if value.isascii() and value.isdigit():
        after = float(value)
    elif value:
        try:
            told = parsedate_to_datetime(value)
        except ValueError:
            told = None
        if told is not None:
            told = told if told.tzinfo else told.replace(tzinfo=UTC)
            after = max(0.0, (told - datetime.now(UTC)).total_seconds())
    asks = f" and asks to wait {after:.0f} s" if after is not None else ""
    return _TryLater(f"it answered {response.status_code}{asks}", after)
