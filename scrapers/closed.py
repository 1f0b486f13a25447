"""Sites that are not read by this program, and what stands in for them.

Those that people may save pages of are read from there (`scrapers.saved`); the others are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from scrapers.hosts import matches
from ugc.errors import InputError

__all__ = ["CLOSED", "Closed", "refuse_closed"]


@dataclass(frozen=True, slots=True)
class Closed:
    """One site, or several with one reason.

    Attributes:
        title: as people know it.
        places: its hosts, `*.example.com` for all below one; with a path, what begins so.
        why: it is not read, in a sentence.
        instead: what a user can do; "" where its pages can be saved.
    """

    title: str
    places: tuple[str, ...]
    why: str
    instead: str = ""

    def holds(self, url: str) -> bool:
        """Whether an address is one of the site."""
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return False
        for place in self.places:
            name, _, path = place.partition("/")
            if matches(host, name) and parts.path.startswith(f"/{path}"):
                return True
        return False


def _all_of(*names: str) -> tuple[str, ...]:
    """Hosts with all that lies below them."""
    return tuple(pattern for name in names for pattern in (name, f"*.{name}"))


CLOSED: tuple[Closed, ...] = (
    Closed("otzovik.com", _all_of("otzovik.com"), "It answers programs with a captcha."),
    Closed("irecommend.ru", _all_of("irecommend.ru"), "It answers programs with a captcha."),
    Closed(
        "Yandex Maps",
        tuple(
            f"{name}/maps"
            for top in ("ru", "com", "by", "kz")
            for name in (f"yandex.{top}", f"www.yandex.{top}")
        ),
        "It signs its requests and forbids automatic reading.",
    ),
    Closed(
        "Trustpilot's pages",
        _all_of("trustpilot.com"),
        "They are closed to programs; with a key of yours the API is read.",
    ),
    Closed("zoon.ru", _all_of("zoon.ru"), "It checks for robots."),
    Closed(
        "Google Maps pages",
        ("www.google.com/maps", "google.com/maps", "maps.google.com", "maps.app.goo.gl"),
        "They need a browser and forbid automatic reading.",
        "Use Google Places with a key of yours, or the export of the business profile.",
    ),
    Closed(
        "TripAdvisor",
        _all_of("tripadvisor.com", "tripadvisor.ru", "tripadvisor.co.uk"),
        "It checks for robots and forbids automatic reading.",
        "Import its own export.",
    ),
    Closed(
        "Booking",
        _all_of("booking.com"),
        "It checks for robots and forbids automatic reading.",
        "Import the export of its extranet.",
    ),
    Closed("Ozon", _all_of("ozon.ru"), "It checks for robots.", "Import the export of the seller's account."),
    Closed(
        "GoWork",
        _all_of("gowork.pl"),
        "It is drawn in the browser only, and its reviews of employers are legally delicate.",
        "Ask the company for its own records.",
    ),
    Closed(
        "G2, Capterra, Glassdoor",
        _all_of("g2.com", "capterra.com", "glassdoor.com"),
        "They check for robots and forbid automatic reading.",
        "Import their own exports.",
    ),
    Closed(
        "flamp.ru",
        _all_of("flamp.ru"),
        "It is read with the site's own token only.",
        "Its reviews come with those of 2GIS.",
    ),
)
"""Every such site."""


def refuse_closed(url: str) -> None:
    """`InputError` for an address of a site that is not read, with what to do instead."""
    for closed in CLOSED:
        if closed.holds(url):
            raise InputError(
                f"{closed.title}: not collected. {closed.why}",
                closed.instead or "Save its pages in a browser, then: ugc import PAGE.html",
            )
