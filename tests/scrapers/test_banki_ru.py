from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

import pytest

from scrapers.banki_pages import moscow
from scrapers.banki_ru import BankiRu
from scrapers.source import Where
from tests.scrapers.contract import Contract, Told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged
from ugc.ingest.collect import collect
from ugc.settings import Settings, SourceSettings

FIXTURES = Path(__file__).parent / "fixtures" / "banki_ru"
BANK = Where("yasen", "https://www.banki.ru/services/responses/list/ajax/?page=1&type=all&bank=yasen")
LOANS = Where("mfo:yasen", "https://www.banki.ru/microloans/responses/ajax/responses/?page=1")
BROKER = Where("broker:yasen", "https://www.banki.ru/investment/responses/company/broker/yasen/")
INSURER = Where("insurance:yasen", "https://www.banki.ru/insurance/responses/company/yasen/")


@pytest.fixture
def lake(tmp_path, blank):
    return blank(tmp_path / "lake")


def row(number: int, **changes: object) -> dict[str, object]:
    """One review as the site's list gives it, invented."""
    return {
        "id": number,
        "dateCreate": f"2026-03-{number % 28 + 1:02d} 10:00:00",
        "title": "Спасибо",
        "text": f"<p>Всё решили за день, отзыв {number}</p>",
        "grade": 5,
        "isCountable": True,
        "resolutionIsApproved": None,
        "agentAnswerText": None,
        "commentCount": 0,
        "company": {"id": 1, "name": "Ясень Банк", "code": "yasen", "region": "Москва"},
        **changes,
    }


def page(*rows: dict[str, object], more: bool = False) -> bytes:
    """A page of the list."""
    return json.dumps({"data": list(rows), "hasMorePages": more}).encode()


def loan(number: int, **changes: object) -> dict[str, object]:
    """One review of a microloan company as the site's list gives it, invented."""
    return {
        "id": number,
        "active": True,
        "createdAt": "2026-01-12T10:59:32+03:00",
        "createdBy": 12,
        "companyId": 4,
        "text": "<p>Деньги пришли за час</p>",
        "title": "Быстро",
        "userBirthday": "1990-01-01T00:00:00+03:00",
        "grade": 4,
        "addToRatingStatus": 2,
        "companyResponseText": None,
        "companyResponseDate": None,
        "viewCount": 6,
        "company": {"id": 4, "code": "yasen", "name": "Ясень Займ"},
        **changes,
    }


def loans(*rows: dict[str, object], total: int | None = None) -> bytes:
    """A page of the list of a microloan company."""
    told = {"data": list(rows), "total": len(rows) if total is None else total}
    return json.dumps({"responses": told}).encode()


def chunk(reviews: Sequence[Told], asked: Asked, size: int) -> tuple[list[Told], bool]:
    """The reviews of the page that is asked for, and whether more follow."""
    at = (int(asked.query.get("page", 1)) - 1) * size
    return list(reviews[at : at + size]), at + size < len(reviews)


class TestBanks(Contract):
    source = BankiRu()
    target = "yasen"
    page = 25

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        assert asked.path.startswith("/services/responses/list/ajax/?")
        assert (asked.query["bank"], asked.query["type"]) == ("yasen", "all")
        assert asked.headers["x-requested-with"] == "XMLHttpRequest"
        shown, more = chunk(reviews, asked, self.page)
        rows = [
            row(
                int(one.id),
                dateCreate=f"{one.day} 10:00:00",
                text=f"<p>{one.text}</p>",
                grade=one.stars,
                agentAnswerText=f"<p>{one.reply}</p>" if one.reply else None,
            )
            for one in shown
        ]
        return Answer(page(*rows, more=more), headers={"Content-Type": "application/json; charset=utf-8"})


class TestLoans(Contract):
    source = BankiRu()
    target = "mfo:yasen"
    # The recorded answer held ten reviews of 470.
    page = 10

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        assert asked.path.startswith("/microloans/responses/ajax/responses/?")
        assert asked.query["companyCodes"] == "yasen"
        assert asked.headers["x-requested-with"] == "XMLHttpRequest"
        shown, _ = chunk(reviews, asked, self.page)
        rows = [
            loan(
                int(one.id),
                createdAt=f"{one.day}T10:00:00+03:00",
                text=f"<p>{one.text}</p>",
                grade=one.stars,
                companyResponseText=one.reply,
                companyResponseDate=f"{one.day}T18:00:00+03:00" if one.reply else None,
            )
            for one in shown
        ]
        return Answer(loans(*rows, total=len(reviews)))


