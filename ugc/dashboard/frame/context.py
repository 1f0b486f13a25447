"""What every page needs: the questions to the lake, the view, its filters, the words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from ugc import taxonomy
from ugc.dashboard.frame import address
from ugc.dashboard.frame.data import Ask
from ugc.dashboard.look.blocks import facts
from ugc.dashboard.look.formats import Formats, formats
from ugc.dashboard.look.markup import plain, show
from ugc.dashboard.look.words import Words, words
from ugc.insight import DIMENSIONS, Filters, Options
from ugc.insight.whereabouts.segments import SegmentBy

if TYPE_CHECKING:
    from streamlit import Page

__all__ = ["SPLITS", "Context"]

SPLITS: tuple[SegmentBy, ...] = ("city", "place", "product", "source", "company", "touchpoint")
"""Breakdowns of a theme, the most telling first; the last one is no filter and so always free."""


@dataclass(frozen=True)
class Context:
    """Handed to each page by the router."""

    ask: Ask
    has: Options
    view: address.View
    filters: Filters
    pages: dict[str, Page] = field(default_factory=dict)
    """The pages by name, for links between them."""

    @property
    def language(self) -> str:
        """Language of the interface."""
        return str(self.view["ui"])

    @property
    def word(self) -> Words:
        """Words of that language."""
        return words(self.language)

    @property
    def say(self) -> Formats:
        """Figures and dates in that language."""
        return formats(self.language)

    def key(self, field: str) -> str:
        """Key of the widget of a field of the view."""
        return address.key(field, self.language)

    def chosen(self) -> list[tuple[str, str]]:
        """What the filters keep: each dimension that is narrowed, with its values as they are called."""
        return [
            (column, ", ".join(self.word.called(column, value) for value in getattr(self.filters, name)))
            for name, column in DIMENSIONS.items()
            if getattr(self.filters, name)
        ]

    def period(self) -> tuple[date | None, date | None]:
        """First and last day of what is chosen, as far as they are known."""
        return self.filters.since or self.has.first, self.filters.until or self.has.last

    def scope(self, reviews: int, *more: str) -> None:
        """The line under a heading: how many reviews, from when to when, chosen how."""
        since, until = self.period()
        count = self.word("scope.reviews", n=reviews, count=self.say.number(reviews))
        span = self.say.span(since, until) if since or until else ""
        show(facts((count, span, *(values for _, values in self.chosen()), *more)))

    def way(self, page: str, label: str, *, icon: str | None = None, **changes: object) -> None:
        """A link to another page with this view's filters and some changes."""
        parameters = address.link(self.view, **changes)
        st.page_link(self.pages[page], label=plain(label), icon=icon, query_params=parameters)

    def place(self, page: str, **changes: object) -> str:
        """Address of a page with this view's filters and some changes, for a plain link."""
        return f"{page}?{urlencode(address.link(self.view, **changes), doseq=True)}"

    def filters_of(self, theme: str) -> Filters:
        """This view's filters, listing one theme alone."""
        return replace(self.filters, themes=(theme,))

    def theme_keys(self) -> list[str]:
        """Themes that can be opened: those of the taxonomy, and what else the lake mentions."""
        found = [one.value for one in self.has.themes if one.value]
        return list(dict.fromkeys([*taxonomy.keys("themes"), *found]))

    def free_splits(self) -> tuple[SegmentBy, ...]:
        """Dimensions by which a theme can be broken down: those not narrowed to one value already."""
        narrow = {column for name, column in DIMENSIONS.items() if len(getattr(self.filters, name)) == 1}
        return tuple(one for one in SPLITS if one not in narrow)

    def free_split(self) -> SegmentBy:
        """The breakdown of the view, or the first free one when its own is narrowed to one value."""
        free = self.free_splits()
        return next((one for one in free if one == self.view["split"]), free[0])

    @staticmethod
    def part(per_cent: str) -> float:
        """The share that whole per cent stand for: "50" is 0.5."""
        return int(per_cent) / 100

    @staticmethod
    def sheets(total: int, size: int) -> int:
        """Number of pages of `size` that `total` results take; at least one."""
        return max(1, -(-total // size))

    @staticmethod
    def offset(page: int, size: int) -> int:
        """Results before a page."""
        return (page - 1) * size
