"""`ugc report`: the figures, the trend and the reasons in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ugc.cli.choosing import Choice, choosing

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
@choosing(without=("json_",))
def report(
    chosen: Choice,
    out: Annotated[Path, typer.Argument(help="File to write; its ending (.xlsx or .html) says the format.")],
) -> None:
    """Write overview, trend and reasons with quotes to an Excel workbook or an HTML page."""
    from ugc.report import write_report

    written = write_report(chosen.snapshot, chosen.filters, out, language=chosen.words.language)
    figures = written.scores
    typer.echo(f"{out}: {figures.reviews} reviews, {figures.tagged} of them read by the model.")
