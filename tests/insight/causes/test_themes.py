from __future__ import annotations

import pytest

from ugc.insight import Filters, themes
from ugc.taxonomy import keys


def test_mentions_reviews_and_confidence_of_each_theme(plant):
    lake = plant(
        {
            "text": "Везли долго. Привезли быстро",
            "sentiment": "mixed",
            "city": "Казань",
            "mentions": [
                ("Везли долго", "speed", "negative", "delivery", 0.5),
                ("Привезли быстро", "speed", "positive", "delivery", 0.9),
            ],
        },
        {"text": "Вежливо", "sentiment": "positive", "mentions": [("Вежливо", "own", "positive")]},
        {"text": "Не прочитано"},
    )
    with lake.snapshot() as snapshot:
        found = {one.theme: one for one in themes(snapshot, Filters())}
        narrow = {one.theme: one for one in themes(snapshot, Filters(cities=("Казань",), themes=("own",)))}
    assert set(found) == {*keys("themes"), "own"}
    speed = found["speed"]
    assert (speed.mentions, speed.reviews, speed.positive, speed.negative) == (2, 1, 1, 1)
    assert speed.confidence == pytest.approx(0.7)
    assert (found["price"].mentions, found["price"].confidence) == (0, None)
    assert found["own"].reviews == 1
    assert narrow["speed"].reviews == 1
    assert "own" not in narrow
