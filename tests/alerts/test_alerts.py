from __future__ import annotations

import builtins
import json
import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from ugc.alerts import NotSent, compose, rises, send
from ugc.errors import MissingExtra, SettingsError
from ugc.insight import Filters
from ugc.lake import Lake

# apprise itself still asks for a module that Python is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")

LAST = date(2026, 6, 14)
SLOW = "Посылку везли целых две недели, <!channel> @everyone"
RUDE = "Оператор нахамила и бросила трубку"


def said(count, day, text=None, theme=None, company="Lumbi"):
    mention = {"mentions": [(text, theme, "negative")]} if theme else {}
    for n in range(count):
        yield {
            "text": text or f"Всё хорошо {n}",
            "date": day.isoformat(),
            "company": company,
            "sentiment": "negative" if theme else "positive",
            "url": "https://x.example/1",
            **mention,
        }


def usual(company="Lumbi"):
    """Eight weeks with 5 % slow deliveries and 20 % rudeness."""
    for week in range(8):
        day = LAST - timedelta(days=8 + 7 * week)
        yield from said(1, day, SLOW, "speed", company)
        yield from said(4, day, RUDE, "politeness", company)
        yield from said(15, day, company=company)


def watch(lake, **options):
    with lake.snapshot() as snapshot:
        return rises(snapshot, Filters(**options), until=LAST)


def test_a_rise_is_found_in_its_company(plant):
    lake = plant(
        *usual(),
        *usual("Ясень Банк"),
        *said(8, LAST, SLOW, "speed"),
        *said(4, LAST, RUDE, "politeness"),
        *said(8, LAST),
        *said(1, LAST, SLOW, "speed", "Ясень Банк"),
        *said(19, LAST, company="Ясень Банк"),
    )
    found = watch(lake)
    assert (found.since, found.until, found.tagged) == (date(2026, 6, 8), LAST, 40)
    (rise,) = found.rises
    assert (rise.company, rise.theme, rise.reviews, rise.tagged) == ("Lumbi", "speed", 8, 20)
    assert rise.usual_share == pytest.approx(0.05)
    assert rise.quotes[0].text == SLOW
    assert watch(lake, companies=("Ясень Банк",)).rises == ()
    assert watch(lake, themes=("politeness",)).rises == ()
    assert len(watch(lake, themes=("speed",)).rises) == 1


@pytest.mark.parametrize(
    ("slow", "fine"),
    [(4, 4), (5, 55), (0, 20), (5, 200)],
    ids=["too few", "not doubled", "none", "a larger week"],
)
def test_what_is_no_rise(plant, slow, fine):
    lake = plant(*usual(), *said(slow, LAST, SLOW, "speed"), *said(fine, LAST))
    assert watch(lake).rises == ()


def test_a_sure_rise_that_is_not_a_doubling_is_left_out(plant):
    lake = plant(*usual(), *said(22, LAST, RUDE, "politeness"), *said(38, LAST))
    assert watch(lake).rises == ()


def test_a_doubling_of_the_same_complaint_is_not(plant):
    lake = plant(*usual(), *said(27, LAST, RUDE, "politeness"), *said(33, LAST))
    assert [one.theme for one in watch(lake).rises] == ["politeness"]


def test_chance_is_no_rise(plant):
    few = LAST - timedelta(days=10)
    lake = plant(*said(1, few, SLOW, "speed"), *said(4, few), *said(5, LAST, SLOW, "speed"), *said(5, LAST))
    assert watch(lake).rises == ()


def test_nothing_to_watch(plant):
    assert watch(plant()).rises == ()
    (only,) = [watch(plant(*said(9, LAST, SLOW, "speed")))]
    assert (only.tagged, only.rises) == (9, ())  # no weeks before: nothing to rise against


class Box(BaseHTTPRequestHandler):
    """Keeps what is posted to it; answers with the status its server was given."""

    def do_POST(self):
        self.server.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def box():
    server = HTTPServer(("127.0.0.1", 0), Box)
    server.posted, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def address(box):
    return f"json://127.0.0.1:{box.server_port}/"


@pytest.mark.parametrize(("language", "theme"), [("ru", "Скорость"), ("en", "Speed"), ("pl", "Szybkość")])
def test_a_message_reaches_its_address(plant, box, language, theme):
    found = watch(plant(*usual(), *said(8, LAST, SLOW, "speed"), *said(12, LAST)))
    title, body = compose(found, language)
    send([address(box)], title, body)
    (posted,) = box.posted
    assert posted["title"] == title
    assert posted["message"].strip() == body.strip()
    assert f"Lumbi: {theme} 40%" in body
    assert "2026-06-14" in title
    assert "https://x.example/1" in body


def test_a_review_cannot_call_the_whole_channel(plant):
    _, body = compose(watch(plant(*usual(), *said(8, LAST, SLOW, "speed"), *said(12, LAST))), "en")
    assert "Посылку везли" in body
    assert not set("@<>") & set(body)


def test_no_rise_is_said_as_such(plant):
    title, body = compose(watch(plant(*usual(), *said(20, LAST))), "en")
    assert title == body == "No complaints rose: 2026-06-08 … 2026-06-14, reviews read: 20."


def test_a_refusal_is_told_and_the_others_still_get_theirs(box):
    box.status = 500
    with pytest.raises(NotSent, match=r"json://…") as caught:
        send([address(box), address(box)], "title", "body")
    assert len(box.posted) == 2
    assert str(box.server_port) not in str(caught.value)


def test_a_bad_address_stops_before_anything_is_sent(box):
    with pytest.raises(SettingsError) as caught:
        send([address(box), "carrierpigeon://secret-token"], "title", "body")
    assert "secret" not in str(caught.value)
    assert box.posted == []


def test_without_apprise_the_extra_is_named(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **options):
        if name == "apprise":
            raise ImportError(name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match=r"ugc\[alerts\]"):
        send(["json://127.0.0.1"], "title", "body")


def test_the_hidden_fee_of_the_sample_is_noticed(sample_lake):
    with Lake.open(sample_lake, create=False).snapshot() as snapshot:
        found = rises(snapshot, Filters(), until=date(2026, 4, 14), days=14)
    assert [(one.company, one.theme) for one in found.rises] == [("Ясень Банк", "transparency")]
