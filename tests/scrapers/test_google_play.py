from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time

import pytest

from scrapers.google_play import GooglePlay
from scrapers.source import Where
from tests.scrapers.contract import Contract, Told, told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged

HERE = Where("ru.yasen.bank:ru-ru", "https://play.google.com/_/PlayStoreUi/data/batchexecute?hl=ru&gl=ru")
PICTURE = [None, 2, None, [None, None, "https://play-lh.googleusercontent.com/a-/nobody"]]


def row(name: str, **changes: object) -> list[object]:
    """One review as the site gives it, invented: a list whose places have their meaning."""
    found: dict[str, object] = {
        "author": ["Кот на крыше", PICTURE],
        "rating": 2,
        "text": "После обновления не пускает",
        "date": [1_783_628_018, 311_000_000],
        "votes": 7,
        "reply": None,
        "version": "5.2.0",
        **changes,
    }
    return [
        name,
        found["author"],
        found["rating"],
        None,
        found["text"],
        found["date"],
        found["votes"],
        found["reply"],
        None,
        None,
        found["version"],
        None,
        None,
    ]


def answer(payload: object) -> bytes:
    """An answer of the site: a guard, a length, and answers of which one holds JSON as text."""
    inner = payload if payload is None or isinstance(payload, str) else json.dumps(payload)
    row = json.dumps(
        [["wrb.fr", "oCPfdb", inner, None, None, None, "generic"], ["di", 57], ["af.httprm", 57, "-1", 5]]
    )
    return f""")]}}'\n\n{len(row)}\n{row}\n25\n[["e",4,null,null,{len(row)}]]\n""".encode()


class TestGooglePlay(Contract):
    source = GooglePlay()
    target = "ru.yasen.bank:ru-ru,pl-pl"
    # The site may give fewer than were asked for; the marks tell where it goes on.
    page = 20
    # An unknown app is answered with an empty list, and so are some readers.
    empty = "failed"

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        if asked.method != "POST":
            return Answer(status=405)
        assert asked.path.startswith("/_/PlayStoreUi/data/batchexecute?")
        assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
        [[[name, inner, nothing, kind]]] = json.loads(asked.form["f.req"])
        assert (name, nothing, kind) == ("oCPfdb", None, "generic")
        [_, [_, order, paging, _, _], [package, seven]] = json.loads(inner)
        assert (order, package, seven) == (2, "ru.yasen.bank", 7)
        if asked.query["hl"] == "pl" or not reviews:
            return Answer(answer([]))
        first = int(paging[2].removeprefix("Cm+")) if len(paging) > 1 else 0
        shown = reviews[first : first + self.page]
        rows = []
        for one in shown:
            written = int(datetime.combine(one.day, time(12), UTC).timestamp())
            rows.append(
                row(
                    f"{one.id}-4b35",
                    author=[one.author, PICTURE],
                    rating=one.stars,
                    text=one.text,
                    date=[written, 0],
                    reply=["Ясень Банк", one.reply, [written, 0]] if one.reply else None,
                )
            )
        last = first + self.page >= len(reviews)
        # On the last page the token's place is empty, and the list of reviews is the last but one.
        return Answer(answer([rows, None] if last else [rows, [None, f"Cm+{first + self.page}"], None]))

    def test_a_language_that_falls_silent_is_named(self, lake, site):
        self.target = "ru.yasen.bank:ru-ru,en-us"
        reviews = told(3)
        self.serve(site, reviews)
        assert self.run(lake, site).state == "complete"
        site.route = lambda path: (
            Answer(answer([])) if "hl=en" in path else self.play(reviews, site.requests[-1])
        )
        run = self.run(lake, site)
        assert run.state == "partial"
        assert "no review for en-us" in run.reason

    def test_asks_with_language_and_country(self, lake, site):
        self.target = "ru.yasen.bank: RU-kz"
        self.serve(site, told(2))
        assert self.run(lake, site).state == "complete"
        assert {(one.query["hl"], one.query["gl"]) for one in site.requests} == {("ru", "kz")}

    def test_an_interrupted_run_goes_on_at_its_mark(self, lake, site):
        reviews = told(100, every=1)
        self._after(site, reviews, 3, Answer(status=404))
        assert self.run(lake, site).state == "partial"
        self.serve(site, reviews)
        run = self.run(lake, site)
        assert run.state == "complete"
        assert len(self.texts(lake)) == 100

    @pytest.mark.parametrize("target", ["", "bank", "ru.yasen.bank:ru", "ru.yasen.bank:ru-ru;pl-pl", "a..b"])
    def test_another_target_is_refused(self, lake, site, target):
        self.target = target
        run = self.run(lake, site)
        assert (run.state, site.asked) == ("failed", [])
        assert "is no target of Google Play" in run.reason


