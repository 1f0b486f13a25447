from __future__ import annotations

import importlib
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer

from ugc.cli import COMMANDS

UGC = Path(sys.executable).parent / "ugc"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Runs the installed command as a user does."""
    return subprocess.run([UGC, *words], capture_output=True, text=True, timeout=60, check=False)


def test_help_answers_within_half_a_second():
    run("--help")
    times = []
    for _ in range(5):
        start = time.perf_counter()
        assert run("--help").returncode == 0
        times.append(time.perf_counter() - start)
    assert min(times) < 0.5


def test_help_lists_every_command_with_its_line():
    shown = " ".join(run("--help").stdout.split())
    for name, entry in COMMANDS.items():
        assert f"{name} {entry.help}" in shown


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_exists_and_has_help(name):
    module = importlib.import_module(COMMANDS[name].module)
    assert isinstance(module.app, typer.Typer)
    shown = run(name, "--help")
    assert shown.returncode == 0
    assert "Usage: ugc" in shown.stdout


def test_every_module_of_the_command_line_is_a_command():
    folder = Path(importlib.import_module("ugc.cli").__file__).parent
    commands = [path for path in folder.glob("[a-z]*.py") if "typer.Typer(" in path.read_text("utf-8")]
    modules = {f"ugc.cli.{path.stem}" for path in commands}
    assert modules == {entry.module for entry in COMMANDS.values()}


def test_an_unknown_command_is_exit_code_two():
    assert run("nonsense").returncode == 2


def test_version():
    from ugc import __version__

    assert run("--version").stdout.strip() == f"ugc {__version__}"
