"""The chips of a card: what they offer, and what a click of the browser may do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models.corrected import Claim
from tests.dashboard.lakes import write
from tests.dashboard.test_pages import everything
from ugc import taxonomy
from ugc.dashboard.look.words import words
from ugc.lake import Lake, turn
from ugc.review import review_id
from ugc.tagging.corrected import read_corrected

Visit = Callable[..., AppTest]

REVIEW = review_id("test", "50")
"""«Всё быстро привезли, спасибо! Упаковка так себе. №50»"""
FAST, PACKED = (4, 19), (30, 47)
SPEED, ENVIRONMENT = "0_4_19_speed", "1_30_47_environment"


@pytest.fixture
def own(lakes: dict[str, Path], tmp_path: Path) -> Iterator[Lake]:
    """A usual lake that may be written, called `own`."""
    lakes["own"] = tmp_path / "own"
    shutil.copytree(lakes["usual"], lakes["own"])
    yield Lake.open(lakes["own"])
    del lakes["own"]


def component(app: AppTest, review: str = REVIEW) -> Any:
    """The row of chips of a review, as the browser gets it."""
    (found,) = [one.proto for one in app.get("bidi_component") if f"chips_{review}" in one.proto.id]
    return found


def data(app: AppTest, review: str = REVIEW) -> dict[str, Any]:
    """What the row is drawn from."""
    return dict(json.loads(component(app, review).json))


def chip(app: AppTest, text: str) -> dict[str, Any]:
    """The one chip with this text."""
    (found,) = [one for one in data(app)["chips"] if one["text"] == text]
    return dict(found)


def click(app: AppTest, value: object, review: str = REVIEW) -> AppTest:
    """Tells the page of a click, as the browser does."""
    states = app._tree.get_widget_states()
    one = states.widgets.add()
    one.id = f"$$STREAMLIT_INTERNAL_KEY_{component(app, review).id}__events"
    one.json_trigger_value = json.dumps([{"event": "picked", "value": value}])
    return app._run(states)


def pick(app: AppTest, mention: str, field: str, value: str = "") -> AppTest:
    """Clicks an option of a mention."""
    return click(app, {"mention": mention, "field": field, "value": value})


def claims(lake: Lake) -> set[Claim]:
    """What the trainer reads of the mentions."""
    with lake.snapshot() as snapshot:
        return {claim for one in read_corrected(snapshot) for claim in one.claims}


def said(app: AppTest) -> list[str]:
    """The toasts."""
    return [str(one.value) for one in app.toast]


@pytest.mark.parametrize("ui", ["ru", "en", "pl"])
def test_a_chip_offers_everything_in_every_language(visit: Visit, ui: str) -> None:
    word = words(ui)
    app = visit("usual", "reviews", ui=ui, review=REVIEW)
    drawn = data(app)
    for field, kind in (("polarity", "polarities"), ("theme", "themes"), ("touchpoint", "touchpoints")):
        assert drawn["options"][field] == [[key, word.name(kind, key)] for key in taxonomy.keys(kind)]
    speed = chip(app, word.name("themes", "speed"))
    praised = word.name("polarities", "positive").lower()
    assert speed["said"] == word("correct.chip", theme=word.name("themes", "speed"), polarity=praised)
    assert (speed["tone"], speed["by"]) == ("praise", "")
    (mention,) = speed["mentions"]
    assert mention["name"] == SPEED
    assert mention["quote"] == "быстро привезли"
    assert mention["now"] == {
        "polarity": ["positive", word.name("polarities", "positive")],
        "theme": ["speed", word.name("themes", "speed")],
        "touchpoint": ["delivery", word.name("touchpoints", "delivery")],
    }
    assert (mention["without"], mention["by"]) == ([], "")
    plain = [one["text"] for one in drawn["chips"] if not one["mentions"]]
    assert plain == [
        word.name("contact", "praise"),
        word.name("emotions", "gratitude"),
        word.name("emotions", "joy"),
        word.name("loyalty", "recommend"),
        word.name("effort", "low"),
    ]


def test_the_card_leaves_its_chips_to_the_row(visit: Visit) -> None:
    app = visit("usual", "reviews", ui="en", review=REVIEW)
    assert 'class="chips"' not in everything(app)
    assert not app.exception


@pytest.mark.parametrize("lake", ["unread", "hostile"])
def test_what_cannot_be_corrected_has_no_buttons(visit: Visit, lake: str) -> None:
    """A review that nobody read, and ratings without a text."""
    app = visit(lake, "reviews", ui="en")
    rows = [one.proto.id for one in app.get("bidi_component") if "chips_" in one.proto.id]
    cards = [str(one.value) for one in app.html if "<article" in str(one.value)]
    assert len(rows) + len([one for one in cards if 'class="chips"' in one]) == len(cards)
    assert len(rows) == {"unread": 0, "hostile": 8}[lake]


@pytest.mark.parametrize(
    ("field", "value", "expected", "toast"),
    [
        ("polarity", "negative", {Claim(*FAST, "speed", True, "negative")}, "Speed: blame"),
        ("touchpoint", "order", {Claim(*FAST, "speed", True, None, "order")}, "Speed: order"),
        (
            "theme",
            "promises",
            {Claim(*FAST, "speed", False), Claim(*FAST, "promises", True)},
            "Theme: promises",
        ),
        ("removed", "", {Claim(*FAST, "speed", False)}, "Speed: removed"),
    ],
)
def test_a_click_is_saved(
    visit: Visit, own: Lake, field: str, value: str, expected: set[Claim], toast: str
) -> None:
    app = pick(visit("own", "reviews", ui="en", review=REVIEW), SPEED, field, value)
    assert not app.exception
    assert claims(own) == expected
    assert [one.replace("\\", "") for one in said(app)] == [f"Saved. {toast}"]
    assert data(app)["taken"] == 1


def test_a_persons_chip_says_so_and_is_taken_back(visit: Visit, own: Lake) -> None:
    app = pick(visit("own", "reviews", ui="en", review=REVIEW), SPEED, "theme", "promises")
    moved = chip(app, "Promises")
    assert moved["by"].startswith("corrected by a person, ")
    assert moved["mentions"][0]["by"] == moved["by"]
    assert moved["mentions"][0]["now"]["theme"] == ["promises", "Promises"]
    app = pick(app, moved["mentions"][0]["name"], "back")
    assert claims(own) == set()
    assert said(app) == ["Taken back\\. Promises"]
    assert chip(app, "Speed")["by"] == ""


@pytest.mark.parametrize(
    "told",
    [
        None,
        "speed",
        7,
        [],
        {},
        {"mention": 0, "field": "polarity", "value": "negative"},
        {"mention": "0", "field": "polarity", "value": "negative"},
        {"mention": "1_4_19_speed", "field": "polarity", "value": "negative"},
        {"mention": "0_4_19_price", "field": "polarity", "value": "negative"},
        {"mention": SPEED, "field": "polarity", "value": "mixed"},
        {"mention": SPEED, "field": "polarity", "value": "positive"},
        {"mention": SPEED, "field": "polarity", "value": None},
        {"mention": SPEED, "field": "polarity", "value": ["negative"]},
        {"mention": SPEED, "field": "sentiment", "value": "negative"},
        {"mention": SPEED, "field": "theme", "value": "<b>"},
        {"mention": SPEED, "field": "touchpoint", "value": "speed"},
        {"mention": SPEED, "field": "added", "value": "negative"},
        {"mention": SPEED, "field": ["theme"], "value": "price"},
        {"mention": SPEED, "field": "back", "value": ""},
    ],
)
def test_the_browser_is_not_trusted(visit: Visit, own: Lake, told: object) -> None:
    app = click(visit("own", "reviews", ui="en", review=REVIEW), told)
    assert not app.exception
    assert not said(app)
    with own.snapshot() as snapshot:
        assert snapshot.sql("SELECT count(*) AS n FROM corrections")["n"][0].as_py() == 0
    assert data(app)["taken"] == 1


def test_a_theme_that_the_clause_has_already_is_neither_offered_nor_taken(
    visit: Visit, lakes: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [("Курьер опоздал", "speed", "negative"), ("Курьер опоздал", "promises", "negative")]
    write(tmp_path / "both", [{"text": "Курьер опоздал.", "sentiment": "negative", "mentions": both}])
    monkeypatch.setitem(lakes, "both", tmp_path / "both")
    review = review_id("test", "0")
    app = visit("both", "reviews", ui="en", review=review)
    first, second = data(app, review)["chips"][:2]
    assert first["mentions"][0]["without"] == ["promises"]
    assert second["mentions"][0]["without"] == ["speed"]
    told = {"mention": first["mentions"][0]["name"], "field": "theme", "value": "promises"}
    assert not said(click(app, told, review))


def test_mentions_of_one_theme_share_a_chip(
    visit: Visit, lakes: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Курьер опоздал. Ждал неделю. Зато утром быстро. " + "о" * 400
    mentions = [
        ("Курьер опоздал", "speed", "negative"),
        ("Зато утром быстро", "speed", "positive"),
        ("Ждал неделю", "speed", "negative"),
        ("о" * 400, "own_theme", "negative"),
    ]
    write(tmp_path / "many", [{"text": text, "sentiment": "mixed", "mentions": mentions}])
    monkeypatch.setitem(lakes, "many", tmp_path / "many")
    review = review_id("test", "0")
    drawn = data(visit("many", "reviews", ui="en", review=review), review)["chips"]
    assert [(one["text"], one["tone"]) for one in drawn] == [
        ("Speed", "blame"),
        ("Speed", "praise"),
        ("own_theme", "blame"),
    ]
    assert [one["quote"] for one in drawn[0]["mentions"]] == ["Курьер опоздал", "Ждал неделю"]
    (unknown,) = drawn[2]["mentions"]
    assert unknown["now"]["theme"] == ["own_theme", "own_theme"]
    assert unknown["quote"] == "о" * 240 + "…"


def test_what_changed_meanwhile_is_not_overruled_unseen(visit: Visit, own: Lake) -> None:
    app = visit("own", "reviews", ui="en", review=REVIEW)
    own.add_correction(REVIEW, "polarity", "neutral", start=FAST[0], end=FAST[1], theme="speed", author="Ola")
    app = pick(app, SPEED, "polarity", "negative")
    assert words("en")("correct.changed") in everything(app)
    assert claims(own) == {Claim(*FAST, "speed", True, "neutral")}
    assert chip(app, "Speed")["tone"] == "raised"
    assert chip(app, "Speed")["by"].startswith("corrected: Ola, ")


def test_a_busy_lake_says_so_under_the_card(visit: Visit, own: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ugc.dashboard.reviews.saving.WAIT", 0.2)
    app = visit("own", "reviews", ui="en", review=REVIEW)
    with turn.take(Path(own.address)):
        app = pick(app, ENVIRONMENT, "touchpoint", "order")
    assert not app.exception
    assert words("en")("correct.busy") in everything(app)
    assert data(app)["taken"] == 1
    app = pick(app, ENVIRONMENT, "touchpoint", "order")
    assert words("en")("correct.busy") not in everything(app)
    assert claims(own) == {Claim(*PACKED, "environment", True, None, "order")}


def test_who_corrects_is_named_as_at_the_desk(visit: Visit, own: Lake) -> None:
    app = visit("own", "reviews", ui="en", review=REVIEW)
    app.session_state["corrections_by"] = "Anna"
    app = pick(app, SPEED, "polarity", "negative")
    assert chip(app, "Speed")["by"].startswith("corrected: Anna, ")
