"""Fetched pages kept as WARC files (ISO 28500), so that they can be parsed again without the network.

One file a run: `FOLDER/SOURCE/RUN.warc.gz`. It holds the pages as the site sent them, names of
people included, but neither keys nor cookies. Each page is a gzip member of its own, so what was
written before a kill can be read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scrapers.source import Where
from ugc.errors import SourceError

__all__ = ["Archive", "Kept", "files", "read"]

_UNKEPT = {
    "set-cookie",
    "set-cookie2",
    "authorization",
    "content-encoding",
    "content-length",
    "transfer-encoding",
}
"""Headers that are secret, or true only of the bytes as they travelled."""

_TARGET, _REVIEWS = "UGC-Target", "UGC-Reviews"


@dataclass(frozen=True, slots=True)
class Kept:
    """One page of an archive."""

    source: str
    run: str
    where: Where
    fetched: datetime
    body: bytes


class Archive:
    """The archive of one run; the file is made with the first page. Use as a context manager."""

    def __init__(self, folder: Path, source: str, run: str) -> None:
        """`folder` is the archive of all sources."""
        self.path = folder / source / f"{run}.warc.gz"
        self._file: IO[bytes] | None = None
        self._writer: WARCWriter | None = None

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *trouble: object) -> None:
        if self._file is not None:
            self._file.close()

    def keep(
        self, where: Where, status: int, headers: Mapping[str, str], body: bytes, *, reviews: bool
    ) -> None:
        """Adds a page; `reviews` says whether it is one that holds reviews.

        `SourceError` when it cannot be written.
        """
        try:
            if self._writer is None or self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._file = self.path.open("ab")
                self._writer = WARCWriter(self._file, gzip=True, warc_version="WARC/1.1")
            told = [(name, value) for name, value in headers.items() if name.lower() not in _UNKEPT]
            page = self._writer.create_warc_record(
                where.url,
                "response",
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=StatusAndHeaders(f"{status} ", told, protocol="HTTP/1.1"),
                warc_headers_dict={
                    _TARGET: where.target.encode("unicode_escape").decode("ascii"),
                    _REVIEWS: "yes" if reviews else "no",
                },
            )
            self._writer.write_record(page)
            self._file.flush()
        except OSError as error:
            raise SourceError(
                f"The page cannot be kept in {self.path}: {error.strerror}.",
                "Free some space or set another folder with archive = in ugc.toml.",
            ) from error


def files(folder: Path, source: str | None = None) -> list[Path]:
    """The archives of a source, or of all, oldest run first."""
    return sorted(folder.glob(f"{source or '*'}/*.warc.gz"), key=lambda path: (path.name, path.parent.name))


def read(path: Path) -> Iterator[Kept]:
    """The pages of reviews of one archive, in the order of their reading.

    A page that was cut off by a kill ends the file; what stands before it is given.
    `SourceError` when it is no archive at all.
    """
    found = 0
    with path.open("rb") as file:
        try:
            for record in ArchiveIterator(file):
                headers = record.rec_headers
                body = record.content_stream().read()
                found += 1
                if record.rec_type != "response" or headers.get_header(_REVIEWS) != "yes":
                    continue
                yield Kept(
                    path.parent.name,
                    path.name.removesuffix(".warc.gz"),
                    Where(
                        headers.get_header(_TARGET).encode("ascii").decode("unicode_escape"),
                        headers.get_header("WARC-Target-URI"),
                    ),
                    datetime.fromisoformat(headers.get_header("WARC-Date")).astimezone(UTC),
                    body,
                )
        except (ArchiveLoadFailed, EOFError) as error:
            if not found:
                raise SourceError(
                    f"{path} is no WARC archive: {error}.", "Move the file out of the archive's folder."
                ) from error
