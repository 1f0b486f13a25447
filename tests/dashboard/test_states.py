"""When nothing works: the reader is told what to do, the log has the rest, the data stay inside."""

from __future__ import annotations

import logging

import pytest
from streamlit.testing.v1 import AppTest

from ugc.dashboard.look.words import words


def fail_by_itself() -> None:
    from ugc.dashboard.frame.states import show_failure

    assert show_failure(ValueError("text of a review <b>inside</b>"))


def fail_by_a_cause() -> None:
    from ugc.dashboard.frame.states import show_failure
    from ugc.errors import SettingsError

    assert show_failure(SettingsError("The setting language is unusable.", "Mend it in ugc.toml."))


def test_an_unforeseen_failure_is_told_without_its_data(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "ugc.dashboard.frame.states"):
        app = AppTest.from_function(fail_by_itself, default_timeout=60).run()
    assert not app.exception
    said = " ".join(one.value for one in app.markdown)
    assert words("ru")("state.failed") in said
    assert [one.value for one in app.code] == ["ValueError"]
    assert "inside" not in said
    assert "text of a review" in caplog.text


def test_an_error_with_a_remedy_is_told_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UGC_LANGUAGE", "de")
    app = AppTest.from_function(fail_by_a_cause, default_timeout=60).run()
    assert not app.exception
    assert app.code[0].value == "The setting language is unusable.\nMend it in ugc.toml."
    assert words("en")("state.unreadable") in app.markdown[0].value
