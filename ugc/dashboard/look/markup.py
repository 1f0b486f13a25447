"""The one door through which HTML reaches the page: only what markupsafe has made gets through.

Templates are constants; whatever is put into them is escaped. Everything else on the pages goes
through Streamlit's own elements, with `plain` for names of the user's data in their labels.
"""

from __future__ import annotations

import re

import streamlit as st
from markupsafe import Markup

from ugc.dashboard.look import theme

__all__ = ["plain", "show", "style"]

_MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&^=\"'/@])")


def show(html: Markup) -> None:
    """Shows safe HTML; a plain text is refused, so that none slips through unescaped."""
    if not isinstance(html, Markup):
        raise TypeError("Only Markup may be shown as HTML.")
    st.html(str(html))


def style() -> None:
    """Puts the page's style sheet in force."""
    st.html(f"<style>{theme.stylesheet()}</style>")


def plain(text: str) -> str:
    """A text that Streamlit's Markdown shows as it is: every mark escaped, on one line."""
    return _MEANS_SOMETHING.sub(r"\\\1", " ".join(text.split()))
