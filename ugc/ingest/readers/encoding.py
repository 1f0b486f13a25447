"""The encoding of a text file, found from its bytes; lines in a second encoding are mended one by one."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ugc.errors import InputError

__all__ = ["LONGEST_LINE", "TextFile", "undecodable"]

LONGEST_LINE = 12_000_000
"""Bytes of the longest line of a table; a longer one is a cell that never ends."""

_BLOCK = 1 << 20
_SAMPLE = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SINGLE = ("cp1251", "cp1250", "koi8-r", "cp866", "iso8859-2", "cp1252")
"""Encodings with one byte a sign that are tried, the likeliest first."""

_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_POLISH = frozenset("ąćęłńóśźż")
_MARKS_OF_PRINT = frozenset("«»„“”’‘–—…№\u00a0•°€©®")
_WESTERN = frozenset("äöüßéèêàâîïôûçñáíúõã")
_NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE", "iso8859-2": "ISO 8859-2"}
_LOOK = 20_000
"""Signs of a text that are looked at."""

_TRUSTED = 0.4
"""Least likeness to Russian, Polish or Western text at which a guess is believed."""

_CERTAIN = 0.8
"""Likeness at which no other guess is tried."""


def undecodable(text: str) -> bool:
    """Whether a cell holds bytes that no encoding made sense of."""
    return re.search("[\udc80-\udcff]", text) is not None


def _likeness(text: str) -> float:
    """How much the non-ASCII signs of a text look like Russian, Polish or Western writing, at most 1."""
    score, count = 0.0, 0
    before = " "
    for sign in text[:_LOOK]:
        if sign > "\x7f":
            count += 1
            low = sign.lower()
            if low in _RUSSIAN:
                upper_inside = sign != low and before.islower()
                foreign = (before.isascii() and before.isalpha()) or upper_inside
                score += -1.0 if foreign else 1.0 if sign == low else 0.3
            elif low in _POLISH:
                score += 1.0 if sign == low else 0.5
            elif sign in _MARKS_OF_PRINT:
                score += 0.5
            elif low in _WESTERN:
                score += 0.45
            else:
                score -= 1.0
        elif sign.isalpha() and before.lower() in _RUSSIAN:
            score -= 1.0
        before = sign
    return score / count if count else 0.0


def _guess(data: bytes) -> tuple[str, float]:
    """The likeliest encoding with one byte a sign, and its likeness."""
    best, height = "cp1251", -9.0
    for name in _SINGLE:
        likeness = _likeness(data.decode(name, "replace"))
        if likeness > height + 0.02:
            best, height = name, likeness
    return best, height


def _wide(head: bytes) -> str | None:
    """UTF-16 without its mark: many zero bytes, all on one side."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) / 50 or min(even, odd) * 5 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _cut(data: bytes, end: bytes) -> int:
    """Where a block may be parted: after its last line break, else before a sign that is not whole."""
    place = data.rfind(end) + 1
    if place:
        return place
    for back in range(1, min(4, len(data)) + 1):
        lead = data[-back]
        if lead >= 0xC0:
            whole = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
            return len(data) - back if back < whole and back < len(data) else len(data)
        if lead < 0x80:
            break
    return len(data)


