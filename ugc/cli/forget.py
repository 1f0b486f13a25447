"""`ugc forget`: removes all reviews of one author."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ugc.lake import Lake
    from ugc.settings import Settings

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_PSEUDONYM = re.compile(r"[0-9a-f]{16}")


def _pseudonyms(author: str, sources: list[str], chosen: Settings) -> list[str]:
    """The pseudonyms that an author may have; one that is a pseudonym already stands for itself."""
    from ugc.settings import pseudonym_salt
    from ugc.text.privacy import pseudonym

    salt = pseudonym_salt(chosen)
    made = [pseudonym(author, source, salt) for source in sources]
    return [author, *made] if _PSEUDONYM.fullmatch(author) else made


def _counts(lake: Lake, pseudonyms: list[str]) -> dict[str, int]:
    """Reviews of each pseudonym that has any."""
    with lake.snapshot() as snapshot:
        found = snapshot.sql(
            "SELECT author, count(*) AS n FROM reviews WHERE author IN ? GROUP BY author ORDER BY author",
            [pseudonyms],
        )
    return {row["author"]: row["n"] for row in found.to_pylist()}


@app.command()
def forget(
    author: Annotated[
        str, typer.Argument(help="Name as the source shows it, or the pseudonym from the lake.")
    ],
    source: Annotated[
        str | None, typer.Option(help="Where that name is used; every source of the lake when left out.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    lake: Annotated[str | None, typer.Option(help="Address of the lake.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Remove all reviews of one author with their tags, from every version on the disk.

    Pages that ugc collect --replay kept go as well where the author stands in them.
    """
    from ugc import settings
    from ugc.ingest.forgetting import forget_pages
    from ugc.lake import Lake

    chosen = settings.load()
    opened = Lake.open(lake or chosen.lake, create=False)
    sources = [source] if source else list(opened.info().sources)
    pseudonyms = _pseudonyms(author, sources, chosen)
    counts = _counts(opened, pseudonyms)
    number = sum(counts.values())
    if number and not yes:
        typer.confirm(f"Remove {number} reviews for good?", abort=True, err=True)
    # With none found the files are still cleaned: an earlier run may have been interrupted.
    removed = sum(opened.forget(one) for one in list(counts) or pseudonyms[:1])
    kept = forget_pages(chosen.archive, author, pseudonyms, settings.pseudonym_salt(chosen))
    if json_:
        typer.echo(json.dumps({"removed": removed, "authors": len(counts), "pages": kept.pages}))
    elif removed:
        typer.echo(f"Removed {removed} reviews with their tags and mentions, and cleaned the files.")
    else:
        typer.echo("The lake holds no review of this author; nothing was removed from it.")
    if kept.pages and not json_:
        typer.echo(f"Removed {kept.pages} kept pages from {chosen.archive}.")
    if kept.unread:
        typer.echo(
            f"{kept.unread} kept pages in {chosen.archive} cannot be parsed and stay; the name "
            "does not stand in them, but if you gave a pseudonym, look yourself.",
            err=True,
        )
