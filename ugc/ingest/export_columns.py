"""The columns of an export that is known, by field; and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping as Asked
from pathlib import Path

from ugc.errors import MappingError
from ugc.ingest.columns import FIELDS, Mapping, Way, asked_columns, explain, normal_name
from ugc.ingest.exports import Export, Take
from ugc.ingest.profile import Profile

__all__ = ["map_export", "tell"]

_NEEDED = {
    "source_id": "its reviews get ids from what they say, and may double some that are in the lake",
    "text": "only the ratings can be read",
    "rating": "only the texts can be read",
    "date": "its reviews have no dates",
}
"""Fields without which an export is not whole, with what comes of it."""


def map_export(profile: Profile, export: Export, asked: Asked[str, str]) -> Mapping:
    """The columns of each field as the export names them; `asked` fixes fields beforehand.

    Where the file has a header, columns that it lacks are left out; those of JSON may come later.

    Raises:
        MappingError: a column that was asked for is absent, or there is one neither for texts nor
            for ratings.
    """
    fields = asked_columns(profile, dict(asked))
    taken = {column for columns in fields.values() for column in columns}
    why = dict.fromkeys(taken, "--map")
    ways: dict[str, Way] = {}
    for name in FIELDS:
        if name in asked or name not in export.fields:
            continue
        take = export.fields[name]
        actual = _actual(profile, take)
        found = tuple(
            column
            for column in dict.fromkeys(actual[one] for one in take.columns)
            if column not in taken and (column in profile.by_name or not profile.whole)
        )
        if found or take.beside:
            fields[name] = found
        if take.read is not None and name in fields:
            ways[name] = Way(actual, take.read)
        for column in found:
            why.setdefault(column, "export")
    fields = {name: columns for name, columns in fields.items() if columns or name in ways}
    if not any(fields.get(name) for name in ("text", "title", "pros", "cons", "rating", "recommended")):
        wanted = (*export.fields["text"].columns, *export.fields["rating"].columns)
        raise MappingError(
            f"{profile.path.name} looks like half of a {export.title}: it has none of the columns "
            f"{', '.join(wanted)}.",
            "Export it anew with all columns, or name the text with --map text=COLUMN.",
        )
    return Mapping(fields, tuple(explain(profile, fields, why, ways)), ways)


def _actual(profile: Profile, take: Take) -> dict[str, str]:
    """The columns of a field as the file spells them, or as the export does where it lacks them."""
    there = {normal_name(column): column for column in reversed(profile.columns)}
    return {one: there.get(normal_name(one), one) for one in (*take.columns, *take.beside)}


def tell(path: Path, profile: Profile, export: Export, asked: Asked[str, str]) -> list[str]:
    """What the user should know: which export it is, where its reviews go, what it lacks."""
    kept = export.kept or export.source
    notes = [f"{path.name}: {export.title}; its reviews are kept as {kept}, unless --source names another."]
    for name, consequence in _NEEDED.items():
        columns, actual = export.fields[name].columns, _actual(profile, export.fields[name])
        if name in asked or any(actual[column] in profile.by_name for column in columns):
            continue
        if profile.whole or name not in {"text", "rating"}:
            notes.append(f"{path.name} has no column {' or '.join(columns)}: {consequence}.")
    return notes
