"""Reading a few of many reviews: only the parts of the files in which they lie.

A file is a row of groups of some thousand rows. Who knows the number of a row knows its group; a
query that looks for the text of a hundred rows would read the texts of all groups instead.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate

import pyarrow as pa
import pyarrow.parquet as pq

from ugc.schema import REVIEWS

__all__ = ["Parts"]

_READERS = 4
"""Groups that are read at the same time."""


@dataclass(frozen=True)
class _Group:
    """One group of rows: its file and its place there."""

    path: str
    place: int
    rows: int


class Parts:
    """The groups of the files of reviews, in the order in which these are numbered from 1."""

    def __init__(self, files: Sequence[str]) -> None:
        """Looks at the foot of each file.

        Raises:
            OSError: a file is gone.
            pyarrow.ArrowInvalid: it is damaged.
        """
        self._groups: list[_Group] = []
        for path in files:
            foot = pq.read_metadata(path)
            self._groups += [
                _Group(path, place, foot.row_group(place).num_rows) for place in range(foot.num_row_groups)
            ]
        self._firsts = [0, *accumulate(one.rows for one in self._groups)][:-1]

    def rows(self, keys: Sequence[int], columns: Sequence[str]) -> pa.Table:
        """The rows of these numbers, in any order; columns that a file does not have are null."""
        wanted: dict[int, list[int]] = defaultdict(list)
        for key in keys:
            place = bisect_right(self._firsts, key - 1) - 1
            wanted[place].append(key - 1 - self._firsts[place])
        with ThreadPoolExecutor(_READERS) as pool:
            found = pool.map(lambda one: self._read(one[0], one[1], columns), sorted(wanted.items()))
            return pa.concat_tables(found, promote_options="default")

    def _read(self, place: int, rows: list[int], columns: Sequence[str]) -> pa.Table:
        """Rows of one group; a column that its file does not have is left out."""
        group = self._groups[place]
        found = pq.ParquetFile(group.path).read_row_group(group.place, columns=list(columns))
        # What a merge wrote comes as views of strings, of which Arrow takes no rows.
        return found.cast(pa.schema([REVIEWS.field(name) for name in found.column_names])).take(rows)
