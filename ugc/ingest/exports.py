"""Exports that companies already have, told by their columns: which field stands where in each.

A new one is an entry in `EXPORTS`. Columns are written as the product names them, nested ones with
dots, and compared as `ugc.ingest.columns.normal_name` does: without case and strokes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ugc.ingest import export_cells as cells
from ugc.ingest.columns import normal_name

if TYPE_CHECKING:
    from ugc.ingest.profile import Profile

__all__ = ["EXPORTS", "Export", "Take", "recognise"]


@dataclass(frozen=True, slots=True)
class Take:
    """Where a field stands in an export.

    Attributes:
        columns: that hold it, the preferred first.
        read: makes the value of the cells of `columns` and `beside`, by these names; the first of
            `columns` that is not blank when unset.
        beside: columns that help to tell.
    """

    columns: tuple[str, ...]
    read: Callable[[cells.Cells], Any] | None = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """What is known of one kind of export.

    Attributes:
        title: as the user knows it.
        source: key of its reviews' source, where they name none.
        signs: sets of columns; a file that has all of one set is such an export.
        fields: where each field stands; other columns are not used.
        scale: best value of its bare ratings.
        kept: the source in words, where it is not the same for all rows.
    """

    title: str
    source: str
    signs: tuple[tuple[str, ...], ...]
    fields: Mapping[str, Take]
    scale: float | None = 5
    kept: str = ""


def _at(*columns: str) -> Take:
    """A field that is copied from the first of its columns that is not blank."""
    return Take(columns)


_PLAY = Export(
    title="Google Play Console export",
    source="google_play",
    signs=(
        ("Package Name", "Star Rating"),
        ("Package Name", "Review Link"),
        ("Package Name", "Review Submit Millis Since Epoch"),
        ("Package Name", "Review Last Update Millis Since Epoch"),
    ),
    fields={
        "text": _at("Review Text"),
        "title": _at("Review Title"),
        "rating": _at("Star Rating"),
        "date": _at("Review Submit Millis Since Epoch", "Review Submit Date and Time"),
        "edited_at": _at("Review Last Update Millis Since Epoch", "Review Last Update Date and Time"),
        "source_id": Take(
            ("Review Link",),
            cells.play_id,
            (
                "Package Name",
                "Review Submit Millis Since Epoch",
                "Review Submit Date and Time",
                "Device",
            ),
        ),
        "url": _at("Review Link"),
        "product": _at("Package Name"),
        "language": _at("Reviewer Language"),
        "app_version": _at("App Version Name"),
        "reply_text": _at("Developer Reply Text"),
        "reply_date": _at("Developer Reply Millis Since Epoch", "Developer Reply Date and Time"),
    },
)

_CONNECT = Export(
    title="App Store Connect export",
    source="app_store",
    signs=(
        ("attributes.reviewerNickname",),
        ("attributes.rating", "attributes.territory"),
        ("attributes.rating", "attributes.body", "attributes.createdDate"),
        ("reviewerNickname", "territory"),
    ),
    fields={
        "text": _at("attributes.body", "body"),
        "title": _at("attributes.title", "title"),
        "rating": _at("attributes.rating", "rating"),
        "date": _at("attributes.createdDate", "createdDate"),
        "author": _at("attributes.reviewerNickname", "reviewerNickname"),
        "source_id": Take(("id", "reviewId"), cells.app_store_id),
        "reply_text": _at("included.customerReviewResponses.responseBody", "responseBody"),
        "reply_date": _at("included.customerReviewResponses.lastModifiedDate", "lastModifiedDate"),
    },
)

_TRUSTPILOT = Export(
    title="Trustpilot Business export",
    source="trustpilot",
    signs=(
        ("Review Id", "Review Stars", "Review Created (UTC)"),
        ("Review Id", "Review Stars", "Domain Url"),
        ("Review Id", "Review Content", "Domain Url"),
        ("Review Id", "Review Content", "Business Unit Id"),
    ),
    fields={
        "text": _at("Review Content"),
        "title": _at("Review Title"),
        "rating": _at("Review Stars"),
        "date": Take(("Review Created (UTC)",), cells.utc),
        "author": _at("Review Username"),
        "author_id": _at("Review Consumer User Id"),
        "author_mail": _at("Review User Email"),
        "source_id": _at("Review Id"),
        "url": Take(("Review Id",), cells.trustpilot_address),
        "company": _at("Webshop Name"),
        "place": _at("Location Name"),
        "language": _at("Review Language"),
        "reply_text": _at("Company Reply", "Business Reply", "Company Response", "Business Response"),
        "reply_date": Take(("Company Reply Date (UTC)", "Business Reply Date (UTC)"), cells.utc),
    },
)

_APPFOLLOW = Export(
    title="AppFollow export",
    source="appfollow",
    kept="app_store or google_play where a row names its store, else appfollow",
    signs=(
        ("review_id", "store", "ext_id"),
        ("review_id", "store", "answer_text"),
        ("review_id", "store", "user_id", "content"),
        ("review_id", "content", "answer_text", "answer_date"),
    ),
    fields={
        "text": _at("content"),
        "title": _at("title"),
        "rating": _at("rating"),
        "date": _at("date"),
        "time": _at("time"),
        "author": _at("author"),
        "author_id": _at("user_id"),
        "source": Take(("store",), cells.store),
        "source_id": _at("review_id"),
        "product": _at("app_name", "ext_id"),
        "language": _at("locale"),
        "app_version": _at("app_version"),
        "helpful_votes": _at("thumbs_up_cnt"),
        "reply_text": _at("answer_text"),
        "reply_date": _at("answer_date"),
    },
)

_GOOGLE = Export(
    title="Google Business Profile export",
    source="google_business",
    signs=(
        ("starRating", "createTime"),
        ("starRating", "reviewId"),
        ("review.starRating", "review.createTime"),
    ),
    fields={
        "text": _at("comment", "review.comment"),
        "rating": _at("starRating", "review.starRating"),
        "date": _at("createTime", "review.createTime"),
        "edited_at": _at("updateTime", "review.updateTime"),
        "author": _at("reviewer.displayName", "review.reviewer.displayName"),
        "source_id": Take(("reviewId", "review.reviewId", "review.name", "name"), cells.google_id),
        "reply_text": Take(("reviewReply.comment", "review.reviewReply.comment"), cells.translated),
        "reply_date": _at("reviewReply.updateTime", "review.reviewReply.updateTime"),
    },
)

_ZENDESK = Export(
    title="Zendesk export",
    source="zendesk",
    scale=None,
    signs=(
        ("id", "satisfaction_rating.score"),
        ("id", "subject", "via.channel"),
        ("id", "description", "via.channel"),
        ("id", "requester", "satisfaction score"),
        ("ticket_id", "score", "requester_id"),
        ("ticket_id", "score", "assignee_id"),
    ),
    fields={
        "text": Take(("description", "satisfaction_rating.comment", "comment"), cells.ticket_text),
        "title": _at("subject", "raw_subject"),
        "rating": Take(("satisfaction_rating.score", "satisfaction score", "score"), cells.grade),
        "date": _at("created_at"),
        "edited_at": _at("updated_at"),
        "author": _at("requester.name", "requester"),
        "author_id": _at("requester_id"),
        "author_mail": _at("requester.email", "requester email"),
        "source_id": _at("ticket_id", "id"),
        "url": Take(("url",), cells.ticket_address, ("ticket_id", "id")),
    },
)

_INTERCOM = Export(
    title="Intercom export",
    source="intercom",
    signs=(
        ("id", "source.body"),
        ("id", "source.author.type"),
        ("id", "conversation_rating.rating"),
    ),
    fields={
        "text": Take(
            ("source.body", "conversation_rating.remark"),
            cells.conversation_text,
            ("source.author.type",),
        ),
        "title": Take(("source.subject",), cells.customers, ("source.author.type",)),
        "rating": _at("conversation_rating.rating"),
        "date": _at("created_at"),
        "edited_at": _at("updated_at"),
        "author": Take(("source.author.name",), cells.customers, ("source.author.type",)),
        "author_id": Take(
            ("source.author.id", "conversation_rating.contact.id"),
            cells.contact,
            ("source.author.type", "contacts.contacts"),
        ),
        "author_mail": Take(("source.author.email",), cells.customers, ("source.author.type",)),
        "source_id": _at("id"),
        "url": _at("links.conversation_web"),
    },
)

EXPORTS = (_PLAY, _CONNECT, _TRUSTPILOT, _APPFOLLOW, _GOOGLE, _ZENDESK, _INTERCOM)
"""Every export that is known, in the order in which a file is compared with them."""


def recognise(profile: Profile) -> Export | None:
    """The export that a table is by its columns; `None` for any other table."""
    names = {normal_name(column) for column in profile.columns}
    for export in EXPORTS:
        if any(names.issuperset(map(normal_name, signs)) for signs in export.signs):
            return export
    return None