class TestBrokers(Contract):
    source = BankiRu()
    target = "broker:yasen"
    page = 5

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        assert asked.path.startswith("/investment/responses/company/broker/yasen/")
        shown, more = chunk(reviews, asked, self.page)
        told = [
            {
                "@type": "Review",
                "author": one.author,
                "datePublished": f"{one.day:%d.%m.%Y}",
                "description": one.text,
                "name": "Отзыв",
                "reviewRating": {"@type": "Rating", "ratingValue": str(one.stars)},
            }
            for one in shown
        ]
        product = {"@type": "Product", "name": "Ясень", "aggregateRating": {}, "review": told}
        follows = '<li class="ui-pagination__next"><a href="?page=9"></a></li>' if more else ""
        return Answer(
            f"""<!DOCTYPE html><html><head><meta charset="utf-8">
            <script type="application/ld+json">{json.dumps(product, ensure_ascii=False)}</script></head><body>
            <div data-responses-list>{"".join(map(self.article, shown))}
            <div class="ui-pagination"><ul>{follows}</ul></div></div></body></html>""".encode()
        )

    def article(self, one: Told) -> str:
        """A review as the page shows it."""
        answer = (
            '<div class="response-thread-item response-thread-item--company-type">'
            f'<time datetime="{one.day} 18:00:00"></time>'
            f'<div class="thread-item__text">{escape(one.reply)}</div></div>'
            if one.reply
            else ""
        )
        return f"""<article class="responses__item" data-id="{one.id}">
            <a data-test="responses-header" href="/investment/responses/company/response/{one.id}/">Отзыв</a>
            <span data-test="responses-rating-grade">{one.stars}</span>
            <div data-test="responses-message">{escape(one.text)}</div>{answer}
            <time data-test="responses-datetime">{one.day:%d.%m.%Y} 10:00</time></article>"""


def test_the_first_answer_may_be_a_redirect_that_sets_a_cookie(lake, site):
    """Every request without the cookie is sent to where it was, with one."""

    def route(path: str) -> Answer:
        if "seen=1" not in site.cookies[-1]:
            return Answer(b"", 302, {"Location": path, "Set-Cookie": "seen=1; path=/"})
        return Answer(page(row(7)))

    site.route = route
    mirror = SourceSettings(base_url=site.url, pause=0)
    run = collect(
        lake, BankiRu(), "yasen", settings=Settings(contact="a@b.example", sources={"banki_ru": mirror})
    )
    assert (run.state, run.summary.new, len(site.asked)) == ("complete", 1, 2)


def test_all_fields_of_a_bank_review():
    (record,) = BankiRu().parse(page(row(7, agentAnswerText="<p>Рады помочь</p>")), BANK).records
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


def test_all_fields_of_a_loan_review():
    told = loan(7, companyResponseText="<p>Рады</p>", companyResponseDate="2026-01-14T12:00:00+03:00")
    (record,) = BankiRu().parse(loans(told), LOANS).records
    assert record == {
        "source_id": "mfo:7",
        "url": "https://www.banki.ru/microloans/responses/response/7/",
        "author_id": "12",
        "date": "2026-01-12T10:59:32+03:00",
        "title": "Быстро",
        "text": "<p>Деньги пришли за час</p>",
        "rating": 4,
        "rating_scale": 5,
        "company": "Ясень Займ",
        "reply_text": "<p>Рады</p>",
        "reply_date": "2026-01-14T12:00:00+03:00",
    }


def test_all_fields_of_a_broker_page():
    found = BankiRu().parse((FIXTURES / "broker_page.html").read_bytes(), BROKER)
    assert found.more
    at = "https://www.banki.ru/investment/responses/company/response"
    assert found.records == (
        {
            "source_id": "broker:29144",
            "url": f"{at}/29144/",
            "author": "lesnik",
            "date": "2026-01-04T16:49:00+03:00",
            "title": "Долгий перевод",
            "text": "Перевод бумаг занял три недели. <br/><br/>"
            'Поддержка отвечала вежливо, но сроков "не называла".',
            "rating": 2.0,
            "rating_scale": 5,
            "company": "Ясень Инвестиции",
            "verified": False,
            "reply_text": "Здравствуйте!<br/>Проверяем.<br>Бумаги зачислены.",
            "reply_date": "2026-01-08T12:00:00+03:00",
        },
        {
            "source_id": "broker:29143",
            "url": f"{at}/29143/",
            "author": "user-101",
            "date": "2026-01-03T08:05:00+03:00",
            "title": "Идея",
            "text": "Предлагаю добавить тёмную тему.",
            "company": "Ясень Инвестиции",
        },
        # The script tells another day for the third one: it is not the same review, so no author.
        {
            "source_id": "broker:29142",
            "url": f"{at}/29142/",
            "date": "2026-01-01T23:59:00+03:00",
            "title": "Быстро",
            "text": "Счёт открыли за день.",
            "rating": 5.0,
            "rating_scale": 5,
            "company": "Ясень Инвестиции",
            "verified": True,
        },
    )


