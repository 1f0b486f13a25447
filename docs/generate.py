"""Writes docs/reference/commands.md from the commands themselves; `make docs` runs it."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import typer

from ugc.cli import COMMANDS

__all__ = ["PAGE", "render"]

PAGE = Path(__file__).parent / "reference" / "commands.md"


def _cell(text: str) -> str:
    """A text that stays in one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def _parameters(command: Any) -> list[str]:
    """The table of a command's arguments and options."""
    rows = []
    for parameter in command.params:
        names = ", ".join(f"`{name}`" for name in [*parameter.opts, *parameter.secondary_opts])
        if parameter.name == "help":
            continue
        if parameter.param_type_name == "argument":
            names = f"`{parameter.name.upper()}`"
        default = parameter.default
        plain = isinstance(default, str | int | float) and not isinstance(default, bool)
        shown = f" Default: {default}." if plain else ""
        rows.append(f"| {names} | {_cell(getattr(parameter, 'help', '') or '')}{shown} |")
    return ["| | |", "| --- | --- |", *rows, ""] if rows else []


def _section(name: str, command: Any, level: int) -> list[str]:
    """One command with its subcommands."""
    lines = [f"{'#' * level} {name}", "", " ".join((command.help or "").split()), "", *_parameters(command)]
    for inner, one in getattr(command, "commands", {}).items():
        lines += _section(f"{name} {inner}", one, level + 1)
    return lines


def render() -> str:
    """The whole page as Markdown."""
    lines = ["# Commands", "", "Made from the commands' own help by `make docs`.", ""]
    for name, entry in COMMANDS.items():
        command = typer.main.get_command(importlib.import_module(entry.module).app)
        lines += _section(f"ugc {name}", command, 2)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(render(), encoding="utf-8")
