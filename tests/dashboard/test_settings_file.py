"""Writing `ugc.toml`: what is there stays, what would not load is refused, and it is put there whole."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ugc import settings
from ugc.dashboard.setting.file import place, put
from ugc.errors import SettingsError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def given_file(text: str) -> Path:
    """`ugc.toml` with this text, byte for byte."""
    path = Path("ugc.toml")
    path.write_bytes(text.encode())
    return path


def leftovers() -> list[str]:
    """What else lies in the folder."""
    return sorted(one.name for one in Path().iterdir() if one.name != "ugc.toml")


ODD = {
    "missing": None,
    "empty": "",
    "a remark alone": "# only a remark",
    "a head": "# My settings.\n\n# where they lie\nlake = 'x'  # mine\n",
    "no end of line": 'lake="x"',
    "windows": '# mine\r\nlake = "x"\r\n\r\n[priority]\r\nfirst_contact = 95 # own\r\n',
    "dotted": "priority.first_contact = 5\nlake = 'x'\n",
    "inline": "priority = { first_contact = 5, repeat_contact = 6 }\n",
    "a list of tables": "# what we read\n[[collect]]\nurl = 'https://a.b'\n\n[[collect]]\nurl = 'https://c.d'\n",
    "tables apart": "[sources.a]\npause = 1\n[priority] # p\nrepeat_contact = 1\n[sources.b]\npause = 2\n",
    "many lines": 'contact = """\na\n# no remark\n[priority]\n"""\n[priority]\nfirst_contact = 1\n',
    "quoted": '"lake" = "x"\n["priority"]\n"first_contact" = 1\n',
    "unknown": "[own]\nthing = 2026-01-01\nlist = [1, # one\n  2,\n]\n",
    "cyrillic": "# Наши настройки\nlake = 'озеро'\n",
}
"""Files as people and other programs write them."""


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_an_odd_file_keeps_all_that_was_in_it(text):
    before = given_file(text) if text is not None else Path("ugc.toml")
    held = tomllib.loads(text or "")
    put({"language": "pl", "priority.first_contact": 12.5, "weights": "weights.csv"})
    now = before.read_bytes().decode()
    told = tomllib.loads(now)
    assert told["language"] == "pl"
    assert told["weights"] == "weights.csv"
    assert told["priority"].pop("first_contact") == 12.5
    held.get("priority", {}).pop("first_contact", None)
    for name, value in held.items():
        assert told[name] == value
    for line in (text or "").splitlines():
        if "first_contact" not in line:
            assert line in now.splitlines(), line
    assert ("\r\n" in now) == ("\r\n" in (text or ""))
    found = settings.load()
    assert (found.language, found.priority.first_contact) == ("pl", 12.5)
    assert leftovers() == []


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_what_was_written_is_taken_out_again(text):
    if text is not None:
        given_file(text)
    put({"language": "pl", "weights": "w.csv"})
    put({"language": None, "weights": None, "priority.repeat_contact": None})
    held, now = tomllib.loads(text or ""), tomllib.loads(Path("ugc.toml").read_text(encoding="utf-8"))
    held.get("priority", {}).pop("repeat_contact", None)
    assert {name: one for name, one in now.items() if one != {}} == {
        name: one for name, one in held.items() if one != {}
    }


def test_remarks_and_order_stay_to_the_letter():
    file = given_file(
        "# Settings of the shop.\n\nlake = 'data/lake'  # on the big disk\n\n# asked of the call centre\n"
        "[priority]\nfirst_contact = 95  # roubles\n# and again\nrepeat_contact = 240\n"
    )
    put({"priority.first_contact": 100, "language": "en"})
    assert file.read_text(encoding="utf-8") == (
        "# Settings of the shop.\n\nlanguage = \"en\"\nlake = 'data/lake'  # on the big disk\n\n"
        "# asked of the call centre\n[priority]\nfirst_contact = 100  # roubles\n# and again\n"
        "repeat_contact = 240\n"
    )


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"language": "tlh"}, "language"),
        ({"priority.first_contact": -1}, "first_contact"),
        ({"threads": 0}, "threads"),
        ({"salt": "pepper"}, "UGC_SALT"),
        ({"sources.vk.key": "k"}, "UGC_SOURCES__VK__KEY"),
        ({"alerts.send": "mailto://a:b@c"}, "UGC_ALERTS__SEND"),
    ],
)
def test_what_would_not_load_is_refused_and_nothing_changes(changes, match):
    file = given_file("lake = 'x'\n")
    with pytest.raises(SettingsError, match=match):
        put({"lake": "y", **changes})
    assert file.read_text(encoding="utf-8") == "lake = 'x'\n"
    assert leftovers() == []


@pytest.mark.parametrize("text", ["lake = = 1", "lake = 'x'\nlake = 'y'\n", "[a\n", "\x00"])
def test_a_broken_file_is_left_alone(text):
    file = given_file(text)
    with pytest.raises(SettingsError, match=r"ugc\.toml cannot be read"):
        put({"language": "pl"})
    assert file.read_bytes() == text.encode()


def test_no_text_and_no_file_are_told_apart():
    Path("ugc.toml").write_bytes(b"lake = '\xff'\n")
    with pytest.raises(SettingsError, match="no UTF-8"):
        put({"language": "pl"})
    Path("ugc.toml").unlink()
    Path("ugc.toml").mkdir()
    with pytest.raises(SettingsError, match=r"ugc\.toml cannot be read: Is a directory"):
        put({"language": "pl"})


def test_a_value_in_the_place_of_a_table():
    given_file("priority = 1\n")
    with pytest.raises(SettingsError, match="no table"):
        put({"priority.first_contact": 1})


def test_a_folder_that_cannot_be_written(tmp_path):
    """The rights of a folder do not stop everybody; that it is none stops all."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match="right to write"):
        place(b"x", tmp_path / "file" / "weights.csv")
    with pytest.raises(SettingsError, match="right to write"):
        place(b"x", tmp_path / "nowhere" / "weights.csv")


def test_rights_and_links_stay(tmp_path):
    (tmp_path / "real").mkdir()
    real = tmp_path / "real" / "settings.toml"
    real.write_text("lake = 'x'\n", encoding="utf-8")
    real.chmod(0o640)
    Path("ugc.toml").symlink_to(real)
    put({"language": "pl"})
    assert Path("ugc.toml").is_symlink()
    assert tomllib.loads(real.read_text(encoding="utf-8")) == {"lake": "x", "language": "pl"}
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert list((tmp_path / "real").iterdir()) == [real]


def test_a_new_file_has_the_usual_rights():
    held = os.umask(0o027)
    try:
        put({"language": "pl"})
    finally:
        os.umask(held)
    assert stat.S_IMODE(Path("ugc.toml").stat().st_mode) == 0o640


def test_nothing_to_change_writes_nothing():
    file = given_file("language = 'pl'\n")
    before = file.stat()
    put({"weights": None})
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


names = st.sampled_from(["lake", "contact", "weights", "volumes", "profile", "hub.labels", "hub.sentiment"])
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(names, texts | st.none()), st.sampled_from([one for one in ODD.values() if one]))
def test_any_text_comes_back_as_it_was(changes, text):
    given_file(text)
    put(changes)
    told = tomllib.loads(Path("ugc.toml").read_bytes().decode())
    for name, value in changes.items():
        found = told
        for part in name.split("."):
            found = found.get(part, {})
        assert (found or None) == value
