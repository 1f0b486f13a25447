"""The pages: overview, reasons, reviews. Each has `show(context)`, which draws it."""

from __future__ import annotations

__all__ = ["overview", "reasons", "reviews"]
