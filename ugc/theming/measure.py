"""What clauses are compared with: examples as the model reads them, in the frame of all clauses of a lake.

All clauses of one language resemble each other in what makes the language, and a few dimensions spread much
more than the others. So the middle of the language is taken away and each dimension evened by its spread, as
it is done for concrete reasons, before likeness is measured. Middles and spreads are taken once and kept, so
that a clause is as like tomorrow as it is today.

The likeness of a clause is the mean of two cosines: to the nearest example, for examples of one theme may say
quite different things, and to the middle of the examples, for what they have in common is the theme.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ugc.grouping.assign import Floats, decode, frame, points, spreads, unit
from ugc.lake.labels import FRAME_ROWS, ThemeRefused
from ugc.tagging import VectorReader
from ugc.taxonomy import LANGUAGES

if TYPE_CHECKING:
    from ugc.lake import Snapshot
    from ugc.lake.labels import Examples

__all__ = ["Measure", "clauses_of", "measure"]

SAMPLE = 20_000
"""Clauses from which middles and spreads are taken, about; chosen by hash, the same each time."""

_COUNT = """
SELECT v.model, count(*) AS clauses
FROM vectors v
GROUP BY 1 ORDER BY 2 DESC, 1
"""

_SAMPLE = """
SELECT r.language, v.vector
FROM vectors v JOIN reviews r ON r.key = v.key
WHERE v.model = $model AND hash(v.review_id, v.start) % $step = 0
ORDER BY v.review_id, v.start, v."end"
"""

_SAID = """
SELECT m.quote, min(v.vector) AS vector
FROM mentions m JOIN vectors v ON v.review_id = m.review_id AND v.start = m.start AND v."end" = m."end"
WHERE v.model = $model AND m.quote IN (SELECT unnest($quotes))
GROUP BY 1
"""


@dataclass(frozen=True)
class Measure:
    """What clauses of a lake are compared with.

    Attributes:
        model: version of the model that read examples and clauses.
        packed: frame and examples as an array of NumPy's own format: the rows of the frame, then one row
            an example, of unit length, or of zeros where the model reads no word in it, in the order of the
            examples; as many columns as a vector has dimensions.
        theme: the theme that the examples are of, `None` for a new one. Clauses that are of it already
            are not looked at.
    """

    model: str
    packed: bytes
    theme: str | None = None

    @cached_property
    def rows(self) -> Floats:
        """The array that is packed."""
        return np.asarray(np.load(io.BytesIO(self.packed), allow_pickle=False), np.float32)

    def likeness(self, vectors: Floats, languages: Sequence[str | None]) -> Floats:
        """How like the examples clauses are, −1…1: one number for each unit vector."""
        examples = self.rows[FRAME_ROWS:]
        examples = examples[examples.any(axis=1)]
        found = points(vectors, languages, self.rows[:FRAME_ROWS])
        nearest = (found @ examples.T).max(axis=1)
        return np.asarray((nearest + found @ unit(examples.mean(axis=0))) / 2, np.float32)


def clauses_of(snapshot: Snapshot) -> dict[str, int]:
    """How many clauses with vectors each model has read, the most first."""
    return {row["model"]: row["clauses"] for row in snapshot.sql(_COUNT).to_pylist()}


def measure(
    snapshot: Snapshot, examples: Examples, reader: VectorReader, *, theme: str | None = None
) -> Measure:
    """Reads examples with the model, for comparing the clauses of a lake with them.

    An example that a customer said in just these words is taken as it was read there.

    Args:
        snapshot: the lake.
        examples: clauses in each of LANGUAGES.
        reader: the model that tagged the lake.
        theme: the theme that they are of, if there is one already.

    Raises:
        ThemeRefused: there is no example with a word in it, or the lake has no clause read by this model.
        ModelError: the model gives no vectors.
    """
    said = [(one, language) for language, own in zip(LANGUAGES, examples, strict=True) for one in own]
    if not said:
        raise ThemeRefused(
            "There is no example.", "Write at least one clause as customers say it.", why="no_example"
        )
    read = clauses_of(snapshot)
    if reader.version not in read:
        if read:
            other = next(iter(read))
            raise ThemeRefused(
                f"The reviews were read by another model ({other}) than the one in use.",
                "Read them anew with: ugc tag",
                why="other_model",
                model=other,
            )
        raise ThemeRefused(
            "There is nothing to compare examples with.", "Read the reviews with: ugc tag", why="unread"
        )
    texts, languages = [one for one, _ in said], [language for _, language in said]
    known = snapshot.sql(_SAID, {"model": reader.version, "quotes": texts}).to_pylist()
    where = {row["quote"]: row["vector"] for row in known}
    found = reader.vectors(texts, languages, [[(0, len(one))] for one in texts])
    vectors = [where.get(text) or own[0] for text, own in zip(texts, found, strict=True)]
    usable = [at for at, vector in enumerate(vectors) if vector is not None]
    if not usable:
        raise ThemeRefused(
            "No example has a word that the model reads.", "Write one as customers say it.", why="no_word"
        )
    by = _frame(snapshot, reader.version, read[reader.version])
    rows = np.zeros((len(vectors), by.shape[1]), np.float32)
    rows[usable] = points(decode([vectors[at] or b"" for at in usable]), [languages[at] for at in usable], by)
    packed = io.BytesIO()
    np.save(packed, np.concatenate([by, rows]).astype("<f4"), allow_pickle=False)
    return Measure(reader.version, packed.getvalue(), theme)


def _frame(snapshot: Snapshot, model: str, clauses: int) -> Floats:
    """Middles and spreads of the clauses that a model read."""
    step = max(1, clauses // SAMPLE)
    drawn = snapshot.sql(_SAMPLE, {"model": model, "step": step})
    vectors, languages = decode(drawn["vector"].to_pylist()), drawn["language"].to_pylist()
    return frame(vectors, languages, spreads([(vectors, languages)]))
