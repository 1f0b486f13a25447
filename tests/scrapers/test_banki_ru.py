from __future__ import annotations

import json

import pytest

from scrapers.banki_ru import BankiRu
from ugc.errors import SourceChanged


def row(number: int, **changes: object) -> dict[str, object]:
    """One review as the site's list gives it, invented."""
    return {
        "id": number,
        "dateCreate": f"2026-03-{number % 28 + 1:02d} 10:00:00",
        "title": "Спасибо",
        "text": f"<p>Всё решили за день, отзыв {number}</p>",
        "grade": 5,
        "isCountable": True,
        "agentAnswerText": None,
        "company": {"name": "Ясень Банк", "code": "yasen", "region": "Москва"},
        **changes,
    }


def page(*rows: dict[str, object], more: bool = False) -> bytes:
    """A page of the list."""
    return json.dumps({"data": list(rows), "hasMorePages": more}).encode()


def test_reads_the_fields_of_a_review():
    (record,) = BankiRu().parse(page(row(7, agentAnswerText="<p>Рады помочь</p>"))).records
    assert record == {
        "source_id": "7",
        "url": "https://www.banki.ru/services/responses/bank/response/7/",
        "text": "<p>Всё решили за день, отзыв 7</p>",
        "title": "Спасибо",
        "rating": 5,
        "rating_scale": 5,
        "company": "Ясень Банк",
        "verified": True,
        "reply_text": "<p>Рады помочь</p>",
        "date": "2026-03-08T10:00:00+03:00",
    }


def test_an_ungraded_review_has_no_rating():
    (record,) = BankiRu().parse(page(row(7, grade=None))).records
    assert "rating" not in record
    assert "rating_scale" not in record


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>login</html>",
        b"[]",
        b'{"data": 1}',
        b'{"data": [1]}',
        b'{"data": [{"id": 1}]}',
        b"\xff\xfe{",
    ],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="banki_ru"):
        BankiRu().parse(body)


@pytest.mark.shared
def test_reads_a_recorded_page(shared):
    found = BankiRu().parse((shared / "sources/fixtures/banki_ru/reviews.json").read_bytes())
    assert len(found.records) == 25
    assert sum("reply_text" in record for record in found.records) == 19
    assert all(record["text"] and record["date"].endswith("+03:00") for record in found.records)
