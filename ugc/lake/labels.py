"""What a person made of the themes: names, meanings and examples of their own, and themes of their own.

Edits are only ever added; the last one of a key holds, and the history tells who changed what. A theme may
be found by its examples: clauses that are like one of them are a further mention, kept under the name of a
drawing. The clauses are written first and the edit that names the drawing last, so that a reader sees the
theme as it was or as it is, never half of it.
"""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ugc import taxonomy
from ugc.errors import InputError
from ugc.lake.commits import append, put
from ugc.lake.keyed import last, upsert
from ugc.lake.rows import conform, of_texts
from ugc.lake.store import Store
from ugc.schema import LABELS, LIKENED
from ugc.taxonomy import LANGUAGES, Label

if TYPE_CHECKING:
    from ugc.lake.snapshot import Snapshot

__all__ = [
    "FRAME_ROWS",
    "LIKENED_KEY",
    "LONGEST_COVERS",
    "LONGEST_EXAMPLE",
    "LONGEST_NAME",
    "MOST_EXAMPLES",
    "Edit",
    "Examples",
    "Texts",
    "ThemeRefused",
    "add",
    "edits",
    "forget_examples",
    "in_force",
    "name_drawing",
    "shipped",
    "wear",
    "write_likened",
    "young",
]

Texts = tuple[str, str, str]
"""A text in each of LANGUAGES."""

