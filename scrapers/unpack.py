"""Packed bodies, unpacked piece by piece, so that a small one cannot become a large one unseen."""

from __future__ import annotations

import zlib

__all__ = ["PACKED", "BodyBroken", "BodyTooLong", "Unpacker"]

PACKED = "gzip, deflate"
"""What is asked for, as `Accept-Encoding`."""


class BodyBroken(Exception):
    """A packed body cannot be unpacked."""


class BodyTooLong(Exception):
    """A body is longer than may be read."""


class Unpacker:
    """Gathers a body from its pieces."""

    def __init__(self, encoding: str, most: int) -> None:
        """`encoding` is the header `Content-Encoding`, `most` the longest body in bytes.

        `BodyBroken` for an encoding that nobody asked for, such as two of them.
        """
        names = [name.strip() for name in encoding.lower().split(",") if name.strip() not in {"", "identity"}]
        if len(names) > 1 or not set(names) <= {"gzip", "x-gzip", "deflate"}:
            raise BodyBroken(f"packed as {encoding[:60]!r}")
        self._most, self._raw = most, 0
        self._body = bytearray()
        self._head: bytes | None = b"" if names == ["deflate"] else None
        self._packed = zlib.decompressobj(31) if names and self._head is None else None

    def feed(self, piece: bytes) -> None:
        """Takes a piece; `BodyTooLong` before more than the limit is held, `BodyBroken` for noise."""
        self._raw += len(piece)
        if self._head is not None:
            self._head += piece
            if len(self._head) < 2:
                return
            # Some servers leave out the wrapping (RFC 1950) that the name promises.
            wrapped = self._head[0] & 15 == 8 and int.from_bytes(self._head[:2], "big") % 31 == 0
            self._packed = zlib.decompressobj(15 if wrapped else -15)
            piece, self._head = self._head, None
        if self._packed is None:
            self._body += piece
        while piece and self._packed is not None:
            if self._packed.eof:
                if not piece.startswith(b"\x1f"):  # padding after the end
                    break
                self._packed = zlib.decompressobj(31)
            try:
                self._body += self._packed.decompress(piece, self._most + 1 - len(self._body))
            except zlib.error as error:
                raise BodyBroken(str(error)) from error
            piece = b"" if len(self._body) > self._most else self._packed.unused_data
        if max(self._raw, len(self._body)) > self._most:
            raise BodyTooLong(f"longer than {self._most} bytes")

    def whole(self) -> bytes:
        """The body; `BodyBroken` when its end is missing."""
        if self._head or (self._packed is not None and self._raw and not self._packed.eof):
            raise BodyBroken("its end is missing")
        return bytes(self._body)