def test_reads_the_fields_of_a_review():
    told = row("8c1d-41ab", reply=["Ясень Банк", "Уже чиним", [1_783_700_000, 0]])
    found = GooglePlay().parse(answer([[told], [None, "CmToken"]]), HERE)
    assert (found.more, found.following) == (True, "CmToken")
    assert found.records == (
        {
            "source_id": "8c1d-41ab",
            "url": "https://play.google.com/store/apps/details?id=ru.yasen.bank&reviewId=8c1d-41ab",
            "author": "Кот на крыше",
            "date": "2026-07-09T20:13:38+00:00",
            "rating": 2,
            "rating_scale": 5,
            "text": "После обновления не пускает",
            "language": "ru",
            "helpful_votes": 7,
            "reply_text": "Уже чиним",
            "reply_date": "2026-07-10T16:13:20+00:00",
            "app_version": "5.2.0",
        },
    )


def test_stars_without_words_are_kept():
    (record,) = GooglePlay().parse(answer([[row("1", text=None)], None]), HERE).records
    assert (record["text"], record["rating"]) == ("", 2)


def test_a_short_row_lacks_its_last_fields():
    (record,) = GooglePlay().parse(answer([[row("1")[:6]], None]), HERE).records
    assert {"reply_text", "app_version", "helpful_votes"}.isdisjoint(record)


@pytest.mark.parametrize(
    "payload",
    [
        [[row("1")], [None, "T"]],
        [[row("1")], [None, "T"], None],
        [[row("1")], [None, "T"], [None, "later"]],
    ],
)
def test_the_token_follows_the_reviews(payload):
    assert GooglePlay().parse(answer(payload), HERE).following == "T"


@pytest.mark.parametrize("payload", [[[row("1")]], [[row("1")], None], [[row("1")], [None, None]]])
def test_without_a_token_the_list_ends(payload):
    found = GooglePlay().parse(answer(payload), HERE)
    assert (len(found.records), found.more, found.following) == (1, False, None)


def test_an_unknown_app_has_an_empty_list():
    assert GooglePlay().parse(answer([]), HERE).records == ()
    assert GooglePlay().parse(answer([None, None]), HERE).records == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        answer(None),
        answer("{"),
        answer("{}"),
        answer([7]),
        answer([[7]]),
        answer([[[]]]),
        answer([[row("1", rating="x")]]),
        answer([[row("1", date=[10**30])]]),
        answer("[" * 100_000),
        b'[["wrb.fr"' + b"," * 3,
        b'[["wrb.fr"]]',
        answer([[row("1")]]).replace(b"oCPfdb", b"other"),
    ],
    ids=range(14),
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="google_play"):
        GooglePlay().parse(body, HERE)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://play.google.com/store/apps/details?id=ru.yasen.bank", "ru.yasen.bank"),
        ("https://play.google.com/store/apps/details?hl=pl&gl=PL&id=ru.yasen.bank", "ru.yasen.bank:pl-pl"),
        ("https://play.google.com/store/apps/details?id=ru.yasen.bank&hl=en_US&gl=US", "ru.yasen.bank:en-us"),
        ("https://play.google.com/store/apps/details?id=ru.yasen.bank&hl=ru", "ru.yasen.bank"),
        ("https://play.google.com/store/apps/details?id=yasen", None),
        ("https://play.google.com/store/apps/dev?id=12", None),
        ("https://example.com/store/apps/details?id=ru.yasen.bank", None),
    ],
)
def test_recognises_addresses(url, target):
    assert GooglePlay().recognise(url) == target


@pytest.mark.shared
def test_reads_a_recorded_page(shared):
    folder = shared / "sources/fixtures/google_play"
    found = GooglePlay().parse((folder / "page1.txt").read_bytes(), HERE)
    known = {one["reviewId"]: one for one in json.loads((folder / "parsed_records.json").read_bytes())}
    assert len(found.records) == 50
    assert found.following == "CmRECONSTRUCTEDTOKEN"
    for record in found.records:
        one = known[record["source_id"]]
        assert record["author"] == one["userName"]
        assert record["text"] == one["content"]
        assert (record["rating"], record["rating_scale"]) == (one["score"], 5)
        assert record["helpful_votes"] == one["thumbsUpCount"]
        assert record.get("app_version") == one["reviewCreatedVersion"]
        assert datetime.fromisoformat(record["date"]).timestamp() == one["at"]
