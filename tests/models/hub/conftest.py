"""Tiny models of the hub, made once, and a hub on loopback."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from tests.models.hub.tiny import FELT, OPINIONS, make


@pytest.fixture(scope="session", autouse=True)
def _no_bars() -> Iterator[None]:
    """Keeps the saving of models from drawing bars."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    yield
    logging.enable_progress_bar()


@pytest.fixture(scope="session")
def opinions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of sentiment: positive, negative, neutral."""
    return make(tmp_path_factory.mktemp("hub") / "opinions", OPINIONS)


@pytest.fixture(scope="session")
def felt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of emotions with a sigmoid for each label."""
    return make(tmp_path_factory.mktemp("hub") / "felt", FELT, problem_type="multi_label_classification")


@dataclass
class Hub:
    """A hub on loopback: `models` holds files by path, by name; `asked` the paths it was asked for."""

    COMMIT: ClassVar[str] = "0123456789" * 4
    url: str
    models: dict[str, dict[str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for a path."""
        for name, files in self.models.items():
            marks = {file: hashlib.sha1(body).hexdigest() for file, body in files.items()}
            if path == f"/api/models/{name}/revision/main":
                siblings = [{"rfilename": file} for file in files]
                return self._json({"id": name, "sha": self.COMMIT, "siblings": siblings})
            if path.startswith(f"/api/models/{name}/tree/"):
                tree = [
                    {"type": "file", "path": file, "size": len(body), "oid": marks[file]}
                    for file, body in files.items()
                ]
                return self._json(tree)
            file = path.removeprefix(f"/{name}/resolve/{self.COMMIT}/")
            if file in files:
                return 200, {"ETag": f'"{marks[file]}"', "X-Repo-Commit": self.COMMIT}, files[file]
        known = any(name in path for name in self.models)
        return 404, {"X-Error-Code": "EntryNotFound" if known else "RepoNotFound"}, b""

    @staticmethod
    def _json(value: object) -> tuple[int, dict[str, str], bytes]:
        return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A hub in the manner of the real one, as far as fetching a model goes."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.asked.append(self.path)
            status, headers, body = here.answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *args: object) -> None:
            """Keeps the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here = Hub(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield here
    server.shutdown()
    server.server_close()
    thread.join()
