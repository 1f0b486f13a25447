"""`ugc app`: serves, says where, stops when told, and says why it cannot serve."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from ugc.cli import main; main()", "app"]


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def test_help_is_there() -> None:
    done = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, check=True)
    for option in ("--port", "--host", "--lake", "--no-browser"):
        assert option in done.stdout


def test_a_taken_port_ends_with_a_message_and_code_two(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, "--port", str(port), "--no-browser"],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(f"ugc: Port {port} is taken")
    assert "Traceback" not in done.stderr


def test_an_unusable_setting_is_said_before_serving(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "--port", str(free_port())],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"UGC_LANGUAGE": "de"},
        check=False,
    )
    assert done.returncode == 2
    assert "language" in done.stderr


@pytest.mark.timeout(120)
def test_serves_the_page_and_its_fonts_until_stopped(tmp_path: Path) -> None:
    port = free_port()
    server = subprocess.Popen(
        [*COMMAND, "--port", str(port), "--lake", str(tmp_path / "lake"), "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    try:
        assert server.stdout is not None
        assert f"http://127.0.0.1:{port}" in server.stdout.readline()
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30)
        assert page.status == 200
        font = urllib.request.urlopen(
            f"http://127.0.0.1:{port}/house/fonts/golos-text-cyrillic-wght-normal.woff2", timeout=30
        )
        assert font.read(4) == b"wOF2"
    finally:
        server.terminate()
        _, errors = server.communicate(timeout=60)
    assert server.returncode in (0, -15, 143)
    assert "Traceback" not in errors
    assert not (tmp_path / "lake").exists()
