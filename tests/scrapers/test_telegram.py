from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import pytest

from scrapers.source import Where
from scrapers.telegram import Telegram
from tests.scrapers.contract import Contract, Told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged

HERE = Where("yasen_otzyvy", "https://t.me/s/yasen_otzyvy")
FIXTURES = Path(__file__).parent / "fixtures" / "telegram"
CARD = b"""<html><head><meta property="og:title" content="Telegram: Contact @yasen_otzyvy"></head>
<body class="no_transition"><div class="tgme_page_wrap"><div class="tgme_page"><div class="tgme_page_title">
<span>Yasen</span></div><div class="tgme_page_action"><a class="tgme_action_button_new">View</a></div></div>
</div></body></html>"""


def post(one: Told) -> str:
    """A post as the preview shows it."""
    return f"""<div class="tgme_widget_message_wrap js-widget_message_wrap">
    <div class="tgme_widget_message js-widget_message" data-post="yasen_otzyvy/{one.id}">
    <div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author accent_color">
    <a class="tgme_widget_message_owner_name" href="https://t.me/yasen_otzyvy"><span>Yasen</span></a></div>
    <div class="tgme_widget_message_text js-message_text" dir="auto">{escape(one.text)}</div>
    <div class="tgme_widget_message_footer"><div class="tgme_widget_message_info">
    <span class="tgme_widget_message_meta">
    <span class="tgme_widget_message_from_author" dir="auto">{escape(one.author)}</span>
    <a class="tgme_widget_message_date" href="https://t.me/yasen_otzyvy/{one.id}">
    <time datetime="{one.day}T10:00:00+00:00" class="time">10:00</time></a></span>
    </div></div></div></div></div>"""


class TestTelegram(Contract):
    source = Telegram()
    target = "yasen_otzyvy"
    page = 20
    # A channel's posts get no answers that the preview shows.
    replies = False

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        before = int(asked.query.get("before", 10**9))
        older = [one for one in reviews if int(one.id) < before]
        shown = older[: self.page]
        more = ""
        if len(older) > self.page:
            more = (
                '<div class="tgme_widget_message_centered"><a class="tme_messages_more js-messages_more" '
                f'href="/s/yasen_otzyvy?before={shown[-1].id}" data-before="{shown[-1].id}"></a></div>'
            )
        posts = "".join(post(one) for one in reversed(shown))
        nothing = '<div class="tme_no_messages_found">No posts found</div>'
        return Answer(
            f"""<!DOCTYPE html><html><head><title>Yasen</title></head><body><main class="tgme_main">
            <section class="tgme_channel_history js-message_history">{more}{posts or nothing}</section></main>
            </body></html>""".encode(),
            headers={"Content-Type": "text/html; charset=utf-8"},
        )

    def test_a_closed_channel_is_named_and_never_empty(self, lake, site):
        def route(path):
            if path.startswith("/s/"):
                return Answer(status=302, headers={"Location": "/yasen_otzyvy"})
            return Answer(CARD)

        site.route = route
        run = self.run(lake, site)
        assert run.state == "failed"
        assert "shows no posts of yasen_otzyvy" in run.reason
        assert site.asked == ["/s/yasen_otzyvy", "/yasen_otzyvy"]

    def test_an_interrupted_reading_goes_on_at_its_post(self, lake, site):
        reviews = self.reviews()
        self._after(site, reviews, 1, Answer(status=503))
        assert self.run(lake, site).state == "partial"
        self.serve(site, reviews)
        assert self.run(lake, site).state == "complete"
        assert len(self.texts(lake)) == len(reviews)
        assert len(site.asked) == 3

    def test_a_name_that_is_none_is_refused_before_anything_is_asked(self, lake, site):
        self.target = "+AbCdEfGh"
        run = self.run(lake, site)
        assert (run.state, site.asked) == ("failed", [])
        assert "no target of Telegram" in run.reason