Examples = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Examples in each of LANGUAGES."""

LONGEST_NAME = 60
LONGEST_COVERS = 200
LONGEST_EXAMPLE = 300
"""Characters that a name, a meaning and an example may have."""

MOST_EXAMPLES = 50
"""Examples that a theme may have, in all languages together."""

FRAME_ROWS = len(LANGUAGES) + 2
"""Rows of a measure before those of the examples: the middle of all, of each language, and the spreads."""

LIKENED_KEY = ("review_id", "start", "end", "drawing")

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")

_YOUNG = timedelta(days=1)
"""A drawing that no edit names may still be in the making while it is younger."""

_STAMP = "%Y%m%dT%H%M%S"

_TELLING = 20
"""Characters from which on an example that stands in a text was taken from it."""


class ThemeRefused(InputError):
    """A theme cannot be looked for, kept or taken away as it was asked; nothing was written.

    `why` names the reason for those who say it in another language, `about` holds what their sentence
    needs: the name, key or model in question, how long or how many (`count`), and how much may be (`most`).
    """

    def __init__(self, what: str, mend: str = "", *, why: str = "", **about: str | int) -> None:
        super().__init__(what, mend)
        self.why = why
        self.about = about


@dataclass(frozen=True, slots=True)
class Edit:
    """A theme as a person left it; whatever they left alone is as shipped.

    Texts and examples are in the order of LANGUAGES. A theme that is found by its examples has all of
    `threshold`, `drawing`, `model` and `measure`, another one none of them; see LABELS in `ugc.schema`.
    """

    key: str
    own: bool
    names: Texts
    covers: Texts
    examples: Examples
    threshold: float | None = None
    drawing: str | None = None
    model: str | None = None
    measure: bytes | None = None
    author: str | None = None
    made_at: datetime | None = None
    """When it was written; `None` before."""
    id: str = ""

    def label(self) -> Label:
        """The theme for the taxonomy."""
        spoken = dict(zip(LANGUAGES, self.examples, strict=True))
        names, covers = (dict(zip(LANGUAGES, one, strict=True)) for one in (self.names, self.covers))
        return Label(self.key, names, covers, None, spoken, self.own)


def shipped(key: str) -> Label | None:
    """The theme of this key as it comes with the product; `None` for an own one."""
    return next((one for one in taxonomy.shipped("themes") if one.key == key), None)


def add(store: Store, edit: Edit, *, removed: bool = False) -> str:
    """Writes an edit; gives its id. See `Lake.add_label`.

    Raises:
        ThemeRefused: the key, a name, a meaning or an example is not one there can be.
        LakeError: the lake cannot be written.
    """
    ours = shipped(edit.key)
    if not _KEY.fullmatch(edit.key):
        raise ThemeRefused(
            f"{edit.key!r} cannot be the key of a theme.",
            "Use small Latin letters, digits and underscores.",
            why="key",
            name=edit.key,
        )
    if edit.own == (ours is not None):
        what = "comes with the product" if edit.own else "does not come with the product"
        raise ThemeRefused(f"The theme {edit.key!r} {what}.", "Choose another key.", why="key", name=edit.key)
    _check(edit)
    row: dict[str, Any] = {"id": secrets.token_hex(8), "made_at": datetime.now(UTC), "removed": removed}
    row |= {name: getattr(edit, name) for name in ("key", "own", "author")}
    if not removed:
        row |= {name: getattr(edit, name) for name in ("threshold", "drawing", "model", "measure")}
        for at, language in enumerate(LANGUAGES):
            row[f"name_{language}"] = edit.names[at]
            row[f"covers_{language}"] = edit.covers[at]
            row[f"examples_{language}"] = list(edit.examples[at])
            if ours and edit.names[at] == ours.names[language]:
                row[f"name_{language}"] = None
            if ours and edit.covers[at] == ours.covers.get(language, ""):
                row[f"covers_{language}"] = None
            if ours and edit.examples[at] == ours.examples.get(language, ()):
                row[f"examples_{language}"] = None
    rows = pa.Table.from_pylist([row], schema=LABELS)
    store.change("labels", lambda table, commit: append(table, rows, commit))
    return str(row["id"])


def _check(edit: Edit) -> None:
    """Raises `ThemeRefused` unless all that a theme says is there and short enough to be shown."""
    if not all(edit.names):
        raise ThemeRefused("The theme has no name.", "Name it in one language at least.", why="no_name")
    said = [one for spoken in edit.examples for one in spoken]
    for what, texts, most in (
        ("name", edit.names, LONGEST_NAME),
        ("meaning", edit.covers, LONGEST_COVERS),
        ("example", said, LONGEST_EXAMPLE),
    ):
        longest = max((len(one) for one in texts), default=0)
        if longest > most:
            raise ThemeRefused(
                f"A {what} has {longest} characters.",
                f"Use {most} at most.",
                why=f"long_{what}",
                count=longest,
                most=most,
            )
    if len(said) > MOST_EXAMPLES:
        raise ThemeRefused(
            f"The theme has {len(said)} examples.",
            f"Use {MOST_EXAMPLES} at most.",
            why="many",
            count=len(said),
            most=MOST_EXAMPLES,
        )
    drawn = [one is not None for one in (edit.threshold, edit.drawing, edit.model, edit.measure)]
    if any(drawn) and not all(drawn):
        raise ValueError("threshold, drawing, model and measure belong together")


def in_force(rows: Iterable[dict[str, Any]]) -> dict[str, Edit]:
    """The edits that hold, by key, among all rows of LABELS."""
    newest = {row["key"]: row for row in sorted(rows, key=lambda row: (row["made_at"], row["id"]))}
    return {key: _edit(row) for key, row in newest.items() if not row["removed"]}


def _edit(row: dict[str, Any]) -> Edit:
    """A row of LABELS with what it leaves alone as it is shipped."""
    ours = shipped(row["key"])

    def told(name: str, own: dict[str, Any], nothing: Any) -> Any:
        found = [row[f"{name}_{language}"] for language in LANGUAGES]
        return tuple(
            own.get(language, nothing) if one is None else one
            for language, one in zip(LANGUAGES, found, strict=True)
        )

    examples = told("examples", ours.examples if ours else {}, ())
    return Edit(
        key=row["key"],
        own=ours is None,
        names=told("name", ours.names if ours else {}, row["key"]),
        covers=told("covers", ours.covers if ours else {}, ""),
        examples=(tuple(examples[0]), tuple(examples[1]), tuple(examples[2])),
        **{
            name: row[name]
            for name in ("threshold", "drawing", "model", "measure", "author", "made_at", "id")
        },
    )


def edits(snapshot: Snapshot) -> dict[str, Edit]:
    """The edits in force, by the keys of their themes, in the order in which the themes came."""
    return dict(snapshot.edits())


def wear(snapshot: Snapshot) -> None:
    """Puts the edits of a lake in force in the taxonomy of this process."""
    taxonomy.revise("themes", [one.label() for one in snapshot.edits().values()])


def name_drawing() -> str:
    """A name for a drawing that is begun now."""
    return f"{datetime.now(UTC).strftime(_STAMP)}-{secrets.token_hex(4)}"


def young() -> str:
    """A name before that of every drawing that may still be in the making."""
    return (datetime.now(UTC) - _YOUNG).strftime(_STAMP)


def write_likened(store: Store, rows: pa.Table) -> int:
    """Writes what is like examples (schema LIKENED), of texts that the lake holds; gives the number written.

    Raises:
        ValueError: the table has another shape.
        LakeError: the lake cannot be written.
    """
    return upsert(store, "likened", of_texts(store, last(conform(rows, LIKENED), LIKENED_KEY)), LIKENED_KEY)


def forget_examples(store: Store, rows: pa.Table, texts: Iterable[str]) -> None:
    """Takes the examples that were taken from these texts out of all edits (`rows` of LABELS).

    What the model made of them goes from the measures too. A theme that keeps no example, or whose measure
    does not tell what was made of which, is no longer found by examples.
    """
    gone = [" ".join(text.split()).casefold() for text in texts]

    def taken(example: str) -> bool:
        return len(example) >= _TELLING and any(example.casefold() in text for text in gone)

    changed = []
    for row in rows.to_pylist():
        kept = {
            name: row[name] and [one for one in row[name] if not taken(one)]
            for name in (f"examples_{language}" for language in LANGUAGES)
        }
        if any(kept[name] != row[name] for name in kept):
            spoken = _edit(row).examples
            stays = [not taken(one) for own in spoken for one in own]
            changed.append(row | kept | _remeasured(row, stays))
    if changed:
        mended = pa.Table.from_pylist(changed, schema=LABELS)
        store.change("labels", lambda table, commit: put(table, mended, ("id",), commit))


def _remeasured(row: dict[str, Any], stays: list[bool]) -> dict[str, Any]:
    """What a row of LABELS is found by without the examples that go; empty where nothing is left."""
    nothing: dict[str, Any] = dict.fromkeys(("threshold", "drawing", "model", "measure"))
    if row["measure"] is None:
        return nothing
    try:
        packed = np.load(io.BytesIO(row["measure"]), allow_pickle=False)
    except (ValueError, EOFError):
        return nothing  # no measure of ours: nothing in it can be told apart
    if packed.ndim != 2 or len(packed) != FRAME_ROWS + len(stays):
        return nothing
    left = packed[FRAME_ROWS:][stays]
    if not left.any():
        return nothing
    made = io.BytesIO()
    np.save(made, np.concatenate([packed[:FRAME_ROWS], left]), allow_pickle=False)
    return {"measure": made.getvalue()}
