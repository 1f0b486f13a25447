"""NPS only where 0 to 10 was asked; and where stars and text disagree."""

from __future__ import annotations

import pytest

from ugc.insight import Filters, disagreements, nps, scores


def answer(source: str, rating: float, scale: float = 10, **more: object) -> dict[str, object]:
    stars = 1 + 4 * rating / 10 if scale == 10 else rating
    return {"text": f"{source} {rating}", "source": source, "rating": rating, "rating_scale": scale,
            "stars": stars, **more}  # fmt: skip


def test_promoters_less_detractors(plant):
    given = [*[10] * 5, *[9] * 2, *[8] * 2, 7, *[6] * 3, 0]
    lake = plant(*[answer("survey", one, source_id=f"s{n}") for n, one in enumerate(given)])
    with lake.snapshot() as snapshot:
        (found,) = nps(snapshot, Filters())
        none = nps(snapshot, Filters(sources=("elsewhere",)))
    assert (found.n, found.promoters, found.detractors) == (14, 7, 4)
    assert found.score.value == pytest.approx(100 * 3 / 14)
    assert -100 <= found.score.low < found.score.value < found.score.high <= 100
    assert (found.representative, found.missing) == (False, 286)
    assert none == ()


def test_stars_and_scales_from_one_never_become_one(plant):
    stars = [answer("shop", one, 5, source_id=f"a{one}") for one in (1, 2, 3, 4, 5)]
    from_one = [answer("hotel", one, source_id=f"b{one}") for one in range(1, 11)]
    with plant(*stars, *from_one).snapshot() as snapshot:
        assert nps(snapshot, Filters()) == ()


def test_filters_do_not_switch_it_off(plant):
    lake = plant(
        answer("survey", 0, city="Казань", source_id="a"), answer("survey", 9, city="Пермь", source_id="b")
    )
    with lake.snapshot() as snapshot:
        (found,) = nps(snapshot, Filters(cities=("Пермь",)))
    assert (found.n, found.score.value) == (1, 100)


def test_where_stars_and_text_disagree(plant):
    lake = plant(
        {"text": "Всё плохо  <b>и долго</b>", "stars": 5, "sentiment": "negative", "date": "2026-03-02",
         "url": "javascript:alert(1)"},
        {"text": "Спасибо", "stars": 1, "sentiment": "positive", "date": "2026-03-01"},
        {"text": "Спасибо, всё хорошо", "stars": 5, "sentiment": "positive"},
        {"text": "Так себе", "stars": 3, "sentiment": "negative"},
        {"text": "Без оценки", "sentiment": "negative"},
    )  # fmt: skip
    with lake.snapshot() as snapshot:
        found = disagreements(snapshot, Filters())
        counted = scores(snapshot, Filters())
        short = disagreements(snapshot, Filters(), limit=0)
    assert (found.reviews, found.compared) == (2, 4) == (counted.disagreements, counted.compared)
    assert [(one.stars, one.sentiment) for one in found.rows] == [(5, "negative"), (1, "positive")]
    assert (found.rows[0].text, found.rows[0].url) == ("Всё плохо <b>и долго</b>", None)
    assert found.table == {1: {"positive": 1}, 3: {"negative": 1}, 5: {"negative": 1, "positive": 1}}
    assert (short.rows, short.reviews) == ((), 2)


def test_nothing_to_compare(plant):
    with plant().snapshot() as snapshot:
        found = disagreements(snapshot, Filters())
        assert (found.compared, found.share, found.table, found.rows) == (0, None, {}, ())
        assert nps(snapshot, Filters()) == ()
