"""What the reviews say: pure functions over a snapshot of the lake, honest about what they rest on."""

from __future__ import annotations

from ugc.insight.coverage import Coverage, coverage
from ugc.insight.filters import DIMENSIONS, Dimension, Filters
from ugc.insight.freshness import SourceFreshness, freshness
from ugc.insight.onset import Onset, onset
from ugc.insight.options import Option, Options, options, settle
from ugc.insight.quotes import Quote, typical_quotes
from ugc.insight.reasons import Change, Reason, Reasons, reasons
from ugc.insight.scores import Group, Scores, by, scores
from ugc.insight.search import Page, ReviewView, review, search
from ugc.insight.segments import Segment, segments
from ugc.insight.trend import Point, ThemePoint, theme_trend, trend

__all__ = [
    "DIMENSIONS",
    "Change",
    "Coverage",
    "Dimension",
    "Filters",
    "Group",
    "Onset",
    "Option",
    "Options",
    "Page",
    "Point",
    "Quote",
    "Reason",
    "Reasons",
    "ReviewView",
    "Scores",
    "Segment",
    "SourceFreshness",
    "ThemePoint",
    "by",
    "coverage",
    "freshness",
    "onset",
    "options",
    "reasons",
    "review",
    "scores",
    "search",
    "segments",
    "settle",
    "theme_trend",
    "trend",
    "typical_quotes",
]
