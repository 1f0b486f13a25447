from __future__ import annotations

from datetime import UTC, datetime

from ugc.insight.reviews.authors import Author, author_of, written


def test_what_an_author_wrote(plant):
    lake = plant(
        {
            "text": "a",
            "author": "ab12",
            "stars": 5.0,
            "date": "2026-01-02",
            "company": "Lumbi",
            "source": "ceneo",
        },
        {
            "text": "b",
            "author": "ab12",
            "stars": 2.0,
            "date": "2026-03-04",
            "company": "Ясень",
            "source": "ceneo",
        },
        {"text": "c", "author": "ab12", "company": "", "source": "ceneo"},
        {"text": "d", "author": "cd34"},
        {"text": "e"},
    )
    with lake.snapshot() as snapshot:
        assert written(snapshot, ["ab12", "cd34", "nobody", "ab12"]) == {"ab12": 3, "cd34": 1}
        assert written(snapshot, []) == {}
        first, last = datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)
        assert author_of(snapshot, "ab12") == Author(3, 2, 3.5, first, last, 2, ("ceneo",))
        assert author_of(snapshot, "cd34") == Author(1, 0, None, None, None, 0, ("otzovik",))
        assert author_of(snapshot, "nobody") == Author(0, 0, None, None, None, 0, ())
