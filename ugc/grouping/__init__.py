"""Concrete reasons below each theme and polarity: mentions grouped by what they say, in any language."""

from __future__ import annotations

from ugc.grouping.run import GroupSummary, Progress, group_lake

__all__ = ["GroupSummary", "Progress", "group_lake"]
