"""Where places lie: the user's own coordinates, and those of well-known cities that come along.

The file of places is a table (CSV with commas, semicolons or tabs) with the columns `latitude` and
`longitude` (degrees, south and west below zero) and `place`, `city`, or both, as they are in the lake.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from ugc.errors import InputError
from ugc.insight.choice.display import printable
from ugc.insight.choice.user_table import table_cells

__all__ = ["EXAMPLE", "Located", "known_cities", "read_places", "spelling"]

EXAMPLE = "city,place,latitude,longitude\nКазань,Пункт на Лесной,55.79,49.12\nGdańsk,,54.35,18.65"
"""What such a file looks like."""

_NAMES = ("place", "city")
_DEGREES = {"latitude": 90.0, "longitude": 180.0}
_MENDED_BY = "The file needs the columns latitude and longitude, and place or city, or both."


@dataclass(frozen=True)
class Located:
    """One line of the file: a place, a city, or a place of a city, and where it lies in degrees."""

    line: int
    place: str | None
    city: str | None
    latitude: float
    longitude: float


def spelling(name: str) -> str:
    """A name as it is compared: case, «ё», hyphens, blanks and the «г.» of a Russian city do not matter."""
    bare = " ".join(re.sub(r"[\s\u2010-\u2015-]+", " ", name.casefold().replace("ё", "е")).split())
    return re.sub(r"^(?:город |г\. ?)", "", bare)


@cache
def known_cities() -> dict[str, tuple[float, float]]:
    """Latitude and longitude of well-known cities by the spelling of each of their names."""
    text = resources.files(__package__).joinpath("cities.toml").read_text(encoding="utf-8")
    return {
        spelling(name): (float(one["at"][0]), float(one["at"][1]))
        for one in tomllib.loads(text)["city"]
        for name in one["names"]
    }


def _degrees(told: str, name: str, line: int) -> float:
    """A latitude or a longitude; a decimal comma may stand."""
    bare = told.replace(",", ".").replace("\u2212", "-")
    most = _DEGREES[name]
    if not re.fullmatch(r"[+-]?\d{1,3}(\.\d{1,12})?", bare) or abs(float(bare)) > most:
        raise InputError(
            f"Line {line} of the places has the {name} {printable(told)!r}.",
            f"Write degrees from -{most:.0f} to {most:.0f}, such as 55.79.",
        )
    return float(bare)


def _names(rows: list[list[str]], path: Path) -> list[str]:
    """The columns of the file; `InputError` where they are not those of places."""
    names = [name.strip().lower() for name in rows[0]] if rows else []
    odd = set(names) - {*_NAMES, *_DEGREES}
    lacking = not set(_DEGREES) <= set(names) or not set(_NAMES) & set(names)
    if odd or lacking or len(set(names)) < len(names):
        told = ", ".join(names) or "no columns"
        raise InputError(f"The places file {path} has {printable(told)}.", _MENDED_BY)
    return names


def read_places(path: Path) -> tuple[Located, ...]:
    """The lines of a file of places.

    Raises `InputError`, with the line, for a file that cannot be read, lacks a column or a value,
    holds degrees that are none, or puts one place at two points.
    """
    rows = table_cells(path, "places", megabytes=5, shorter="Keep one line a place.", mended_by=_MENDED_BY)
    names = _names(rows, path)
    found: dict[tuple[str, str], Located] = {}
    for line, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(names):
            raise InputError(
                f"Line {line} of the places has {len(row)} columns, the first line {len(names)}.",
                "Give every line as many; put quotes around a name that holds a comma.",
            )
        cells = dict(zip(names, (cell.strip() for cell in row), strict=True))
        place, city = (cells.get(name) or None for name in _NAMES)
        if place is None and city is None:
            raise InputError(f"Line {line} of the places names nothing.", "Fill place or city.")
        latitude, longitude = (_degrees(cells[name], name, line) for name in _DEGREES)
        one = Located(line, place, city, latitude, longitude)
        before = found.setdefault((spelling(place or ""), spelling(city or "")), one)
        if before is not one:
            name = printable(place or city or "")
            raise InputError(
                f"Lines {before.line} and {line} of the places both locate {name!r}.",
                "Keep one of the two.",
            )
    if not found:
        raise InputError(f"The places file {path} has no line with a place.", _MENDED_BY)
    return tuple(found.values())
