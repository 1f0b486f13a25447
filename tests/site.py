"""A real HTTP server on loopback that plays a review site, faults included."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest


@dataclass
class Answer:
    """What the site says to one request."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    """Closes the line in the middle of the body."""


@dataclass(frozen=True)
class Asked:
    """One request that the site got; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the address; of repeated ones the last."""
        return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """The parameters of the form that was sent."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Site:
    """The site: `route` answers a path with query; `asked` lists the requests it got.

    `requests` has them whole, the newest last: a route that needs more than the path looks there.
    """

    url: str
    route: Callable[[str], Answer]
    robots: str = ""
    asked: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    requests: list[Asked] = field(default_factory=list)


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            here.agents.append(self.headers["User-Agent"])
            here.cookies.append(self.headers.get("Cookie", ""))
            if self.path == "/robots.txt":
                answer = Answer(here.robots.encode()) if here.robots else Answer(status=404)
            else:
                told = {name.lower(): value for name, value in self.headers.items()}
                here.requests.append(Asked(self.command, self.path, told, body))
                here.asked.append(self.path)
                answer = here.route(self.path)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            length = len(answer.body) * (2 if answer.drop else 1)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(answer.body)
            if answer.drop:
                self.wfile.flush()
                self.connection.close()

        def log_message(self, *args: object) -> None:
            """Keeps the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here = Site(f"http://127.0.0.1:{server.server_port}", lambda path: Answer(status=404))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield here
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def answer() -> type[Answer]:
    """The class of answers, for routes."""
    return Answer
