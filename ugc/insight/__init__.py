"""What the reviews say: pure functions over a snapshot of the lake, honest about what they rest on."""

from __future__ import annotations

from ugc.insight.actions import Action, actions
from ugc.insight.bursts import Burst
from ugc.insight.coverage import Coverage, coverage
from ugc.insight.credibility import (
    Credibility,
    Doubt,
    DoubtCount,
    DoubtfulReview,
    credibility,
    without_doubtful,
)
from ugc.insight.doubts import doubtful
from ugc.insight.drivers import Driver, Drivers, drivers
from ugc.insight.effect import Effect, effect, effects
from ugc.insight.expectations import Expectation, Expectations, expectations
from ugc.insight.filters import DIMENSIONS, Dimension, Filters
from ugc.insight.freshness import SourceFreshness, freshness
from ugc.insight.moments import Moments, moments
from ugc.insight.onset import Onset, onset
from ugc.insight.options import Option, Options, options, settle
from ugc.insight.priority import Priorities, Priority, priority
from ugc.insight.quotes import Quote, typical_quotes
from ugc.insight.reasons import Change, Reason, Reasons, reasons
from ugc.insight.scores import Group, Scores, by, scores
from ugc.insight.search import Page, ReviewView, review, search
from ugc.insight.segments import Segment, segments
from ugc.insight.shelf import Shelf, ShelfPage, ShelfReview, shelf
from ugc.insight.trend import Point, ThemePoint, theme_trend, trend

__all__ = [
    "DIMENSIONS",
    "Action",
    "Burst",
    "Change",
    "Coverage",
    "Credibility",
    "Dimension",
    "Doubt",
    "DoubtCount",
    "DoubtfulReview",
    "Driver",
    "Drivers",
    "Effect",
    "Expectation",
    "Expectations",
    "Filters",
    "Group",
    "Moments",
    "Onset",
    "Option",
    "Options",
    "Page",
    "Point",
    "Priorities",
    "Priority",
    "Quote",
    "Reason",
    "Reasons",
    "ReviewView",
    "Scores",
    "Segment",
    "Shelf",
    "ShelfPage",
    "ShelfReview",
    "SourceFreshness",
    "ThemePoint",
    "actions",
    "by",
    "coverage",
    "credibility",
    "doubtful",
    "drivers",
    "effect",
    "effects",
    "expectations",
    "freshness",
    "moments",
    "onset",
    "options",
    "priority",
    "reasons",
    "review",
    "scores",
    "search",
    "segments",
    "settle",
    "shelf",
    "theme_trend",
    "trend",
    "typical_quotes",
    "without_doubtful",
]
