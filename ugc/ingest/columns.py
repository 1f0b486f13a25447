"""Which column of a file holds which field: by its name, else by what stands in it."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from ugc.errors import InputError, MappingError
from ugc.ingest.profile import Profile

__all__ = [
    "FIELDS",
    "Choice",
    "Mapping",
    "Way",
    "asked_columns",
    "explain",
    "is_known",
    "map_columns",
    "normal_name",
    "parse_options",
]

_COALESCED = frozenset(
    {"date", "product", "author", "reply_date", "edited_at", "source_id", "company", "place"}
)
"""Fields that may take a second column where the first is blank."""

_NEUTRAL = frozenset(
    {"attributes", "data", "fields", "item", "node", "snippet", "properties", "review", "source", "result"}
    | {"entry", "value", "label"}
)
"""Parents of a nested name that add nothing to its meaning."""


_SHOPS = frozenset(
    {"ios", "gp", "android", "app store", "appstore", "google play", "rustore", "appgallery", "as"}
)
"""What a column named "store" holds when it means the source and no place."""


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    """Known names of columns by field, in normal form, the preferred first."""
    text = resources.files(__package__).joinpath("columns.toml").read_text(encoding="utf-8")
    return {
        key: tuple(dict.fromkeys(normal_name(name) for name in entry["names"]))
        for key, entry in tomllib.loads(text).items()
    }


FIELDS = (
    "text",
    "title",
    "pros",
    "cons",
    "rating",
    "rating_scale",
    "recommended",
    "date",
    "time",
    "bought_at",
    "edited_at",
    "collected_at",
    "author",
    "author_id",
    "author_mail",
    "source",
    "source_id",
    "url",
    "company",
    "product",
    "place",
    "city",
    "language",
    "helpful_votes",
    "reply_text",
    "reply_date",
    "app_version",
    "verified",
    "photos_count",
)
"""What a column may hold. `recommended` stands in for a missing rating; `time` completes `date`;
`bought_at` and `edited_at` help to tell the date; `collected_at` is the day that «вчера» counts from;
`author_mail` is never kept."""


@cache
def normal_name(name: str) -> str:
    """A name of a column in the form in which names are compared."""
    name = re.sub(r"(?<=[a-zа-я0-9])(?=[A-ZА-Я])", " ", unicodedata.normalize("NFKC", name))
    name = name.casefold().replace("ё", "е").replace("ł", "l")
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFD", name.replace("й", "\0"))
        if not unicodedata.combining(sign)
    ).replace("\0", "й")
    return " ".join(re.findall(r"[^\W_]+", plain))


@cache
def _fields_of(name: str) -> tuple[tuple[str, int], ...]:
    """Fields that a normal name stands for, each with its place among the names of that field."""
    return tuple((key, names.index(name)) for key, names in _synonyms().items() if name in names)


def is_known(name: str) -> bool:
    """Whether a cell is the name of a column that is known here."""
    return len(name) <= 60 and bool(_fields_of(normal_name(name)))


@dataclass(frozen=True, slots=True)
class Choice:
    """One column, the field it was taken for (`None`: not used), and why."""

    column: str
    field: str | None
    why: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """How a field is read where it is more than a copy: from these columns, by the names `read` knows."""

    columns: dict[str, str]
    read: Callable[[dict[str, Any]], Any]

    def value(self, cells: dict[str, Any]) -> Any:
        """The field's value in a row; `None` where it has none."""
        return self.read({name: cells.get(column) for name, column in self.columns.items()})


@dataclass(frozen=True)
class Mapping:
    """The columns of each field, in the order in which they are asked; and a line on every column.

    `ways` are those of the fields that are read in a way of their own.
    """

    fields: dict[str, tuple[str, ...]]
    choices: tuple[Choice, ...] = field(default_factory=tuple)
    ways: dict[str, Way] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.fields


def parse_options(options: list[str]) -> dict[str, str]:
    """`--map` options such as `text=Отзыв` as a dictionary; an empty column means "none".

    Raises:
        InputError: no `=`, a field that does not exist, or one named twice.
    """
    found: dict[str, str] = {}
    for option in options:
        name, sign, column = option.partition("=")
        name = name.strip()
        if not sign or name not in FIELDS:
            raise InputError(
                f"--map {option} cannot be understood.",
                f"Write --map FIELD=COLUMN, where FIELD is one of: {', '.join(FIELDS)}.",
            )
        if name in found:
            raise InputError(f"--map names {name} twice.", "Keep one of them.")
        found[name] = column.strip()
    return found


def _nested(column: str) -> str:
    """A nested name without those parents that add nothing: `attributes.rating` is `rating`."""
    parts = column.split(".")
    kept = [part for part in parts[:-1] if normal_name(part) not in _NEUTRAL and not part.isdigit()]
    return normal_name(" ".join([*kept, parts[-1]]))


