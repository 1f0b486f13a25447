"""Google Places: the few reviews of a place that Google's own API gives, with the user's key."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from typing import Any

from scrapers.fetch import Client
from scrapers.source import Cursor, Page, Record, Source, Where, read_json, records, require, wrong_target

__all__ = ["GooglePlaces"]

_TARGET = re.compile(r"(?P<id>[\w-]{10,300})(?:/(?P<language>[a-z]{2,3}(?:-[A-Za-z]{2,4})?))?", re.ASCII)
_NAMED = re.compile(
    r"//(?:[\w-]+\.)*google\.[a-z.]{2,6}/\S*?[?&](?:query_place_id=|placeid=|q=place_id(?::|%3A))([\w-]{10,300})",
    re.IGNORECASE | re.ASCII,
)
_FIELDS = "id,displayName,formattedAddress,addressComponents,reviews"


class GooglePlaces(Source):
    """At most five reviews of one place, in the order of Google's choosing."""

    name = "google_places"
    title = "Google Places"
    target = "the id of a place, e.g. ChIJyasen000000000000000042; with /pl or another language after it"
    example = "ugc collect google_places ChIJyasen000000000000000042"
    limits = "at most five reviews of a place, those Google finds most relevant; no answers of the company"
    base_url = "https://places.googleapis.com"
    pause = 0.5
    key = True
    needs = "a key of yours from Google Cloud with the Places API (New) switched on"

    def recognise(self, url: str) -> str | None:
        """The place of an address that names its id, as Google's links to reviews do."""
        found = _NAMED.search(url)
        return found[1] if found else None

    def parse(self, body: bytes, where: Where) -> Page:
        """The place's reviews in the language they were written in; a place may have none."""
        place = read_json(self.name, body)
        require(self.name, "no place with an `id`", isinstance(place, dict) and "id" in place)
        rows = place.get("reviews", [])
        require(self.name, "`reviews` is no list", isinstance(rows, list))
        whole = self._place(place)
        return Page(records(self.name, rows, lambda row: {**self._record(row), **whole}))

    def _place(self, place: dict[str, Any]) -> Record:
        """What all reviews of a place share."""
        name, parts = place.get("displayName"), place.get("addressComponents")
        require(self.name, "`displayName` is no text", isinstance(name, dict | None))
        require(self.name, "`addressComponents` is no list", isinstance(parts, list | None))
        towns = [
            part.get("longText")
            for part in parts or ()
            if isinstance(part, dict) and isinstance(part.get("types"), list) and "locality" in part["types"]
        ]
        return {
            "company": (name or {}).get("text"),
            "place": place.get("formattedAddress"),
            "place_id": place["id"],
            "city": towns[0] if towns else None,
        }

    def _record(self, row: Any) -> Record:
        """One entry of `reviews`; its name is places/PLACE/reviews/REVIEW."""
        author = row.get("authorAttribution") or {}
        own = row.get("originalText") or row.get("text") or {}
        contributor = re.search(r"/contrib/([0-9]+)", author.get("uri") or "")
        return {
            "source_id": row["name"].rpartition("/")[2],
            "url": row.get("googleMapsUri"),
            "text": own.get("text") or "",
            "language": own.get("languageCode"),
            "date": row["publishTime"],
            "rating": row["rating"],
            "rating_scale": 5,
            "author": author.get("displayName"),
            "author_id": contributor[1] if contributor else None,
        }

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """The one page there is; every run reads it again, for Google changes its choice."""
        found = _TARGET.fullmatch(target)
        if found is None:
            raise wrong_target(self, target)
        answer = await client.get(
            f"/v1/places/{found['id']}",
            {"languageCode": found["language"] or "ru"},
            headers={"X-Goog-Api-Key": client.key, "X-Goog-FieldMask": _FIELDS},
        )
        yield self.parse(answer.body, answer.where), {}
