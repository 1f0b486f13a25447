"""The lake: reviews, their tags, mentions and reasons, corrections, runs and actions, in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from ugc import taxonomy
from ugc.errors import LakeError
from ugc.lake import (
    actions,
    check,
    corrections,
    export,
    forget,
    grouping,
    info,
    labels,
    migrate,
    reviews,
    runs,
    tags,
    turn,
    upkeep,
)
from ugc.lake.reviews import UpsertCounts
from ugc.lake.snapshot import Snapshot, stamp
from ugc.lake.store import TABLES, Store
from ugc.schema import SCHEMA_VERSION

__all__ = ["Lake"]

UNTAGGED = """
FROM reviews r ANTI JOIN tags t
  ON t.review_id = r.id AND t.text_hash = r.text_hash AND t.model = $model
"""


class Lake:
    """Delta tables in a folder or an object store, for several processes at once.

    Attributes:
        address: absolute path of the folder, or the address of the object store.
    """

    def __init__(self, store: Store) -> None:
        """Takes a lake that is there; use `Lake.open`."""
        self._store = store
        self.address = store.address
        self._identity = str(store.open("reviews").metadata().id)[:8]
        self._run: str | None = None
        self._wear()

    @classmethod
    def open(cls, address: str | Path, *, create: bool = True) -> Lake:
        """The lake at an address, brought up to this program's schema version.

        Args:
            address: a folder, or an object store such as `s3://bucket/folder`, whose keys and
                endpoint come from the usual variables (`AWS_ACCESS_KEY_ID` …).
            create: whether to make an empty lake where there is none.

        Raises:
            LakeError: there is none and none may be made, or it is damaged or newer.
        """
        store = Store(address)
        if not store.exists("reviews"):
            if not create:
                raise LakeError(
                    f"There is no lake at {store.address}.",
                    "Read reviews into it with: ugc import FILE, or name another with --lake.",
                )
            _make(store)
        elif migrate.version_of(store) < SCHEMA_VERSION:
            with store.turn():
                migrate.migrate(store)
        for name in TABLES:
            if not store.exists(name):
                raise LakeError(
                    f"The table {name} of the lake {store.address} is missing.",
                    "Restore its folder from a backup, or move the lake away and import again.",
                )
        return cls(store)

    def version(self) -> str:
        """The `version` that a snapshot taken now would have."""
        return stamp(self._identity, {name: self._store.version(name) for name in TABLES})

    def _wear(self) -> None:
        """Puts the lake's edits of themes in force; a table that nobody ever wrote to is not read."""
        if self._store.version("labels"):
            self.snapshot().close()
        else:
            taxonomy.revise("themes", ())

    def snapshot(self) -> Snapshot:
        """The lake as it is now, to be queried; use it in a `with` block.

        Its edits of themes are in force in the taxonomy of this process from now on.
        """
        taken = Snapshot(self._store, self._identity)
        labels.wear(taken)
        return taken

    def upsert_reviews(
        self, batch: pa.Table, *, run: str | None = None, cursor: str | None = None
    ) -> UpsertCounts:
        """Writes the new and changed reviews of a batch (schema REVIEWS) in one commit.

        Of rows with the same id the last one counts. A row whose `content_hash` is known is not
        written. `run_id` (the run last started here), `first_seen` and `updated_at` are filled
        where null; a changed review keeps its `first_seen`. The `cursor` of a collection `run` is
        written in the same commit, so that a kill cannot part the two; see `last_cursor`.
        """
        note = runs.note(run, cursor) if run is not None and cursor is not None else None
        with self._store.turn():
            counts = reviews.upsert(self._store, batch, self._run, note)
            if counts.new or counts.changed:
                upkeep.tidy(self._store, "reviews")
        return counts

    def known(self, ids: Iterable[str]) -> dict[str, str]:
        """Content hash of each of these reviews that the lake holds."""
        return reviews.known(self._store, list(ids))

    def written(self, ids: Iterable[str]) -> dict[str, tuple[datetime, str | None]]:
        """When and by which run each of these reviews that the lake holds was last written."""
        return reviews.written(self._store, list(ids))

    def untagged(self, model: str, limit: int | None = None) -> pa.Table:
        """Reviews without tags by this model for their text: id, text, text_hash, language.

        Newest first, those without a date last, then by id.
        """
        query = (
            f"SELECT r.id, r.text, r.text_hash, r.language {UNTAGGED} "
            "ORDER BY r.date DESC NULLS LAST, r.id LIMIT $limit"
        )
        with self.snapshot() as snapshot:
            return snapshot.raw(query, {"model": model, "limit": limit})

    def count_untagged(self, model: str) -> int:
        """How many reviews have no tags by this model for their text."""
        with self.snapshot() as snapshot:
            found = snapshot.raw(f"SELECT count(*) AS n {UNTAGGED}", {"model": model})
        return int(found["n"][0].as_py())

    def write_tags(self, batch: pa.Table, mentions: pa.Table, vectors: pa.Table | None = None) -> int:
        """Writes tags (schema TAGS) with their mentions (MENTIONS); gives how many reviews.

        The `vectors` of the clauses of the mentions (VECTORS) are written first, where there are any.

        A reader sees tags and mentions of a review together or not at all. Left out are reviews
        that are gone, have another text by now, or have tags by this model already. A `ValueError`
        says that a mention belongs to no row of the tags.
        """
        with self._store.turn():
            if vectors is not None and grouping.write_vectors(self._store, vectors):
                upkeep.tidy(self._store, "vectors")
            written = tags.write(self._store, batch, mentions)
            if written:
                upkeep.tidy(self._store, "tags")
                upkeep.tidy(self._store, "mentions")
        return written

    def write_vectors(self, vectors: pa.Table) -> int:
        """Writes vectors (schema VECTORS) of clauses, by their key; gives the number written.

        Left out are those of texts that the lake does not hold, and those that are there.
        """
        with self._store.turn():
            written = grouping.write_vectors(self._store, vectors)
            if written:
                upkeep.tidy(self._store, "vectors")
        return written

    def unvectored(self, model: str, limit: int | None = None) -> pa.Table:
        """Reviews whose tags are by this model, with mentions whose clause has no vector yet.

        Columns id, text, text_hash, language and `spans`, a list of {start, end}; at most `limit`
        reviews, in the order of their ids.
        """
        with self.snapshot() as snapshot:
            return snapshot.sql(grouping.UNVECTORED, {"model": model, "limit": limit})

    def ungrouped(self, limit: int | None = None) -> pa.Table:
        """Mentions that nobody has looked at since their text, span, theme, polarity or model changed.

        Columns review_id, text_hash, model, language, start, end, theme, polarity, confidence, and
        `vector` (null where there is none). The oldest reviews first, those without a date before
        them, in an order that is the same each time.
        """
        with self.snapshot() as snapshot:
            return snapshot.sql(grouping.UNGROUPED, {"limit": limit})

    def write_grouping(self, reasons: pa.Table, grouped: pa.Table) -> int:
        """Writes reasons (schema REASONS), then the mentions looked at (GROUPED); gives rows written.

        Both replace what has the same key: `id`; review, span, theme and polarity. Left out is what
        is of a text that the lake does not hold. A `ValueError` says that a row names a reason that
        is neither there nor among `reasons`.
        """
        with self._store.turn():
            written = grouping.write(self._store, reasons, grouped)
            if written:
                upkeep.tidy(self._store, "reasons")
                upkeep.tidy(self._store, "grouped")
        return written

    def start_run(self, kind: runs.Kind, source: str | None = None, target: str | None = None) -> str:
        """Notes that a run begins and gives its id; reviews written from now on carry it."""
        with self._store.turn():
            run = runs.start(self._store, kind, source, target)
        self._run = run
        return run

    def finish_run(
        self,
        run: str,
        state: runs.State,
        reason: str | None = None,
        counts: dict[str, int] | None = None,
        cursor: str | None = None,
        span: tuple[datetime | None, datetime | None] = (None, None),
    ) -> None:
        """Notes how a run ended; `LakeError` when there is no such run.

        `span` are the dates of the oldest and the newest review that it saw.
        """
        with self._store.turn():
            runs.finish(self._store, run, state, reason, counts or {}, cursor, span)
            upkeep.tidy(self._store, "runs")
        if self._run == run:
            self._run = None

    def last_cursor(self, source: str, target: str) -> str | None:
        """How far a target of a source has been read: the cursor of its newest run that has one.

        Runs of the target that were killed are finished as partial, with the cursor that stands
        beside the last reviews they wrote. Call it only while nobody else collects the target.
        """
        query = (
            "SELECT id, state, cursor FROM runs WHERE kind = 'collect' AND source = $source"
            " AND target = $target ORDER BY started_at DESC, id DESC"
        )
        with self.snapshot() as snapshot:
            found = snapshot.raw(query, {"source": source, "target": target}).to_pylist()
        cursors = []
        for run in found:
            cursor = run["cursor"]
            if run["state"] == "running":
                cursor = runs.noted(self._store, run["id"])
                self.finish_run(run["id"], "partial", "It was broken off.", {}, cursor)
            cursors.append(cursor)
        return next((cursor for cursor in cursors if cursor is not None), None)

    def runs(self) -> pa.Table:
        """All runs, the latest first (schema RUNS)."""
        with self.snapshot() as snapshot:
            return snapshot.raw("SELECT * FROM runs ORDER BY started_at DESC, id DESC")

    def add_correction(
        self,
        review_id: str,
        field: str,
        value: str | None,
        *,
        start: int | None = None,
        end: int | None = None,
        theme: str | None = None,
        author: str | None = None,
        made_on: str | None = None,
        wait: float = turn.WAIT,
    ) -> str:
        """Notes what a person says instead of the model; gives the id of the correction.

        Args:
            review_id: the review it is about.
            field: `sentiment` or `contact` of the review; `theme`, `polarity` or `touchpoint` of a
                mention; `removed` (any value) or `added` (the value is its polarity).
            value: the right label; `None` takes an earlier correction of this field back.
            start: where the mention begins in the text.
            end: where it ends.
            theme: theme of the mention as it was shown.
            author: who says so.
            made_on: `text_hash` of the text that the person read.
            wait: seconds to wait for others who write.

        Raises:
            InputError: there is no such review, field, label or span, or it has another text by now.
            LakeBusy: the others wrote for longer than that.
            LakeReadOnly: there is no right to write.
        """
        with self._store.turn(wait):
            made = corrections.add(
                self._store,
                review_id,
                field,
                value,
                start=start,
                end=end,
                theme=theme,
                author=author,
                made_on=made_on,
            )
            upkeep.tidy(self._store, "corrections")
        return made

    def add_action(
        self,
        what: str,
        day: date,
        *,
        concerned: Mapping[str, Sequence[str | None]] | None = None,
        theme: str | None = None,
        author: str | None = None,
        wait: float = turn.WAIT,
    ) -> str:
        """Notes what was done about the reviews; gives the id of the action.

        Args:
            what: in a few words.
            day: since when, in UTC; it may lie ahead.
            concerned: values of `actions.FIELDS` that choose the reviews it is for, as in the lake
                (`None` for reviews without one); all reviews when empty.
            theme: what it was meant to better; the whole when `None`.
            author: who says so.
            wait: seconds to wait for others who write.

        Raises:
            InputError: it has no words or too many, or a field or theme that there is not.
            LakeBusy: the others wrote for longer than that.
            LakeReadOnly: there is no right to write.
        """
        with self._store.turn(wait):
            made = actions.add(self._store, what, day, concerned=concerned or {}, theme=theme, author=author)
            upkeep.tidy(self._store, "actions")
        return made

    def remove_action(self, action: str, *, wait: float = turn.WAIT) -> None:
        """Takes an action away; `InputError` when there is none of this id.

        `wait` and what it raises are as in `add_action`.
        """
        with self._store.turn(wait):
            actions.remove(self._store, action)
            upkeep.tidy(self._store, "actions")

    def add_label(self, edit: labels.Edit, *, removed: bool = False, wait: float = turn.WAIT) -> str:
        """Writes a person's edit of a theme, which holds from now on; gives its id.

        Args:
            edit: the theme as it is to be; its `id` and `made_at` are given here.
            removed: takes an own theme away, or gives a shipped one its own words back; the names,
                meanings and examples are then not kept.
            wait: seconds to wait for others who write.

        Raises:
            InputError: the key, a name, a meaning or an example is not one there can be.
            LakeBusy: the others wrote for longer than that.
            LakeReadOnly: there is no right to write.
        """
        with self._store.turn(wait):
            made = labels.add(self._store, edit, removed=removed)
            upkeep.tidy(self._store, "labels")
        self._wear()
        return made

    def write_likened(self, rows: pa.Table) -> int:
        """Writes clauses that are like examples of a theme (schema LIKENED), by their key; gives the number.

        They are seen once an edit names their drawing. Left out are those of texts that the lake does
        not hold, and those that are there.
        """
        with self._store.turn():
            written = labels.write_likened(self._store, rows)
            if written:
                upkeep.tidy(self._store, "likened")
        return written

    def forget(self, author: str) -> int:
        """Removes every review of an author (a pseudonym), with all that hangs on it, from the disk.

        Gives how many reviews there were. Older versions of the tables go as well.
        """
        with self._store.turn():
            return forget.forget(self._store, author)

    def info(self) -> info.LakeInfo:
        """Tables, rows, sizes, versions, dates, models and languages."""
        with self.snapshot() as snapshot:
            return info.gather(self._store, snapshot)

    def compact(self, *, keep_hours: int = upkeep.KEEP_HOURS) -> upkeep.CompactReport:
        """Joins small files, drops leftovers, and removes files unused for `keep_hours`."""
        with self._store.turn():
            return upkeep.compact(self._store, keep_hours)

    def check(self) -> check.CheckReport:
        """Looks for what is damaged, doubled or left over."""
        return check.look_over(self.address)

    def export(self, folder: Path, kind: str, *, overwrite: bool = False) -> dict[Path, int]:
        """Writes the views to files of a folder, one of `export.FORMATS`; gives rows by file."""
        with self.snapshot() as snapshot:
            return export.export(snapshot, Path(folder), kind, overwrite=overwrite)


def _make(store: Store) -> None:
    """Creates the tables, `reviews` last; safe when several processes do it at once."""
    if store.folder is not None:
        _make_folder(store.folder)
    with store.turn():
        for name in TABLES:
            if not store.exists(name):
                store.create(name)


def _make_folder(folder: Path) -> None:
    """Makes the folder of a lake; `LakeError` when it cannot be or holds other things."""
    mend = "Name a new or an empty folder, with --lake or the setting lake."
    try:
        folder.mkdir(parents=True, exist_ok=True)
        others = sorted({one.name for one in folder.iterdir()} - set(TABLES) - {".lock"})
    except FileExistsError as error:
        raise LakeError(f"{folder} is a file, not a folder.", mend) from error
    except OSError as error:
        raise LakeError(f"The lake {folder} cannot be made: {error.strerror}.", mend) from error
    if others:
        raise LakeError(f"The folder {folder} holds other things, for instance {others[0]}.", mend)
    if any((folder / "reviews").glob("*.parquet")):
        raise LakeError(
            f"The lake {folder} has reviews but no log of them.",
            "Restore the folder from a backup, or move the lake away and import again.",
        )
