"""What the tests of the import share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ugc.ingest import ImportSummary, import_files
from ugc.lake import Lake


@pytest.fixture
def lake(tmp_path: Path, blank: Callable[[Path], Lake]) -> Lake:
    """An empty lake of its own."""
    return blank(tmp_path / "lake")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejects files and settings are looked for in a folder of the test."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file and gives its path."""

    def make(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return make


def reviews(lake: Lake) -> list[dict[str, Any]]:
    """All reviews of a lake by the time they were written, those without a date last."""
    with lake.snapshot() as snapshot:
        found: list[dict[str, Any]] = snapshot.sql(
            "SELECT * FROM reviews ORDER BY date NULLS LAST, source_id"
        ).to_pylist()
    return found


@pytest.fixture
def rows(lake: Lake) -> Callable[[], list[dict[str, Any]]]:
    """The reviews of the test's lake."""
    return lambda: reviews(lake)


@pytest.fixture
def take(lake: Lake) -> Callable[..., ImportSummary]:
    """Imports files into the test's lake."""

    def run(*paths: Path, **options: Any) -> ImportSummary:
        return import_files(lake, paths, **options)

    return run
