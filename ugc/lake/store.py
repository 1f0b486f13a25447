"""Where the tables lie, and how one of them is opened, created and changed."""

from __future__ import annotations

import os
import random
import re
import shutil
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

import duckdb
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from ugc.errors import LakeBusy, LakeError, LakeReadOnly
from ugc.lake import turn
from ugc.lake.commits import HOOKS
from ugc.schema import (
    ACTIONS,
    CORRECTIONS,
    GROUPED,
    LABELS,
    LIKENED,
    MENTIONS,
    REASONS,
    REVIEWS,
    RUNS,
    SCHEMA_VERSION,
    TAGS,
    VECTORS,
)

__all__ = ["TABLES", "VERSION_PROPERTY", "Pin", "Store"]

T = TypeVar("T")

TABLES: dict[str, pa.Schema] = {
    "likened": LIKENED,
    "labels": LABELS,
    "grouped": GROUPED,
    "reasons": REASONS,
    "vectors": VECTORS,
    "actions": ACTIONS,
    "corrections": CORRECTIONS,
    "runs": RUNS,
    "mentions": MENTIONS,
    "tags": TAGS,
    "reviews": REVIEWS,
}
"""Every table with its schema, in the order of creation: a lake exists once `reviews` does."""

VERSION_PROPERTY = "ugc.schemaVersion"
"""Table property that holds the schema version; a table without it is of version 0."""

PROPERTIES = {
    # Statistics in the log would keep the first words of a text after its review was forgotten.
    "delta.dataSkippingNumIndexedCols": "0",
    # Vacuum names its own, shorter times; the log must still know the files by then.
    "delta.deletedFileRetentionDuration": "interval 7 days",
    "delta.logRetentionDuration": "interval 7 days",
}

ATTEMPTS = 200
"""How often a change is tried against other writers before the lake counts as too busy."""

_CHANCE = random.SystemRandom()
_COMMIT = re.compile(r"\d{20}\.json")
_UNUSABLE = re.compile(r"[%\[\]*?]")


_Log = dict[str, tuple[int, int, int, int]]
"""The files of a table's log: inode, size and times of each."""


@dataclass(frozen=True)
class Pin:
    """One version of a table: its number and the files that hold its rows."""

    name: str
    version: int
    files: tuple[str, ...]
    rows: int
    size: int
    """Bytes of the files."""


