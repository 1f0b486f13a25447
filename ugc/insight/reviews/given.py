"""One concrete reason by its id, whatever it has been merged into since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ugc.lake.grouping import ends
from ugc.taxonomy import LANGUAGES

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["NamedReason", "become", "reason"]

_ALL = "SELECT id, merged_into FROM reasons"

_ONE = """
SELECT e.id, e.theme, e.polarity, e.name_ru, e.name_en, e.name_pl, e.quote_review, e.quote_start, e.quote_end
FROM reasons e WHERE e.id = $id
"""


@dataclass(frozen=True)
class NamedReason:
    """A concrete reason as it can be called."""

    id: str
    theme: str
    polarity: str
    names: dict[str, str | None]
    """By language; `None` where too few mentions of it are in that language."""
    quote: str | None
    """The clause in its middle."""

    def name(self, language: str) -> str:
        """Its name in a language, else its quote, else a name in another language, else its id."""
        others = [self.names[one] for one in LANGUAGES]
        return next(filter(None, (self.names.get(language), self.quote, *others)), self.id)


def become(snapshot: Snapshot, reason: str) -> str | None:
    """The reason that one has become by merging, itself where it was not merged; `None` if there is none."""
    rows = snapshot.sql(_ALL).to_pylist()
    return ends((row["id"], row["merged_into"]) for row in rows).get(reason)


def reason(snapshot: Snapshot, id_: str) -> NamedReason | None:
    """The reason that this one has become; `None` where the lake knows none of this id."""
    now = become(snapshot, id_)
    if now is None:
        return None
    row = snapshot.sql(_ONE, {"id": now}).to_pylist()[0]
    quote = None
    if row["quote_review"] is not None:
        texts = snapshot.reviews_of([row["quote_review"]], ["text"])["text"].to_pylist()
        said = "".join(texts)[row["quote_start"] : row["quote_end"]]
        quote = " ".join(said.split()) or None
    names = {language: row[f"name_{language}"] for language in LANGUAGES}
    return NamedReason(now, row["theme"], row["polarity"], names, quote)