def test_all_fields_of_a_page_that_has_only_a_script():
    found = BankiRu().parse((FIXTURES / "insurance_page.html").read_bytes(), INSURER)
    first, second = found.records
    assert len(first.pop("source_id")) == len("insurance:") + 20
    assert first == {
        "author": 'Мария "М" Ясенева',
        "date": "2026-02-11T09:30:00+03:00",
        "title": "Выплата",
        "text": "&lt;p&gt;Выплату перечислили за неделю.&lt;/p&gt;",
        "rating": 5.0,
        "rating_scale": 5,
        "company": 'Ясень "Полис"',
    }
    assert second.pop("source_id").startswith("insurance:")
    assert second == {
        "author": "user-7",
        "date": "2026-02-10",
        "title": "Нет справки",
        "text": "Третий раз прошу прислать справку.",
        "company": 'Ясень "Полис"',
    }


def test_a_review_that_only_the_script_tells_keeps_its_id_when_its_text_changes():
    body = (FIXTURES / "insurance_page.html").read_bytes()
    ids = [
        [record["source_id"] for record in BankiRu().parse(one, INSURER).records]
        for one in (body, body.replace("за неделю".encode(), "за месяц".encode()))
    ]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 2


def test_an_ungraded_review_has_no_rating():
    (record,) = BankiRu().parse(page(row(7, grade=None)), BANK).records
    assert "rating" not in record
    assert "rating_scale" not in record


def test_a_broken_script_costs_the_authors_only():
    body = (FIXTURES / "broker_page.html").read_bytes().replace(b'"review": [', b'"review": [,')
    found = BankiRu().parse(body, BROKER).records
    assert len(found) == 3
    assert not any("author" in record for record in found)


def test_without_articles_a_broken_script_is_named():
    body = (FIXTURES / "insurance_page.html").read_bytes().replace(b'"review": [', b'"review": [,')
    with pytest.raises(SourceChanged, match="banki_ru"):
        BankiRu().parse(body, INSURER)


def test_an_empty_list_is_an_empty_page():
    for body, where in ((page(), BANK), (loans(), LOANS), (b"<div data-responses-list></div>", INSURER)):
        found = BankiRu().parse(body, where)
        assert (found.records, found.more) == ((), False)


def test_reviews_of_several_companies_are_refused():
    """A code that the site does not know may bring the reviews of all."""
    other = {"id": 2, "name": "Берёза Банк", "code": "bereza"}
    with pytest.raises(SourceChanged, match="2 companies"):
        BankiRu().parse(page(row(7), row(8, company=other)), BANK)
    with pytest.raises(SourceChanged, match="2 companies"):
        BankiRu().parse(loans(loan(7), loan(8, company=other)), LOANS)


@pytest.mark.parametrize(
    "value",
    [None, True, 10**400, float("nan"), "", "\ud800", "31.02.2026", [], {}, [1], {"name": {}}],
    ids=repr,
)
def test_a_field_of_another_kind_is_read_or_named(value):
    """Each field in turn; only `SourceChanged` may come of it."""
    named = []
    for build, wrap, where in ((row, page, BANK), (loan, loans, LOANS)):
        for field in build(7):
            body = wrap(build(7, **{"companyResponseText": "x", field: value}))
            try:
                found = BankiRu().parse(body, where)
            except SourceChanged as error:
                named.append(error.what)
            else:
                assert len(found.records) == 1
    assert all("banki_ru" in what for what in named)


@pytest.mark.parametrize("where", [BANK, LOANS, BROKER, INSURER], ids=lambda where: where.target)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>login</html>",
        b"[]",
        b'{"data": 1}',
        b'{"data": [1]}',
        b'{"data": [{"id": 1}]}',
        b'{"responses": {"data": [{"id": 1}]}}',
        b'{"responses": [1]}',
        b"\xff\xfe{",
        b"[" * 100_000,
        b'<article data-id="1"></article>',
        b'<script type="application/ld+json">{"review": [1]}</script>',
        b'<script type="application/ld+json">{"review": [{"reviewRating": 1}]}</script>',
        b"<div>" * 20_000,
        b'<meta charset="\x01"><p>x</p>',
    ],
)
def test_another_shape_is_named(body, where):
    with pytest.raises(SourceChanged, match="banki_ru"):
        BankiRu().parse(body, where)


