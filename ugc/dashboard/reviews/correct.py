"""«Correct» under a review: what the model read, to be set right by one who knows better."""

from __future__ import annotations

import streamlit as st

from ugc import settings
from ugc.dashboard.frame import data
from ugc.dashboard.frame.context import Context
from ugc.dashboard.reviews.desk import Desk, tell
from ugc.dashboard.reviews.saving import corrected_on
from ugc.insight import ReviewView, review
from ugc.insight.reviews.corrections import Corrections, said, trace
from ugc.review import text_hash

__all__ = ["draw", "latest"]


def latest(context: Context, one: ReviewView) -> tuple[ReviewView, Corrections]:
    """The review with its corrections: as the page found it, or newer once this page corrected any."""
    ask = context.ask
    if corrected_on(context):
        ask = data.ask(settings.load().lake) or ask
        one = ask(review, one.id) or one
    return one, trace(one, ask(said, one.id, text_hash(one.text)))


def draw(context: Context, one: ReviewView, made: Corrections) -> None:
    """The control under a review, and what it opens; nothing where there are no tags to correct.

    It belongs into one fragment with the card: both follow a correction, and the review stays where
    it is, even when the filters of the list would no longer find it.
    """
    if one.tags is None or not one.text.strip():
        tell(context, one)  # another text came meanwhile, and nobody has read it yet
        return
    label, key = context.word("correct.show"), f"correct_{one.id}"
    with st.expander(label, key=key, type="compact", on_change="rerun") as opened:
        if opened.open:
            Desk(context, one, made).draw()
    if not opened.open:
        tell(context, one)  # a chip of the card was corrected
