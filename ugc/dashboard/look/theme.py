"""The house style: reads theme.toml and gives it to Streamlit, to the charts and to the page."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

__all__ = [
    "FONT",
    "FONTS_ROUTE",
    "Mode",
    "fonts_folder",
    "logo",
    "palette",
    "streamlit_options",
    "stylesheet",
]

Mode = Literal["light", "dark"]

FONT = "Golos Text"
"""Family of the house font: Latin with Polish letters, and Cyrillic."""

FONTS_ROUTE = "/house/fonts"
"""Path under which the server gives the font files."""

_FOLDER = resources.files(__package__)


@cache
def _theme() -> dict[str, Any]:
    return tomllib.loads(_FOLDER.joinpath("theme.toml").read_text(encoding="utf-8"))


def fonts_folder() -> Path:
    """Folder of the font files and their licence."""
    return Path(str(_FOLDER.joinpath("fonts")))


def _flat(table: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Nested tables as dotted names, the way Streamlit calls its options."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}.{key}")
        else:
            found[f"{prefix}.{key}"] = value
    return found


def streamlit_options() -> dict[str, Any]:
    """Streamlit's `theme.…` options, light and dark, with the fonts that our server gives."""
    faces = [
        {
            "family": FONT,
            "url": f"{FONTS_ROUTE}/{font['file']}",
            "weight": "400 900",
            "style": "normal",
            "unicodeRange": font["range"],
        }
        for font in _theme()["font"]
    ]
    return _flat(_theme()["streamlit"], "theme") | {"theme.fontFaces": faces}


def palette(mode: Mode) -> dict[str, str]:
    """Colours of one mode by what they mean: praise, blame, raised, ink, muted, line, and so on."""
    return dict(_theme()["palette"][mode])


def stylesheet() -> str:
    """The page's own style sheet: the palette as variables that follow the mode, then the files in style/.

    house.css comes first; the others belong to one page each.
    """
    light, dark = palette("light"), palette("dark")
    variables = "".join(
        f"--house-{name.replace('_', '-')}:light-dark({light[name]},{dark[name]});" for name in light
    )
    files = sorted(_FOLDER.joinpath("style").iterdir(), key=lambda one: (one.name != "house.css", one.name))
    sheets = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return f":root{{{variables}}}\n{sheets}"


def logo(kind: Literal["mark", "wordmark"] = "wordmark") -> str:
    """The product's mark as SVG: a quotation, praise and blame side by side."""
    return _FOLDER.joinpath(f"{kind}.svg").read_text(encoding="utf-8")
