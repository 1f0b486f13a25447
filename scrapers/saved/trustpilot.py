"""Trustpilot, from saved pages of a company: the state that the page carries, else its JSON-LD."""

from __future__ import annotations

import re
from typing import Any

from scrapers.saved.page import SavedPage, addresses, opened
from scrapers.source import Record, read_json, records, require
from scrapers.structured import Document, read

__all__ = ["Trustpilot"]

_ID = re.compile(r"/([0-9a-f]{24})(?:[/?#]|$)")


class Trustpilot(SavedPage):
    """Twenty reviews a page, with the company's answers; ids as those of the official API."""

    name = "trustpilot"
    title = "Trustpilot"
    how = "Save each page of a company's reviews."
    why = "The pages are closed to programs; with a key of yours the API is read instead."
    host = r"(?:[\w-]+\.)?trustpilot\.com"
    marks = r"trustpilot\.com/#/schema/Review"

    def recognise(self, body: bytes) -> bool:
        """Whether a saved page is one of a company: by its address, its markup or its state."""
        html, _ = opened(body)
        state = b"__NEXT_DATA__" in html and b'"businessUnit"' in html
        return super().recognise(body) or (state and not addresses(body))

    def reviews(self, page: Document) -> tuple[Record, ...]:
        """The reviews of a page."""
        script = page.soup.find("script", id="__NEXT_DATA__")
        if script is None:
            return self._from_markup(page)
        state: Any = read_json(self.name, script.get_text().encode("utf-8", "replace"))
        for name in ("props", "pageProps"):
            state = state.get(name) if isinstance(state, dict) else None
        rows = state.get("reviews") if isinstance(state, dict) else None
        require(self.name, "no list `reviews` in __NEXT_DATA__", isinstance(rows, list))
        assert isinstance(state, dict)
        unit = state.get("businessUnit")
        company = unit.get("displayName") if isinstance(unit, dict) else None
        return records(self.name, rows or (), lambda row: _record(row, company))

    def _from_markup(self, page: Document) -> tuple[Record, ...]:
        """The reviews of the page's JSON-LD, with the ids that Trustpilot gives them."""
        found = read(page, self.name).records
        for record in found:
            match = _ID.search(record["source_id"])
            if match is not None:
                record["source_id"] = match[1]
                record["url"] = f"https://www.trustpilot.com/reviews/{match[1]}"
        return found


def _record(row: Any, company: Any) -> Record:
    """One entry of `reviews`; times are UTC."""
    consumer, dates = row.get("consumer") or {}, row["dates"]
    reply, place = row.get("reply") or {}, row.get("location") or {}
    checked = (row.get("labels") or {}).get("verification") or {}
    rating = row["rating"]
    if not isinstance(row["id"], str) or isinstance(rating, (dict, list)):
        raise TypeError("an id that is no text, or a rating that is no number")
    return {
        "source_id": row["id"],
        "url": f"https://www.trustpilot.com/reviews/{row['id']}",
        "author": consumer.get("displayName"),
        "author_id": consumer.get("id"),
        "date": dates["publishedDate"],
        "edited_at": dates.get("updatedDate"),
        "bought_at": dates.get("experiencedDate"),
        "rating": rating,
        "rating_scale": 5,
        "title": row.get("title"),
        "text": row["text"],
        "language": row.get("language"),
        "verified": checked.get("isVerified"),
        "helpful_votes": row.get("likes"),
        "company": company,
        "place": place.get("name"),
        "reply_text": reply.get("message"),
        "reply_date": reply.get("publishedDate"),
    }
