"""Who wrote a review: the pseudonym, how much more it wrote, and the list of all that."""

from __future__ import annotations

from functools import partial

import streamlit as st
from markupsafe import Markup

from ugc.dashboard.frame import address
from ugc.dashboard.frame.context import Context
from ugc.dashboard.look.blocks import facts
from ugc.dashboard.look.markup import show
from ugc.insight.reviews.authors import author_of

__all__ = ["history", "signature"]

_SHOWN = 8
"""Signs of a pseudonym that are shown: enough to tell the authors of a page apart."""


def signature(context: Context, author: str | None, reviews: int) -> Markup:
    """The pseudonym, and a link to the author's other reviews where there are any.

    `reviews` are all of the author's in the lake. The link leaves the filters behind: they would
    hide a part of what it promises.
    """
    if not author:
        return Markup("")
    word = context.word
    name = Markup("<span>{} <bdi>{}</bdi></span>").format(word("author.name"), author[:_SHOWN])
    others = reviews - 1
    if others < 1 or context.view["author"] == author:
        return name
    common = {field.name: field.default for field in address.COMMON if field.name != "ui"}
    return Markup('{}: <a href="{}" target="_self">{}</a>').format(
        name,
        context.place("reviews", **common, author=author),
        word("author.more", n=others, count=context.say.number(others)),
    )


def history(context: Context) -> None:
    """What the author whom the view names wrote in the whole lake, and the way back to all reviews."""
    author = context.view["author"]
    if not author:
        return
    word, say = context.word, context.say
    st.button(
        word("author.back"),
        key="author_back",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=partial(address.assign, author=None),
    )
    found = context.ask(author_of, author)
    pieces: list[str | Markup] = [
        Markup("<b>{} <bdi>{}</bdi></b>").format(word("author.name"), author[:_SHOWN]),
        word("scope.reviews", n=found.reviews, count=say.number(found.reviews)),
    ]
    if found.ratings:
        mean = say.stars(found.stars)
        pieces.append(word("author.mean", stars=mean, n=found.ratings, count=say.number(found.ratings)))
    if found.first and found.last:
        pieces.append(say.span(found.first.date(), found.last.date()))
    if found.companies:
        pieces.append(word("author.companies", n=found.companies, count=say.number(found.companies)))
    pieces += [word.called("source", one) for one in found.sources]
    show(facts(pieces))
