"""The one text of a review, put together from its title, body, pros and cons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ugc.ingest.languages import settle
from ugc.text.clean import clean
from ugc.text.privacy import mask

__all__ = ["LONGEST_TEXT", "TooLong", "Wording", "compose", "original", "said"]

LONGEST_TEXT = 1_000_000
"""Signs of the longest text that is kept, whole; a longer one is no review and is rejected."""

_LABELS = {
    "ru": ("Достоинства", "Недостатки"),
    "en": ("Pros", "Cons"),
    "pl": ("Plusy", "Minusy"),
}
_BLANK = frozenset({"nan", "none", "null", "nil", "n/a", "#n/a", "undefined"})
_NOTHING = re.compile(r"[-–—.,\s]*|0|n/?a|nan|none|null", re.IGNORECASE)
_OWN_LABEL = re.compile(
    r"^(?:достоинства|плюсы|преимущества|недостатки|минусы|pros|cons|advantages|disadvantages|zalety|plusy|wady|"
    r"minusy)(?:\s*[:.]\s*|\s*\n)",
    re.IGNORECASE,
)
_GLUED = re.compile(
    r"(?<=[^\s\n])\s*(?=(?:Достоинства|Недостатки|Комментарий|Плюсы|Минусы|Zalety|Wady)\s?:\s?\S)"
)
_TRANSLATED = re.compile(r"\(Translated by Google\)|\(Переведено Google\)|\(Tłumaczenie Google\)")
_ORIGINAL = re.compile(r"\(Original\)|\(Оригинал\)|\(Oryginał\)|\(Wersja oryginalna\)")


class TooLong(ValueError):
    """A text longer than any review."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What the customer wrote, cleaned and masked; `kinds` says what was masked."""

    text: str
    title: str | None
    kinds: tuple[str, ...]


def said(value: Any) -> str:
    """A cell as cleaned text, "" for a blank one.

    Raises:
        TooLong: it has more than `LONGEST_TEXT` signs.
    """
    if value is None or value != value:
        return ""
    text = (
        ", ".join(str(one) for one in value if one is not None)
        if isinstance(value, (list, tuple))
        else str(value)
    )
    if len(text) > LONGEST_TEXT:
        raise TooLong(f"its text has {len(text):,} signs; the limit is {LONGEST_TEXT:,}")
    text = clean(text)
    return "" if text.casefold() in _BLANK else text


def _points(value: Any) -> str:
    """Pros or cons on one line: their own label, bullets and the dots that glue them go."""
    text = said(value)
    labelled = _OWN_LABEL.search(text) is not None
    text = _OWN_LABEL.sub("", text).strip()
    if _NOTHING.fullmatch(text):
        return ""
    if labelled:
        text = re.sub(r"(?<=\w)\.(?=\w)", ", ", text)
    lines = [line.strip(" •·-–—*\t") for line in text.split("\n")]
    return ", ".join(line.rstrip(",;") for line in lines if line)


def original(text: str) -> str:
    """A review that Google translated, in the words of its writer."""
    if not _TRANSLATED.search(text):
        return text
    parts = _ORIGINAL.split(text, maxsplit=1)
    if len(parts) == 2:
        return parts[1].strip()
    return _TRANSLATED.split(text, maxsplit=1)[0].strip() or _TRANSLATED.sub("", text).strip()


def _repeats(title: str, body: str) -> bool:
    """Whether a title only repeats how the body begins, as sites do that ask for none."""
    start = " ".join(title.casefold().rstrip(" .…").split())
    return bool(start) and " ".join(body.casefold().split()).startswith(start)


def compose(record: Mapping[str, Any], language: str | None) -> tuple[Wording, str | None]:
    """Title, body, pros and cons of a record as one masked text, and its language.

    The title is the first line unless the body begins with it; pros and cons follow on labelled
    lines in the language of the review. An answer of the shop that a site glued to the text stays:
    nothing tells where it begins. `language` is what the source says.

    Raises:
        TooLong: one of the parts has more than `LONGEST_TEXT` signs.
    """
    title = " ".join(said(record.get("title")).split())
    body = _GLUED.sub("\n", original(said(record.get("text"))))
    pros, cons = _points(record.get("pros")), _points(record.get("cons"))
    if title and _repeats(title, body):
        title = ""
    found = settle("\n".join(part for part in (body, title, pros, cons) if part), language)
    good, bad = _LABELS.get(found or "", _LABELS["en"])
    masked = [mask(part) for part in (title, body, pros, cons)]
    lines = [
        masked[0].text,
        masked[1].text,
        f"{good}: {masked[2].text}" if pros else "",
        f"{bad}: {masked[3].text}" if cons else "",
    ]
    kinds = tuple(kind for one in masked for kind in one.kinds)
    return Wording("\n".join(line for line in lines if line), masked[0].text or None, kinds), found
