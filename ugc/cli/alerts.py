"""`ugc alerts`: which complaints rose, and a message about them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from ugc.cli.choosing import Choice, choosing

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
@choosing(without=("since", "until", "without_doubtful", "json_"), advice=False)
def alerts(
    chosen: Choice,
    since_days: Annotated[int, typer.Option(min=1, max=366, help="Days that are looked at.")] = 7,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last of these days (UTC); today if unset.")
    ] = None,
    send: Annotated[
        list[str] | None, typer.Option("--send", help="Apprise address to send to; may repeat.")
    ] = None,
) -> None:
    """Find complaints that rose against the eight weeks before; send a message if any did."""
    from ugc import settings
    from ugc.alerts import compose, rises
    from ugc.alerts import send as deliver
    from ugc.insight import options

    last = until.date() if until else datetime.now(UTC).date()
    watch = rises(chosen.snapshot, chosen.filters, until=last, days=since_days)
    newest = options(chosen.snapshot, chosen.filters).last
    title, body = compose(watch, chosen.words.language)
    typer.echo(title if title == body else f"{title}\n\n{body}")
    if newest is None:
        typer.echo("There are no dated reviews to look at. Bring some in with: ugc import FILE…", err=True)
    elif not watch.tagged:
        hint = f" Look at its last days with --until {newest}." if newest < watch.since else " Run: ugc tag"
        typer.echo(f"No review of these days has been read; the newest is of {newest}.{hint}", err=True)
    addresses = send or [one.get_secret_value() for one in settings.load().alerts.send]
    if addresses and watch.rises:
        deliver(addresses, title, body)
        typer.echo(f"Sent to {len(addresses)}.", err=True)
