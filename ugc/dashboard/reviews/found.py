"""Taking away what the page of reviews holds: the list as a table, the corrections as training data."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.export import offer
from ugc.dashboard.look.table import Cell, Column, Table
from ugc.dashboard.reviews.filtering import wanted
from ugc.insight import ReviewView, search
from ugc.insight.reviews.corrections import any_made
from ugc.tagging.corrected import read_corrected
from ugc.tagging.corrected_lines import lines

__all__ = ["MOST", "downloads", "table"]

MOST = 5_000
"""Reviews of a table at most; the first ones in the order of the page."""

_SIGNS = {"positive": "+", "negative": "−", "neutral": "·"}


def _row(context: Context, one: ReviewView) -> tuple[Cell, ...]:
    word = context.word
    raised = dict.fromkeys((mention.theme, mention.polarity) for mention in one.mentions)
    themes = "; ".join(f"{word.name('themes', theme)} {_SIGNS[side]}" for theme, side in raised)
    return (
        one.date.date() if one.date else None,
        one.stars,
        word.called("source", one.source),
        one.company,
        one.product,
        one.place,
        one.city,
        word.name("sentiments", one.tags.sentiment) if one.tags else None,
        themes,
        one.text,
        one.reply_text,
        one.author,
        one.url,
        one.id,
    )


def table(context: Context, total: int) -> Table:
    """The reviews found, as a table; its name says when they are not all of them."""
    word, say = context.word, context.say
    page = context.ask(search, context.filters, offset=0, limit=MOST, **wanted(context))
    name = word("reviews.title")
    if total > MOST:
        name = word("reviews.table_cut", most=say.number(MOST), count=say.number(total))
    heads = (
        Column(word("reviews.table_day"), "day"),
        Column(word("reviews.stars"), "stars"),
        *(Column(word(f"filter.{column}")) for column in ("source", "company", "product", "place", "city")),
        Column(word("reviews.sentiment")),
        Column(word("reviews.table_themes")),
        Column(word("reviews.table_text"), "long"),
        Column(word("card.reply"), "long"),
        Column(word("author.name")),
        Column(word("reviews.table_url")),
        Column("id"),
    )
    return Table(name, heads, tuple(_row(context, one) for one in page.rows))


def _corrections(context: Context) -> str:
    return "".join(lines(context.ask(read_corrected)))


def downloads(context: Context, total: int) -> None:
    """The quiet buttons under the list; what they give is made when they are used."""
    with st.container(horizontal=True, horizontal_alignment="right", key="review_downloads"):
        if context.ask(any_made):
            st.download_button(
                context.word("correct.download"),
                partial(_corrections, context),
                file_name=f"ugc-corrections-{datetime.now(UTC):%Y-%m-%d}.jsonl",
                mime="application/jsonl",
                key="corrections_file",
                icon=":material/edit_note:",
                type="tertiary",
                on_click="ignore",
                help=context.word("correct.download_what"),
            )
        offer(context, "reviews", partial(table, context, total))
