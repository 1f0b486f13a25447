"""Reports that leave the house: one file with the figures, the trend and the reasons with quotes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ugc.errors import InputError
from ugc.insight import Filters
from ugc.report.content import Report, gather
from ugc.report.page import render_page
from ugc.report.sheets import render_sheets
from ugc.report.words import Words, words

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Report", "Words", "gather", "render_page", "render_sheets", "words", "write_report"]

_FORMATS = {".xlsx": render_sheets, ".html": render_page, ".htm": render_page}


def write_report(
    snapshot: Snapshot, filters: Filters, path: Path, *, language: str = "ru", made: date | None = None
) -> Report:
    """Writes a report to `path` in the format of its ending and gives what it holds.

    `made` is the day printed on it, today in UTC when not given. Raises `InputError` for an
    ending that is no format, and where the file cannot be written.
    """
    render = _FORMATS.get(path.suffix.lower())
    if render is None:
        raise InputError(
            f"A report cannot be written as {path.name}.", f"Name it with {' or '.join(_FORMATS)}."
        )
    if not path.parent.is_dir():
        raise InputError(f"The folder {path.parent} does not exist.", "Make it, or name another one.")
    report = gather(snapshot, filters, made=made or datetime.now(UTC).date())
    content = render(report, words(language))
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}.",
            "Close it, or name another file.",
        ) from error
    return report