@dataclass
class TextFile:
    """A text file with its encoding found.

    Attributes:
        path: the file.
        encoding: of the file as a whole.
        second: encoding of those lines that are no UTF-8 in a file that mostly is; else `None`.
        mended: how many lines those are.
        skip: bytes of the mark at the beginning.
        returns: whether lines end in a carriage return alone, as on very old Macs.
    """

    path: Path
    encoding: str = "utf-8"
    second: str | None = None
    mended: int = 0
    skip: int = 0
    returns: bool = False

    @classmethod
    def open(cls, path: Path) -> TextFile:
        """Reads the file once to find its encoding.

        Raises:
            InputError: the bytes are no text in any encoding that is known here.
        """
        with path.open("rb") as stream:
            head = stream.read(_SAMPLE)
        returns = b"\r" in head and b"\n" not in head
        for mark, name in _MARKS:
            if head.startswith(mark):
                if name != "utf-8":
                    return cls(path, name, skip=len(mark))
                return cls(path, name, skip=len(mark), returns=returns)._survey()
        if b"\x00" in head:
            wide = _wide(head)
            if wide is None:
                raise InputError(
                    f"{path.name} is not a table of text: it holds binary data.",
                    "Export the reviews as CSV, XLSX, JSON, JSONL or Parquet and import that file.",
                )
            return cls(path, wide)
        return cls(path, returns=returns)._survey()

    def _survey(self) -> TextFile:
        """Settles the encoding from the lines that are no UTF-8, if there are any."""
        strange: list[bytes] = []
        sampled = mended = 0
        multibyte = False
        for block in self._byte_blocks(lines=False):
            try:
                block.decode("utf-8")
                multibyte = multibyte or not block.isascii()
            except UnicodeDecodeError:
                for line in block.split(b"\n"):
                    try:
                        line.decode("utf-8")
                        multibyte = multibyte or not line.isascii()
                    except UnicodeDecodeError:
                        mended += 1
                        if sampled < _SAMPLE:
                            strange.append(line)
                            sampled += len(line)
        if not mended:
            return self
        name, likeness = _guess(b"\n".join(strange)[:_SAMPLE])
        if not multibyte and likeness >= _TRUSTED:
            self.encoding = name
        elif not multibyte:
            raise InputError(
                f"The encoding of {self.path.name} cannot be told: its letters are neither UTF-8 nor UTF-16 "
                "nor cp1251 nor cp1250.",
                "Open it in the program it comes from and save it as CSV UTF-8.",
            )
        else:
            self.second, self.mended = name, mended
        return self

    @property
    def name(self) -> str:
        """The encoding in words."""
        name = _NAMES.get(self.encoding, self.encoding)
        return f"{name} with {self.mended} lines in {self.second}" if self.second else name

    def _byte_blocks(self, *, lines: bool) -> Iterator[bytes]:
        """Blocks of about a megabyte, parted between lines where there are any."""
        with self.path.open("rb") as stream:
            stream.seek(self.skip)
            rest: list[bytes] = []
            held = 0
            while chunk := stream.read(_BLOCK):
                rest.append(chunk)
                held += len(chunk)
                if lines and (b"\r" if self.returns else b"\n") not in chunk:
                    if held > LONGEST_LINE:
                        raise endless(self.path, None)
                    continue
                data = b"".join(rest)
                place = _cut(data, b"\r" if self.returns else b"\n")
                yield data[:place]
                rest, held = [data[place:]], len(data) - place
            if held:
                yield b"".join(rest)

    def blocks(self, *, lines: bool = True) -> Iterator[str]:
        """The text in pieces, each line ending in a line feed; with `lines`, no line is parted.

        Bytes that no encoding makes sense of stay in the text as lone surrogates; see `undecodable`.

        Raises:
            InputError: a line is longer than `LONGEST_LINE`.
        """
        if self.encoding.startswith("utf-") and self.encoding != "utf-8":
            yield from self._wide_blocks(lines=lines)
            return
        for block in self._byte_blocks(lines=lines):
            yield self._feeds(self._decode(block))

    def _feeds(self, text: str) -> str:
        """A text with line feeds as its only line breaks; a lone carriage return within a line is a space."""
        return text.replace("\r\n", "\n").replace("\r", "\n" if self.returns else " ")

    def _wide_blocks(self, *, lines: bool) -> Iterator[str]:
        """The same for UTF-16 and UTF-32."""
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        rest = ""
        with self.path.open("rb") as stream:
            stream.seek(self.skip)
            while chunk := stream.read(_BLOCK):
                rest += decoder.decode(chunk)
                place = rest.rfind("\n") + 1 if lines else len(rest)
                if place:
                    yield self._feeds(rest[:place])
                    rest = rest[place:]
                elif len(rest) > LONGEST_LINE:
                    raise endless(self.path, None)
        rest += decoder.decode(b"", final=True)
        if rest:
            yield self._feeds(rest)

    def _decode(self, block: bytes) -> str:
        """A block as text; lines that are no UTF-8 are read in the second encoding."""
        if self.encoding != "utf-8":
            return block.decode(self.encoding, "replace")
        try:
            return block.decode("utf-8")
        except UnicodeDecodeError:
            return "".join(self._mend(line) for line in block.splitlines(keepends=True))

    def _mend(self, line: bytes) -> str:
        """One line as UTF-8, else in the encoding that makes most sense of it, else with lone surrogates.

        A line may hold both: then only its stretches that are no UTF-8 are read anew.
        """
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            pass
        second = self.second or "cp1251"
        whole = line.decode(second, "replace")
        if _likeness(whole) >= _CERTAIN:
            return whole
        parts = line.decode("utf-8", "surrogateescape")
        pieced = re.sub(
            "[\udc80-\udcff]+",
            lambda match: match[0].encode("utf-8", "surrogateescape").decode(second, "replace"),
            parts,
        )
        best = max((whole, pieced, line.decode(_guess(line)[0], "replace")), key=_likeness)
        return best if _likeness(best) >= _TRUSTED else parts


def endless(path: Path, row: int | None) -> InputError:
    """The error for a cell that goes on for megabytes."""
    place = f"row {row} of {path.name}" if row else path.name
    return InputError(
        f"A cell in {place} is longer than 10 MB; no review is. Most likely a quotation mark is opened "
        "and never closed, or the file is no table.",
        "Mend or leave out that row, or export the reviews anew, and import the file again. "
        "Nothing was imported.",
    )
