"""The user's own tables, such as weights, volumes and coordinates: CSV in UTF-8, read with care."""

from __future__ import annotations

import csv
from pathlib import Path

from ugc.errors import InputError

__all__ = ["table_cells"]


def table_cells(path: Path, what: str, *, megabytes: int, shorter: str, mended_by: str) -> list[list[str]]:
    """The rows of a file as they are written; commas, semicolons or tabs may part its columns.

    Args:
        path: the file.
        what: what it holds, for messages: weights, volumes, places.
        megabytes: a larger file is refused.
        shorter: what makes such a file smaller.
        mended_by: what mends a file that is no CSV.

    Raises:
        InputError: it is too large, cannot be read, or is no such table.
    """
    try:
        if path.stat().st_size > megabytes * 1_000_000:
            raise InputError(f"The {what} file {path} is larger than {megabytes} MB.", shorter)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The {what} file {path} cannot be read: {error}.", "Save it as CSV in UTF-8."
        ) from error
    mark = max(",;\t", key=text.split("\n", 1)[0].count)
    try:
        return list(csv.reader(text.splitlines(), delimiter=mark))
    except csv.Error as error:
        raise InputError(f"The {what} file {path} is no CSV: {error}.", mended_by) from error
