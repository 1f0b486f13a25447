from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from ugc.insight import Filters, choose_sides, compare
from ugc.schema import GROUPED, REASONS

NOW = datetime(2026, 5, 1, tzinfo=UTC)
LATE = "Курьер опоздал на два дня и даже не позвонил заранее"
LOST = "Посылку потеряли на складе и искали её целый месяц"


def side(name, late, lost):
    """Reviews of one company that all blame speed, for one of two reasons."""
    for n, text in enumerate([LATE] * late + [LOST] * lost):
        yield {
            "text": f"{text} {n}",
            "company": name,
            "source_id": f"{name} {n}",
            "sentiment": "negative",
            "mentions": [(text, "speed", "negative")],
        }


def reason(name, words):
    told = {"id": name, "theme": "speed", "polarity": "negative", "model": "hand@1", "members": 1}
    centre = np.asarray([1, 0], "<f4").tobytes()
    return told | {"centroid": centre, "name_ru": words, "opened_at": NOW, "updated_at": NOW}


def test_reasons_that_are_much_more_frequent_at_one_side(plant):
    """The theme is blamed alike by both; the reasons below it differ, and not only by a little."""
    lake = plant(*side("Lumbi", 60, 20), *side("Amberhaus", 36, 44), *side("Ясень", 58, 22))
    with lake.snapshot() as snapshot:
        found = snapshot.sql(
            'SELECT m.review_id, t.text_hash, t.model, m.start, m."end", m.theme, m.polarity, '
            "CASE WHEN m.\"end\" - m.start = $late THEN 'late' ELSE 'lost' END AS reason, "
            "0.9::FLOAT AS similarity FROM mentions m JOIN tags t ON t.review_id = m.review_id",
            {"late": len(LATE)},
        ).to_pylist()
    lake.write_grouping(
        pa.Table.from_pylist([reason("late", "курьер опоздал"), reason("lost", None)], schema=REASONS),
        pa.Table.from_pylist(found, schema=GROUPED),
    )
    with lake.snapshot() as snapshot:
        _, sides = choose_sides(snapshot, ["Lumbi", "Amberhaus", "Ясень"], Filters())
        told = compare(snapshot, sides, language="ru")
        left_out = compare(snapshot, sides, concrete=0)
        _, alike = choose_sides(snapshot, ["Lumbi", "Ясень"], Filters())
        nothing = compare(snapshot, alike, language="ru")
    assert not any(row.significant for row in told.themes)
    # "late" differs too (75 % and 45 %), but is not twice as frequent anywhere.
    (lost,) = told.concrete
    assert (lost.reason, lost.theme, lost.polarity, lost.name) == ("lost", "speed", "negative", None)
    assert [one.reviews for one in lost.shares] == [20, 44, 22]
    assert [one and one.significant for one in lost.differences] == [None, True, False]
    assert [len(one) for one in lost.quotes] == [0, 1, 0]
    assert lost.quotes[1][0].text == LOST
    assert left_out.concrete == nothing.concrete == ()
