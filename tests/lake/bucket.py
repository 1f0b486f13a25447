"""A bucket of an object store on the loopback, as far as a lake needs one.

It speaks the part of the S3 protocol that Delta uses: put (also only where nothing lies yet), get
of a range, head, list, delete of one and of many. Everything is held in memory. It is a process of
its own, for Delta waits for its answers without letting other threads run; it prints its address.
"""

from __future__ import annotations

import hashlib
import sys
import threading
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape


class Bucket(ThreadingHTTPServer):
    """One bucket of any name."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, bytes] = {}
        self.lock = threading.Lock()


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Bucket
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _parts(self) -> tuple[str, dict[str, list[str]]]:
        """Key of the object and the parameters."""
        address = urlsplit(self.path)
        key = unquote(address.path).lstrip("/").partition("/")[2]
        return key, parse_qs(address.query, keep_blank_values=True)

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", headers.pop("length", str(len(body))))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _about(self, content: bytes) -> dict[str, str]:
        return {"ETag": f'"{hashlib.md5(content).hexdigest()}"', "Last_Modified": formatdate(usegmt=True)}

    def do_PUT(self) -> None:
        key, _ = self._parts()
        content = self.rfile.read(int(self.headers["Content-Length"] or 0))
        with self.server.lock:
            if self.headers["If-None-Match"] == "*" and key in self.server.objects:
                self._answer(412)
                return
            self.server.objects[key] = content
        self._answer(200, **self._about(content))

    def do_GET(self) -> None:
        key, wanted = self._parts()
        if not key or "list-type" in wanted:
            self._list(wanted)
            return
        content = self.server.objects.get(key)
        if content is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        span = self.headers["Range"]
        if not span:
            self._answer(200, content, **self._about(content))
            return
        first, last = span.removeprefix("bytes=").split("-")
        start = int(first) if first else len(content) - int(last)
        end = min(int(last), len(content) - 1) if first and last else len(content) - 1
        where = {"Content_Range": f"bytes {start}-{end}/{len(content)}"}
        self._answer(206, content[start : end + 1], **self._about(content), **where)

    def do_HEAD(self) -> None:
        content = self.server.objects.get(self._parts()[0])
        if content is None:
            self._answer(404)
            return
        self.send_response(200)
        for name, value in self._about(content).items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()

    def do_DELETE(self) -> None:
        self.server.objects.pop(self._parts()[0], None)
        self._answer(204)

    def do_POST(self) -> None:
        """Many keys at once."""
        body = ElementTree.fromstring(self.rfile.read(int(self.headers["Content-Length"])))
        keys = [one.text or "" for one in body.iter() if one.tag.endswith("Key")]
        for key in keys:
            self.server.objects.pop(key, None)
        gone = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode())

    def _list(self, wanted: dict[str, list[str]]) -> None:
        prefix = wanted.get("prefix", [""])[0]
        after = wanted.get("start-after", [""])[0]
        delimiter = wanted.get("delimiter", [""])[0]
        rows, folders = [], set()
        for key, content in sorted(self.server.objects.items()):
            if not key.startswith(prefix) or key <= after:
                continue
            rest = key[len(prefix) :]
            if delimiter and delimiter in rest:
                folders.add(prefix + rest.split(delimiter)[0] + delimiter)
                continue
            rows.append(
                f"<Contents><Key>{escape(key)}</Key><LastModified>2025-01-01T00:00:00.000Z</LastModified>"
                f"<ETag>{self._about(content)['ETag']}</ETag><Size>{len(content)}</Size></Contents>"
            )
        rows += [
            f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>" for one in sorted(folders)
        ]
        body = f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(rows)}</ListBucketResult>"
        self._answer(200, body.encode(), Content_Type="application/xml")


if __name__ == "__main__":
    bucket = Bucket()
    sys.stdout.write(f"http://127.0.0.1:{bucket.server_address[1]}\n")
    sys.stdout.flush()
    bucket.serve_forever()
