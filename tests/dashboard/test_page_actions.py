"""The page of actions: what to do first, what came of what was done, noting and removing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.lakes import HOSTILE, usual, write
from tests.dashboard.shop import everything
from tests.dashboard.test_pages import LANGUAGES, rows
from ugc.dashboard.acting import saving as acting_saving
from ugc.dashboard.look.words import words
from ugc.dashboard.reviews import saving
from ugc.insight import actions
from ugc.lake import Lake, turn

Visit = Callable[..., AppTest]

WORD = words("en")
DAY = date(2026, 4, 6)
VERDICT = '<p class="house-verdict">'


def weeks() -> list[dict[str, object]]:
    """60 weeks of reviews in two cities; from `DAY` on the complaints of speed in Казань end."""
    start, found = datetime(2026, 4, 6, 12, tzinfo=UTC), []
    for week in range(-40, 20):
        for place in range(24):
            late = place % 3 == 0 and not (week >= 0 and place % 2 == 0)
            found.append(
                {
                    "text": "Ждал две недели" if late else "Всё быстро привезли",
                    "date": start + timedelta(weeks=week, hours=place),
                    "stars": 1.0 if late else 5.0,
                    "city": ("Казань", "Москва")[place % 2],
                    "sentiment": "negative" if late else "positive",
                    "contact": ("complaint", "question")[place % 2] if late else "praise",
                    "repeat": False,
                    "mentions": [("две", "speed", "negative")] if late else [],
                }
            )
    return found


@pytest.fixture(scope="module")
def _weeks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weeks") / "lake"
    write(path, weeks())
    return path


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def own(lakes: dict[str, Path], _weeks: Path, tmp_path: Path) -> Iterator[Lake]:
    """The lake of weeks, which may be written, called `own`."""
    lakes["own"] = tmp_path / "own"
    shutil.copytree(_weeks, lakes["own"])
    yield Lake.open(lakes["own"])
    del lakes["own"]


def noted(lake: Lake) -> list[str]:
    """Words of the actions of the lake."""
    with lake.snapshot() as snapshot:
        return [one.what for one in actions(snapshot)]


def at(app: AppTest, kind: str, start: str):
    """The one widget of this kind whose key begins so."""
    (found,) = [one for one in app.get(kind) if (one.key or "").startswith(start)]
    return found


def cards(app: AppTest) -> list[str]:
    """The cards of actions."""
    return [str(one.value) for one in app.html if "<article" in str(one.value)]


def press(app: AppTest, key: str) -> AppTest:
    """The page after a button was pressed."""
    return app.button(key=key).click().run()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lake", ["single", "unread", "usual", "hostile"])
def test_it_opens_with_every_lake(visit: Visit, lake: str, language: str) -> None:
    app = visit(lake, "actions", ui=language)
    assert not app.exception
    said = everything(app)
    word = words(language)
    assert (word("actions.first") in said) == (lake != "unread")
    assert word("actions.none") in said
    assert at(app, "text_area", "note_what").value == ""


def test_the_ranking_has_figures_intervals_and_ways(visit: Visit) -> None:
    app = visit("usual", "actions", ui="en")
    said = everything(app)
    assert "14 contacts, 16% of the reviews read" in said
    assert "130 for a first contact, 330 for a repeated one" in said
    (speed,) = [row for row in rows(app, "priority_en") if row["key"]]
    assert speed["label"] == "Speed"
    assert speed["low"] < speed["share"] < speed["high"]
    assert speed["figure"] == "4,620"
    links = [one.proto.label for one in app.get("page_link")]
    assert any("Why: Speed" in one.replace("\\", "") for one in links)
    assert WORD("actions.rate.missing") in said


def test_the_fall_is_an_assumption_of_the_reader(visit: Visit) -> None:
    app = visit("usual", "actions", ui="en", fall="20")
    assert "With 20% fewer of them, 924" in everything(app)
    app.select_slider(key="fall_en").set_value("100").run()
    assert "With 100% fewer of them, 4,620" in everything(app)
    assert app.query_params["fall"] == "100"


def test_nobody_asks_for_anything(visit: Visit) -> None:
    app = visit("usual", "actions", ui="en", city="Москва")
    assert WORD("actions.no_contacts") in everything(app)
    app = visit("usual", "actions", ui="en", city="Nowhere")
    assert WORD("state.nothing") in everything(app)
    assert not app.exception


def test_volumes_that_do_not_fit_the_filters_are_told(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("volumes.csv").write_text("period,transactions\n2026-05,1000\n2019-05,5\n", encoding="utf-8")
    monkeypatch.setenv("UGC_VOLUMES", "volumes.csv")
    said = everything(visit("usual", "actions", ui="en"))
    assert "For every 1,000 transactions there are" in said
    assert "1 line of the file was not used" in said
    said = everything(visit("usual", "actions", ui="en", city="Казань"))
    assert WORD("actions.rate.trouble") in said
    assert rows(visit("usual", "actions", ui="en", city="Казань"), "priority_en")
    Path("volumes.csv").unlink()
    assert WORD("actions.rate.trouble") in everything(visit("usual", "actions", ui="en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_came_of_an_action_is_told(visit: Visit, own: Lake, language: str) -> None:
    made = own.add_action("Курьер", DAY, concerned={"city": ["Казань"]}, theme="speed", author="Anna")
    app = visit("own", "actions", ui=language)
    word = words(language)
    assert not [one for one in app.html if VERDICT in str(one.value)]
    app = press(app, f"open_{made}")
    assert app.query_params["action"] == made
    said = everything(app)
    assert f'<span class="chip praise">{word("actions.helped")}</span>' in said
    assert f"{words(language).name('themes', 'speed')}" in said
    assert "Казань" in cards(app)[0]
    assert "Anna" in cards(app)[0]
    assert len(app.get("vega_lite_chart")) == 1
    assert word("actions.alone") in said
    again = visit("own", "actions", ui=language, action=made)
    assert everything(again) == said
    assert VERDICT not in everything(press(again, f"open_{made}"))


def test_before_and_after_with_intervals_and_the_others(visit: Visit, own: Lake) -> None:
    made = own.add_action("Курьер", DAY, concerned={"city": ["Казань"]}, theme="speed")
    said = everything(visit("own", "actions", ui="en", action=made))
    assert "Before: <b>33%</b> (29–38%, 480 reviews, 40 weeks)" in said
    assert "After: <b>0%</b> (0–2%, 240 reviews, 20 weeks)" in said
    assert "The others before: <b>33%</b> (29–38%, 480 reviews, 40 weeks)" in said
    assert "Against the others: <b>−33 pts</b>" in said or "Against the others: <b>−33" in said


def test_another_measure_is_kept_in_the_address(visit: Visit, own: Lake) -> None:
    made = own.add_action("Курьер", DAY, concerned={"city": ["Казань"]}, theme="speed")
    app = visit("own", "actions", ui="en", action=made)
    at(app, "button_group", f"measure_{made}").set_value("stars").run()
    assert app.query_params["effect"] == "stars"
    assert "the mean rating" in everything(app)
    assert "5.00 ★" in everything(app)
    app = press(app, f"open_{made}")
    assert "effect" not in app.query_params


def test_without_a_theme_the_displeased_are_looked_at(visit: Visit, own: Lake) -> None:
    made = own.add_action("Сайт", DAY)
    app = visit("own", "actions", ui="en", action=made, effect="complaints")
    assert not app.exception
    assert "the share of the displeased" in everything(app)
    assert at(app, "button_group", f"measure_{made}").options == ["Share of displeased", "Mean rating"]
    assert "Against where it was heading before" in everything(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_actions_are_told_together(visit: Visit, own: Lake, language: str) -> None:
    made = own.add_action("Курьер", DAY, concerned={"city": ["Казань"]}, theme="speed")
    word = words(language)
    own.add_action("Сайт", date(2027, 1, 1))
    app = visit("own", "actions", ui=language, action=made)
    assert not [one for one in app.html if "<table" in str(one.value)]
    assert "p &lt;" in everything(app)
    app.toggle[0].set_value(True).run()
    assert not app.exception
    said = everything(app)
    assert word("actions.jointly") in said
    assert "q &lt;" in said
    (table,) = [str(one.value) for one in app.html if "<table" in str(one.value)]
    assert table.index("Сайт") < table.index("Курьер")
    assert word("actions.too_early") in table
    app.toggle[0].set_value(False).run()
    assert word("actions.alone") in everything(app)


@pytest.mark.parametrize(
    ("day", "city", "says"),
    [
        (date(2027, 1, 1), "Казань", "too_early"),
        (date(2026, 8, 10), "Казань", "too_early"),
        (date(2020, 1, 1), "Казань", "cannot_tell"),
        (DAY, "Nowhere", "cannot_tell"),
    ],
)
def test_too_early_and_too_few_are_said_in_words(
    visit: Visit, own: Lake, day: date, city: str, says: str
) -> None:
    made = own.add_action("Курьер", day, concerned={"city": [city]}, theme="speed")
    for language in LANGUAGES:
        app = visit("own", "actions", ui=language, action=made)
        assert not app.exception
        assert words(language)(f"actions.{says}") in everything(app)
        assert "None" not in everything(app)


def test_an_action_is_noted_and_open(visit: Visit, own: Lake) -> None:
    app = visit("own", "actions", ui="en", city="Казань", theme="speed")
    assert at(app, "multiselect", "note_city").value == ["Казань"]
    assert at(app, "selectbox", "note_theme").value == "speed"
    at(app, "text_area", "note_what").set_value("  Second\n courier ")
    at(app, "date_input", "note_day").set_value(DAY)
    at(app, "text_input", "note_author").set_value(" Anna  K ")
    app = press(app, "actions_save")
    assert not app.exception
    assert [one.value for one in app.toast] == [r"The action is noted\."]
    with own.snapshot() as snapshot:
        (one,) = actions(snapshot)
    assert (one.what, one.day, one.theme, one.author) == ("Second courier", DAY, "speed", "Anna K")
    assert one.concerned.cities == ("Казань",)
    assert app.query_params["action"] == one.id
    assert WORD("actions.helped") in everything(app)
    assert at(app, "text_area", "note_what").value == ""
    assert at(app, "text_input", "note_author").value == "Anna K"


def test_the_form_follows_the_filters(visit: Visit, own: Lake) -> None:
    app = visit("own", "actions", ui="en")
    assert at(app, "multiselect", "note_city").value == []
    app.multiselect(key="city_en").set_value(["Москва"]).run()
    assert at(app, "multiselect", "note_city").value == ["Москва"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_typed_is_lost_when_it_cannot_be_saved(
    visit: Visit, own: Lake, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = words(language)
    app = press(visit("own", "actions", ui=language), "actions_save")
    assert word("actions.no_words") in everything(app)
    at(app, "text_area", "note_what").set_value("Курьер")
    at(app, "date_input", "note_day").set_value(None)
    app = press(app, "actions_save")
    assert word("actions.no_day") in everything(app)
    at(app, "date_input", "note_day").set_value(DAY)
    monkeypatch.setattr(acting_saving, "WAIT", 0.05)
    with turn.take(Path(own.address)):
        app = press(app, "actions_save")
    assert word("actions.busy") in everything(app)
    assert at(app, "text_area", "note_what").value == "Курьер"
    lock = Path(own.address) / ".lock"
    lock.unlink()
    lock.mkdir()
    app = press(app, "actions_save")
    assert word("actions.denied") in everything(app)
    lock.rmdir()
    app = press(app, "actions_save")
    assert noted(own) == ["Курьер"]
    assert saving.WAIT == 10


def test_an_action_is_removed_in_two_clicks(visit: Visit, own: Lake) -> None:
    made, other = own.add_action("Курьер", DAY), own.add_action("Сайт", DAY + timedelta(days=1))
    app = visit("own", "actions", ui="en", action=made)
    assert [("Сайт" in one, "Курьер" in one) for one in cards(app)] == [(True, False), (False, True)]
    app = press(app, f"remove_{made}")
    assert WORD("actions.sure") in everything(app)
    app = press(app, f"no_{made}")
    assert WORD("actions.sure") not in everything(app)
    assert noted(own) == ["Курьер", "Сайт"]
    app = press(press(app, f"remove_{made}"), f"yes_{made}")
    assert not app.exception
    assert noted(own) == ["Сайт"]
    assert "action" not in app.query_params
    assert len(cards(app)) == 1
    own.remove_action(other)
    app = press(press(app, f"remove_{other}"), f"yes_{other}")
    assert not app.exception


def test_only_what_concerns_the_view_is_listed(visit: Visit, own: Lake) -> None:
    own.add_action("Курьер", DAY, concerned={"city": ["Казань"]})
    own.add_action("Сайт", DAY)
    own.add_action("Пункт", DAY, concerned={"city": ["Москва", None]})
    app = visit("own", "actions", ui="en", city="Казань")
    assert ["Курьер" in one or "Сайт" in one for one in cards(app)] == [True, True]
    assert "1 more action does not concern" in everything(app)
    assert len(cards(visit("own", "actions", ui="en", city=""))) == 2


def test_many_actions_are_shown_when_asked_for(visit: Visit, own: Lake) -> None:
    made = [own.add_action(f"Дело {n}", DAY + timedelta(days=n)) for n in range(22)]
    app = visit("own", "actions", ui="en")
    assert len(cards(app)) == 20
    assert len(cards(press(app, "actions_show_all"))) == 22
    app = visit("own", "actions", ui="en", action=made[0])
    assert len(cards(app)) == 22
    assert VERDICT in everything(app)
    assert not visit("own", "actions", ui="en", action="no-such").exception


def test_hostile_words_do_nothing(visit: Visit, lakes: dict[str, Path], tmp_path: Path) -> None:
    lakes["own"] = tmp_path / "own"
    write(lakes["own"], usual()[:9])
    lake = Lake.open(lakes["own"])
    for text in HOSTILE:
        said = text[:400].replace("\x00", "")
        lake.add_action(said, DAY, concerned={"company": [said], "city": [said, None]}, author=said)
    app = visit("own", "actions", ui="ru")
    assert not app.exception
    assert "<script>" not in everything(app)
    assert "&lt;script&gt;" in "".join(cards(app))
    with lake.snapshot() as snapshot:
        held = actions(snapshot)
    for one in held:
        assert not visit("own", "actions", ui="en", action=one.id).exception
    del lakes["own"]
