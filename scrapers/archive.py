"""Fetched pages kept as WARC files (ISO 28500), so that they can be parsed again without the network.

One file a run: `FOLDER/SOURCE/RUN.warc.gz`. It holds the pages as the site sent them, names of
people included, but neither keys nor cookies. Each page is a gzip member of its own, so what was
written before a kill can be read.
"""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.limitreader import LimitReader
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scrapers.source import Where
from ugc.errors import SourceError

__all__ = ["Archive", "Kept", "drop", "files", "read"]

_UNKEPT = {
    "set-cookie",
    "set-cookie2",
    "authorization",
    "proxy-authorization",
    "www-authenticate",
    "proxy-authenticate",
    "content-encoding",
    "content-length",
    "transfer-encoding",
}
"""Headers that are secret, or true only of the bytes as they travelled."""

_TOKEN = re.compile(rb'("(?:access|refresh|id|csrf)_?token"\s*:\s*")[^"]+', re.IGNORECASE)
"""What a login gives, which is a key of its own."""

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
            body = _TOKEN.sub(rb"\1***", body)
            told = [(name, value) for name, value in headers.items() if name.lower() not in _UNKEPT]
            page = self._writer.create_warc_record(
                where.url,
                "response",
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=StatusAndHeaders(f"{status} ", told, protocol="HTTP/1.1"),
                warc_headers_dict={
                    _TARGET: json.dumps(where.target),
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
    """The archives of a source, or of all, oldest run first.

    A run's name tells its second; of those of one second the one last written to comes last.
    """

    def when(path: Path) -> tuple[str, int]:
        return path.name.partition("-")[0], path.stat().st_mtime_ns

    return sorted(folder.glob(f"{source or '*'}/*.warc.gz"), key=when)


def read(path: Path) -> Iterator[Kept]:
    """The pages of reviews of one archive, in the order of their reading.

    A page that was cut off by a kill ends the file; what stands before it is given.
    `SourceError` when it is no archive at all.
    """
    found = 0
    with path.open("rb") as file:
        try:
            for record in ArchiveIterator(LimitReader(file, _whole(file))):
                headers = record.rec_headers
                body = record.content_stream().read()
                found += 1
                if record.rec_type != "response" or headers.get_header(_REVIEWS) != "yes":
                    continue
                yield Kept(
                    path.parent.name,
                    path.name.removesuffix(".warc.gz"),
                    Where(
                        json.loads(headers.get_header(_TARGET)),
                        headers.get_header("WARC-Target-URI"),
                    ),
                    datetime.fromisoformat(headers.get_header("WARC-Date")).astimezone(UTC),
                    body,
                )
        except (ArchiveLoadFailed, EOFError, AttributeError, TypeError, ValueError) as error:
            # warcio reads a record without headers in many ways; none is a page of ours.
            if not found:
                raise SourceError(
                    f"{path} is no WARC archive: {error}.", "Move the file out of the archive's folder."
                ) from error


def _whole(file: IO[bytes]) -> int:
    """Bytes of a file that are whole gzip members; `ArchiveLoadFailed` when it begins with none.

    warcio gives what is left of a member that was cut off as if it were all of it.
    """
    whole = read = 0
    member = zlib.decompressobj(31)
    try:
        while piece := file.read(1 << 16):
            read += len(piece)
            while piece:
                member.decompress(piece)
                piece = member.unused_data
                if member.eof:
                    whole, member = read - len(piece), zlib.decompressobj(31)
    except zlib.error as error:
        if not whole:
            raise ArchiveLoadFailed(str(error)) from error
    file.seek(0)
    return whole


def drop(path: Path, unwanted: Callable[[Kept], bool]) -> int:
    """Takes pages out of an archive for good; gives how many. One without pages is deleted.

    Pages that hold no reviews go with the last one that does. `SourceError` when it is no archive.
    """
    pages = list(read(path))
    gone = {number for number, kept in enumerate(pages) if unwanted(kept)}
    if not gone:
        return 0
    if len(gone) < len(pages):
        part = path.with_suffix(".part")
        with path.open("rb") as old, part.open("wb") as new:
            _copy(old, new, gone)
        part.replace(path)
    else:
        path.unlink()
    return len(gone)


def _copy(old: IO[bytes], new: IO[bytes], gone: set[int]) -> None:
    """Copies the pages of an archive but those of reviews with these numbers."""
    writer = WARCWriter(new, gzip=True, warc_version="WARC/1.1")
    number = 0
    try:
        for record in ArchiveIterator(LimitReader(old, _whole(old))):
            holds = record.rec_type == "response" and record.rec_headers.get_header(_REVIEWS) == "yes"
            body = record.content_stream().read()
            record.raw_stream, record.length = io.BytesIO(body), len(body)
            record.payload_length = len(body)
            if not (holds and number in gone):
                writer.write_record(record)
            number += holds
    except (ArchiveLoadFailed, EOFError):
        # What was cut off by a kill was not among the pages either.
        return
