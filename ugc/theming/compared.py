"""All clauses that carry a mention, compared with examples, some thousands at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from ugc.grouping.assign import Floats, decode

if TYPE_CHECKING:
    from ugc.lake import Snapshot
    from ugc.theming.measure import Measure

__all__ = ["Compared", "Progress", "compared"]

Progress = Callable[[int, int], None]
"""Called with the clauses compared so far and those to compare in all."""

_CLAUSES = """
SELECT v.key, v.review_id, v.text_hash, v.start, v."end", v.vector,
    r.language, r.duplicate_of IS NULL AS first
FROM vectors v JOIN reviews r ON r.key = v.key
{but}
WHERE v.model = $model
"""

_OF_THE_THEME = """
ANTI JOIN (
    SELECT m.key, m.start, m."end" FROM mentions m WHERE m.theme = $theme AND (
        $drawing IS NULL OR (m.review_id, m.start, m."end") NOT IN (
            SELECT (l.review_id, l.start, l."end") FROM likened l WHERE l.drawing = $drawing
        )
    )
) o ON o.key = v.key AND o.start = v.start AND o."end" = v."end"
"""
"""Clauses which the model, or a person, found the theme in; not those which its examples drew before."""


class Compared(NamedTuple):
    """Some clauses: columns key, review_id, text_hash, start, end, language, first; how like each one is.

    `first` says that the review is no near duplicate of another.
    """

    rows: pa.RecordBatch
    likeness: Floats


def compared(snapshot: Snapshot, measure: Measure) -> Iterator[Compared]:
    """Every clause that the measure's model read and that is not of its theme already."""
    params: dict[str, str | None] = {"model": measure.model}
    but = ""
    if measure.theme is not None:
        edit = snapshot.edits().get(measure.theme)
        but = _OF_THE_THEME
        params |= {"theme": measure.theme, "drawing": edit.drawing if edit else None}
    for batch in snapshot.batches(_CLAUSES.format(but=but), params):
        if batch.num_rows:
            vectors = decode(batch["vector"].to_pylist())
            likeness = measure.likeness(vectors, batch["language"].to_pylist())
            yield Compared(batch.drop_columns(["vector"]), likeness)
