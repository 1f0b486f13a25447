"""Files of reviews as rows, told apart by their content.

These are CSV, TSV, XLSX, JSON, JSONL and Parquet, and web pages saved in a browser.
"""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path

from ugc.errors import InputError
from ugc.ingest.readers.table import Row, Table

__all__ = ["Row", "Table", "open_table"]

_STRANGERS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF", "Tables cannot be read out of a PDF: export the reviews as CSV or XLSX."),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel workbook (XLS), or one with a password",
        "Open it, save it as XLSX without a password, and import that file.",
    ),
    (b"\x1f\x8b", "packed with gzip", "Unpack it (gunzip) and import the file inside."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it and import the file inside."),
    (b"Rar!", "a RAR archive", "Unpack it and import the file inside."),
    (b"BZh", "packed with bzip2", "Unpack it and import the file inside."),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", "Unpack it and import the file inside."),
    (b"SQLite format 3", "an SQLite database", "Export its table of reviews as CSV and import that."),
    (b"\x89PNG", "a picture", "Export the reviews as CSV or XLSX."),
    (b"\xff\xd8\xff", "a picture", "Export the reviews as CSV or XLSX."),
    (b"GIF8", "a picture", "Export the reviews as CSV or XLSX."),
    (b"{\\rtf", "an RTF text", "Save the reviews as CSV or XLSX and import that file."),
)


def open_table(path: Path) -> Table:
    """The reader of a file, chosen by its first bytes; its ending only helps to tell JSON from CSV.

    Raises:
        InputError: there is no such file, or it is empty, or of a kind that cannot be read.
    """
    head = _head(path)
    for start, what, mend in _STRANGERS:
        if head.startswith(start):
            raise InputError(f"{path.name} is {what}, whatever its name says.", mend)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(path)
    if head.startswith(b"PAR1"):
        from ugc.ingest.readers.columnar import ParquetTable

        return ParquetTable.open(path)
    bare = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if _page_like(bare):
        from ugc.ingest.readers.page import PageTable

        return PageTable.open(path)
    if re.match(rb"<(?:\?xml|!--|rss|feed|rdf:)", bare, re.IGNORECASE):
        raise InputError(
            f"{path.name} is XML, whatever its name says.",
            "Export the reviews as CSV, XLSX, JSON or JSONL; a feed is read from its address: ugc collect.",
        )
    if not bare:
        raise InputError(f"{path.name} is empty.", "Export the reviews anew and import that file.")
    named_json = path.suffix.lower() in {".json", ".jsonl", ".ndjson"}
    if (named_json and bare[:1] in b"[{") or path.suffix.lower() in {".jsonl", ".ndjson"} or _json_like(bare):
        from ugc.ingest.readers.document import open_document

        return open_document(path)
    if named_json:
        raise InputError(
            f"{path.name} is no JSON: it begins with {bare[:20].decode('utf-8', 'replace')!r}.",
            "Export the reviews anew; a table must be named .csv.",
        )
    from ugc.ingest.readers.delimited import DelimitedTable

    return DelimitedTable.open(path)


def _page_like(head: bytes) -> bool:
    """Whether a file begins as a web page: HTML, or MHTML with its headers."""
    if re.match(rb"<(?:!doctype|html|head|body|table)", head, re.IGNORECASE):
        return True
    if re.match(rb"<(?:\?xml|!--)", head, re.IGNORECASE):
        return re.search(rb"(?i)<(?:!doctype\s+html|html|head|body|meta|div)\b", head) is not None
    return re.search(rb"(?mi)^mime-version:", head) is not None and b"multipart/related" in head.lower()


def _json_like(head: bytes) -> bool:
    """Whether a file begins as JSON, whatever its name."""
    return re.match(rb'\{\s*"|\[\s*\{\s*["}]', head) is not None


def _head(path: Path) -> bytes:
    """The first bytes of a file.

    Raises:
        InputError: it is missing, a folder, empty, or may not be read.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder.", f"Name the files in it, for instance: {path}/reviews.csv")
    if not path.exists():
        raise InputError(f"There is no file {path}.", "Check the name, and the folder you are in.")
    if not path.is_file():
        raise InputError(f"{path} is no regular file.", "Save its content to a file and import that.")
    if not os.access(path, os.R_OK):
        raise InputError(f"{path} may not be read.", "Give yourself the right to read it.")
    if path.stat().st_size == 0:
        raise InputError(f"{path.name} is empty.", "Export the reviews anew and import that file.")
    with path.open("rb") as stream:
        return stream.read(4096)


def _packed(path: Path) -> Table:
    """A workbook; other ZIP archives are refused by name."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise InputError(
            f"{path.name} is a damaged XLSX or ZIP file.", "Save or download it anew and import that file."
        ) from error
    if "xl/workbook.xml" in names:
        from ugc.ingest.readers.workbook import WorkbookTable

        return WorkbookTable.open(path)
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise InputError(f"{path.name} is an XLSB or ODS workbook.", "Save it as XLSX or CSV UTF-8.")
    raise InputError(
        f"{path.name} is a ZIP archive and no workbook.", "Unpack it and import the files inside."
    )
