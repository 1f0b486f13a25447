from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from pathlib import Path

import pytest

from scrapers.source import Where
from scrapers.vbr import Vbr
from tests.scrapers.contract import Contract, Told, told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged
from ugc.ingest.collect import collect
from ugc.settings import Settings, SourceSettings

FIXTURES = Path(__file__).parent / "fixtures" / "vbr"
HERE = Where("yasen", "https://www.vbr.ru/banki/yasen/otzivy/")
EVERYWHERE = Where("all", "https://www.vbr.ru/api/reviews/?sorttype=date&page=1")
LATER = Where("all", "https://www.vbr.ru/api/reviews/?sorttype=date&page=7")


@pytest.fixture
def lake(tmp_path, blank):
    return blank(tmp_path / "lake")


def card(one: Told, bank: str = "") -> str:
    """A review as the site's pages show it."""
    return f"""<div class="reviews-list-item"><div class="reviews-card -emoji">{bank}
        <div class="avatar-title">{escape(one.author)}</div>
        <span class="avatar-title-date">{one.day:%d.%m.%Y}</span>
        <div class="rating-star-simple">{one.stars}</div>
        <div class="reviews-text"><p class="teaser">{escape(one.text)}</p></div></div></div>"""


class TestVbr(Contract):
    source = Vbr()
    target = "yasen"
    page = 10
    # What a bank answers stands in markup that is not known.
    replies = False
    # A review has no number: its author, day and text are all that tells it from others.
    edits = False

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        found = re.fullmatch(r"/banki/yasen/otzivy/(?:(\d+)/)?(?:\?again=1)?", asked.path)
        assert found
        number = int(found[1] or 1)
        shown = reviews[(number - 1) * self.page : number * self.page]
        more = number * self.page < len(reviews)
        following = (
            '<li class="pager-item pager-item-next"><button class="btn"></button></li>' if more else ""
        )
        return Answer(
            f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Ясень</title></head><body>
            <div class="reviews-list">{"".join(map(card, shown))}</div>
            <ul><li class="pager-item">1</li>{following}</ul></body></html>""".encode()
        )


def test_the_list_of_all_banks_is_read_down_to_a_month_before_what_is_known(lake, site):
    reviews = told(70, every=2)

    def route(path: str) -> Answer:
        asked = site.requests[-1]
        assert path.startswith("/api/reviews/?")
        assert (asked.query["sorttype"], asked.query["sortdirection"]) == ("date", "desc")
        size = int(asked.query["pagesize"])
        at = (int(asked.query["page"]) - 1) * size
        bank = '<a href="/banki/bereza/">Берёза</a>'
        return Answer("".join(card(one, bank) for one in reviews[at : at + size]).encode())

    site.route = route
    settings = Settings(
        contact="cx@example.com", salt="salt", sources={"vbr": SourceSettings(base_url=site.url, pause=0)}
    )
    first = collect(lake, Vbr(), "all", settings=settings)
    assert (first.state, first.summary.new, len(site.asked)) == ("complete", 70, 5)
    site.asked.clear()
    again = collect(lake, Vbr(), "all", settings=settings)
    assert (again.state, again.summary.new, len(site.asked)) == ("complete", 0, 2)
    with lake.snapshot() as snapshot:
        companies = snapshot.sql("SELECT DISTINCT company FROM reviews").to_pylist()
    assert companies == [{"company": "Берёза"}]
    assert min(one.day for one in reviews) < date(2026, 11, 20) - timedelta(days=100)


def test_all_fields():
    found = Vbr().parse((FIXTURES / "bank_page.html").read_bytes(), HERE)
    assert found.more
    first, second, third = found.records
    assert re.fullmatch(r"[0-9a-f]{20}", first.pop("source_id"))
    assert re.fullmatch(r"[0-9a-f]{20}", second.pop("source_id"))
    here = "https://www.vbr.ru/banki/yasen/otzivy/"
    assert first == {
        "url": here,
        "author": "Пётр",
        "date": "2026-03-12",
        "title": "Вклады",
        "text": 'Вклад закрыли, а проценты не начислили. Менеджер обещал перезвонить "завтра". Жду неделю.',
        "rating": 2.0,
        "rating_scale": 5,
    }
    assert second == {
        "url": here,
        "author": "Ольга",
        "date": "2026-03-11T09:05:00+03:00",
        "text": "Карту привезли за день и помогли с приложением.",
        "rating": 5.0,
        "rating_scale": 5,
    }
    assert third == {"source_id": "771", "url": here, "date": "вчера", "text": "Очередь на час."}


def test_a_date_that_is_told_from_today_does_not_change_the_id():
    body = (FIXTURES / "bank_page.html").read_bytes().replace(b' data-id="771"', b"")
    ids = [
        Vbr().parse(body.replace("вчера".encode(), day.encode()), HERE).records[2]["source_id"]
        for day in ("вчера", "2 дня назад")
    ]
    assert ids[0] == ids[1]


@pytest.mark.parametrize(
    ("shown", "iso"),
    [
        ("12.03.2026", "2026-03-12"),
        ("5 мая 2026", "2026-05-05"),
        ("5 мая 2026 г., 7:05", "2026-05-05T07:05:00+03:00"),
        ("31 декабря 2025 в 23:59", "2025-12-31T23:59:00+03:00"),
        ("5 дней 2026", "5 дней 2026"),
        ("вчера", "вчера"),
    ],
)
def test_dates(shown, iso):
    body = (FIXTURES / "bank_page.html").read_bytes().replace("вчера".encode(), shown.encode())
    assert Vbr().parse(body, HERE).records[2]["date"] == iso


def test_the_last_page_says_so():
    body = (FIXTURES / "bank_page.html").read_bytes()
    assert not Vbr().parse(body.replace(b"pager-item-next", b"pager-item-next disabled"), HERE).more
    assert not Vbr().parse(body.replace(b"pager-item-next", b"pager-item-last"), HERE).more
    assert Vbr().parse(body.replace(b"pager", b"other"), HERE).more


def test_an_empty_list_is_an_empty_page():
    assert Vbr().parse(b'<div class="reviews-list"></div>', HERE).records == ()
    assert Vbr().parse(b"", LATER).records == ()


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"", HERE),
        (b"", EVERYWHERE),
        (b"<html><title>Login</title></html>", LATER),
        (b"<html><title>Bank</title><p>nothing</p></html>", HERE),
        (b'<div class="reviews-card"></div>', HERE),
        (b'<div class="reviews-card"><div class="rating-star-simple">many</div></div>', HERE),
        (b'<div class="reviews-card"><div class="rating-star-simple">55</div></div>', HERE),
        (
            b'<div class="reviews-card"><p class="reviews-text">x</p><i class="created">31.02.2026</i></div>',
            HERE,
        ),
        (b"<div>" * 20_000, HERE),
        (b'<meta charset="\x01"><p>x</p>', HERE),
    ],
)
def test_another_shape_is_named(body, where):
    with pytest.raises(SourceChanged, match="vbr"):
        Vbr().parse(body, where)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.vbr.ru/banki/yasen/otzivy/", "yasen"),
        ("https://moskva.vbr.ru/banki/yasen/otzivy/7/", "yasen"),
        ("https://www.vbr.ru/banki/otzivy/", "all"),
        ("https://www.vbr.ru/banki/yasen/", None),
        ("https://www.vbr.ru/banki/kurs-valut/", None),
        ("https://example.com/?to=https://www.vbr.ru/banki/yasen/otzivy/", None),
    ],
)
def test_its_addresses_are_known(url, target):
    assert Vbr().recognise(url) == target


@pytest.mark.parametrize("target", ["", "two words", "../x", "yasen/otzivy"])
def test_a_wrong_target_is_named(target, lake, site):
    settings = Settings(contact="cx@example.com", sources={"vbr": SourceSettings(base_url=site.url, pause=0)})
    run = collect(lake, Vbr(), target, settings=settings)
    assert (run.state, site.asked) == ("failed", [])
    assert "no target of vbr.ru" in run.reason
