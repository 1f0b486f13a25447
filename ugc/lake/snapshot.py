"""One consistent state of the lake, queried with DuckDB in memory."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ugc.errors import LakeError
from ugc.lake import corrections, grouping, labels, views
from ugc.lake.parts import Parts
from ugc.lake.store import TABLES, Pin, Store
from ugc.schema import MENTIONS

__all__ = ["Params", "Snapshot", "pin_all", "stamp"]

Params = Sequence[Any] | dict[str, Any]

PIN_ORDER = (
    "labels",
    "likened",
    "grouped",
    "reasons",
    "actions",
    "corrections",
    "runs",
    "tags",
    "vectors",
    "mentions",
    "reviews",
)
"""Tags before mentions, what was grouped before reasons, edits of labels before what was likened:
what a row names was written before it."""

ATTEMPTS = 40

BATCH_ROWS = 10_000


def pin_all(store: Store) -> dict[str, Pin]:
    """One version of every table, taken so that tags and mentions belong together.

    Leftover mentions may be removed between the two looks; that shows in a newer version of the
    table of tags, and then everything is looked at again.
    """
    for _ in range(ATTEMPTS):
        pins = {name: store.pin(name) for name in PIN_ORDER}
        if store.pin("tags").version == pins["tags"].version:
            return pins
    raise LakeError(
        f"The lake {store.address} changes too quickly to be read.",
        "Wait for the imports and taggings that write to it, then do this again.",
    )


def stamp(identity: str, versions: dict[str, int]) -> str:
    """Text that differs whenever any table of the lake differs."""
    return f"{identity}-" + ".".join(str(versions[name]) for name in sorted(versions))


class Snapshot:
    """The lake as it was at one moment; whatever is written later does not show.

    A context manager; it may be used by several threads. Views: `reviews`; `tags`, only those of
    the texts as they are; `mentions`, only those of such tags; `corrections`; `runs`; `actions`;
    `vectors`, only those by the model of the current tags; `reasons`, `grouped`, `labels` and `likened`,
    as written. Among the mentions are those that clauses are because they are like examples of a theme.
    Corrections are applied in the views. Columns are those of `ugc.schema`. One view more,
    `reasoned`, has the mentions (without batch and quote) with the `reason` they belong to now,
    merges followed, the `similarity` to it, and whether they were `looked_at`; another, `raises`,
    has a row for each theme and polarity of a review with the number of its `mentions`; `stances` one
    for each theme at a touchpoint, with its `stance` (praised 1, blamed 2, both 3, neither 0); `judged`
    one for each review with its `sentiment`, whether it `was_read` and whether it is `without_text`.

    Joins by text are slow, so reviews are numbered within a snapshot: `key` in `tags`, `vectors`, `judged`,
    `reasoned`, `raises`, `stances` and, where no wide column is asked for, in `reviews` and `mentions`.

    Attributes:
        version: a cache key that changes whenever any table changes.
        pins: version and files of each table.
    """

    def __init__(self, store: Store, identity: str = "") -> None:
        """Pins the newest version of every table; rows are read when they are asked for."""
        self._store = store
        self.pins = pin_all(store)
        self.version = stamp(identity, {name: pin.version for name, pin in self.pins.items()})
        self._lock = threading.RLock()
        self._made: set[str] = set()
        self._reviews: Parts | None = None
        self._edits: dict[str, labels.Edit] | None = None
        self._connection = duckdb.connect(":memory:", config={"python_enable_replacements": False})
        self._connection.execute("SET GLOBAL TimeZone = 'UTC'")
        # Memory of which the columns are packed: they take less room and are gone through quicker.
        self._connection.execute("ATTACH ':memory:' AS packed (COMPRESS)")
        self._connection.execute("USE packed")
        # What a query has used goes back to the system soon, not only when much of it has gathered.
        for threshold in ("allocator_flush_threshold", "allocator_bulk_deallocation_flush_threshold"):
            self._connection.execute(f"SET GLOBAL {threshold} = '16MB'")
        # A query may read the lake's own files and nothing else.
        self._connection.execute("SET allowed_directories = [?]", [store.local_folder() + "/"])
        self._connection.execute("SET enable_external_access = false")
        for schema in ("raw", "held", "wide"):
            self._connection.execute(f"CREATE SCHEMA {schema}")

    def __enter__(self) -> Snapshot:
        """The snapshot itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Frees its memory."""
        self.close()

    def close(self) -> None:
        """Frees the memory; the snapshot answers no more."""
        self._connection.close()

    def sql(self, query: str, params: Params = ()) -> pa.Table:
        """The rows that a SELECT over the views gives; times are UTC.

        Args:
            query: one statement of DuckDB's SQL; `?` or `$name` stand for parameters.
            params: values in order, or by name.

        Raises:
            LakeError: files of this state are gone or damaged.
            duckdb.Error: the query is wrong.
        """
        wanted = views.need(query)
        with self._store.telling():
            for name in sorted(wanted.tables):
                self._view(name, wide=name in wanted.wide)
            return self._run(self._schema(wanted), query, params)

    def batches(self, query: str, params: Params = ()) -> Iterator[pa.RecordBatch]:
        """The rows of a SELECT over the views, some thousands at a time; see `sql`."""
        wanted = views.need(query)
        with self._cursor() as cursor:
            with self._store.telling():
                for name in sorted(wanted.tables):
                    self._view(name, wide=name in wanted.wide)
                cursor.execute(f"USE packed.{self._schema(wanted)}")
                reader = cursor.sql(query, params=params or None).to_arrow_reader(BATCH_ROWS)
            while True:
                with self._store.telling():
                    batch = next(reader, None)
                if batch is None:
                    return
                yield batch

    def reviews_of(self, ids: Sequence[str], columns: Sequence[str]) -> pa.Table:
        """The reviews of these ids with `id` and these columns, in any order; unknown ids are left out.

        Texts are read only from the parts of the files in which these reviews lie: a hundred reviews
        that were written together come at once, wherever a query would go through all texts.

        Raises:
            LakeError: files of this state are gone or damaged.
        """
        wide = [one for one in columns if one in views.WIDE["reviews"]]
        narrow = ["key", "id", *(one for one in columns if one not in wide and one != "id")]
        found = self.sql(
            views.select(narrow, "reviews WHERE id IN (SELECT unnest($ids))"), {"ids": list(ids)}
        )
        if not wide or not found.num_rows:
            return found.drop_columns("key")
        with self._store.telling():
            rest = self._parts().rows(found["key"].to_pylist(), ["id", *wide])
        own = rest.take(pc.index_in(found["id"], rest["id"]))  # a join would not take lists
        for name in wide:
            found = found.append_column(name, own[name])
        return found.drop_columns("key")

    def _parts(self) -> Parts:
        """Where the reviews lie in the files."""
        with self._lock:
            if self._reviews is None:
                self._reviews = Parts(self._store.local_files(self.pins["reviews"]))
            return self._reviews

    def raw(self, query: str, params: Params = ()) -> pa.Table:
        """The rows of a SELECT over the tables as they are written, leftovers and all."""
        with self._store.telling():
            for name in views.need(query).tables:
                self._raw(name)
            return self._run("raw", query, params)

    def _run(self, schema: str, query: str, params: Params) -> pa.Table:
        """Runs a query on a cursor of its own, so that threads do not meet."""
        with self._cursor() as cursor:
            cursor.execute(f"USE packed.{schema}")
            return cursor.sql(query, params=params or None).to_arrow_table()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own to the same memory."""
        with self._lock:
            return self._connection.cursor()

    def _schema(self, wanted: views.Need) -> str:
        """Schema whose views join narrow and wide columns as this query needs them."""
        schema = "see" + "".join("_" + name for name in sorted(wanted.wide))
        with self._lock:
            if schema not in self._made:
                self._connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
                self._made.add(schema)
            for name in sorted(wanted.tables):
                if f"{schema}.{name}" not in self._made:
                    source = "wide" if name in wanted.wide else "held"
                    self._connection.execute(f"CREATE VIEW {schema}.{name} AS FROM {source}.{name}")
                    self._made.add(f"{schema}.{name}")
        return schema

    def _raw(self, name: str) -> None:
        """Makes the view over the files of a table."""
        with self._lock:
            if f"raw.{name}" not in self._made:
                query = views.raw(name, self._store.local_files(self.pins[name]))
                self._connection.execute(f"CREATE VIEW raw.{name} AS {query}")
                self._made.add(f"raw.{name}")

    def _view(self, name: str, *, wide: bool) -> None:
        """Makes the narrow table of `name` in memory, or the view with its wide columns."""
        made = f"{'wide' if wide else 'held'}.{name}"
        with self._lock:
            if made in self._made:
                return
            if name in TABLES:
                self._raw(name)
            if name == "tags":
                self._fixes()
                self._view("reviews", wide=False)
                query = views.CURRENT_TAGS
            elif name == "mentions":
                self._view("tags", wide=False)
                self._fixed_mentions()
                listed = [f"m.{column}" for column in views.columns("mentions", wide=wide)]
                own = ", ".join(listed if wide else ["t.key", *listed])
                said = [
                    views.CURRENT_MENTIONS.format(columns=own, but="ANTI", said=one) for one in self._said()
                ]
                query = " UNION ALL ".join([*said, views.FIXED_MENTIONS.format(columns=own)])
            elif name == "judged":
                self._view("tags", wide=False)
                query = views.JUDGED
            elif name == "raises":
                self._view("mentions", wide=False)
                query = views.RAISES
            elif name == "stances":
                self._view("mentions", wide=False)
                query = views.STANCES
            elif name == "vectors":
                self._view("tags", wide=False)
                query = views.CURRENT_VECTORS
            elif name == "reasoned":
                self._view("mentions", wide=False)
                self._raw("grouped")
                self._ends()
                query = views.REASONED.format(columns=", ".join(f"m.{one}" for one in views.NARROW_MENTIONS))
            else:
                listed = views.columns(name, wide=wide)
                numbered = ["row_number() OVER ()::INTEGER AS key"] if name == "reviews" and not wide else []
                query = views.select([*numbered, *listed], f"raw.{name}")
            kept = not wide and name not in views.UNHELD
            self._connection.execute(f"CREATE {'TABLE' if kept else 'VIEW'} {made} AS {query}")
            self._made.add(made)
            if kept:
                self._pack()

    def _pack(self) -> None:
        """Packs what lies in the memory; while another thread reads, it stays as it is till next time."""
        with contextlib.suppress(duckdb.TransactionException):
            self._connection.execute("CHECKPOINT packed")

    def _ends(self) -> None:
        """Makes the table of what each reason has become."""
        self._raw("reasons")
        listed = self._connection.sql("SELECT id, merged_into FROM raw.reasons").fetchall()
        became = grouping.ends(listed)
        rows = {"id": pa.array(became, pa.string()), "reason": pa.array(became.values(), pa.string())}
        self._hold("ends", pa.table(rows))

    def _fixes(self) -> None:
        """Makes the table of corrections in force."""
        self._raw("corrections")
        self._raw("reviews")
        found = self._connection.sql(
            "SELECT c.* FROM raw.corrections c JOIN raw.reviews r ON r.id = c.review_id "
            "WHERE c.text_hash IS NULL OR c.text_hash = r.text_hash"
        ).to_arrow_table()
        rows = pa.Table.from_pylist(corrections.in_force(found.to_pylist()), schema=TABLES["corrections"])
        self._hold("fixes", rows)

    def edits(self) -> dict[str, labels.Edit]:
        """The edits of themes in force, by key; read once."""
        with self._lock:
            if self._edits is None:
                rows = self.raw("SELECT * FROM labels").to_pylist() if self.pins["labels"].rows else ()
                self._edits = labels.in_force(rows)
        return self._edits

    def _said(self) -> tuple[str, ...]:
        """Where mentions lie: those of the model, and those of themes that are found by their examples."""
        drawings = [one.drawing for one in self.edits().values() if one.drawing]
        self._raw("mentions")
        if not drawings:
            return ("raw.mentions",)
        if "held.like_examples" not in self._made:
            self._raw("likened")
            self._hold("drawings", pa.table({"drawing": pa.array(drawings, pa.string())}))
            self._connection.execute(f"CREATE TABLE held.like_examples AS {views.LIKE_EXAMPLES}")
            self._made.add("held.like_examples")
        return "raw.mentions", "held.like_examples"

    def _fixed_mentions(self) -> None:
        """Makes the table of mentions of the reviews whose mentions a person corrected."""
        if "held.fixed_mentions" in self._made:
            return
        self._raw("reviews")
        fixes: dict[str, list[dict[str, Any]]] = {}
        listed = "SELECT * FROM held.fixes WHERE start IS NOT NULL ORDER BY made_at, id"
        for one in self._connection.sql(listed).to_arrow_table().to_pylist():
            fixes.setdefault(one["review_id"], []).append(one)
        held: dict[str, list[dict[str, Any]]] = {review: [] for review in fixes}
        own = ", ".join(f"m.{column}" for column in views.columns("mentions"))
        for said in self._said():
            query = views.CURRENT_MENTIONS.format(columns=own, but="SEMI", said=said)
            for one in self._connection.sql(query).to_arrow_table().to_pylist():
                held[one["review_id"]].append(one)
        texts = self._connection.sql(
            "SELECT r.id, r.text, t.batch FROM raw.reviews r JOIN held.tags t ON t.review_id = r.id "
            "SEMI JOIN (FROM held.fixes WHERE start IS NOT NULL) f ON f.review_id = r.id"
        ).to_arrow_table()
        rows = [
            mention
            for one in texts.to_pylist()
            for mention in corrections.apply(one["text"], held[one["id"]], fixes[one["id"]], one["batch"])
        ]
        self._hold("fixed_mentions", pa.Table.from_pylist(rows, schema=MENTIONS))

    def _hold(self, name: str, rows: pa.Table) -> None:
        """Copies rows into a table of the memory."""
        self._connection.register("given", rows)
        self._connection.execute(f"CREATE TABLE held.{name} AS FROM given")
        self._connection.unregister("given")
        self._made.add(f"held.{name}")
