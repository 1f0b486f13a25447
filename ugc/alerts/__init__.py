"""Messages that leave the house when complaints rise."""

from __future__ import annotations

from ugc.alerts.message import NotSent, compose, send
from ugc.alerts.rises import BASELINE_DAYS, Rise, Watch, rises

__all__ = ["BASELINE_DAYS", "NotSent", "Rise", "Watch", "compose", "rises", "send"]
