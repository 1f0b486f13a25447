"""Serves the dashboard: Streamlit with our options, our fonts and our own words for a failure."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import importlib
import os
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import uvicorn.config
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from streamlit.starlette import App

import ugc
from ugc import settings
from ugc.dashboard.frame import states
from ugc.dashboard.look import theme
from ugc.errors import InputError, LakeError

__all__ = ["address_of", "claim_port", "options", "script", "serve", "wants_browser"]

_ARENA_MAX = -8
"""glibc's name of the setting for the number of heaps (malloc.h, M_ARENA_MAX)."""
_HEAPS = 2


def script() -> Path:
    """The Streamlit script, app.py: it lies beside the package, in a checkout as when installed."""
    return Path(ugc.__file__).resolve().parents[1] / "app.py"


def options(host: str, port: int) -> dict[str, Any]:
    """Streamlit's options: our theme, no statistics sent, no tools of developers, no file watching."""
    return {
        "server.address": host,
        "server.port": port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "logger.hideWelcomeMessage": True,
        "runner.magicEnabled": False,
        **theme.streamlit_options(),
    }


def address_of(host: str, port: int) -> str:
    """Address to open in a browser on this machine; a wildcard host is reached by loopback."""
    try:
        if ip_address(host).is_unspecified:
            host = "127.0.0.1"
    except ValueError:
        pass  # a name, which the browser can look up as well as we can
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def claim_port(host: str, port: int) -> None:
    """Proves that the port can be had; `InputError` says what to do when it is taken or forbidden."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        if os.name != "nt":
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                what = f"Port {port} is taken by another program."
                mend = f"Stop that one, or take another port: ugc app --port {port + 1}"
            elif error.errno == errno.EACCES:
                what, mend = (
                    f"Port {port} may not be used by you.",
                    "Take one above 1023: ugc app --port 8501",
                )
            else:
                what = f"{host}:{port} cannot be listened on: {error.strerror or error}."
                mend = "Take an address of this machine: ugc app --host 127.0.0.1"
            raise InputError(what, mend) from error


def wants_browser(environment: dict[str, str], platform: str = sys.platform) -> bool:
    """Whether a browser window may be opened: not in continuous integration, not without a screen."""
    if environment.get("CI"):
        return False
    if platform.startswith("linux"):
        return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    return True


def _few_heaps() -> None:
    """Keeps glibc from giving every thread a heap of its own, none of which shrinks again.

    Each visit runs in a thread; with the default of eight heaps for a core, the server of a large lake
    holds hundreds of megabytes that nobody uses. Elsewhere than on glibc nothing is done.
    """
    change = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform.startswith("linux") else None
    if change is not None:
        change(_ARENA_MAX, _HEAPS)


def _prepare(chosen: settings.Settings) -> None:
    """Loads the pages, reads the lake and answers what the first page asks, so that nobody waits for it.

    Only when Streamlit's runtime is there: its caches are at home in it. A lake that is not there or
    cannot be read is left for the pages to tell.
    """
    from ugc.dashboard.answers import opening
    from ugc.dashboard.frame import data

    importlib.import_module("ugc.dashboard.views")
    with contextlib.suppress(LakeError):
        ask = data.ask(chosen.lake)
        if ask is not None:
            opening.prepare(ask, chosen.language)


def _when_up(ready: Callable[[], None]) -> Callable[[App], AbstractAsyncContextManager[None]]:
    """A lifespan that reads the lake, calls `ready` once, and leaves no files at its end."""

    @asynccontextmanager
    async def lifespan(_app: App) -> AsyncIterator[None]:
        # A large lake, and all that the pages import, take seconds: better now than on the first page.
        await asyncio.to_thread(_prepare, settings.load())
        ready()
        yield
        # Only now, for it loads much that a start should not wait for; the pages have it by then.
        from ugc.dashboard.collecting import upload

        upload.close_all()

    return lifespan


def serve(
    *, host: str = "127.0.0.1", port: int = 8501, browser: bool = True, say: Callable[[str], None] = print
) -> None:
    """Serves until stopped; `say` gets the address once it can be opened.

    Raises `InputError` when the port cannot be had.
    """
    claim_port(host, port)
    _few_heaps()
    address = address_of(host, port)

    def ready() -> None:
        say(f"The dashboard is open at {address} (stop it with Ctrl+C).")
        if browser and wants_browser(dict(os.environ)):
            webbrowser.open(address)

    # Only warnings: the line above is all that a reader of the terminal needs.
    uvicorn.config.LOGGING_CONFIG["loggers"]["uvicorn"]["level"] = "WARNING"
    App(
        script(),
        routes=[Mount(theme.FONTS_ROUTE, StaticFiles(directory=theme.fonts_folder()))],
        lifespan=_when_up(ready),
        on_script_error=states.show_failure,
    ).run(config=options(host, port))
