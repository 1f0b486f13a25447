"""Writes the pages of commands and of sources from what they describe; `make docs` runs it."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import typer

from scrapers.registry import LEFT_OUT, SAVED, sources
from scrapers.source import limits_of
from ugc.cli import COMMANDS

__all__ = ["PAGE", "SOURCES", "render", "render_sources"]

PAGE = Path(__file__).parent / "reference" / "commands.md"
SOURCES = Path(__file__).parent / "sources" / "README.md"


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


def _row(name: str, title: str, *cells: str) -> str:
    """A row of a table of sources; the name leads to its page where it has one."""
    page = f"{name}.md"
    shown = f"[{title}]({page})" if (SOURCES.parent / page).exists() else title
    return f"| {shown} | {' | '.join(_cell(cell) for cell in cells)} |"


def _table(*heads: str) -> list[str]:
    """The head of a table."""
    return ["", f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]


def _collected(keyed: bool) -> list[str]:
    """The table of the sources that need a key, or of those that need none."""
    lines = _table("site", "target", *(["needs"] if keyed else []), "does not give", "command")
    for one in sources().values():
        if one.key == keyed:
            needs = [one.needs] if keyed else []
            lines.append(_row(one.name, one.title, one.target, *needs, limits_of(one), f"`{one.example}`"))
    return lines


def render_sources() -> str:
    """The page of all sources as Markdown."""
    lines = [
        "# Sources",
        "",
        "Made from the sources themselves by `make docs`. `ugc sources` says the same, and how the last run",
        "of each ended. How to use them: [collect](../how-to/collect.md).",
        *["", "## Without a key", *_collected(keyed=False)],
        *["", "## With a key of yours", *_collected(keyed=True)],
        *["", "## From pages you saved in a browser", ""],
        "`ugc import PAGE.html`, or a folder of them; see [saved pages](saved_pages.md).",
        *_table("site", "save", "why not collected"),
        *(_row(one.name, one.title, one.how, one.why) for one in SAVED),
        *["", "## From the exports of a company", "", "See [exports](../how-to/exports.md)."],
        *["", "## Left out", *_table("site", "why")],
        *(f"| {name} | {_cell(reason)} |" for name, reason in LEFT_OUT.items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for page, text in ((PAGE, render()), (SOURCES, render_sources())):
        page.parent.mkdir(exist_ok=True)
        page.write_text(text, encoding="utf-8")
