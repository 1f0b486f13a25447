from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ugc.cli.collect import app
from ugc.cli.sources import app as sources_app
from ugc.errors import InputError, SettingsError


@pytest.fixture(autouse=True)
def _at_the_site(site, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UGC_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("UGC_CONTACT", "cx@example.com")
    monkeypatch.setenv("UGC_SOURCES__STEAM__BASE_URL", site.url)
    monkeypatch.setenv("UGC_SOURCES__STEAM__PAUSE", "0")


def run(*words):
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def one_review() -> bytes:
    review = {
        "recommendationid": "1",
        "voted_up": True,
        "review": "Отличная игра, прошёл дважды",
        "timestamp_created": 1_770_000_000,
    }
    return json.dumps({"success": 1, "reviews": [review], "cursor": "*"}).encode()


def test_a_complete_run_is_exit_code_zero(site, answer):
    site.route = lambda path: answer(one_review())
    result = run("steam", "570")
    assert result.exit_code == 0
    assert "complete: steam 570: 1 pages, 1 reviews, 1 new, 0 changed" in result.stdout


def test_a_refused_run_is_exit_code_one_and_says_why(site, answer):
    site.route = lambda path: answer(b"captcha", 403)
    result = run("steam", "570")
    assert result.exit_code == 1
    assert "refuses to be read" in result.output


def test_a_limited_run_is_exit_code_three(site, answer):
    site.route = lambda path: answer(one_review())
    assert run("steam", "570", "--limit", "1").exit_code == 3


def test_an_unknown_site_names_the_known_ones():
    with pytest.raises(InputError, match="banki_ru"):
        run("nowhere", "x")


def test_without_a_contact_nothing_is_asked(site, monkeypatch):
    monkeypatch.delenv("UGC_CONTACT")
    with pytest.raises(SettingsError, match="contact"):
        run("steam", "570")
    assert site.agents == []


def test_sources_lists_what_each_needs():
    result = CliRunner().invoke(sources_app, ["--json"])
    assert {row["name"] for row in json.loads(result.stdout)} >= {"banki_ru", "app_store", "steam"}
    shown = CliRunner().invoke(sources_app, []).stdout
    assert "ugc collect banki_ru" in shown
    assert "needs    nothing" in shown
