"""Reviews labelled by people: one JSON object a line, in the format of the labelling guide."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.labels import CONTACT, EFFORT, EMOTIONS, LOYALTY, POLARITIES, SENTIMENTS, THEMES, TOUCHPOINTS
from ugc.errors import InputError

__all__ = ["Labelled", "LabelledMention", "fingerprint", "normalised", "read_labelled", "residue"]

_JUNK = re.compile(r"[\W_]+")


def normalised(text: str) -> str:
    """A text in lower case with only its letters and digits: what counts as the same text twice."""
    return _JUNK.sub(" ", text.lower()).strip()


def fingerprint(text: str) -> int:
    """First eight bytes of the SHA-1 of the normalised text: finds training texts without keeping them."""
    return int.from_bytes(hashlib.sha1(normalised(text).encode("utf-8", "surrogatepass")).digest()[:8], "big")


def residue(text: str) -> int:
    """Split of a text, 0…9, by its hash: 0 is held out for the last measurement, 1 for development."""
    return int(hashlib.sha1(text.encode("utf-8", "surrogatepass")).hexdigest()[:8], 16) % 10


@dataclass(frozen=True, slots=True)
class LabelledMention:
    """A span of the text that raises a theme."""

    start: int
    end: int
    theme: str
    polarity: str
    touchpoint: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """One review with the labels of a person."""

    id: str
    text: str
    language: str
    set: str
    sentiment: str
    emotions: tuple[str, ...]
    contact: str
    loyalty: tuple[str, ...]
    effort: str
    repeat: bool
    specific: bool
    mentions: tuple[LabelledMention, ...]


class _Row:
    """One object of the file, whose fields are checked as they are taken."""

    def __init__(self, path: Path, number: int, row: dict[str, Any]) -> None:
        self.place = f"{path.name}, line {number}"
        self.row = row

    def fail(self, what: str, mend: str) -> InputError:
        """The error for this line."""
        return InputError(f"{self.place}: {what}.", mend)

    def one(self, field: str, known: tuple[str, ...], source: dict[str, Any] | None = None) -> str:
        """A field that holds one of the known labels."""
        value = (self.row if source is None else source).get(field)
        if value not in known:
            raise self.fail(f"{field} is {value!r}", f"It must be one of: {', '.join(known)}.")
        return str(value)

    def many(self, field: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """A field that holds a list of known labels."""
        value = self.row.get(field)
        if not isinstance(value, list):
            raise self.fail(f"{field} is {value!r}", f"It must be a list of: {', '.join(known)}.")
        strange = [one for one in value if one not in known]
        if strange:
            raise self.fail(f"{field} holds {strange[0]!r}", f"Known are: {', '.join(known)}.")
        return tuple(value)

    def flag(self, field: str) -> bool:
        """A field that holds true or false."""
        value = self.row.get(field)
        if not isinstance(value, bool):
            raise self.fail(f"{field} is {value!r}", "It must be true or false.")
        return value

    def mention(self, text: str, found: Any) -> LabelledMention:
        """One entry of `mentions`; its span is looked up by the quote when it is not given."""
        quote = found.get("quote") if isinstance(found, dict) else None
        if not isinstance(quote, str) or not quote:
            raise self.fail("a mention has no quote", 'Give it "quote": an exact part of the text.')
        start = found.get("start")
        if not isinstance(start, int) or text[start : start + len(quote)] != quote:
            start = text.find(quote)
        if start < 0:
            raise self.fail(f"the quote {quote[:60]!r} is not in the text", "Copy it exactly from the text.")
        return LabelledMention(
            start,
            start + len(quote),
            self.one("theme", THEMES, found),
            self.one("polarity", POLARITIES, found),
            self.one("touchpoint", TOUCHPOINTS, found),
        )


def _labelled(path: Path, number: int, row: dict[str, Any]) -> Labelled:
    """One line as a labelled review; `InputError` names the line and the field."""
    take = _Row(path, number, row)
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise take.fail("there is no text", 'Give every object a "text" that is not empty.')
    mentions = row.get("mentions")
    if not isinstance(mentions, list):
        raise take.fail("mentions is not a list", "It is [] where the text raises no theme.")
    return Labelled(
        id=str(row.get("id", number)),
        text=text,
        language=str(row.get("lang") or "und"),
        set=str(row.get("set", "")),
        sentiment=take.one("sentiment", SENTIMENTS),
        emotions=take.many("emotions", EMOTIONS),
        contact=take.one("contact", CONTACT),
        loyalty=take.many("loyalty", LOYALTY),
        effort=take.one("effort", EFFORT),
        repeat=take.flag("repeat"),
        specific=take.flag("specific"),
        mentions=tuple(take.mention(text, one) for one in mentions),
    )


def read_labelled(path: Path) -> list[Labelled]:
    """All reviews of a file in the guide's format; `InputError` names the first line that is wrong."""
    if not path.is_file():
        raise InputError(f"There is no file {path}.", "Give the path of a JSONL file of labelled reviews.")
    reviews = []
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                except json.JSONDecodeError as error:
                    raise InputError(
                        f"{path.name}, line {number}: this is not JSON ({error.msg}).",
                        "The file must hold one JSON object a line (JSONL).",
                    ) from error
                if not isinstance(row, dict):
                    raise InputError(
                        f"{path.name}, line {number}: this is not an object.",
                        "The file must hold one JSON object a line (JSONL).",
                    )
                reviews.append(_labelled(path, number, row))
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not UTF-8 text.", "Save it as UTF-8 JSONL.") from error
    if not reviews:
        raise InputError(f"{path.name} holds no reviews.", "It needs at least one labelled review a line.")
    return reviews
