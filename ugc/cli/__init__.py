"""The command line: one module a command, imported only when that command runs.

`ugc --help` must answer within half a second, so the table below holds the one-line help and
nothing else is imported until a command is chosen.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup

from ugc.errors import UgcError

__all__ = ["COMMANDS", "Entry", "main", "program"]


class Entry(NamedTuple):
    """Where a command lives and its line in `ugc --help`."""

    module: str
    help: str


COMMANDS: dict[str, Entry] = {
    "import": Entry("ugc.cli.import_", "Read reviews from files into the lake."),
    "collect": Entry("ugc.cli.collect", "Collect public reviews from a site into the lake."),
    "sources": Entry("ugc.cli.sources", "List the review sites that can be collected."),
    "reparse": Entry("ugc.cli.reparse", "Parse kept pages again, without the network."),
    "runs": Entry("ugc.cli.runs", "Show past imports, collections and taggings."),
    "tag": Entry("ugc.cli.tag", "Read untagged reviews with the model."),
    "scores": Entry("ugc.cli.scores", "How many are pleased, at every level; NPS; stars against text."),
    "trend": Entry("ugc.cli.trend", "By day, week, month: the course, changes, spikes."),
    "group": Entry("ugc.cli.group", "Group mentions that say the same into reasons."),
    "reasons": Entry("ugc.cli.reasons", "Why customers thank and why they complain."),
    "themes": Entry("ugc.cli.themes", "See and edit the themes, and add your own from examples."),
    "drivers": Entry("ugc.cli.drivers", "Which themes move the rating, and what fewer complaints give."),
    "moments": Entry("ugc.cli.moments", "The moments of truth on the customer's way."),
    "segments": Entry("ugc.cli.segments", "The groups that an average hides."),
    "shelf": Entry("ugc.cli.shelf", "What a buyer sees first at each source."),
    "credibility": Entry("ugc.cli.credibility", "Reviews to read with care, and why."),
    "actions": Entry("ugc.cli.actions", "Note what you did, and see what came of it."),
    "expectations": Entry("ugc.cli.expectations", "What customers expected, and what of it is new."),
    "priority": Entry("ugc.cli.priority", "What to do first: what contacts cost, what a fix would save."),
    "compare": Entry("ugc.cli.compare", "Companies, places or periods side by side, and what differs."),
    "explain": Entry("ugc.cli.explain", "Say why the model tags a review as it does."),
    "app": Entry("ugc.cli.app", "Open the dashboard in the browser."),
    "report": Entry("ugc.cli.report", "Write the reasons and figures to a file."),
    "alerts": Entry("ugc.cli.alerts", "Send a message when complaints rise."),
    "lake": Entry("ugc.cli.lake", "Look after the lake: info, compact, check, export."),
    "export": Entry("ugc.cli.export", "Write what people corrected, as training data."),
    "forget": Entry("ugc.cli.forget", "Remove all reviews of one author."),
    "train": Entry("ugc.cli.train", "Train the model on your own reviews, or a new one."),
    "models": Entry("ugc.cli.models", "List, choose and compare models."),
    "eval": Entry("ugc.cli.eval", "Score the model on labelled reviews."),
    "doctor": Entry("ugc.cli.doctor", "Say what is installed, what is missing, how to mend it."),
}
"""Every command; its module holds `app`, a `typer.Typer` (one callback, or subcommands)."""


class _LazyGroup(TyperGroup):
    """A group that lists COMMANDS and imports a command's module only when it is called.

    The click that typer carries is private to it, hence the loose types here.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or `None`."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = typer.main.get_command(importlib.import_module(entry.module).app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Writes the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


# Not `app`: importing the module ugc.cli.app puts that name into this package.
program = typer.Typer(cls=_LazyGroup, no_args_is_help=True, add_completion=False, rich_markup_mode=None)


def _version(show: bool) -> None:
    if show:
        from ugc import __version__

        typer.echo(f"ugc {__version__}")
        raise typer.Exit


@program.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Read what customers write in public: how many are pleased, why, who and where."""


def main() -> None:
    """Entry point: runs a command; an error meant for the user is one message and an exit code."""
    try:
        program()
    except UgcError as error:
        typer.echo(f"ugc: {error}", err=True)
        sys.exit(error.exit_code)
