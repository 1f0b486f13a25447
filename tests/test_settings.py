from __future__ import annotations

import stat

import pytest

from ugc import settings
from ugc.errors import SettingsError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_defaults_need_no_file():
    found = settings.load()
    assert (found.lake, found.language, found.contact) == ("lake", "ru", None)


def test_a_variable_wins_over_the_file(tmp_path, monkeypatch):
    (tmp_path / "ugc.toml").write_text('lake = "from-file"\nlanguage = "pl"\n', encoding="utf-8")
    monkeypatch.setenv("UGC_LAKE", "from-variable")
    found = settings.load()
    assert (found.lake, found.language) == ("from-variable", "pl")


def test_a_source_may_be_read_elsewhere(monkeypatch):
    monkeypatch.setenv("UGC_SOURCES__STEAM__BASE_URL", "http://127.0.0.1:9")
    assert settings.load().sources["steam"].base_url == "http://127.0.0.1:9"


def test_an_unusable_value_is_named(monkeypatch):
    monkeypatch.setenv("UGC_LANGUAGE", "tlh")
    with pytest.raises(SettingsError, match="UGC_LANGUAGE"):
        settings.load()


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / "ugc.toml").write_text("lake = = 1", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"ugc\.toml"):
        settings.load()


def test_the_salt_is_made_once_and_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    first = settings.pseudonym_salt(settings.load())
    assert len(first) == 64
    assert settings.pseudonym_salt(settings.load()) == first
    assert stat.S_IMODE((tmp_path / "ugc" / "salt").stat().st_mode) == 0o600


def test_a_given_salt_is_used_and_not_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("UGC_SALT", "pepper")
    assert settings.pseudonym_salt(settings.load()) == "pepper"
    assert not (tmp_path / "ugc").exists()
    assert "pepper" not in repr(settings.load())


def test_where_a_setting_comes_from(tmp_path, monkeypatch):
    (tmp_path / "ugc.toml").write_text(
        'lake = "x"\nlanguage = "pl"\n[priority]\nfirst_contact = 5\n', encoding="utf-8"
    )
    monkeypatch.setenv("UGC_LAKE", "y")
    monkeypatch.setenv("UGC_PRIORITY__REPEAT_CONTACT", "7")
    names = ("lake", "language", "volumes", "priority.first_contact", "priority.repeat_contact")
    found = {name: settings.origin(name) for name in names}
    assert list(found.values()) == ["variable", "file", "default", "file", "variable"]
    assert settings.variable("priority.first_contact") == "UGC_PRIORITY__FIRST_CONTACT"


def test_another_file_is_tried_without_being_put_there(tmp_path, monkeypatch):
    (tmp_path / "ugc.toml").write_text('lake = "x"\nlanguage = "pl"\n', encoding="utf-8")
    other = tmp_path / "other.toml"
    other.write_text('lake = "z"\nvolumes = "volumes.csv"\n', encoding="utf-8")
    found = settings.load(other)
    assert (found.lake, found.language, str(found.volumes)) == ("z", "ru", "volumes.csv")
    assert settings.load().lake == "x"
    other.write_text('language = "tlh"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="language"):
        settings.load(other)
    other.write_text('[sources.vk]\nkey = "k"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="UGC_SOURCES__VK__KEY"):
        settings.load(other)
    monkeypatch.setenv("UGC_LAKE", "from-variable")
    other.write_text('lake = "z"\n', encoding="utf-8")
    assert settings.load(other).lake == "from-variable"
