from __future__ import annotations

from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from ugc.cli import program
from ugc.errors import SettingsError

# apprise itself still asks for a module that Python is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")

runner = CliRunner()

LAST = date(2026, 6, 14)
SLOW = "Посылку везли целых две недели"


def said(count, day, slow):
    mention = {"mentions": [(SLOW, "speed", "negative")]} if slow else {}
    return [
        {"text": SLOW, "date": day.isoformat(), "company": "Lumbi", "sentiment": "negative", **mention}
        for _ in range(count)
    ]


@pytest.fixture
def lake(plant):
    return plant(
        *said(40, LAST - timedelta(days=30), False), *said(8, LAST, True), *said(8, LAST, False)
    ).address


def run(*args):
    return runner.invoke(program, ["alerts", *args], catch_exceptions=False)


def test_a_rise_is_printed(lake):
    result = run("--lake", lake, "--until", "2026-06-14", "--lang", "en")
    assert result.exit_code == 0
    assert "Complaints rose: 2026-06-08 … 2026-06-14" in result.stdout
    assert "Lumbi: Speed 50% (8 of 16), 0% in the 8 weeks before" in result.stdout
    assert f"«{SLOW}»" in result.stdout


def test_a_window_without_reviews_says_so(lake):
    result = run("--lake", lake, "--until", "2026-09-01", "--lang", "en")
    assert "No complaints rose" in result.stdout
    assert "--until 2026-06-14" in result.stderr


def test_an_empty_lake(plant):
    result = run("--lake", plant().address)
    assert "ugc import" in result.stderr


def test_an_address_from_the_settings_is_used(lake, monkeypatch):
    monkeypatch.setenv("UGC_ALERTS__SEND", '["carrierpigeon://secret"]')
    with pytest.raises(SettingsError, match="carrierpigeon://…") as caught:
        run("--lake", lake, "--until", "2026-06-14")
    assert "secret" not in str(caught.value)
    # Nothing rose: nothing is sent, whatever the address.
    assert run("--lake", lake, "--until", "2026-09-01").exit_code == 0
