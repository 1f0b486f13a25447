"""Corrected reviews as JSON lines: what `ugc export corrections` writes, and how it is read again.

One object a line with the fields of `models.corrected.Corrected`; `claims` is a list of objects with
those of `models.corrected.Claim`. A `null` means that nobody said anything of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from models.corrected import Claim, Corrected
from ugc.errors import InputError

__all__ = ["lines", "read_lines"]


def lines(found: Iterable[Corrected]) -> Iterator[str]:
    """A line of JSON for each review, with its end."""
    for one in found:
        yield json.dumps(asdict(one), ensure_ascii=False) + "\n"


def read_lines(written: Iterable[str]) -> list[Corrected]:
    """The corrected reviews of lines as `lines` writes them; empty lines are passed over.

    Raises:
        InputError: a line is no such object; it says which.
    """
    found = []
    for number, line in enumerate(written, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            claims = tuple(Claim(**one) for one in row.pop("claims"))
            found.append(Corrected(**row, claims=claims))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InputError(
                f"Line {number} is no corrected review: {error}.",
                "Give a file as ugc export corrections writes it.",
            ) from error
    return found
