"""Personal data in a text, replaced by its kind; authors as salted pseudonyms.

Kinds: link, email, iban, snils, pesel, nip, inn, passport, contract, account, card, phone. A
number is masked when its check digits agree, when its shape belongs to nothing else, or when the
words before it say what it is. Sums of money, dates, percentages, times, model names and short
order numbers belong to none of these and stay. Names of people stay: staff is praised by name.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass

from ugc.text.links import LINK, is_personal
from ugc.text.patterns import RULES, Rule

__all__ = ["KINDS", "Masked", "mask", "names_person", "pseudonym"]

KINDS = (
    "link",
    "email",
    "iban",
    "snils",
    "pesel",
    "nip",
    "inn",
    "passport",
    "contract",
    "account",
    "card",
    "phone",
)
"""What is masked, in the order in which it is looked for; a mask is the kind between ‹ and ›."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal data and the kind of each thing that was masked in it."""

    text: str
    kinds: tuple[str, ...] = ()


_NUMBER_TO_CALL = re.compile(r"\+\d[\d ()-]{7,18}|[78]9\d{9}|[78] ?\(?\d{3}\)?[ -]\d{3}[ -]?\d\d[ -]?\d\d")
_HINT = re.compile(r"\d{3}|\d\d[^\w\n]{1,3}\d|@|собака|[(\[]at[)\]]", re.IGNORECASE)
"""Without one of these there is nothing to mask."""

_DIGIT = re.compile(r"\d")

_REACH = 90
"""Signs before a number in which the word may stand that says what it is."""


def _windows(text: str) -> list[tuple[int, int]]:
    """Stretches around digits and @ in which something can be masked, parted at spaces."""
    found: list[tuple[int, int]] = []
    for match in _HINT.finditer(text):
        edge = max(0, match.start() - _REACH)
        start = max(text.rfind(" ", max(0, edge - _REACH), edge), 0) or edge
        edge = match.end() + _REACH // 2
        end = text.find(" ", edge, edge + _REACH)
        end = min(edge, len(text)) if end < 0 else end
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _mask_window(text: str, kinds: list[str]) -> str:
    """A stretch, masked; what was masked is added to `kinds`."""
    digits = len(_DIGIT.findall(text))
    for rule in RULES:
        if digits < rule.digits:
            continue

        def swap(match: re.Match[str], rule: Rule = rule) -> str:
            if not rule.holds(match):
                return match[0]
            kinds.append(rule.kind)
            return f"{match['before']}‹{rule.kind}›"

        text = rule.pattern.sub(swap, text)
    return text


def _mask_plain(text: str, kinds: list[str]) -> str:
    """A stretch without links, masked; what was masked is added to `kinds`."""
    pieces: list[str] = []
    place = 0
    for start, end in _windows(text):
        pieces += (text[place:start], _mask_window(text[start:end], kinds))
        place = end
    pieces.append(text[place:])
    return "".join(pieces)


def mask(text: str) -> Masked:
    """A text with each piece of personal data replaced by its kind, as ‹phone›.

    Masking twice changes nothing. Links to public pages stay as they are; one that carries a
    token, a login or a user's number becomes ‹link›.
    """
    if not text or (_HINT.search(text) is None and LINK.search(text) is None):
        return Masked(text)
    kinds: list[str] = []
    pieces: list[str] = []
    place = 0
    for match in LINK.finditer(text):
        pieces.append(_mask_plain(text[place : match.start()], kinds))
        if is_personal(match[0]):
            kinds.append("link")
            pieces.append("‹link›")
        else:
            pieces.append(match[0])
        place = match.end()
    pieces.append(_mask_plain(text[place:], kinds))
    return Masked("".join(pieces), tuple(kinds))


def names_person(identifier: str) -> bool:
    """Whether an identifier is itself personal: a mail address or a phone number."""
    return "@" in identifier or _NUMBER_TO_CALL.fullmatch(identifier) is not None


def pseudonym(author: str, source: str, salt: str) -> str:
    """Sixteen hexadecimal digits that stand for an author of a source: HMAC-SHA-256 under the salt.

    The same author of the same source always gets the same pseudonym; spaces and letter case do
    not matter. Without the salt a name cannot be tested against it.
    """
    name = " ".join(unicodedata.normalize("NFKC", author).casefold().split())
    message = f"{source}\x1f{name}".encode("utf-8", "surrogatepass")
    return hmac.new(salt.encode(), message, hashlib.sha256).hexdigest()[:16]
