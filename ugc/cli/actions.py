"""`ugc actions`: what was done about the reviews, and what came of it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ugc.cli.effect import effect_row, lines, row, told
from ugc.cli.selection import LakeAddress

if TYPE_CHECKING:
    from ugc.insight import Action

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_JSON_VERSION = 1


@app.callback()
def _actions() -> None:
    """Note what you did about the reviews, and see what came of it."""


def _address(given: str | None) -> str:
    """The address asked for, else the one of the settings."""
    from ugc import settings

    return given or settings.load().lake


def _find(held: tuple[Action, ...], wanted: str) -> Action:
    """The action of an id; `InputError` when there is none."""
    from ugc.errors import InputError

    found = next((one for one in held if one.id == wanted), None)
    if found is None:
        raise InputError(f"The lake knows no action {wanted!r}.", "List them with: ugc actions list")
    return found


def _print_json(key: str, rows: list[dict[str, Any]]) -> None:
    """Prints one JSON document."""
    typer.echo(
        json.dumps({"version": _JSON_VERSION, key: rows}, ensure_ascii=False, indent=1, allow_nan=False)
    )


@app.command()
def add(
    what: Annotated[str, typer.Argument(help="What was done, in a few words.")],
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Since which day (UTC).")],
    company: Annotated[list[str] | None, typer.Option(help="For this company; may repeat.")] = None,
    product: Annotated[list[str] | None, typer.Option(help="For this product; may repeat.")] = None,
    place: Annotated[list[str] | None, typer.Option(help="For this branch or shop; may repeat.")] = None,
    city: Annotated[list[str] | None, typer.Option(help="For this city; may repeat.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="For this source; may repeat.")] = None,
    theme: Annotated[str | None, typer.Option(help="The theme it was meant to better.")] = None,
    author: Annotated[str | None, typer.Option(help="Who notes it.")] = None,
    lake: LakeAddress = None,
    json_: Json = False,
) -> None:
    """Note an action: what was done, since when, for whom, and for which theme.

    Without a company, product, place, city or source it is for all reviews.
    """
    from ugc.cli.selection import filters_of
    from ugc.insight import actions
    from ugc.lake import Lake

    opened = Lake.open(_address(lake), create=False)
    with opened.snapshot() as snapshot:
        settled = filters_of(
            snapshot,
            company=company,
            product=product,
            place=place,
            city=city,
            source=source,
            theme=[theme] if theme else None,
        )
    concerned: dict[str, tuple[str | None, ...]] = {
        "company": settled.companies,
        "product": settled.products,
        "place": settled.places,
        "city": settled.cities,
        "source": settled.sources,
    }
    made = opened.add_action(
        what, day.date(), concerned=concerned, theme=next(iter(settled.themes), None), author=author
    )
    with opened.snapshot() as snapshot:
        action = _find(actions(snapshot), made)
    if json_:
        _print_json("actions", [row(action)])
        return
    typer.echo(f"Noted: {told(action)}")
    typer.echo(f"See what comes of it with: ugc actions effect {action.id}")


@app.command(name="list")
def list_actions(lake: LakeAddress = None, json_: Json = False) -> None:
    """List the actions, the earliest first."""
    from ugc.insight import actions
    from ugc.lake import Lake

    with Lake.open(_address(lake), create=False).snapshot() as snapshot:
        held = actions(snapshot)
    if json_:
        _print_json("actions", [row(one) for one in held])
        return
    for one in held:
        typer.echo(told(one))
    if not held:
        typer.echo('There are none. Note one with: ugc actions add "what was done" --day 2026-05-01')


@app.command()
def remove(
    action: Annotated[
        str, typer.Argument(metavar="ID", help="Id of the action, as ugc actions list shows it.")
    ],
    lake: LakeAddress = None,
    json_: Json = False,
) -> None:
    """Take an action away; the reviews stay as they are."""
    from ugc.insight import actions
    from ugc.lake import Lake

    opened = Lake.open(_address(lake), create=False)
    with opened.snapshot() as snapshot:
        gone = _find(actions(snapshot), action)
    opened.remove_action(action)
    if json_:
        _print_json("removed", [row(gone)])
        return
    typer.echo(f"Removed: {told(gone)}")


@app.command()
def effect(
    action: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Id of one action; all of them without.")
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option(
            help="What is looked at: complaints (the share that blames the action's theme), negative (the "
            "share of negative reviews) or stars (their mean). When not given: complaints if it has a "
            "theme, else negative."
        ),
    ] = None,
    lake: LakeAddress = None,
    json_: Json = False,
) -> None:
    """Show what came of an action: helped, hurt, no difference seen, or too early.

    Compares up to half a year after it with the trend of up to a year before, and with the reviews
    that it does not concern where there are enough of them.
    """
    from ugc.errors import InputError
    from ugc.insight import actions, effects
    from ugc.insight.outcome.weekly import MEASURES
    from ugc.lake import Lake

    if measure is not None and measure not in MEASURES:
        raise InputError(f"There is no measure {measure!r}.", f"Known: {', '.join(MEASURES)}.")
    with Lake.open(_address(lake), create=False).snapshot() as snapshot:
        held = actions(snapshot)
        chosen = held if action is None else (_find(held, action),)
        found = effects(snapshot, chosen, measure=measure)
    if json_:
        _print_json("effects", [effect_row(one) for one in found])
        return
    for place, one in enumerate(found):
        typer.echo(("\n" if place else "") + "\n".join(lines(one)))
    if not found:
        typer.echo('There are no actions. Note one with: ugc actions add "what was done" --day 2026-05-01')
