"""Writes settings into `ugc.toml`: comments and order stay, and what would not load is never put there.

The new text is made by tomlkit, read again by the standard library and compared with what was meant,
loaded as settings beside the old file, and only then takes its place in one step.
"""

from __future__ import annotations

import copy
import os
import tomllib
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError

from ugc import settings
from ugc.errors import SettingsError

__all__ = ["SECRETS", "Value", "place", "put"]

Value = str | int | float | None
"""What can be written; `None` takes the entry out."""

SECRETS = frozenset({"salt", "key", "send"})
"""Last parts of the names of settings that belong into variables and are never written."""

_TURN = Lock()
"""Sessions of one server write one after the other, each into what the other left."""

_BY_HAND = "Mend it by hand, or remove it to begin anew."


def put(changes: Mapping[str, Value], file: Path = settings.FILE) -> None:
    """Writes settings, by names such as `priority.first_contact`; everything else stays as it is.

    Raises:
        SettingsError: the file cannot be read or written, or the settings would be unusable with the
            changes; it is then as it was.
    """
    hidden = sorted(name for name in changes if name.rpartition(".")[2] in SECRETS)
    if hidden:
        raise SettingsError(
            f"{hidden[0]} is a secret and is not written into {file.name}.",
            f"Set the variable {settings.variable(hidden[0])} instead.",
        )
    with _TURN:
        before = _read(file)
        text = _changed(before, changes, file)
        if text != before:
            place(text.encode("utf-8"), file, check=settings.load)


def _read(file: Path) -> str:
    """The text of the file with its own line ends; "" where there is none."""
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            return opened.read()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file.name} cannot be read: {_told(error)}.", _BY_HAND) from error


def _told(error: OSError | UnicodeDecodeError) -> str:
    """What the system says, without addresses."""
    return (error.strerror if isinstance(error, OSError) else None) or "it is no UTF-8"


def _changed(text: str, changes: Mapping[str, Value], file: Path) -> str:
    """The text with the changes in it, checked by another reader of TOML."""
    try:
        meant = tomllib.loads(text)
        document = tomlkit.parse(text)
        new = {
            name: value
            for name, value in changes.items()
            if "." not in name and name not in meant and value is not None
        }
        for name, value in changes.items():
            *tables, last = name.split(".")
            _set(meant, tables, last, value)
            if name not in new:
                _set(cast("MutableMapping[str, Any]", document), tables, last, value)
        made = _on_top(tomlkit.dumps(document), new)
        right = _filled(tomllib.loads(made)) == _filled(meant)
    except (tomllib.TOMLDecodeError, TOMLKitError) as error:
        raise SettingsError(f"{file.name} cannot be read: {error}.", _BY_HAND) from error
    if not right:
        raise SettingsError(
            f"{file.name} is written in a way that this program cannot change safely.",
            f"Change these entries by hand: {', '.join(changes)}.",
        )
    return made


def _on_top(text: str, new: Mapping[str, Value]) -> str:
    """The text with new entries at its beginning, below the remark that heads the file.

    tomlkit would put them between the first table and the remark above it.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    head = next((place for place, line in enumerate(lines) if not line.startswith("#")), len(lines))
    if head < len(lines):
        # a remark without a blank line below it is about the first entry
        head = 0 if lines[head].strip() else head + 1
    above, below = "".join(lines[:head]), "".join(lines[head:])
    if new and above and not below:
        above = above.rstrip("\r\n") + 2 * end
    if new and below.startswith("["):
        below = end + below
    entries = "".join(f"{name} = {tomlkit.item(value).as_string()}{end}" for name, value in new.items())
    return above + entries + below


def _filled(told: Any) -> Any:
    """Nested tables without the empty ones, which mean nothing in settings."""
    if not isinstance(told, dict):
        return told
    found = {name: _filled(one) for name, one in told.items()}
    return {name: one for name, one in found.items() if one != {}}


def _set(told: MutableMapping[str, Any], tables: list[str], last: str, value: Value) -> None:
    """Sets or takes out one entry of nested tables, which are made where they lack.

    Raises `SettingsError` where a value stands in the place of a table.
    """
    for name in tables:
        if name not in told:
            if value is None:
                return
            told[name] = tomlkit.table() if isinstance(told, tomlkit.TOMLDocument) else {}
        told = told[name]
        if not isinstance(told, MutableMapping):
            raise SettingsError(f"{name} in ugc.toml is no table.", _BY_HAND)
    if value is None:
        told.pop(last, None)
    elif last in told and isinstance(told, tomlkit.items.Table | tomlkit.TOMLDocument):
        old = told[last]
        told[last] = _like(old, value)
    else:
        told[last] = value


def _like(old: Any, value: Value) -> Any:
    """The new value with the remark that stands behind the old one."""
    new = tomlkit.item(value)
    if isinstance(old, tomlkit.items.Item) and isinstance(new, tomlkit.items.Item):
        new._trivia = copy.copy(old.trivia)  # tomlkit itself carries remarks over so
    return new


def place(content: bytes, file: Path, *, check: Any = None) -> None:
    """Puts a file in its place in one step, whole or not at all; a link is followed.

    Args:
        content: of the file.
        file: where it goes; the rights of an older one there are kept.
        check: called with the path of the finished file before it takes the place; what it raises
            comes through, and the older file stays.

    Raises:
        SettingsError: the folder cannot be written.
    """
    target = Path(os.path.realpath(file))
    try:
        rights = target.stat().st_mode & 0o777 if target.is_file() else 0o666 & ~_mask()
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as beside:
            made = Path(beside.name)
            try:
                beside.write(content)
                beside.flush()
                os.fsync(beside.fileno())
                made.chmod(rights)
                if check is not None:
                    check(made)
                made.replace(target)
            finally:
                with suppress(FileNotFoundError):
                    made.unlink()
    except OSError as error:
        raise SettingsError(
            f"{file.name} cannot be written: {_told(error)}.",
            f"Give the dashboard the right to write in {target.parent}.",
        ) from error


def _mask() -> int:
    """The rights that new files of this process lack."""
    held = os.umask(0)
    os.umask(held)
    return held
