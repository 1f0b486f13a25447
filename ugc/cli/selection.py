"""The options by which every command chooses reviews."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ugc.insight import Filters
    from ugc.lake import Snapshot

__all__ = [
    "City",
    "Company",
    "Interface",
    "LakeAddress",
    "Language",
    "Place",
    "Product",
    "Since",
    "Source",
    "Theme",
    "Until",
    "WithoutDoubtful",
    "filters_of",
    "interface",
]

_DAY = ["%Y-%m-%d"]

Company = Annotated[list[str] | None, typer.Option("--company", help="Only this company; may repeat.")]
Product = Annotated[list[str] | None, typer.Option("--product", help="Only this product; may repeat.")]
Place = Annotated[list[str] | None, typer.Option("--place", help="Only this branch or shop; may repeat.")]
Source = Annotated[list[str] | None, typer.Option("--source", help="Only this source; may repeat.")]
City = Annotated[list[str] | None, typer.Option("--city", help="Only this city; may repeat.")]
Language = Annotated[
    list[str] | None,
    typer.Option("--language", help="Only texts in this language (ru …); may repeat."),
]
Since = Annotated[datetime | None, typer.Option(formats=_DAY, help="From this day on (UTC).")]
Until = Annotated[datetime | None, typer.Option(formats=_DAY, help="Up to this day, included (UTC).")]
Theme = Annotated[list[str] | None, typer.Option("--theme", help="Only this theme; may repeat.")]
WithoutDoubtful = Annotated[
    bool,
    typer.Option("--without-doubtful", help="Leave out the reviews that `ugc credibility` doubts."),
]
LakeAddress = Annotated[str | None, typer.Option("--lake", help="Address of the lake.")]
Interface = Annotated[str | None, typer.Option("--lang", help="Language of the words: ru, en or pl.")]


def filters_of(
    snapshot: Snapshot,
    *,
    company: list[str] | None = None,
    product: list[str] | None = None,
    place: list[str] | None = None,
    source: list[str] | None = None,
    city: list[str] | None = None,
    language: list[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    theme: list[str] | None = None,
    without_doubtful: bool = False,
) -> Filters:
    """The options as filters in the lake's own spelling; the doubtful reviews are left out if so wished.

    Raises `InputError` with the nearest values for one that the lake does not hold. "" chooses
    reviews without a value.
    """
    from ugc.insight import Filters, settle
    from ugc.insight import without_doubtful as leave_out

    chosen = settle(
        snapshot,
        Filters(
            companies=tuple(company or ()),
            products=tuple(product or ()),
            places=tuple(place or ()),
            sources=tuple(source or ()),
            cities=tuple(city or ()),
            languages=tuple(language or ()),
            since=since.date() if since else None,
            until=until.date() if until else None,
            themes=tuple(theme or ()),
        ),
    )
    return leave_out(snapshot, chosen) if without_doubtful else chosen


def interface(chosen: str | None, default: str) -> str:
    """The language of the words; `InputError` for one that is none of ours."""
    from ugc.errors import InputError
    from ugc.taxonomy import LANGUAGES

    language = chosen or default
    if language not in LANGUAGES:
        raise InputError(f"There are no words in {language!r}.", f"Known: {', '.join(LANGUAGES)}.")
    return language
