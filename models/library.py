"""The user's own bundles, side by side in one folder, and which of them is in use.

Each lies in a folder named after its version, NAME-VERSION@HASH, so that none ever takes the place
of another. A small file, named by `ugc.settings.IN_USE`, holds the version that was chosen;
without it the shipped bundle is used.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from models import DEFAULT_BUNDLE
from models.bundle import Bundle, open_bundle
from ugc.errors import InputError, ModelError
from ugc.settings import IN_USE

__all__ = [
    "DEFAULT",
    "Library",
    "Shelved",
    "check_name",
    "check_place",
    "replace_folder",
    "size_of",
]

DEFAULT = "default"
"""The word for the shipped bundle."""

_MAKING = ".making"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def size_of(folder: Path) -> int:
    """Bytes of all files of a bundle."""
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def check_place(out: Path) -> None:
    """Raises `InputError` unless a bundle may be put there: where nothing is, or another bundle."""
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / "manifest.json").is_file()):
        raise InputError(
            f"{out} holds other things than a model bundle; it is left alone.",
            "Name another folder by --out, or empty that one.",
        )


def replace_folder(working: Path, out: Path) -> None:
    """Puts a finished folder in the place of another, whole.

    Raises:
        InputError: the place holds something else than a bundle; it is left alone.
    """
    check_place(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    before = out.with_name(out.name + ".before")
    shutil.rmtree(before, ignore_errors=True)
    if out.exists():
        out.rename(before)
    working.rename(out)
    shutil.rmtree(before, ignore_errors=True)


def check_name(what: str, value: str) -> None:
    """Raises `InputError` unless a name or version can be part of a folder's name."""
    if not _NAME.fullmatch(value):
        raise InputError(
            f"{value!r} cannot be the {what} of a bundle.",
            "Use Latin letters, digits, dots, dashes and underscores.",
        )


@dataclass(frozen=True, slots=True)
class Shelved:
    """One bundle of the library, or what is wrong with its folder."""

    name: str
    """Its version, or `default`."""
    folder: Path
    bundle: Bundle | None
    wrong: str = ""
    """Why it cannot be used; empty when it can."""


def _shelved(name: str, folder: Path) -> Shelved:
    try:
        return Shelved(name, folder, open_bundle(folder))
    except ModelError as error:
        return Shelved(name, folder, None, error.what)


class Library:
    """The shipped bundle and the bundles of one folder, which need not be there yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def own(self) -> list[Shelved]:
        """The user's bundles in the order of their names; unfinished ones are left out."""
        if not self.folder.is_dir():
            return []
        return [
            _shelved(path.name, path)
            for path in sorted(self.folder.iterdir())
            if path.is_dir() and "@" in path.name and path.suffix not in (_MAKING, ".before")
        ]

    def all(self) -> list[Shelved]:
        """The shipped bundle, then the user's."""
        return [_shelved(DEFAULT, DEFAULT_BUNDLE), *self.own()]

    def find(self, name: str) -> Shelved:
        """The bundle of a name.

        Args:
            name: `default`, a version (NAME-VERSION@HASH), the beginning of one version only, its
                hash, or the path of a bundle's folder.

        Raises:
            ModelError: there is none, there are several, or it is damaged.
        """
        own = self.own()
        exact = [one for one in self.all() if name in (one.name, one.bundle and one.bundle.version)]
        near = [one for one in own if one.name.startswith(name) or one.name.endswith(f"@{name}")]
        found = exact or near
        if not found and (Path(name) / "manifest.json").is_file():
            found = [_shelved(name, Path(name))]
        known = f"Known are: {', '.join([DEFAULT, *(one.name for one in own)])}. See: ugc models list"
        if not found:
            raise ModelError(f"There is no model {name}.", known)
        if len(found) > 1 and not exact:
            raise ModelError(f"Several models begin with {name}.", known)
        if found[0].bundle is None:
            raise ModelError(found[0].wrong, known)
        return found[0]

    def in_use(self) -> str | None:
        """Version that was chosen, or `None` for the shipped bundle."""
        try:
            return (self.folder / IN_USE).read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def use(self, name: str) -> Shelved:
        """Chooses the bundle that is used where no setting names another.

        Raises:
            ModelError: there is no such bundle, or it lies outside the library.
        """
        chosen = self.find(name)
        if chosen.folder == DEFAULT_BUNDLE:
            (self.folder / IN_USE).unlink(missing_ok=True)
            return chosen
        if chosen.folder.resolve().parent != self.folder.resolve():
            raise ModelError(
                f"{chosen.folder} lies outside {self.folder}.",
                "Name it by --model, by UGC_MODEL, or by model in ugc.toml.",
            )
        beside = self.folder / f"{IN_USE}.new"
        beside.write_text(chosen.folder.name + "\n", encoding="utf-8")
        beside.replace(self.folder / IN_USE)
        return chosen

    def next_version(self, name: str) -> str:
        """The whole number after the highest version of this name, from 1."""
        numbers = [re.fullmatch(rf"{re.escape(name)}-(\d+)@.*", one.name) for one in self.own()]
        return str(max((int(found[1]) for found in numbers if found), default=0) + 1)

    def place(self, working: Path) -> Shelved:
        """Moves a finished bundle into the library under its version.

        Raises:
            ModelError: the folder holds no bundle.
        """
        version = open_bundle(working).version
        replace_folder(working, self.folder / version)
        return _shelved(version, self.folder / version)
