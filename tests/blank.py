"""Empty lakes for tests that are about something else than how a lake is made."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from deltalake import DeltaTable

from ugc.lake import Lake
from ugc.lake.store import TABLES


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Lake]:
    """`blank(folder)` opens the lake there; an empty one is written as one made before, under ids of its own.

    That is what `Lake.open` would make, several times as quick.
    """
    pattern = tmp_path_factory.mktemp("blank") / "lake"
    Lake.open(pattern)
    logs = {}
    for name in TABLES:
        (log,) = (pattern / name / "_delta_log").glob("*.json")
        own = str(DeltaTable(str(pattern / name)).metadata().id)
        written = log.read_text(encoding="utf-8")
        assert own in written
        logs[log.relative_to(pattern)] = (written, own)

    def make(folder: Path) -> Lake:
        if not folder.exists():
            for place, (written, own) in logs.items():
                (folder / place).parent.mkdir(parents=True)
                (folder / place).write_text(written.replace(own, str(uuid.uuid4())), encoding="utf-8")
        return Lake.open(folder)

    return make
