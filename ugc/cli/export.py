"""`ugc export`: what people put into the lake, for use elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def _export() -> None:
    """Write what people put into the lake to a file. The reviews themselves: ugc lake export."""


@app.command()
def corrections(
    out: Annotated[Path, typer.Option(help="File to write, - for the standard output.")] = Path("-"),
    lake: Annotated[
        str | None, typer.Option(help="Address of the lake; by default that of the settings.")
    ] = None,
) -> None:
    """Write what people corrected as training data: the same that ugc train --corrections learns from.

    One JSON object a line: the id, text and language of a review, its corrected sentiment and
    contact type, and what was said of its mentions. Corrections that were taken back, or that were
    made on another text, are left out.
    """
    from ugc import settings
    from ugc.errors import InputError
    from ugc.lake import Lake
    from ugc.tagging.corrected import read_corrected
    from ugc.tagging.corrected_lines import lines

    opened = Lake.open(lake or settings.load().lake, create=False)
    with opened.snapshot() as snapshot:
        found = read_corrected(snapshot)
    made = sum(one.corrections for one in found)
    if str(out) == "-":
        for line in lines(found):
            typer.echo(line, nl=False)
    else:
        try:
            with out.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(lines(found))
        except OSError as error:
            raise InputError(
                f"{out} cannot be written: {error.strerror}.",
                "Name a file in a folder that you may write to.",
            ) from error
    typer.echo(f"{made:,} corrections of {len(found):,} reviews written.", err=True)
