from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

from ugc.cli.collect import app
from ugc.cli.reparse import app as reparse_app
from ugc.cli.runs import app as runs_app
from ugc.cli.sources import app as sources_app
from ugc.errors import InputError, SettingsError


@pytest.fixture(autouse=True)
def _at_the_site(site, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("UGC_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("UGC_CONTACT", "cx@example.com")
    monkeypatch.setenv("UGC_SOURCES__BANKI_RU__BASE_URL", site.url)
    monkeypatch.setenv("UGC_SOURCES__BANKI_RU__PAUSE", "0")


def run(*words):
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def reviews(*numbers, text="Решили за день") -> bytes:
    rows = [
        {
            "id": n,
            "dateCreate": f"2026-0{n % 9 + 1}-05 10:00:00",
            "title": "",
            "text": f"{text} {n}",
            "grade": 5,
        }
        for n in numbers
    ]
    return json.dumps({"data": rows, "hasMorePages": False}).encode()


@pytest.fixture
def banks(site, answer):
    """Banks by their code."""
    found = {"yasen": reviews(1), "klen": reviews(2, 3)}

    def route(path):
        body = found.get(parse_qs(urlsplit(path).query)["bank"][0])
        return answer(body) if body else answer(b"captcha", 403)

    site.route = route
    return found


def test_a_complete_run_is_exit_code_zero(banks):
    result = run("banki_ru", "yasen")
    assert result.exit_code == 0
    assert "complete: banki_ru yasen: 1 page, 1 review, 1 new, 0 changed, written 2026-02-05" in result.stdout
    assert "banki_ru yasen: 1 page" in result.stderr


def test_an_address_is_recognised(banks):
    result = run("https://www.banki.ru/services/responses/bank/klen/?type=all")
    assert result.exit_code == 0
    assert "banki_ru klen: 1 page, 2 reviews, 2 new" in result.stdout


def test_a_refused_run_is_exit_code_one_and_says_why(banks):
    result = run("banki_ru", "lost")
    assert result.exit_code == 1
    assert "refuses to be read (a captcha)" in result.output


def test_a_limited_run_is_exit_code_three(banks):
    assert run("banki_ru", "klen", "--limit", "1").exit_code == 3


def test_all_reads_what_the_settings_list(banks, tmp_path):
    (tmp_path / "ugc.toml").write_text(
        '[[collect]]\nsource = "banki_ru"\ntarget = "yasen"\ncompany = "Ясень"\nsince = 2025-01-01\n'
        '[[collect]]\nurl = "https://www.banki.ru/services/responses/bank/klen/"\n'
        '[[collect]]\nsource = "banki_ru"\ntarget = "lost"\n',
        encoding="utf-8",
    )
    result = run("--all", "--json")
    assert result.exit_code == 3
    found = json.loads(result.stdout)
    assert [(one["target"], one["state"], one["new"]) for one in found] == [
        ("yasen", "complete", 1),
        ("klen", "complete", 2),
        ("lost", "failed", 0),
    ]
    shown = CliRunner().invoke(runs_app, [], catch_exceptions=False).stdout
    assert "collect banki_ru lost · failed" in shown
    assert "written 2026-03-05 to 2026-04-05" in shown


def test_all_without_entries_says_how_to_add_some(banks):
    with pytest.raises(InputError, match="collect"):
        run("--all")


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ('source = "banki_ru"', "either url, or source and target"),
        ('url = "https://x.example"\nsource = "banki_ru"\ntarget = "x"', "either url"),
    ],
)
def test_an_entry_that_names_too_little_or_too_much(tmp_path, entry, named):
    (tmp_path / "ugc.toml").write_text(f"[[collect]]\n{entry}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=named):
        run("--all")


def test_a_key_in_the_file_is_refused(tmp_path):
    (tmp_path / "ugc.toml").write_text('[sources.vk]\nkey = "abc"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="UGC_SOURCES__VK__KEY") as told:
        run("banki_ru", "yasen")
    assert "abc" not in str(told.value)


@pytest.mark.parametrize("words", [["nowhere", "x"], ["banki_ru"], [], ["--all", "banki_ru"]])
def test_what_is_missing_or_unknown_is_named(words):
    with pytest.raises(InputError):
        run(*words)


def test_without_a_contact_nothing_is_asked(site, monkeypatch):
    monkeypatch.delenv("UGC_CONTACT")
    with pytest.raises(SettingsError, match="contact"):
        run("banki_ru", "yasen")
    assert site.agents == []


def test_kept_pages_are_parsed_again(banks, site, tmp_path):
    run("banki_ru", "klen", "--replay")
    (kept,) = (tmp_path / "archive" / "banki_ru").iterdir()
    assert kept.name.endswith(".warc.gz")
    site.asked.clear()
    result = CliRunner().invoke(reparse_app, ["banki_ru"], catch_exceptions=False)
    assert (result.exit_code, site.asked) == (0, [])
    assert "banki_ru: 1 pages, 2 reviews, 0 new, 0 changed" in result.stdout


def test_without_replay_no_page_is_kept(banks, tmp_path):
    run("banki_ru", "klen")
    assert not (tmp_path / "archive").exists()


def test_sources_lists_what_each_needs_and_how_its_last_run_ended(banks, tmp_path):
    before = CliRunner().invoke(sources_app, [])
    assert "There is no lake" in before.stderr
    run("banki_ru", "lost")
    result = CliRunner().invoke(sources_app, ["--json"], catch_exceptions=False)
    found = json.loads(result.stdout)
    assert {row["name"] for row in found["collected"]} >= {"banki_ru", "app_store", "steam"}
    assert all(row["example"].startswith(f"ugc collect {row['name']} ") for row in found["collected"])
    assert "TripAdvisor" in found["left out"]
    shown = CliRunner().invoke(sources_app, [], catch_exceptions=False).stdout
    assert "needs    nothing" in shown
    assert "last run failed on 20" in shown
    assert "Left out" in shown
