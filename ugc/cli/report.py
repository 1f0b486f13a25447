"""`ugc report`: the figures, the trend and the reasons in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ugc.cli.selection import (
    City,
    Company,
    Interface,
    LakeAddress,
    Language,
    Place,
    Product,
    Since,
    Source,
    Theme,
    Until,
    WithoutDoubtful,
    filters_of,
    interface,
)

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def report(
    out: Annotated[Path, typer.Argument(help="File to write; its ending (.xlsx or .html) says the format.")],
    company: Company = None,
    product: Product = None,
    place: Place = None,
    source: Source = None,
    city: City = None,
    language: Language = None,
    since: Since = None,
    until: Until = None,
    theme: Theme = None,
    without_doubtful: WithoutDoubtful = False,
    lang: Interface = None,
    lake: LakeAddress = None,
) -> None:
    """Write overview, trend and reasons with quotes to an Excel workbook or an HTML page."""
    from ugc import settings
    from ugc.lake import Lake
    from ugc.report import write_report

    chosen = settings.load()
    words_language = interface(lang, chosen.language)
    with Lake.open(lake or chosen.lake, create=False).snapshot() as snapshot:
        filters = filters_of(
            snapshot,
            company=company,
            product=product,
            place=place,
            source=source,
            city=city,
            language=language,
            since=since,
            until=until,
            theme=theme,
            without_doubtful=without_doubtful,
        )
        written = write_report(snapshot, filters, out, language=words_language)
    figures = written.scores
    typer.echo(f"{out}: {figures.reviews} reviews, {figures.tagged} of them read by the model.")
    if figures.untagged:
        typer.echo(f"{figures.untagged} are not read yet. Run: ugc tag", err=True)
