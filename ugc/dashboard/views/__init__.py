"""The pages, in the order of the questions that managers ask.

How many, why, where and who, what to do, what came of it; then what the answers stand on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ugc.dashboard.frame.context import Context
from ugc.dashboard.views import (
    actions,
    compare,
    moments,
    overview,
    reasons,
    reviews,
    segments,
    settings,
    shelf,
    sources,
    taxonomy,
)

__all__ = ["LAKELESS", "PLACES", "Place"]


class Place(NamedTuple):
    """One page that needs a lake: its part of the address, its words, what draws it, its icon."""

    path: str
    name: str
    show: Callable[[Context], None]
    icon: str
    filtered: bool = True
    """Whether the filters of the side concern it."""


PLACES = (
    Place("", "overview", overview.show, "monitoring"),
    Place("overview", "overview", overview.show, "monitoring"),
    Place("reasons", "reasons", reasons.show, "balance"),
    Place("moments", "moments", moments.show, "route"),
    Place("segments", "segments", segments.show, "travel_explore"),
    Place("compare", "compare", compare.show, "compare_arrows"),
    Place("shelf", "shelf", shelf.show, "storefront"),
    Place("reviews", "reviews", reviews.show, "forum"),
    Place("actions", "actions", actions.show, "task_alt"),
    Place("taxonomy", "taxonomy", taxonomy.show, "sell", filtered=False),
)
"""The overview stands twice: where the dashboard opens, and where links from other pages lead."""

LAKELESS = (("sources", sources.show, "database"), ("settings", settings.show, "settings"))
"""Pages that open without a lake too: name, what draws it (from questions, view, address), icon."""
