"""`ugc reparse`: kept pages parsed again, without the network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def reparse(
    source: Annotated[
        str | None, typer.Argument(help="Name of the site; all whose pages were kept when left out.")
    ] = None,
    archive: Annotated[
        Path | None, typer.Option(help="Folder of the kept pages; the setting archive when unset.")
    ] = None,
    lake: Annotated[str | None, typer.Option(help="Address of the lake.")] = None,
) -> None:
    """Parse the pages that ugc collect --replay kept again, after a parser has improved.

    Reviews of which the lake holds a later state are left alone. Exit code 0 when every page could
    be parsed, 3 when some could not, 1 when none could.
    """
    from ugc import settings
    from ugc.ingest.reparse import reparse as run
    from ugc.lake import Lake

    chosen = settings.load()
    done = run(Lake.open(lake or chosen.lake), archive or chosen.archive, source=source)
    for one in done:
        found = one.summary
        newer = f", {one.newer:,} left alone, being newer in the lake" if one.newer else ""
        typer.echo(
            f"{one.source}: {one.pages:,} pages, {found.rows:,} reviews, {found.new:,} new, "
            f"{found.changed:,} changed{newer}"
        )
        for text, number in one.troubles.most_common():
            typer.echo(f"  {text} ({number:,} times)", err=True)
    troubled = [one for one in done if one.troubles]
    raise typer.Exit(0 if not troubled else 3 if any(one.pages for one in done) else 1)
