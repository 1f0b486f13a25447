"""Lakes of older schema versions, brought up to this program's.

Each step leads every table from one version to the next and may be run again after it was
interrupted: it looks at what is there before it acts. The version is written last.
"""

from __future__ import annotations

from collections.abc import Callable

from deltalake import CommitProperties, DeltaTable, Field
from deltalake.schema import Schema

from ugc.errors import LakeError
from ugc.lake.commits import HOOKS
from ugc.lake.store import TABLES, VERSION_PROPERTY, Store
from ugc.schema import SCHEMA_VERSION

__all__ = ["STEPS", "migrate", "version_of", "version_of_table"]


def version_of(store: Store) -> int:
    """Lowest schema version among the tables that are there.

    Raises:
        LakeError: a table is newer than this program, or damaged.
    """
    there = [name for name in TABLES if store.exists(name)]
    return min((version_of_table(store, name) for name in there), default=SCHEMA_VERSION)


def version_of_table(store: Store, name: str) -> int:
    """Schema version of one table; `LakeError` when it is newer than this program, or damaged."""
    written = store.open(name).metadata().configuration.get(VERSION_PROPERTY, "0")
    version = int(written) if written.isdigit() else 0
    if version > SCHEMA_VERSION:
        raise LakeError(
            f"The lake {store.address} has schema version {version}; this program knows "
            f"{SCHEMA_VERSION} at most.",
            "Bring the program up to date: a newer one wrote this lake.",
        )
    return version


def migrate(store: Store) -> None:
    """Takes every step from the version of the lake to this program's; does nothing when up to date."""
    for version in range(version_of(store), SCHEMA_VERSION):
        STEPS[version](store)
        for name in TABLES:
            _mark(store, name, version + 1)


def _mark(store: Store, name: str, version: int) -> None:
    """Writes the schema version into a table unless it is there."""

    def work(table: DeltaTable, commit: CommitProperties) -> None:
        wanted = {VERSION_PROPERTY: str(version)}
        if table.metadata().configuration.get(VERSION_PROPERTY) != wanted[VERSION_PROPERTY]:
            table.alter.set_table_properties(wanted, raise_if_not_exists=False, commit_properties=commit)

    store.change(name, work)


def _add_what_lacks(store: Store) -> None:
    """Tables and columns that an older lake lacks; the new columns are empty."""
    for name, schema in TABLES.items():
        if not store.exists(name):
            store.create(name)
            continue
        wanted = {field.name: field for field in Schema.from_arrow(schema).fields}

        def add(table: DeltaTable, commit: CommitProperties, wanted: dict[str, Field] = wanted) -> None:
            present = {field.name for field in table.schema().fields}
            lacking = [
                Field(one.name, one.type, nullable=True) for one in wanted.values() if one.name not in present
            ]
            if lacking:
                table.alter.add_columns(lacking, commit_properties=commit, post_commithook_properties=HOOKS)

        store.change(name, add)


STEPS: dict[int, Callable[[Store], None]] = dict.fromkeys(range(4), _add_what_lacks)
"""The step that leads on from each older version: 1 came before dates of runs and actions, 2 before
vectors, reasons and what was grouped, 3 before edits of labels and what was likened to examples."""
