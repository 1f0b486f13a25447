"""Which reviews a figure is about: the filters that every page, report and command shares."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from ugc.insight.choice.statement import fill

__all__ = ["DIMENSIONS", "Dimension", "Filters", "day_start"]

Dimension = Literal["company", "product", "place", "source", "city", "language"]
"""A column of the reviews by which they can be chosen and grouped."""

DIMENSIONS: dict[str, Dimension] = {
    "companies": "company",
    "products": "product",
    "places": "place",
    "sources": "source",
    "cities": "city",
    "languages": "language",
}
"""Field of `Filters` → column of the reviews."""


def day_start(day: date) -> int:
    """Microseconds from 1970 to the first instant of a day in UTC: what `epoch_us(r.date)` gives."""
    moment = datetime.combine(day, time(), UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


_MENTIONING = "{alias}.id IN (SELECT review_id FROM mentions WHERE theme IN (SELECT unnest($f_themes)))"


@dataclass(frozen=True)
class Filters:
    """A choice of reviews; an empty field chooses all of them.

    Values within one field are alternatives, fields narrow each other. `None` or "" among the
    values chooses the reviews that have no such value. `since` and `until` are days in UTC, both
    included; as soon as one is given, reviews without a date are left out. `themes` chooses
    reviews that mention at least one of these themes, with any polarity. `left_out` holds ids of
    reviews that are not chosen whatever else holds, such as those that
    `ugc.insight.without_doubtful` names.
    """

    companies: tuple[str | None, ...] = ()
    products: tuple[str | None, ...] = ()
    places: tuple[str | None, ...] = ()
    sources: tuple[str | None, ...] = ()
    cities: tuple[str | None, ...] = ()
    languages: tuple[str | None, ...] = ()
    since: date | None = None
    until: date | None = None
    themes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is chosen at all."""
        return any(getattr(self, one.name) not in ((), None) for one in fields(self))

    def where(self, alias: str = "r") -> tuple[str, dict[str, Any]]:
        """A condition on the view `reviews AS alias` and its named parameters.

        Only names of columns and parameters stand in the condition, never a value. All parameters
        begin with `f_`, so that a query may add its own.
        """
        parts: list[str] = []
        params: dict[str, Any] = {}
        for field_name, column in DIMENSIONS.items():
            values = getattr(self, field_name)
            if not values:
                continue
            named = sorted({value for value in values if value})
            either = []
            if named:
                params[f"f_{column}"] = named
                either.append(f"{alias}.{column} IN (SELECT unnest($f_{column}))")
            if len(named) < len(set(values)):
                either.append(f"coalesce({alias}.{column}, '') = ''")
            parts.append("(" + " OR ".join(either) + ")")
        if self.since is not None:
            params["f_since"] = day_start(self.since)
            parts.append(f"epoch_us({alias}.date) >= $f_since")
        if self.until is not None:
            params["f_until"] = day_start(self.until + timedelta(days=1))
            parts.append(f"epoch_us({alias}.date) < $f_until")
        if self.themes:
            params["f_themes"] = sorted(set(self.themes))
            parts.append(fill(_MENTIONING, alias=alias))
        if self.left_out:
            params["f_left_out"] = list(self.left_out)
            parts.append(f"{alias}.id NOT IN (SELECT unnest($f_left_out))")
        return " AND ".join(parts) or "true", params

    def without_themes(self) -> Filters:
        """The same choice over all themes: the reviews that a theme's share is a share of."""
        return replace(self, themes=())
