"""Periods as people write them: a year, a quarter, a month, a day."""

from __future__ import annotations

import re
from datetime import date, timedelta

__all__ = ["WRITTEN", "span_of"]

WRITTEN = "2026, 2026-Q2, 2026-06 or 2026-06-10"
"""How a period is written, for messages."""

_PERIOD = re.compile(r"([0-9]{4})(?:-(?:[Qq]([1-4])|([0-9]{1,2})(?:-([0-9]{1,2}))?))?")


def span_of(period: str) -> tuple[date, date] | None:
    """First and last day of a period, both included; `None` for what is no period."""
    match = _PERIOD.fullmatch(period)
    if match is None:
        return None
    year, quarter, month, day = (int(part) if part else None for part in match.groups())
    try:
        if month is not None and day is not None:
            only = date(year or 0, month, day)
            return only, only
        first = date(year or 0, quarter * 3 - 2 if quarter else 1 if month is None else month, 1)
        months = 3 if quarter else 12 if month is None else 1
        after = first.year * 12 + first.month - 1 + months
        return first, date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
    except ValueError:
        return None
