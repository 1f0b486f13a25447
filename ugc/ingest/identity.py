"""What makes a review the same review: its source, its id there, and what its content was."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from ugc.ingest.dates import Moment

__all__ = ["content_hash", "content_id", "date_key", "plain_id", "slug"]

_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_DAY = re.compile(r"\d{1,2}\s+[^\W\d_]{3,}|[^\W\d_]{3,}\.?\s+\d{1,2}")


def slug(name: str) -> str:
    """Name of a source as a key: `banki.ru` is `banki_ru`, `Google Play` is `google_play`."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", name).casefold())
    return "_".join(word for word in words if word != "www")[:60] or "file"


def plain_id(value: Any) -> str:
    """An id as text; whole numbers lose the `.0` that tables give them."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).encode("utf-8", "replace").decode().strip()
    return text.removesuffix(".0") if re.fullmatch(r"\d+\.0", text) else text


def date_key(value: Any, moment: Moment | None) -> str:
    """What of a date stays the same in every export: its text, or of «Вчера, 18:58» the clock alone."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    text = " ".join(str(value or "").split())
    if moment is None or moment.exact:
        return text
    clock = _CLOCK.search(text)
    if clock:
        return clock[0]
    return text if _DAY.search(text) and not re.search(r"назад|ago|temu", text, re.IGNORECASE) else ""


def content_id(parts: Iterable[Any]) -> str:
    """Id of a review whose source gives none: 24 hexadecimal digits of the SHA-1 of what it says."""
    said = "\x1f".join(" ".join(str("" if part is None else part).split()) for part in parts)
    return "c" + hashlib.sha1(said.encode("utf-8", "surrogatepass")).hexdigest()[:23]


def content_hash(fields: dict[str, Any]) -> str:
    """Sixteen hexadecimal digits that change with any field that the source can change."""
    said = json.dumps(fields, ensure_ascii=True, sort_keys=True, default=str)
    return hashlib.sha1(said.encode()).hexdigest()[:16]
