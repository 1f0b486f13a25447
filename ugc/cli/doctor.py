"""`ugc doctor`: what is installed, what is missing, and how to mend it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from ugc.settings import Settings

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_REQUIREMENT = re.compile(r"([\w.-]+)(?:\[[^]]*])?\s*(?:>=([\d.]+))?[^;]*(?:;.*extra == ['\"](\w+)['\"])?")

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")

_LITTLE = 1 << 30
_TOO_LITTLE = 100 << 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `ok`, a `note` that may be left so, or `broken`, which must be mended."""

    what: str
    state: Literal["ok", "note", "broken"]
    text: str
    mend: str = ""


def _number(version: str) -> tuple[int, ...]:
    """The leading whole numbers of a version, to be compared."""
    return tuple(int(part) for part in re.findall(r"\d+", version.split("+")[0])[:3])


def _python() -> Finding:
    """The interpreter."""
    return Finding("Python", "ok", f"{platform.python_version()} at {sys.executable}")


def _packages() -> Iterator[Finding]:
    """What the program needs, then each extra, with what is missing or too old."""
    mend = "Install what is missing with: pip install -e . -c constraints.txt"
    try:
        requirements = importlib.metadata.requires("ugc") or []
    except importlib.metadata.PackageNotFoundError:
        yield Finding("Packages", "broken", "ugc itself is not installed", mend)
        return
    groups: dict[str, list[tuple[str, str]]] = {"": []}
    for requirement in requirements:
        found = _REQUIREMENT.match(requirement)
        if found and found[1] != "ugc":
            groups.setdefault(found[3] or "", []).append((found[1], found[2] or "0"))
    for extra, wanted in groups.items():
        there, lacking = _versions(wanted)
        what = f"Extra {extra}" if extra else "Packages"
        if not lacking:
            yield Finding(what, "ok", there)
        elif extra:
            install = f"If you need it: pip install 'ugc[{extra}]' -c constraints.txt"
            yield Finding(what, "note", f"missing: {', '.join(lacking)}", install)
        else:
            yield Finding(what, "broken", f"missing: {', '.join(lacking)}", mend)


def _versions(wanted: list[tuple[str, str]]) -> tuple[str, list[str]]:
    """The installed packages with their versions as text, and those missing or older than wanted."""
    there, lacking = [], []
    for name, least in wanted:
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            lacking.append(name)
            continue
        if _number(version) < _number(least):
            lacking.append(f"{name} {least} (there is {version})")
        there.append(f"{name} {version}")
    return ", ".join(there), lacking


def _settings(chosen: Settings) -> Iterator[Finding]:
    """The file of settings and the salt of pseudonyms."""
    from ugc.settings import salt_file

    file = Path("ugc.toml").resolve()
    text = str(file) if file.is_file() else "no ugc.toml here; defaults and UGC_* variables hold"
    yield Finding("Settings", "ok", text)
    if chosen.salt is not None:
        yield Finding("Salt", "ok", "from UGC_SALT")
    elif salt_file().is_file():
        yield Finding("Salt", "ok", f"in {salt_file()}; keep a copy: without it authors get new pseudonyms")
    else:
        yield Finding("Salt", "ok", "none yet; the first import makes one")


def _model(chosen: Settings) -> Finding:
    """The bundle that `ugc tag` would use."""
    from models import DEFAULT_BUNDLE
    from models.bundle import open_bundle
    from ugc.errors import ModelError

    folder = chosen.model or DEFAULT_BUNDLE
    try:
        bundle = open_bundle(folder)
        bundle.check_files()
    except ModelError as error:
        return Finding("Model", "broken", error.what, error.mend)
    return Finding("Model", "ok", f"{bundle.version} in {folder}, files as its manifest says")


def _lake(address: str) -> Iterator[Finding]:
    """The lake and the room on its disk."""
    from ugc.errors import LakeError
    from ugc.lake import Lake

    folder = None if "://" in address else Path(address).expanduser().absolute()
    if folder is not None and not (folder / "reviews").exists() and not folder.is_file():
        mend = "It is made by the first import: ugc import FILE…, or ugc import --sample"
        yield Finding("Lake", "note", f"none yet at {folder}", mend)
    else:
        try:
            info = Lake.open(address, create=False).info()
        except LakeError as error:
            yield Finding("Lake", "broken", error.what, error.mend)
        else:
            rows = ", ".join(f"{table.rows:,} {table.name}" for table in info.tables)
            text = f"{info.address}, schema version {info.schema_version}: {rows}"
            if folder is None or os.access(folder, os.W_OK):
                yield Finding("Lake", "ok", text)
            else:
                mend = "It can be read; to import and tag, give yourself the right to write there."
                yield Finding("Lake", "note", f"{text}; not writable", mend)
    if folder is not None:
        yield _room(folder)


def _room(folder: Path) -> Finding:
    """Free room on the disk of a folder that may not be there yet."""
    there = next(one for one in (folder, *folder.parents) if one.is_dir())
    free = shutil.disk_usage(there).free
    text = f"{free / 1e9:.1f} GB free for the lake"
    state: Literal["ok", "note", "broken"] = (
        "broken" if free < _TOO_LITTLE else "note" if free < _LITTLE else "ok"
    )
    return Finding("Disk", state, text, "" if state == "ok" else "Make room, or move the lake.")


def _browser() -> Iterator[Finding]:
    """Chromium, where the tests are installed."""
    try:
        importlib.metadata.version("playwright")
    except importlib.metadata.PackageNotFoundError:
        return
    path = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if path:
        yield Finding("Chromium", "ok", f"{path}, for the browser tests")
    else:
        mend = "Only the browser tests need it: sudo apt-get install chromium"
        yield Finding("Chromium", "note", "not found", mend)


def _examine(lake: str | None) -> Iterator[Finding]:
    """Everything, in the order in which one thing needs another."""
    from ugc import settings
    from ugc.errors import SettingsError

    yield _python()
    packages = list(_packages())
    yield from packages
    if packages[0].state == "broken":
        return
    try:
        chosen = settings.load()
    except SettingsError as error:
        yield Finding("Settings", "broken", error.what, error.mend)
        return
    yield from _settings(chosen)
    yield _model(chosen)
    yield from _lake(lake or chosen.lake)
    yield from _browser()


@app.command()
def doctor(
    lake: Annotated[str | None, typer.Option(help="Address of the lake.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Say what is installed, which model and lake are in use, what is missing and how to mend it.

    Exit code 1 when something essential is broken.
    """
    from ugc import __version__

    findings = list(_examine(lake))
    broken = any(one.state == "broken" for one in findings)
    if json_:
        found = {"version": __version__, "ok": not broken, "findings": [asdict(one) for one in findings]}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        typer.echo(f"ugc {__version__}")
        for one in findings:
            typer.echo(f"{one.state:<7} {one.what}: {one.text.rstrip('.')}.")
            if one.mend:
                typer.echo(f"{'':<7} → {one.mend}")
    if broken:
        raise typer.Exit(1)
