"""Where a model fails, shown on texts that may be shown: the sample reviews of the project.

The labelled reviews are other people's and are never quoted. The sample is ours, it has stars, and
where the model reads a text against its stars one of the two is wrong: mostly the model, now and
then a writer who clicked the wrong star, as in life.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from models.tagger import Tagger
from ugc.ingest.sample import files
from ugc.text.privacy import mask

__all__ = ["doubts"]

PER_LANGUAGE = 100
"""Sample reviews of each language that are read."""

SHOWN = 2
"""Examples of each language."""

LENGTH = 260
"""Characters of a text that are shown."""

_OPPOSITE = {"negative": "positive", "positive": "negative"}


def _meant(row: dict[str, Any]) -> str | None:
    """What the stars say: negative for one and two, positive for four and five."""
    scale = row.get("rating_scale") or 5
    rating = row.get("rating")
    if rating is None:
        return None
    stars = 1 + 4 * (float(rating) - 1) / (float(scale) - 1)
    return "negative" if stars <= 2 else "positive" if stars >= 4 else None


def _text(row: dict[str, Any]) -> str:
    """All that the customer wrote."""
    return "\n".join(row[field] for field in ("title", "text", "pros", "cons") if row.get(field))


def _rows(paths: list[Path]) -> dict[str, list[dict[str, Any]]]:
    """Sample reviews with clear stars by language, a fixed choice of each."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if _meant(row) and _text(row):
                found.setdefault(row["language"], []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: hashlib.sha1(_text(row).encode()).digest())
        del rows[PER_LANGUAGE:]
    return found


def _excerpt(text: str) -> str:
    """A text on one line, masked and cut."""
    plain = " ".join(mask(text).text.split())
    return plain if len(plain) <= LENGTH else plain[:LENGTH].rsplit(" ", 1)[0] + " …"


def doubts(tagger: Tagger) -> dict[str, Any]:
    """Sample reviews whose sentiment the model reads against their stars.

    Returns:
        `n` reviews read, how many were read `against` their stars, and `examples`: for each
        language the ones it was surest of, with the text (masked, cut), `language`, `rating`,
        sentiment `said` and its `probability`.
    """
    read, against = 0, 0
    examples: list[dict[str, Any]] = []
    for language, rows in sorted(_rows(files()).items()):
        texts = [_text(row) for row in rows]
        tags = tagger.tag(texts, [language] * len(texts))
        read += len(texts)
        wrong = []
        for row, text, one in zip(rows, texts, tags, strict=True):
            if one.sentiment == _OPPOSITE[str(_meant(row))]:
                example = {"text": _excerpt(text), "language": language, "rating": row["rating"]}
                sure = one.sentiment_probabilities[one.sentiment]
                wrong.append({**example, "said": one.sentiment, "probability": sure})
        against += len(wrong)
        examples += sorted(wrong, key=lambda one: -one["probability"])[:SHOWN]
    return {"n": read, "against": against, "examples": examples}
