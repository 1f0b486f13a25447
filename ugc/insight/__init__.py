"""What the reviews say: pure functions over a snapshot of the lake, honest about what they rest on.

Each question has a room: how many (`satisfaction`), why (`causes`), where and who (`whereabouts`),
what came of it (`outcome`), which reviews to doubt (`doubt`), what was wished for (`wishes`), what it
costs (`cost`), the texts (`reviews`). They stand on `choice` (filters and counts) and `statistics`.
"""

from __future__ import annotations

from ugc.insight.causes.concrete import Concrete, ConcreteReason, concrete
from ugc.insight.causes.drivers import Driver, Drivers, drivers
from ugc.insight.causes.eleven import Eleven, Thanked, eleven
from ugc.insight.causes.moments import Moments, moments
from ugc.insight.causes.reasons import Change, Reason, Reasons, reasons
from ugc.insight.causes.themes import ThemeUse, themes
from ugc.insight.choice.filters import DIMENSIONS, Dimension, Filters
from ugc.insight.choice.options import Option, Options, options, settle
from ugc.insight.cost.priority import Priorities, Priority, priority
from ugc.insight.doubt.bursts import Burst
from ugc.insight.doubt.credibility import (
    Credibility,
    Doubt,
    DoubtCount,
    DoubtfulReview,
    credibility,
    without_doubtful,
)
from ugc.insight.doubt.doubts import doubtful
from ugc.insight.outcome.actions import Action, actions
from ugc.insight.outcome.effect import Effect, effect, effects
from ugc.insight.reviews.coverage import Coverage, coverage
from ugc.insight.reviews.freshness import SourceFreshness, freshness
from ugc.insight.reviews.quotes import Quote, typical_quotes
from ugc.insight.reviews.search import Page, ReviewView, review, search
from ugc.insight.reviews.shelf import Shelf, ShelfPage, ShelfReview, shelf
from ugc.insight.satisfaction.disagreements import Disagreements, disagreements
from ugc.insight.satisfaction.levels import LEVELS, Level, LevelRow, level_rows
from ugc.insight.satisfaction.nps import Nps, nps
from ugc.insight.satisfaction.scores import Group, Scores, by, by_each, scores
from ugc.insight.satisfaction.trend import Point, ThemePoint, theme_trend, trend
from ugc.insight.satisfaction.weights import RollUp, Weight, read_weights, roll_up
from ugc.insight.whereabouts.compare import Comparison, compare
from ugc.insight.whereabouts.compare_sides import choose_sides
from ugc.insight.whereabouts.coordinates import Located, read_places
from ugc.insight.whereabouts.cross import Cross, CrossCell, CrossLine, cross
from ugc.insight.whereabouts.hotspots import HotSpot, HotSpots, hotspots
from ugc.insight.whereabouts.on_map import Dot, OnMap, on_map
from ugc.insight.whereabouts.onset import Onset, onset
from ugc.insight.whereabouts.segments import Segment, segments
from ugc.insight.wishes.expectations import Expectation, Expectations, expectations

__all__ = [
    "DIMENSIONS",
    "LEVELS",
    "Action",
    "Burst",
    "Change",
    "Comparison",
    "Concrete",
    "ConcreteReason",
    "Coverage",
    "Credibility",
    "Cross",
    "CrossCell",
    "CrossLine",
    "Dimension",
    "Disagreements",
    "Dot",
    "Doubt",
    "DoubtCount",
    "DoubtfulReview",
    "Driver",
    "Drivers",
    "Effect",
    "Eleven",
    "Expectation",
    "Expectations",
    "Filters",
    "Group",
    "HotSpot",
    "HotSpots",
    "Level",
    "LevelRow",
    "Located",
    "Moments",
    "Nps",
    "OnMap",
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
    "RollUp",
    "Scores",
    "Segment",
    "Shelf",
    "ShelfPage",
    "ShelfReview",
    "SourceFreshness",
    "Thanked",
    "ThemePoint",
    "ThemeUse",
    "Weight",
    "actions",
    "by",
    "by_each",
    "choose_sides",
    "compare",
    "concrete",
    "coverage",
    "credibility",
    "cross",
    "disagreements",
    "doubtful",
    "drivers",
    "effect",
    "effects",
    "eleven",
    "expectations",
    "freshness",
    "hotspots",
    "level_rows",
    "moments",
    "nps",
    "on_map",
    "onset",
    "options",
    "priority",
    "read_places",
    "read_weights",
    "reasons",
    "review",
    "roll_up",
    "scores",
    "search",
    "segments",
    "settle",
    "shelf",
    "theme_trend",
    "themes",
    "trend",
    "typical_quotes",
    "without_doubtful",
]
