"""Rows of any file or source as reviews: columns, dates, ratings, redaction, near-duplicates."""

from __future__ import annotations

from ugc.ingest.job import Progress, import_files
from ugc.ingest.records import Intake
from ugc.ingest.summary import ImportSummary

__all__ = ["ImportSummary", "Intake", "Progress", "import_files"]
