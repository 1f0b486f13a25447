"""The kind of business that a labelled review is about, from the name of the set it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from models.labelled import Labelled

__all__ = ["DOMAINS", "OTHER", "domain"]

DOMAINS: dict[str, frozenset[str]] = {
    "banks": frozenset({"sravni_gpb", "domnenko", "domrf", "banki_domrf", "banki_51", "banks"}),
    "shops": frozenset({"wildberries", "ozon_wb", "ceneo", "shops"}),
    "hotels": frozenset({"mriya_hotel", "hotel_mriya", "polemo_hotels", "booking", "hotels"}),
    "clinics": frozenset({"polemo_medicine", "clinics"}),
    "apps": frozenset({"bankapps", "bank_apps", "appreviews", "app_reviews", "steam", "apps"}),
    "airlines": frozenset({"airline", "airlines"}),
    "services": frozenset({"trustpilot", "trustpilot_travel", "services"}),
}
"""Sets by domain; a set may also bear the name of its domain. Shops include marketplaces, apps games."""

OTHER = "other"
"""Domain of all other sets."""


def domain(reviews: Sequence[Labelled]) -> list[str]:
    """The domain of each review."""
    known = {name: kind for kind, names in DOMAINS.items() for name in names}
    return [known.get(review.set, OTHER) for review in reviews]
