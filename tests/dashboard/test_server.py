"""The server: our options, a port that is free, a browser only where there is a screen."""

from __future__ import annotations

import socket

import pytest
from streamlit import config

from ugc.dashboard.frame import server
from ugc.errors import InputError


def test_streamlit_knows_every_option() -> None:
    assert set(server.options("127.0.0.1", 8501)) <= set(config._config_options_template)


def test_nothing_is_sent_and_no_tools_of_developers_are_shown() -> None:
    options = server.options("127.0.0.1", 8501)
    assert options["browser.gatherUsageStats"] is False
    assert options["client.toolbarMode"] == "minimal"
    assert options["client.showErrorDetails"] == "none"
    assert options["server.address"] == "127.0.0.1"


def test_the_script_is_there() -> None:
    assert server.script().name == "app.py"
    assert "st.navigation" in server.script().read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:9"),
        ("0.0.0.0", "http://127.0.0.1:9"),
        ("::", "http://127.0.0.1:9"),
        ("::1", "http://[::1]:9"),
        ("reviews.example", "http://reviews.example:9"),
    ],
)
def test_address(host: str, address: str) -> None:
    assert server.address_of(host, 9) == address


def test_a_free_port_can_be_claimed_twice() -> None:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    server.claim_port("127.0.0.1", port)
    server.claim_port("127.0.0.1", port)


def test_a_taken_port_is_named_with_another_one() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(InputError, match=f"Port {port} is taken") as caught:
            server.claim_port("127.0.0.1", port)
    assert f"--port {port + 1}" in caught.value.mend


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be listened on"):
        server.claim_port("203.0.113.7", 8501)


def test_a_name_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be listened on"):
        server.claim_port("no-such-host.invalid", 8501)


@pytest.mark.parametrize(
    ("environment", "platform", "wanted"),
    [
        ({"CI": "true", "DISPLAY": ":0"}, "linux", False),
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "darwin", True),
        ({"CI": "1"}, "darwin", False),
    ],
)
def test_when_a_browser_is_opened(environment: dict[str, str], platform: str, wanted: bool) -> None:
    assert server.wants_browser(environment, platform) is wanted