def asked_columns(profile: Profile, asked: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """What the user fixed; `MappingError` lists the columns when one is absent."""
    fixed: dict[str, tuple[str, ...]] = {}
    by_name = {normal_name(column): column for column in reversed(profile.columns)}
    for name, column in asked.items():
        if not column:
            fixed[name] = ()
            continue
        found = column if column in profile.columns else by_name.get(normal_name(column))
        if found is None:
            raise MappingError(
                f"{profile.path.name} has no column {column!r}.",
                f"Its columns are: {', '.join(profile.columns)}.",
            )
        fixed[name] = (found,)
    return fixed


def _by_name(profile: Profile, free: list[str]) -> dict[str, list[tuple[int, str]]]:
    """Columns whose names are known, for each field with their rank."""
    candidates: dict[str, list[tuple[int, str]]] = {}
    for column in free:
        whole = _fields_of(normal_name(column))
        found = whole or (_fields_of(_nested(column)) if "." in column else ())
        for name, rank in found:
            candidates.setdefault(name, []).append((rank, column))
    return {name: sorted(found, key=lambda one: one[0]) for name, found in candidates.items()}


def _fits(profile: Profile, name: str, column: str) -> bool:
    """Whether the cells of a column can be what its name says."""
    seen = profile.column(column)
    if not seen.filled:
        return False
    if name == "date":
        return seen.dates >= 0.5 * seen.sampled
    if name == "rating":
        return seen.ratings >= 0.5 * seen.sampled
    if name == "photos_count":
        return seen.numbers >= 0.5 * seen.sampled or seen.lists > 0
    if name in {"helpful_votes", "rating_scale"}:
        return seen.numbers >= 0.5 * seen.sampled
    if name == "source" and normal_name(column) == "store":
        return {normal_name(value) for value in seen.values} <= _SHOPS
    if name in {"source", "company", "city", "language", "app_version"}:
        return seen.mean_length <= 80
    if name in {"pros", "cons", "text"}:
        return seen.numbers < 0.9 * seen.sampled or name != "text"
    return True


def map_columns(profile: Profile, asked: dict[str, str] | None = None) -> Mapping:
    """The columns of a file by field.

    Names come first, in Russian, English and Polish; then contents: the longest free text, a column
    of dates, a column of ratings. `asked` fixes fields beforehand.

    Raises:
        MappingError: a column that was asked for is absent, or no column holds texts.
    """
    fields = asked_columns(profile, asked or {})
    why = {column: "--map" for columns in fields.values() for column in columns}
    free = [column for column in profile.columns if column not in why]
    for name, found in _pick(profile, _by_name(profile, free), set(fields)).items():
        fields[name] = found
        why |= dict.fromkeys(found, "name")
    for name, chosen, reason in _by_content(profile, fields, why):
        fields[name] = (chosen,)
        why[chosen] = reason
    fields = {name: columns for name, columns in fields.items() if columns}
    if not {"text", "title", "pros", "cons"} & set(fields):
        raise MappingError(
            f"No column of {profile.path.name} holds the text of reviews; its columns are: "
            f"{', '.join(profile.columns) or 'none'}.",
            "Name it with --map text=COLUMN.",
        )
    return Mapping(fields, tuple(explain(profile, fields, why)))


def _pick(
    profile: Profile, candidates: dict[str, list[tuple[int, str]]], taken: set[str]
) -> dict[str, tuple[str, ...]]:
    """The columns of each field by rank; a column serves one field only, in the order of `FIELDS`."""
    used: set[str] = set()
    picked: dict[str, tuple[str, ...]] = {}
    for name in FIELDS:
        if name in taken:
            continue
        found = [
            column
            for _, column in candidates.get(name, [])
            if column not in used and _fits(profile, name, column)
        ]
        if name == "time" and "date" not in picked:
            continue
        if found:
            picked[name] = tuple(found if name in _COALESCED else found[:1])
            used |= set(picked[name])
    return picked


def _by_content(
    profile: Profile, fields: dict[str, tuple[str, ...]], why: dict[str, str]
) -> list[tuple[str, str, str]]:
    """Columns for text, date and rating that only their cells give away."""
    found: list[tuple[str, str, str]] = []
    free = [
        profile.column(column)
        for column in profile.columns
        if column not in why and not _fields_of(_nested(column))
    ]
    if not {"text", "title", "pros", "cons"} & set(fields):
        texts = [
            seen for seen in free if seen.mean_length >= 12 and seen.words >= 2.5 and not seen.mostly_figures
        ]
        if texts:
            best = max(texts, key=lambda seen: seen.mean_length)
            found.append(("text", best.name, "longest free text"))
    used = {column for _, column, _ in found}
    if "date" not in fields:
        for seen in free:
            if seen.name not in used and seen.written_dates >= 0.8 * seen.sampled > 0:
                found.append(("date", seen.name, "holds dates"))
                break
    if "rating" not in fields and "recommended" not in fields:
        for seen in free:
            if seen.name not in used and seen.looks_rated:
                found.append(("rating", seen.name, "holds ratings"))
                break
    return found


def explain(
    profile: Profile,
    fields: dict[str, tuple[str, ...]],
    why: dict[str, str],
    ways: dict[str, Way] | None = None,
) -> list[Choice]:
    """One line on each column of the file: its field, and why.

    A column that serves two fields is shown for the one that it is copied to. `ways` are those of a
    known export.
    """
    order = sorted(fields, key=lambda name: name not in (ways or {}))
    of_column = {column: name for name in order for column in fields[name]}
    lines = []
    for column in profile.columns:
        seen, name = profile.column(column), of_column.get(column)
        reason = why.get(column, "") if name else ("" if seen.filled else "empty")
        if name and name not in (ways or {}):
            first = next((one for one in fields[name] if one in profile.by_name), column)
            if first != column:
                reason += f", where {first} is blank" if ways is None else ", in reserve"
        if name == "author_mail":
            reason += ", never kept"
        lines.append(Choice(column, name, reason, seen.example))
    return lines
