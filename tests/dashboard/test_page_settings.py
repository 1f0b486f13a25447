"""The page of settings: what is in force and whence, what it saves, what it refuses."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from models import DEFAULT_BUNDLE
from models.library import Library
from tests.dashboard.shop import everything
from tests.dashboard.test_pages import LANGUAGES
from ugc import settings
from ugc.dashboard.look.words import words
from ugc.dashboard.setting import model, sheets
from ugc.errors import InputError, ModelError, SettingsError

Visit = Callable[..., AppTest]

WORD = words("en")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def told() -> dict[str, object]:
    """What `ugc.toml` says."""
    return tomllib.loads(Path("ugc.toml").read_text(encoding="utf-8"))


def trouble(app: AppTest) -> str:
    """What the page says went wrong."""
    return "".join(str(one.value) for one in app.html if 'class="house-fix trouble"' in str(one.value))


def at(app: AppTest, kind: str, start: str):
    """The one widget of this kind whose key begins so."""
    (found,) = [one for one in app.get(kind) if (one.key or "").startswith(start)]
    return found


def brought(app: AppTest, sheet: str, name: str, text: str) -> AppTest:
    """The page after a file was brought."""
    at(app, "file_uploader", f"settings_{sheet}_file").upload(name, text.encode(), "text/csv")
    return app.run()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lake", ["absent", "empty", "usual"])
def test_it_opens_with_and_without_a_lake(visit: Visit, lake: str, language: str) -> None:
    app = visit(lake, "settings", ui=language)
    word = words(language)
    assert not app.exception
    assert [one.value for one in app.title] == [word("settings.title")]
    said = everything(app)
    for name in ("language", "prices", "model", "weights", "volumes", "places", "lake"):
        assert word(f"settings.{name}") in said
    assert word("settings.from_variable", variable="UGC_LAKE") in said
    assert word("settings.from_default") in said
    assert not Path("ugc.toml").exists()


def test_what_a_variable_gives_cannot_be_changed(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UGC_PRIORITY__FIRST_CONTACT", "77")
    monkeypatch.setenv("UGC_LANGUAGE", "pl")
    monkeypatch.setenv("UGC_VOLUMES", "volumes.csv")
    app = visit("usual", "settings", ui="en")
    first = at(app, "number_input", "settings_priority.first")
    assert (first.value, first.disabled) == (77, True)
    assert not at(app, "number_input", "settings_priority.repeat").disabled
    assert at(app, "text_input", "settings_lake").disabled
    assert not [one for one in app.get("file_uploader") if "volumes" in one.key]
    said = everything(app)
    assert WORD("settings.from_variable", variable="UGC_PRIORITY__FIRST_CONTACT") in said
    assert WORD("settings.from_variable", variable="UGC_LANGUAGE") in said


def test_prices_are_saved_into_the_file_and_are_in_force_at_once(visit: Visit) -> None:
    Path("ugc.toml").write_text("# ours\n\n[priority]\nfirst_contact = 95 # asked\n", encoding="utf-8")
    app = visit("usual", "settings", ui="en")
    assert at(app, "number_input", "settings_priority.first").value == 95
    at(app, "number_input", "settings_priority.first").set_value(100.0)
    at(app, "number_input", "settings_priority.repeat").set_value(250.5)
    app.button(key="settings_prices_save").click().run()
    assert not app.exception
    assert [one.value for one in app.toast] == [r"Saved\."]
    assert Path("ugc.toml").read_text(encoding="utf-8") == (
        "# ours\n\n[priority]\nfirst_contact = 100 # asked\nrepeat_contact = 250.5\n"
    )
    assert at(app, "number_input", "settings_priority.repeat").value == 250.5
    ranking = everything(visit("usual", "actions", ui="en"))
    assert "100 for a first contact, 250.50 for a repeated one" in ranking


def test_the_language_is_saved_and_this_session_keeps_its_own(visit: Visit) -> None:
    app = visit("usual", "settings")
    assert app.title[0].value == words("ru")("settings.title")
    at(app, "button_group", "settings_language").set_value("pl").run()
    assert told() == {"language": "pl"}
    assert app.title[0].value == words("ru")("settings.title")
    assert app.query_params == {"ui": "ru"}
    assert at(app, "button_group", "settings_language").value == "pl"
    assert visit("usual", "settings").title[0].value == words("pl")("settings.title")


def test_a_broken_file_is_refused_in_words_and_left_alone(visit: Visit) -> None:
    app = visit("usual", "settings", ui="en")
    at(app, "number_input", "settings_priority.first").set_value(1.0)
    app.button(key="settings_prices_save").click()
    Path("ugc.toml").mkdir()
    # `settings.load` passes a folder by; the writer does not.
    app.run()
    assert not app.exception
    assert WORD("settings.refused") in trouble(app)
    assert "Is a directory" in trouble(app)
    assert at(app, "number_input", "settings_priority.first").value == 1


def test_volumes_are_looked_at_then_taken_then_left(visit: Visit) -> None:
    app = visit("usual", "settings", ui="en")
    app = brought(app, "volumes", "Отчёт (1).csv", "period;transactions\n2026-05;11 800\n2026-06;12150\n")
    said = everything(app)
    assert "2 lines" in said
    assert "23,950 transactions" in said
    assert not Path("volumes.csv").exists()
    app.button(key="settings_volumes_take").click().run()
    assert not app.exception
    assert told() == {"volumes": "volumes.csv"}
    assert Path("volumes.csv").read_text(encoding="utf-8").startswith("period;transactions")
    assert "<bdi>2026-06</bdi>" in everything(app)
    ranking = everything(visit("usual", "actions", ui="en"))
    assert WORD("actions.rate.title") in ranking
    assert "For every 1,000 transactions" in ranking
    app = visit("usual", "settings", ui="en")
    app.button(key="settings_volumes_off").click().run()
    assert told() == {}
    assert Path("volumes.csv").exists()


@pytest.mark.parametrize(
    ("sheet", "text", "says"),
    [
        ("volumes", "period,transactions\n2026-05,0\n", "Line 2 of the volumes"),
        ("volumes", "period,transactions\n2026-05,1\n2026-Q2,1\n", "Lines 3 and 2"),
        ("volumes", "when,how many\n", "volumes file my.csv lacks period and transactions"),
        ("weights", "level,value,weight\nplace,A,70\nplanet,B,30\n", "Line 3 of the weights"),
        ("weights", "level,value,weight\nplace,<b>A</b>,=1+1\n", "Line 2 of the weights"),
        ("weights", "", "weights file my.csv has no columns"),
        ("places", "city,latitude,longitude\nКазань,555,49\n", "Line 2 of the places"),
    ],
)
def test_a_file_that_cannot_be_read_names_its_line(visit: Visit, sheet: str, text: str, says: str) -> None:
    app = brought(visit("usual", "settings", ui="en"), sheet, "my.csv", text)
    assert not app.exception
    assert says in trouble(app)
    assert not [one for one in app.button if (one.key or "").endswith("_take")]
    assert list(Path().iterdir()) == []


def test_a_file_that_is_gone_is_told_and_can_be_left(visit: Visit) -> None:
    Path("ugc.toml").write_text('weights = "gone.csv"\n', encoding="utf-8")
    app = visit("usual", "settings", ui="pl")
    assert words("pl")("settings.sheet_unread") in trouble(app)
    app.button(key="settings_weights_off").click().run()
    assert (told(), trouble(app)) == ({}, "")


@pytest.mark.parametrize("sheet", ["weights", "places"])
def test_every_table_is_taken_as_its_example_says(visit: Visit, sheet: str) -> None:
    app = visit("usual", "settings", ui="ru")
    example = next(one.value for one in app.code if ("latitude" in one.value) == (sheet == "places"))
    app = brought(app, sheet, "мои.csv", example)
    assert "2 строки" in everything(app)
    app.button(key=f"settings_{sheet}_take").click().run()
    assert words("ru")("settings.refused") not in trouble(app)
    assert told() == {sheet: f"{sheet}.csv"}
    assert settings.load().model_dump()[sheet] == Path(f"{sheet}.csv")


def test_weights_of_what_the_lake_does_not_hold_are_told(visit: Visit) -> None:
    text = "level,value,weight\ncity,Казань,2\ncity,Гданьск,1\ntheme,speed,1\n"
    app = brought(visit("usual", "settings", ui="en"), "weights", "my.csv", text)
    assert "Line 3 of the weights names city" in trouble(app)
    assert "Nearest: " in trouble(app)
    app = brought(visit("absent", "settings", ui="en"), "weights", "my.csv", text)
    assert trouble(app) == ""
    assert app.button(key="settings_weights_take")


def test_a_file_of_somebody_else_is_not_written_over() -> None:
    assert sheets.free_name("weights", None) == Path("weights.csv")
    Path("weights.csv").write_text("theirs", encoding="utf-8")
    assert sheets.free_name("weights", None) == Path("weights-2.csv")
    assert sheets.free_name("weights", Path("./weights.csv")) == Path("weights.csv")
    assert sheets.free_name("weights", Path("own/weights.csv")) == Path("weights-2.csv")


def test_a_table_is_read_under_any_name() -> None:
    (volumes,) = [one for one in sheets.SHEETS if one.name == "volumes"]
    lines = sheets.look(volumes, b"period,place,transactions\n2026,A,5\n", "../../a\\b:*?.csv")
    assert volumes.table(lines).rows == (("2026", "A", 5),)
    with pytest.raises(InputError, match=r"^The volumes file .{1,160} cannot be read"):
        sheets.look(volumes, b"\xff\xfe", "\x00" * 300)


def test_another_lake_is_looked_at_before_it_is_taken(
    visit: Visit, lakes: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    visit("usual", "settings")
    monkeypatch.delenv("UGC_LAKE")
    Path("ugc.toml").write_text(f"lake = '{lakes['usual']}'\n", encoding="utf-8")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_text("x", encoding="utf-8")
    app = AppTest.from_file(str(Path(__file__).parents[2] / "app.py"), default_timeout=120)
    app._page_hash = visit("usual", "settings")._page_hash
    monkeypatch.delenv("UGC_LAKE")
    app.query_params["ui"] = "en"
    app.run()
    for address in ("", str(lakes["broken"]), str(tmp_path / "photos")):
        at(app, "text_input", "settings_lake").set_value(address)
        app.button(key="settings_lake_save").click().run()
        assert WORD("settings.refused") in trouble(app), address
        assert told() == {"lake": str(lakes["usual"])}
    at(app, "text_input", "settings_lake").set_value(str(lakes["single"]))
    app.button(key="settings_lake_save").click().run()
    assert (told(), trouble(app)) == ({"lake": str(lakes["single"])}, "")
    assert settings.load().lake == str(lakes["single"])


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A bundle of the user's own beside the shipped one; gives its version."""
    monkeypatch.setenv("UGC_MODELS_FOLDER", str(tmp_path / "models"))
    manifest = json.loads((DEFAULT_BUNDLE / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"name": "own", "profiles": {}, "measured": {}}
    version = f"own-{manifest['version']}@{manifest['hash']}"
    folder = tmp_path / "models" / version
    folder.mkdir(parents=True)
    for path in DEFAULT_BUNDLE.iterdir():
        if path.is_file() and path.name != "manifest.json":
            shutil.copy(path, folder)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return next(one.name for one in Library(tmp_path / "models").own())


def test_a_model_is_chosen_as_the_command_does(visit: Visit, own: str) -> None:
    Path("ugc.toml").write_text(f"model = '{DEFAULT_BUNDLE}' # for now\n", encoding="utf-8")
    app = visit("usual", "settings", ui="en")
    assert own in everything(app)
    at(app, "selectbox", "settings_model").set_value(own)
    app.button(key="settings_model_save").click().run()
    assert trouble(app) == ""
    assert told() == {}
    assert settings.load().model == settings.load().models_folder / own
    assert at(app, "selectbox", "settings_model").value == own
    assert WORD("settings.from_choice") in everything(app)
    at(app, "selectbox", "settings_profile").set_value("fast")
    app.button(key="settings_model_save").click().run()
    assert f"{own} has no network fast" in trouble(app)
    model.choose("default", "fast")
    found = settings.load()
    assert (found.model, found.profile, told()) == (None, "fast", {"profile": "fast"})


def test_a_model_that_is_gone_or_damaged(visit: Visit, own: str) -> None:
    (settings.load().models_folder / own / "manifest.json").write_text("{", encoding="utf-8")
    app = visit("usual", "settings", ui="en")
    assert not app.exception
    assert "cannot be used" in everything(app)
    with pytest.raises(ModelError, match="no model"):
        model.choose(own, "default")
    with pytest.raises(SettingsError, match="no network"):
        model.choose("default", "huge")
    Path("ugc.toml").write_text("model = 'gone'\n", encoding="utf-8")
    app = visit("usual", "settings", ui="ru")
    assert not app.exception
    model.choose("default", "default")
    assert told() == {}


def test_secrets_are_not_shown(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UGC_SALT", "pepper-and-salt")
    monkeypatch.setenv("UGC_SOURCES__VK__KEY", "key-of-the-site")
    monkeypatch.setenv("UGC_CONTACT", "<b>cx</b>@example.com")
    said = everything(visit("usual", "settings", ui="en"))
    assert "pepper" not in said
    assert "key-of-the-site" not in said
    assert "&lt;b&gt;cx&lt;/b&gt;@example.com" in said