def test_reads_every_kind_of_post():
    page = Telegram().parse((FIXTURES / "channel.html").read_bytes(), HERE)
    assert (page.more, page.following) == (True, "before=11")
    assert list(page.records) == [
        {
            "source_id": "yasen_otzyvy/17",
            "url": "https://t.me/yasen_otzyvy/17",
            "date": "2026-03-05T09:30:00+00:00",
            "text": "Вам удобно записываться через приложение?",
        },
        {
            "source_id": "yasen_otzyvy/16",
            "url": "https://t.me/yasen_otzyvy/16",
            "date": "2026-03-04T18:00:00+00:00",
            "text": "Мне ответили за час, вопрос закрыт 👍",
            "author": "Ольга К.",
        },
        {
            "source_id": "yasen_otzyvy/15",
            "url": "https://t.me/yasen_otzyvy/15",
            "date": "2026-03-04T12:00:00+00:00",
            "text": "Пишут клиенты: банкомат на Липовой снова не работает",
            "author": "Соседи по Липовой",
        },
        {
            "source_id": "yasen_otzyvy/13",
            "url": "https://t.me/yasen_otzyvy/13",
            "date": "2026-03-03T08:15:00+00:00",
            "text": "Две фотографии очереди",
            "photos_count": 2,
        },
        {
            "source_id": "yasen_otzyvy/12",
            "url": "https://t.me/yasen_otzyvy/12",
            "date": "2026-03-02T07:00:00+00:00",
            "text": "Первая строка\nвторая: 5 < 7 & всё\n\nhttps://yasen.example/a",
        },
        {
            "source_id": "yasen_otzyvy/11",
            "url": "https://t.me/yasen_otzyvy/11",
            "date": "2026-03-01T06:00:00+00:00",
            "text": "",
        },
    ]


def test_no_posts_is_an_empty_page():
    body = (
        b'<section class="tgme_channel_history"><div class="tme_no_messages_found">No posts</div></section>'
    )
    page = Telegram().parse(body, HERE)
    assert (page.records, page.more, page.following) == ((), False, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\x00",
        b"<html><body>hello</body></html>",
        CARD,
        b'<div class="tgme_widget_message" data-post="nowhere"></div>',
        b'<section class="tgme_channel_history"><a class="tme_messages_more" data-before="//"></a></section>',
        b"<div>" * 20_000,
    ],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="telegram"):
        Telegram().parse(body, HERE)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://t.me/s/yasen_otzyvy", "yasen_otzyvy"),
        ("https://t.me/yasen_otzyvy/17?single", "yasen_otzyvy"),
        ("t.me/yasen_otzyvy", "yasen_otzyvy"),
        ("https://telegram.me/yasen_otzyvy?before=3", "yasen_otzyvy"),
        ("https://t.me/joinchat/AAAA", None),
        ("https://t.me/+AbCdEf", None),
        ("https://t.me/c/1234/5", None),
        ("https://example.com/t.me/yasen", None),
        ("https://t.me.example.com/yasen", None),
    ],
)
def test_recognises_addresses_of_channels(url, target):
    assert Telegram().recognise(url) == target


@pytest.mark.shared
def test_reads_a_recorded_channel(shared):
    body = (shared / "sources/fixtures/telegram/channel_page.html").read_bytes()
    found = {record["source_id"]: record for record in Telegram().parse(body, HERE).records}
    assert len(found) == 30
    assert all(record["date"].endswith("+00:00") for record in found.values())
    assert all(record["url"] == f"https://t.me/{number}" for number, record in found.items())
    assert sum(record.get("photos_count", 0) for record in found.values()) > 2
    assert sum(not record["text"] for record in found.values()) == 11
    assert found["tchantest/62"]["text"].count("\n") == 4
    assert found["tchantest/89"]["author"] == "Some user"
    assert "author" not in found["tchantest/62"]
    assert found["tchantest/79"]["author"]
    assert found["tchantest/20"]["text"].startswith("Reply to")
    assert found["tchantest/92"]["text"] == ""


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("parse_no_posts_found", 0),
        ("parse_forwarded_text_message", 1),
        ("parse_text_reply_to_video", 1),
        ("parse_message_weird_preview", 1),
        ("parse_photo_multiple", 1),
        ("parse_poll", 1),
        ("parse_service_message_pinned", 1),
    ],
)
def test_reads_recorded_posts(shared, name, count):
    body = (shared / f"sources/fixtures/telegram/{name}.html").read_bytes()
    assert len(Telegram().parse(body, HERE).records) == count
