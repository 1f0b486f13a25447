"""Single cells of a record: names, counts, flags, and who wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ugc.ingest.identity import plain_id
from ugc.text.clean import clean_line
from ugc.text.privacy import mask

__all__ = ["flag", "is_blank", "label", "person", "scale", "version", "whole"]

_NOBODY = frozenset(
    {
        "аноним",
        "анонимно",
        "анонимный пользователь",
        "гость",
        "покупатель",
        "покупатель wildberries",
        "клиент",
    }
    | {
        "пользователь",
        "пользователь скрыл свои данные",
        "ozon пользователь",
        "пользователь предпочёл скрыть свои данные",
    }
    | {
        "anonymous",
        "anonymous user",
        "a google user",
        "google user",
        "guest",
        "user",
        "customer",
        "amazon customer",
    }
    | {"użytkownik ceneo", "anonim", "anonimowy", "gość", "klient", "użytkownik", "deleted user", "[deleted]"}
)
"""Names that sites give to everybody who gives none."""

_YES = frozenset({"true", "yes", "y", "1", "да", "tak", "t", "д"})
_NO = frozenset({"false", "no", "n", "0", "нет", "nie", "f", "н"})
_VOUCHED = ("подтвержд", "potwierdz", "verified", "confirmed", "invited")


def is_blank(value: Any) -> bool:
    """Whether a cell holds nothing: `None`, an empty text, or a table's NaN."""
    return value is None or value == "" or (isinstance(value, float) and value != value)


def person(record: Mapping[str, Any]) -> str:
    """Who wrote it: the name that the source shows, else an account or a mail address; "" for nobody.

    The name comes first because it is what somebody gives who asks to be forgotten.
    """
    for key in ("author", "author_id", "author_mail"):
        value = record.get(key)
        if not is_blank(value):
            name = plain_id(value)
            if " ".join(name.casefold().split()) not in _NOBODY:
                return name
    return ""


def label(value: Any) -> str | None:
    """A name on one line, at most 300 signs; `a|a|a`, as some exports repeat it, is `a`."""
    if is_blank(value) or isinstance(value, (dict, list)):
        return None
    return _tidy_label(plain_id(value)) or None


def version(value: Any) -> str | None:
    """A version as it stands: 5.0 is another one than 5."""
    return None if is_blank(value) or isinstance(value, (dict, list)) else _tidy_label(str(value)) or None


@lru_cache(maxsize=8192)
def _tidy_label(text: str) -> str:
    """The same for a text."""
    text = clean_line(text)[:2000]
    parts = {part.strip() for part in text.split("|")}
    if len(parts) == 1:
        text = parts.pop()
    if text.casefold() in {"nan", "none", "null", "-", "—"}:
        return ""
    return text[:300] if text.isdigit() else mask(text).text[:300]


def whole(value: Any) -> int | None:
    """A count, `None` where there is none; a list counts its members."""
    if isinstance(value, (list, tuple)):
        return len(value)
    try:
        number = int(float(str(value).replace("\u00a0", "").replace(" ", "").replace(",", ".")))
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < 2**62 else None


def flag(value: Any) -> bool | None:
    """Whether the source vouches for the purchase, as a word or a sentence such as "verified purchase"."""
    if is_blank(value):
        return None
    if isinstance(value, bool):
        return value
    text = str(value).strip().casefold()
    if text in _YES:
        return True
    if text in _NO:
        return False
    if text.startswith(("не ", "nie", "not ", "un")):
        return False
    return True if any(word in text for word in _VOUCHED) else None


def scale(value: Any) -> float | None:
    """A scale as its best value: 5, "10", "1-5"."""
    try:
        best = float(str(value).replace(",", ".").split("-")[-1]) if not is_blank(value) else 0.0
    except ValueError:
        return None
    return best if 1 <= best <= 1000 else None
