"""Cells of companies' own exports that need more than to be copied: ids, addresses, joined texts.

Each function takes the cells of a row that it asks for by the names of their columns as
`ugc.ingest.exports` lists them; a blank cell is `None`.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ugc.ingest.cells import is_blank
from ugc.ingest.identity import content_id, plain_id
from ugc.ingest.wording import original

__all__ = [
    "Cells",
    "app_store_id",
    "contact",
    "conversation_text",
    "customers",
    "google_id",
    "grade",
    "play_id",
    "store",
    "ticket_address",
    "ticket_text",
    "translated",
    "trustpilot_address",
    "utc",
]

Cells = Mapping[str, Any]

_STORES = {
    "as": "app_store",
    "app store": "app_store",
    "appstore": "app_store",
    "app_store": "app_store",
    "itunes": "app_store",
    "ios": "app_store",
    "gp": "google_play",
    "google play": "google_play",
    "googleplay": "google_play",
    "google_play": "google_play",
    "android": "google_play",
}
_UNGRADED = frozenset({"offered", "unoffered", "not offered", "not_offered"})
_STAFF = frozenset({"admin", "bot", "team", "operator"})
_WRITER = "source.author.type"
_HAS_ZONE = re.compile(r"(?:z|utc|gmt|[+-]\d{2}:?\d{2})$", re.IGNORECASE)

_FIRST_APP, _FIRST_REVIEW, _LAST_REVIEW = 100_000_000, 1_000_000_000, 50_000_000_000
"""Bounds within which the App Store's numbers of apps and of reviews lie."""


def _first(cells: Cells, *names: str) -> Any:
    """The first of these cells that is not blank."""
    return next((cells[name] for name in names if not is_blank(cells.get(name))), None)


def play_id(cells: Cells) -> str | None:
    """The review's id at Google Play out of its link.

    A rating without a text has no link: its app, device and moment of writing stand in, which
    stay the same when the stars are changed.
    """
    link = urlsplit(str(_first(cells, "Review Link") or ""))
    for part in (link.query, link.fragment.partition(":")[2], link.fragment.partition("?")[2]):
        for name, values in parse_qs(part).items():
            if name.casefold() == "reviewid":
                return values[0]
    moment = _first(cells, "Review Submit Millis Since Epoch", "Review Submit Date and Time")
    if moment is None:
        return None
    return content_id([_first(cells, "Package Name"), moment, _first(cells, "Device")])


def app_store_id(cells: Cells) -> str | None:
    """The review's number in the App Store out of its id in App Store Connect.

    The id is 32 hexadecimal digits: seven bytes of the app's number, five of the review's number,
    which the public feed shows, four of zeros. An id of another form is left as it is.
    """
    given = _first(cells, "id", "reviewId")
    if given is None:
        return None
    text = plain_id(given)
    try:
        raw = uuid.UUID(text).bytes
    except ValueError:
        return text
    app, review, rest = int.from_bytes(raw[:7]), int.from_bytes(raw[7:12]), any(raw[12:])
    if rest or app < _FIRST_APP or not _FIRST_REVIEW <= review < _LAST_REVIEW:
        return text
    return str(review)


def google_id(cells: Cells) -> str | None:
    """The review's id, else the last part of its resource name `accounts/…/locations/…/reviews/ID`."""
    given = _first(cells, "reviewId", "review.reviewId")
    if given is not None:
        return plain_id(given)
    name = _first(cells, "review.name", "name")
    _, found, last = str(name or "").rpartition("/reviews/")
    return last if found and last else None


def translated(cells: Cells) -> str:
    """An answer that Google translated, in the words of its writer."""
    return original(str(_first(cells, *cells) or ""))


def utc(cells: Cells) -> Any:
    """A time in UTC, as the name of its column says, that does not say so itself."""
    value = _first(cells, *cells)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, str) and ":" in value and not _HAS_ZONE.search(value.strip()):
        return f"{value.strip()} UTC"
    return value


def trustpilot_address(cells: Cells) -> str | None:
    """The address of a review by its id."""
    given = _first(cells, "Review Id")
    return f"https://www.trustpilot.com/reviews/{plain_id(given)}" if given is not None else None


def store(cells: Cells) -> str | None:
    """The key of the store that a review comes from; `None` for a store without a key."""
    return _STORES.get(str(_first(cells, *cells) or "").strip().casefold())


def grade(cells: Cells) -> Any:
    """A grade of support as "good" or "bad", or as it stands; `None` where it was only asked for."""
    value = _first(cells, *cells)
    if not isinstance(value, str):
        return value
    text = value.strip().casefold()
    if text in _UNGRADED:
        return None
    return next((word for word in ("good", "bad") if text.startswith(word)), value)


def _together(*parts: Any) -> str | None:
    """Texts one below the other, each once."""
    found: list[str] = []
    for part in parts:
        text = str(part).strip() if not is_blank(part) else ""
        if text and not any(text in other for other in found):
            found.append(text)
    return "\n".join(found) or None


def ticket_text(cells: Cells) -> str | None:
    """What a customer wrote in a ticket: the first message, then the comment on the grade."""
    return _together(_first(cells, "description"), _first(cells, "satisfaction_rating.comment", "comment"))


def ticket_address(cells: Cells) -> str | None:
    """The address at which an agent opens a ticket, from its address in the API."""
    host = re.match(r"https://[^/]+(?=/api/)", str(_first(cells, "url") or ""))
    number = _first(cells, "ticket_id", "id")
    return f"{host[0]}/agent/tickets/{plain_id(number)}" if host and number is not None else None


def _by_staff(cells: Cells) -> bool:
    """Whether a conversation was opened by the company: its first message is no customer's."""
    return str(cells.get(_WRITER) or "").casefold() in _STAFF


def conversation_text(cells: Cells) -> str | None:
    """What a customer wrote in a conversation: the first message, then the remark on the grade."""
    body = None if _by_staff(cells) else cells.get("source.body")
    return _together(body, cells.get("conversation_rating.remark"))


def customers(cells: Cells) -> Any:
    """The first cell that is not blank, unless the company opened the conversation."""
    return None if _by_staff(cells) else _first(cells, *(name for name in cells if name != _WRITER))


def contact(cells: Cells) -> Any:
    """The id of the customer in a conversation, whoever opened it."""
    found = customers({name: cell for name, cell in cells.items() if name.startswith("source.")})
    if found is None:
        found = _first(cells, "conversation_rating.contact.id")
    people = cells.get("contacts.contacts")
    if found is None and isinstance(people, list) and people and isinstance(people[0], dict):
        found = people[0].get("id")
    return found
