"""Reads what customers write in public: how many are pleased, why, who and where, and what came of it.

The way of a review is one direction: `scrapers` and files, `ugc.ingest`, `ugc.lake`,
`ugc.tagging` (with `models`), `ugc.insight`, then `ugc.dashboard`, `ugc.report`, `ugc.alerts`.
"""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = ["__version__"]
