"""Folders as the files in them: those that can be imported, and those that are passed over, with why."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ugc.errors import InputError

__all__ = ["ENDINGS", "Gathered", "gather"]

ENDINGS = frozenset(
    {".csv", ".tsv", ".xlsx", ".xls", ".json", ".jsonl", ".ndjson", ".parquet"}
    | {".html", ".htm", ".xhtml", ".mht", ".mhtml"}
)
"""Endings of the files of a folder that are taken for reviews."""

_PAGES = frozenset({".html", ".htm", ".xhtml"})
_PARTS = ("_files", ".files", "-files", "_файлы", "_pliki")
"""What browsers add to a page's name for the folder of its pictures and scripts."""


@dataclass
class Gathered:
    """The files that were named or found, each once and in order.

    Attributes:
        files: to import.
        found: those of `files` that a folder brought, not the user by name.
        passed: what was passed over, with the reason.
    """

    files: list[Path] = field(default_factory=list)
    found: set[Path] = field(default_factory=set)
    passed: list[tuple[Path, str]] = field(default_factory=list)


def gather(paths: Iterable[Path]) -> Gathered:
    """All files to import: those named, and those in the folders named, however deep.

    Links to folders are not followed. `InputError` for a folder without any file to import.
    """
    gathered = Gathered()
    for path in paths:
        if not path.is_dir():
            _add(gathered, path)
            continue
        if not _walk(path, gathered):
            raise InputError(
                f"{path} is a folder without any file that could be imported.",
                f"Files of reviews end in one of: {', '.join(sorted(ENDINGS))}.",
            )
    return gathered


def _add(gathered: Gathered, path: Path, *, found: bool = False) -> None:
    """Adds a file unless it is there already."""
    if any(path == other or path.absolute() == other.absolute() for other in gathered.files):
        return
    gathered.files.append(path)
    if found:
        gathered.found.add(path)


def _walk(top: Path, gathered: Gathered) -> int:
    """Adds what a folder holds; gives the number of its files of reviews."""
    count = 0
    for here, folders, names in os.walk(top, onerror=_unreadable):
        folder = Path(here)
        stems = {Path(name).stem for name in names if Path(name).suffix.lower() in _PAGES}
        for name in sorted(folders):
            if (folder / name).is_symlink():
                gathered.passed.append((folder / name, "a link to a folder"))
            stem = next((name.removesuffix(end) for end in _PARTS if name.endswith(end)), None)
            if stem in stems:
                folders.remove(name)
                inside = sum(len(inner) for _, _, inner in os.walk(folder / name))
                gathered.passed.append(
                    (folder / name, f"pictures and scripts of the page {stem} ({inside:,})")
                )
        folders.sort()
        for name in sorted(names):
            path = folder / name
            if path.suffix.lower() in ENDINGS and not name.startswith("."):
                _add(gathered, path, found=True)
                count += 1
            else:
                gathered.passed.append((path, "no file of reviews by its name"))
    return count


def _unreadable(error: OSError) -> None:
    """A folder that may not be read is an error, not an empty one."""
    raise InputError(
        f"The folder {error.filename} cannot be read: {error.strerror}.",
        "Give yourself the right to read it.",
    ) from error