@pytest.mark.parametrize(
    ("told", "iso"),
    [
        ("04.01.2023 16:49", "2023-01-04T16:49:00+03:00"),
        ("04.01.2023 6:49", "2023-01-04T06:49:00+03:00"),
        ("04.01.2023", "2023-01-04"),
        ("2023-01-10 10:49:54", "2023-01-10T10:49:54+03:00"),
        ("2023-01-10T10:49:54+05:00", "2023-01-10T10:49:54+05:00"),
        ("2023-01-10", "2023-01-10"),
        ("вчера", "вчера"),
        ("31.02.2023", "2023-02-31"),
        ("", None),
        (None, None),
    ],
)
def test_times_are_those_of_moscow(told, iso):
    assert moscow(told) == iso


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.banki.ru/services/responses/bank/yasen/", "yasen"),
        ("http://banki.ru/services/responses/bank/yasen?page=2", "yasen"),
        ("https://www.banki.ru/services/responses/bank/response-bank/", "response-bank"),
        ("https://www.banki.ru/microloans/responses/companies/yasen_zaim/", "mfo:yasen_zaim"),
        ("https://www.banki.ru/insurance/responses/company/yasen/?page=3", "insurance:yasen"),
        ("https://www.banki.ru/investment/responses/company/broker/yasen/", "broker:yasen"),
        ("https://www.banki.ru/services/responses/bank/response/10816739/", None),
        ("https://www.banki.ru/insurance/responses/company/response/71133/", None),
        ("https://www.banki.ru/products/deposits/", None),
        ("https://example.com/?to=https://www.banki.ru/services/responses/bank/yasen/", None),
        ("https://www.banki.ru.example.com/services/responses/bank/yasen/", None),
    ],
)
def test_its_addresses_are_known(url, target):
    assert BankiRu().recognise(url) == target


@pytest.mark.parametrize("target", ["", "two words", "fund:yasen", "mfo:", "../x", "yasen/2"])
def test_a_wrong_target_is_named(target, lake):
    settings = Settings(
        contact="a@b.example", sources={"banki_ru": SourceSettings(base_url="http://127.0.0.1:1")}
    )
    run = collect(lake, BankiRu(), target, settings=settings)
    assert run.state == "failed"
    assert "no target of banki.ru" in run.reason


@pytest.mark.shared
def test_a_recorded_page_of_a_bank(shared):
    found = BankiRu().parse((shared / "sources/fixtures/banki_ru/reviews.json").read_bytes(), BANK)
    assert (len(found.records), found.more) == (25, True)
    assert sum("reply_text" in record for record in found.records) == 19
    assert sum("rating" in record for record in found.records) == 23
    assert all(record["text"] and record["date"].endswith("+03:00") for record in found.records)
    assert all(record["title"] and record["company"] for record in found.records)
    dates = [record["date"] for record in found.records]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.shared
def test_a_recorded_page_of_loans(shared):
    found = BankiRu().parse((shared / "sources/fixtures/banki_ru/mfo_reviews.json").read_bytes(), LOANS)
    assert (len(found.records), found.more) == (10, True)
    assert sum("rating" in record for record in found.records) == 8
    assert all(
        record["text"] and record["title"] and record["author_id"] and record["company"]
        for record in found.records
    )
    assert found.records[0]["date"] == "2023-01-12T10:59:32+03:00"


@pytest.mark.shared
def test_a_recorded_page_of_a_broker(shared):
    found = BankiRu().parse((shared / "sources/fixtures/banki_ru/broker_page.html").read_bytes(), BROKER)
    assert (len(found.records), found.more) == (25, True)
    assert all(record["author"] and record["title"] and len(record["text"]) > 100 for record in found.records)
    assert sum("rating" in record for record in found.records) == 24
    assert sum("reply_date" in record for record in found.records) == 18
    assert [sum(record.get("verified") is flag for record in found.records) for flag in (True, False)] == [
        7,
        4,
    ]
    assert found.records[0]["source_id"] == "broker:29144"
    assert found.records[0]["date"] == "2023-01-04T16:49:00+03:00"
    assert found.records[0]["reply_date"] == "2023-01-10T10:49:54+03:00"
    dates = [record["date"] for record in found.records]
    assert dates == sorted(dates, reverse=True)
