"""Google Places, against a played API that gives five reviews at most."""

from __future__ import annotations

import json

import pytest

from scrapers.google_places import GooglePlaces
from scrapers.source import Where
from tests.scrapers.contract import Contract
from tests.site import Answer
from ugc.errors import SourceChanged
from ugc.ingest.collect import collect
from ugc.settings import Settings, SourceSettings

KEY = "AIza-not-a-key-of-anybody"
PLACE = "ChIJyasen000000000000000042"
HERE = Where(PLACE, f"https://places.googleapis.com/v1/places/{PLACE}?languageCode=ru")


def row(number: str, words: str, stars: int, day: str, author: str, **changes: object) -> dict[str, object]:
    """One review as the API gives it."""
    return {
        "name": f"places/{PLACE}/reviews/{number}",
        "relativePublishTimeDescription": "неделю назад",
        "rating": stars,
        "text": {"text": words, "languageCode": "ru"},
        "originalText": {"text": words, "languageCode": "ru"},
        "authorAttribution": {
            "displayName": author,
            "uri": "https://www.google.com/maps/contrib/1234567890/reviews",
            "photoUri": "https://example.com/photo",
        },
        "publishTime": f"{day}T10:00:00.123456789Z",
        "flagContentUri": "https://example.com/flag",
        "googleMapsUri": f"https://example.com/maps/{number}",
        **changes,
    }


def place(*rows: object, **changes: object) -> bytes:
    """An answer of the API; without reviews it names none."""
    found = {
        "id": PLACE,
        "displayName": {"text": "Ясень Банк", "languageCode": "ru"},
        "formattedAddress": "ул. Лесная, 1, Пермь, Россия",
        "addressComponents": [
            {"longText": "1", "shortText": "1", "types": ["street_number"]},
            {"longText": "Пермь", "shortText": "Пермь", "types": ["locality", "political"]},
        ],
        **({"reviews": list(rows)} if rows else {}),
        **changes,
    }
    return json.dumps(found).encode()


class TestGooglePlaces(Contract):
    source = GooglePlaces()
    target = PLACE
    page = 5
    key = KEY
    paged = False
    replies = False

    def play(self, reviews, asked):
        if asked.headers.get("x-goog-api-key") != self.key:
            return Answer(b'{"error": {"code": 403, "status": "PERMISSION_DENIED"}}', 403)
        assert "reviews" in asked.headers["x-goog-fieldmask"]
        assert KEY not in asked.path
        rows = [row(one.id, one.text, one.stars, str(one.day), one.author) for one in reviews[: self.page]]
        return Answer(place(*rows))

    @pytest.mark.parametrize(("language", "asked"), [("", "ru"), ("/pl", "pl"), ("/pt-BR", "pt-BR")])
    def test_the_language_is_asked_for(self, lake, site, language, asked):
        self.serve(site, self.reviews())
        mirror = SourceSettings(base_url=site.url, pause=0, key=self.key)
        chosen = Settings(contact="cx@example.com", salt="salt", sources={"google_places": mirror})
        run = collect(lake, self.source, PLACE + language, settings=chosen)
        assert (run.state, run.summary.new) == ("complete", 5)
        assert site.asked == [f"/v1/places/{PLACE}?languageCode={asked}"]

    @pytest.mark.parametrize(
        "target", ["", "short", f"{PLACE}/", f"{PLACE}/RU", "../../v1/places/x", "ясень" * 4]
    )
    def test_what_is_no_target_is_never_asked(self, lake, site, target):
        mirror = SourceSettings(base_url=site.url, pause=0, key=self.key)
        chosen = Settings(contact="cx@example.com", salt="salt", sources={"google_places": mirror})
        run = collect(lake, self.source, target, settings=chosen)
        assert run.state == "failed"
        assert "is no target of Google Places" in run.reason
        assert site.agents == []


def test_reads_the_fields_of_a_review_in_its_own_language():
    translated = row(
        "r1", "Szybko i miło", 4, "2026-10-03", "Anna Olcha", text={"text": "Быстро", "languageCode": "ru"}
    )
    translated["originalText"] = {"text": "Szybko i miło", "languageCode": "pl"}
    (record,) = GooglePlaces().parse(place(translated), HERE).records
    assert record == {
        "source_id": "r1",
        "url": "https://example.com/maps/r1",
        "text": "Szybko i miło",
        "language": "pl",
        "date": "2026-10-03T10:00:00.123456789Z",
        "rating": 4,
        "rating_scale": 5,
        "author": "Anna Olcha",
        "author_id": "1234567890",
        "company": "Ясень Банк",
        "place": "ул. Лесная, 1, Пермь, Россия",
        "place_id": PLACE,
        "city": "Пермь",
    }


def test_a_rating_without_text_is_read():
    bare = {"name": "places/x/reviews/r2", "rating": 5, "publishTime": "2026-10-03T10:00:00Z"}
    (record,) = GooglePlaces().parse(json.dumps({"id": "x", "reviews": [bare]}).encode(), HERE).records
    assert record == {
        "source_id": "r2",
        "text": "",
        "date": "2026-10-03T10:00:00Z",
        "rating": 5,
        "rating_scale": 5,
        "place_id": "x",
    }


def test_a_place_without_reviews_is_an_empty_page():
    assert GooglePlaces().parse(place(), HERE).records == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"id": 1, "reviews": 1}',
        b'{"id": 1, "reviews": [1]}',
        b"\xff{",
        b"[" * 9000,
        b'{"id": 1, "reviews": [{"name": 1}]}',
        b'{"id": 1, "displayName": 1}',
        b'{"id": 1, "addressComponents": {"a": 1}}',
    ],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="google_places"):
        GooglePlaces().parse(body, HERE)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (f"https://www.google.com/maps/search/?api=1&query=bank&query_place_id={PLACE}", PLACE),
        (f"https://search.google.com/local/reviews?placeid={PLACE}", PLACE),
        (f"https://www.google.pl/maps/place/?q=place_id:{PLACE}", PLACE),
        ("https://www.google.com/maps/place/Bank/@58.0,56.2,17z", None),
        (f"https://www.example.com/?placeid={PLACE}", None),
        (f"https://notgoogle.com/local/reviews?placeid={PLACE}", None),
    ],
)
def test_recognises_addresses_that_name_the_place(url, target):
    assert GooglePlaces().recognise(url) == target
