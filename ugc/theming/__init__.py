"""Themes as people make them: edited, added from examples, found in the whole history without training."""

from __future__ import annotations

from ugc.lake.labels import ThemeRefused
from ugc.theming.draft import Draft
from ugc.theming.drawing import draw
from ugc.theming.measure import Measure, measure
from ugc.theming.near import Clause, Near, near
from ugc.theming.saving import Progress, Saved, remove, save

__all__ = [
    "Clause",
    "Draft",
    "Measure",
    "Near",
    "Progress",
    "Saved",
    "ThemeRefused",
    "draw",
    "measure",
    "near",
    "remove",
    "save",
]