class Store:
    """The tables at one address: a folder or an object store.

    Attributes:
        address: what the user gave, resolved to an absolute path for a folder.
        folder: the folder, or `None` for an object store.
    """

    def __init__(self, address: str | Path) -> None:
        """Raises `LakeError` for an address that Delta cannot take; touches nothing."""
        text = str(address)
        if re.match(r"[a-z][a-z0-9+.-]+://", text):
            self.folder: Path | None = None
            self.address = text.rstrip("/")
        else:
            self.folder = Path(text).expanduser().absolute()
            self.address = str(self.folder)
            if _UNUSABLE.search(self.address):
                raise LakeError(
                    f"The lake cannot lie at {self.address}: the name holds one of % [ ] * ?.",
                    "Name a folder without these signs.",
                )
        self._options = {
            name: value
            for name, value in os.environ.items()
            if name.startswith(("AWS_", "AZURE_", "GOOGLE_")) and value
        }
        self._copies: str | None = None
        self._pins: dict[str, tuple[_Log, Pin]] = {}

    def turn(self, wait: float = turn.WAIT) -> AbstractContextManager[None]:
        """The turn to write, waited for `wait` seconds at most; see `ugc.lake.turn`."""
        return turn.take(self.folder, wait=wait)

    def uri(self, name: str) -> str:
        """Address of one table."""
        return f"{self.address}/{name}"

    def open(self, name: str) -> DeltaTable:
        """The newest version of a table; `LakeError` when it is missing or damaged."""
        with self.telling(name):
            return DeltaTable(self.uri(name), storage_options=self._options or None)

    def exists(self, name: str) -> bool:
        """Whether the table has a log, damaged or not.

        In a folder a log without a commit is none: somebody else may be making it just now.
        """
        if self.folder is not None:
            return (self.folder / name / "_delta_log").is_dir() and self.version(name) >= 0
        with self.telling(name):
            return bool(DeltaTable.is_deltatable(self.uri(name), storage_options=self._options or None))

    def create(self, name: str) -> None:
        """Creates an empty table unless another process just did."""
        with self.telling(name):
            try:
                DeltaTable.create(
                    self.uri(name),
                    TABLES[name],
                    mode="error",
                    configuration={**PROPERTIES, VERSION_PROPERTY: str(SCHEMA_VERSION)},
                    storage_options=self._options or None,
                    raise_if_key_not_exists=False,
                    post_commithook_properties=HOOKS,
                )
            except DeltaError as error:
                lost = isinstance(error, CommitFailedError) or "already exists" in str(error)
                if not lost:
                    raise

    def change(
        self,
        name: str,
        work: Callable[[DeltaTable, CommitProperties], T],
        note: Mapping[str, str] | None = None,
    ) -> T:
        """Runs `work` on the newest version of a table until its commit follows that very version.

        `work` must reckon everything from the table it gets and pass the commit properties on:
        with no retries inside Delta, its commit fails when anybody else committed in between, and
        is reckoned anew.

        Raises:
            LakeBusy: the others were always quicker.
            LakeError: the table is missing or damaged, or cannot be written.
        """
        for attempt in range(ATTEMPTS):
            table = self.open(name)
            with self.telling(name):
                try:
                    return work(
                        table, CommitProperties(max_commit_retries=0, custom_metadata=dict(note or {}))
                    )
                except CommitFailedError:
                    pause = _CHANCE.uniform(0, min(0.3, 0.01 * 2 ** min(attempt, 5)))
            time.sleep(pause)
        raise LakeBusy(
            f"The table {name} of the lake {self.address} is written too often by others.",
            "Wait for the other imports, collections and taggings, then do this again.",
        )

    def notes(self, name: str, key: str) -> Iterator[dict[str, Any]]:
        """The notes of a table's commits that hold `key`, the latest first, as far as the log goes."""
        table = self.open(name)
        with self.telling(name):
            for commit in table.history():
                if key in commit:
                    yield commit

    def version(self, name: str) -> int:
        """Number of the newest version of a table, found without reading the table where possible."""
        if self.folder is None:
            return self.open(name).version()
        log = self.folder / name / "_delta_log"
        try:
            with os.scandir(log) as entries:
                commits = [int(one.name[:20]) for one in entries if _COMMIT.fullmatch(one.name)]
        except OSError as error:
            raise LakeError(
                f"The table {name} of the lake {self.address} cannot be read: {error.strerror}.",
                "Check the address and your rights there; else restore the folder from a backup.",
            ) from error
        return max(commits, default=-1)

    def pin(self, name: str) -> Pin:
        """The newest version of a table with the files it consists of.

        In a folder the log of the table is read again only when a file of it is another than before.
        """
        log = self._log(name)
        held = self._pins.get(name)
        if log is not None and held is not None and held[0] == log:
            return held[1]
        table = self.open(name)
        with self.telling(name):
            pin = self.pin_of(table)
        if log is not None:  # it was looked at before the table was: what came between shows as newer
            self._pins[name] = log, pin
        return pin

    def _log(self, name: str) -> _Log | None:
        """What tells one state of a table's log from another; `None` where it cannot be looked at."""
        if self.folder is None:
            return None
        try:
            with os.scandir(self.folder / name / "_delta_log") as entries:
                found = [(one.name, one.stat()) for one in entries]
        except OSError:  # opening the table tells what is wrong
            return None
        return {path: (it.st_ino, it.st_size, it.st_mtime_ns, it.st_ctime_ns) for path, it in found}

    def pin_of(self, table: DeltaTable) -> Pin:
        """The version that an opened table is at."""
        name = table.table_uri.rstrip("/").rsplit("/", 1)[-1]
        features = set(table.protocol().reader_features or ()) - {"timestampNtz"}
        if features:
            raise LakeError(
                f"Another program switched on {', '.join(sorted(features))} in the table {name}.",
                "Switch that off there; this program cannot read it.",
            )
        actions = pa.table(table.get_add_actions(flatten=True))
        paths = [unquote(path) for path in actions["path"].to_pylist()]
        return Pin(
            name,
            table.version(),
            tuple(paths),
            sum(actions["num_records"].to_pylist()),
            sum(actions["size_bytes"].to_pylist()),
        )

    def local_folder(self) -> str:
        """The only folder that `local_files` names files in."""
        if self.folder is not None:
            return str(self.folder)
        if self._copies is None:
            self._copies = tempfile.mkdtemp(prefix="ugc-lake-")
            weakref.finalize(self, shutil.rmtree, self._copies, ignore_errors=True)
        return self._copies

    def local_files(self, pin: Pin) -> list[str]:
        """Paths of the pinned files; those of an object store are copied beside once."""
        if self.folder is not None:
            return [str(self.folder / pin.name / path) for path in pin.files]
        copies = [Path(self.local_folder()) / pin.name / path.replace("/", "_") for path in pin.files]
        missing = [(path, copy) for path, copy in zip(pin.files, copies, strict=True) if not copy.exists()]
        if missing:
            with self.telling(pin.name):
                filesystem = self.open(pin.name).to_pyarrow_dataset().filesystem
                for path, copy in missing:
                    _fetch(filesystem, path, copy)
        return [str(copy) for copy in copies]

    @contextmanager
    def telling(self, name: str = "") -> Iterator[None]:
        """Turns errors of Delta, DuckDB and files into a `LakeError` that says what to do.

        Lost commits (`CommitFailedError`) and queries that are wrong pass as they are.
        """
        table = f"The table {name} of the lake" if name else "The lake"
        try:
            yield
        except CommitFailedError:
            raise
        except TableNotFoundError as error:
            if self.folder is not None and self.folder.exists() and not os.access(self.folder, os.W_OK):
                raise self.denied(_first_line(error)) from error
            raise LakeError(
                f"{table} {self.address} is missing or cannot be reached.",
                "Check the address and your rights there; else restore the folder from a backup.",
            ) from error
        except duckdb.IOException as error:
            raise LakeError(
                f"{table} {self.address} lacks a file: {_first_line(error)}.",
                "It may have been cleaned up meanwhile: do this again. If that does not help: ugc lake check",
            ) from error
        except duckdb.InvalidInputException as error:
            if ".parquet" not in str(error):
                raise
            raise LakeError(
                f"{table} {self.address} holds a damaged file: {_first_line(error)}.",
                "See ugc lake check; restore the folder from a backup.",
            ) from error
        except (DeltaError, pa.ArrowInvalid, OSError) as error:
            if "ermission denied" in str(error) or "ead-only file system" in str(error):
                raise self.denied(_first_line(error)) from error
            raise LakeError(
                f"{table} {self.address} cannot be read: {_first_line(error)}.",
                "Restore its folder from a backup, or move the lake away and import the reviews again.",
            ) from error

    def denied(self, reason: str) -> LakeReadOnly:
        """The error for a lake without the right to write."""
        return LakeReadOnly(
            f"The lake {self.address} cannot be written: {reason}.",
            "Give yourself the right to write there, or name another lake with --lake.",
        )


def _first_line(error: Exception) -> str:
    """The first line of an error's message without a full stop, or its kind."""
    return next(iter(str(error).splitlines()), type(error).__name__).rstrip(". ")


def _fetch(filesystem: Any, path: str, copy: Path) -> None:
    """Copies one file of an object store; the name appears only when it is whole."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    part = copy.with_name(f"{copy.name}.{os.getpid()}.part")
    with filesystem.open_input_stream(path) as source, part.open("wb") as target:
        while chunk := source.read(1 << 22):
            target.write(chunk)
    part.replace(copy)
