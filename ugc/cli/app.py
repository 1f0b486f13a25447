"""`ugc app`: opens the dashboard in the browser and serves it until stopped."""

from __future__ import annotations

import os

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def run(
    port: int = typer.Option(8501, "--port", min=1, max=65535, help="Port to listen on."),
    host: str = typer.Option(
        "127.0.0.1", "--host", help="Address to listen on; 0.0.0.0 lets other machines in."
    ),
    lake: str | None = typer.Option(None, "--lake", help="Folder or address of the lake."),
    browser: bool = typer.Option(True, "--browser/--no-browser", help="Open a browser window."),
) -> None:
    """Open the dashboard in the browser; serves until stopped."""
    from ugc import settings

    if lake is not None:
        os.environ["UGC_LAKE"] = lake
    settings.load()  # an unusable setting is said here, not in the browser
    from ugc.dashboard.frame.server import serve

    serve(host=host, port=port, browser=browser, say=typer.echo)
