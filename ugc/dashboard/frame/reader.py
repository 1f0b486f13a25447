"""The model of the settings, opened once for all who ask it something."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from models import DEFAULT_BUNDLE
from ugc import settings

if TYPE_CHECKING:
    from models.tagger import Tagger

__all__ = ["reader"]


@st.cache_resource(show_spinner=False, max_entries=1)
def _tagger(folder: Path, threads: int | None, profile: str, changed: int) -> Tagger:
    """The tagger over a bundle whose manifest was last written at `changed`."""
    from models.tagger import Tagger

    return Tagger.load(folder, threads=threads, profile=profile)


def reader() -> Tagger:
    """The model of the settings; `ModelError` when it cannot be opened."""
    chosen = settings.load()
    folder = chosen.model or DEFAULT_BUNDLE
    manifest = folder / "manifest.json"
    changed = manifest.stat().st_mtime_ns if manifest.is_file() else 0
    return _tagger(folder, chosen.threads, chosen.profile, changed)
