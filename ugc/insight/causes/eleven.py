"""The eleven reasons that customers thank for, as practitioners count them, by a written rule.

The rule lies in `ugc/taxonomy/eleven.toml`: which theme, touchpoint and words of a reason's name count
for which of the eleven. A mention counts for the first rule that takes it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from ugc.errors import TaxonomyError
from ugc.insight.causes.reasons import tagged_count
from ugc.insight.choice.counts import tagged_reviews
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.statistics.intervals import wilson
from ugc.taxonomy import LANGUAGES, keys

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Eleven", "Rule", "Thanked", "eleven"]


@dataclass(frozen=True)
class Rule:
    """Praise that counts for one of the eleven."""

    theme: str
    touchpoints: tuple[str, ...] = ()
    """Only at one of these; anywhere when empty."""
    words: tuple[str, ...] = ()
    """Only where a name of the mention's reason holds a word that begins so; any when empty."""


@dataclass(frozen=True)
class Thanked:
    """One of the eleven, and how many of the tagged reviews thank for it."""

    key: str
    name: str
    reviews: int
    share: float
    low: float
    high: float
    mentions: int
    mean_stars: float | None
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Eleven:
    """All eleven, most reviews first; `n_reviews` is the n of every share."""

    version: int
    """Of the rule."""
    n_reviews: int
    rows: tuple[Thanked, ...]


_COUNT = """
WITH {chosen},
said AS (
    SELECT m.key, CASE {cases} END AS which, count(*) AS mentions
    FROM reasoned m SEMI JOIN chosen r ON r.key = m.key
    WHERE m.polarity = 'positive'
    GROUP BY ALL
)
SELECT s.which, count(*) AS reviews, sum(s.mentions)::BIGINT AS mentions, avg(r.stars) AS mean_stars
FROM said s JOIN chosen r ON r.key = s.key
WHERE s.which IS NOT NULL
GROUP BY ALL
"""

_NAMES = "SELECT id, concat_ws(' ', name_ru, name_en, name_pl) AS name FROM reasons"


@cache
def _written() -> tuple[int, dict[str, tuple[dict[str, str], tuple[Rule, ...]]]]:
    """Version of the rule; by key, names and rules.

    Raises:
        TaxonomyError: it names a theme or touchpoint that there is not, or lacks a name.
    """
    text = resources.files("ugc.taxonomy").joinpath("eleven.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    found = {}
    for one in read["reason"]:
        rules = tuple(
            Rule(rule["theme"], tuple(rule.get("touchpoints", ())), tuple(rule.get("words", ())))
            for rule in one["rules"]
        )
        strange = [rule.theme for rule in rules if rule.theme not in keys("themes")]
        strange += [at for rule in rules for at in rule.touchpoints if at not in keys("touchpoints")]
        absent = [language for language in LANGUAGES if not one["name"].get(language)]
        if strange or absent:
            raise TaxonomyError(
                f"In eleven.toml, {one['key']} has what is not known ({', '.join(strange) or 'nothing'}) "
                f"or no name in {', '.join(absent) or 'some language'}.",
                "Use keys of themes.toml and touchpoints.toml, and give names in ru, en and pl.",
            )
        found[one["key"]] = (one["name"], rules)
    return int(read["version"]), found


def _cases(snapshot: Snapshot) -> tuple[str, dict[str, Any]]:
    """The rules as the cases of an SQL CASE, and their parameters."""
    _, written = _written()
    named = [(row["id"], row["name"].lower().split()) for row in snapshot.sql(_NAMES).to_pylist()]
    cases: list[str] = []
    params: dict[str, Any] = {}
    numbered = enumerate((key, rule) for key, (_, rules) in written.items() for rule in rules)
    for place, (key, rule) in numbered:
        parts = [f"m.theme = $theme_{place}"]
        params |= {f"theme_{place}": rule.theme, f"key_{place}": key}
        if rule.touchpoints:
            parts.append(f"m.touchpoint IN (SELECT unnest($at_{place}))")
            params[f"at_{place}"] = list(rule.touchpoints)
        if rule.words:
            parts.append(f"m.reason IN (SELECT unnest($reasons_{place}))")
            params[f"reasons_{place}"] = [
                one for one, held in named if any(word.startswith(rule.words) for word in held)
            ] or [""]
        cases.append(f"WHEN {' AND '.join(parts)} THEN $key_{place}")
    return " ".join(cases), params


def eleven(snapshot: Snapshot, filters: Filters, *, language: str = "en") -> Eleven:
    """The eleven reasons customers thank for, ranked, each with the rule that counts for it.

    A share is one of all tagged reviews that the filters choose; a reason that nobody gives is listed
    too, with the interval that no mention among n reviews leaves.
    """
    base = filters.without_themes()
    version, written = _written()
    n = tagged_count(snapshot, base)
    chosen, params = tagged_reviews(base)
    cases, own = _cases(snapshot)
    counted = snapshot.sql(fill(_COUNT, chosen=chosen, cases=cases), params | own).to_pylist()
    by_key = {row["which"]: row for row in counted}
    rows = []
    for key, (names, rules) in written.items():
        one = by_key.get(key, {"reviews": 0, "mentions": 0, "mean_stars": None})
        share, low, high = wilson(one["reviews"], n) or (0.0, 0.0, 1.0)
        name = names.get(language, names["en"])
        figures = (one["reviews"], share, low, high, one["mentions"], one["mean_stars"])
        rows.append(Thanked(key, name, *figures, rules))
    order = list(written)
    rows.sort(key=lambda row: (-row.reviews, order.index(row.key)))
    return Eleven(version, n, tuple(rows))
