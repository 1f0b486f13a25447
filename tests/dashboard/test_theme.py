"""The house style: colours that can be read, fonts that hold every letter."""

from __future__ import annotations

from itertools import product

import pytest

from ugc.dashboard.look import theme


def luminance(color: str) -> float:
    """Relative luminance of a colour (WCAG 2.2)."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_has_contrast_aa(mode: theme.Mode) -> None:
    colors = theme.palette(mode)
    texts = ("ink", "muted", "praise", "blame", "raised", "link", "star", "accent")
    for text, ground in product(texts, ("paper", "panel")):
        assert contrast(colors[text], colors[ground]) >= 4.5, (text, ground)
    for soft in ("praise_soft", "blame_soft", "raised_soft", "chosen"):
        assert contrast(colors["ink"], colors[soft]) >= 7, soft
    for name in ("praise", "blame"):
        assert contrast(colors[name], colors[f"{name}_soft"]) >= 3, name


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_streamlit_text_has_contrast_aa(mode: str) -> None:
    options = theme.streamlit_options()
    for ground in ("backgroundColor", "secondaryBackgroundColor", "sidebar.backgroundColor"):
        assert contrast(options[f"theme.{mode}.textColor"], options[f"theme.{mode}.{ground}"]) >= 7
        assert contrast(options[f"theme.{mode}.linkColor"], options[f"theme.{mode}.{ground}"]) >= 4.5


def test_the_palettes_name_the_same_colors() -> None:
    assert set(theme.palette("light")) == set(theme.palette("dark"))


def test_praise_and_blame_differ_for_the_color_blind() -> None:
    # The blue channel is seen alike by people without red or green cones.
    for mode in ("light", "dark"):
        praise, blame = (int(theme.palette(mode)[name][5:], 16) for name in ("praise", "blame"))
        assert praise - blame > 90


def test_every_font_lies_there_with_its_licence() -> None:
    faces = theme.streamlit_options()["theme.fontFaces"]
    for face in faces:
        file = theme.fonts_folder() / face["url"].rsplit("/", 1)[1]
        assert file.read_bytes()[:4] == b"wOF2"
    assert "SIL Open Font License" in (theme.fonts_folder() / "OFL.txt").read_text(encoding="utf-8")


def covered(char: str) -> bool:
    """Whether the ranges of the house font hold a character."""
    for face in theme.streamlit_options()["theme.fontFaces"]:
        for part in face["unicodeRange"].split(","):
            low, _, high = part.strip().removeprefix("U+").partition("-")
            if int(low, 16) <= ord(char) <= int(high or low, 16):
                return True
    return False


def test_the_font_holds_the_letters_of_the_three_languages() -> None:
    letters = "abcxyzABCXYZ абвэюяАБВЭЮЯёЁ ąćęłńóśźżĄĆĘŁŃÓŚŹŻ 0123456789 «»„”–—…№%−±"
    assert all(covered(char) for char in letters)


def test_the_style_sheet_names_every_color_it_uses() -> None:
    sheet = theme.stylesheet()
    import re

    used = set(re.findall(r"var\((--house-[a-z-]+)\)", sheet))
    made = set(re.findall(r"(--house-[a-z-]+):light-dark", sheet))
    assert used <= made
    assert "</" not in sheet
