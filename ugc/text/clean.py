"""A text as its writer meant it: broken encodings mended, markup and invisible signs taken out."""

from __future__ import annotations

import html
import re
import unicodedata

import ftfy

__all__ = ["clean", "clean_line"]

_CONFIG = ftfy.TextFixerConfig(
    unescape_html=False, uncurl_quotes=False, fix_line_breaks=True, normalization=None, explain=False
)

_TAGS = (
    "a|abbr|article|aside|b|big|blockquote|body|br|center|cite|code|dd|del|div|dl|dt|em|figure|font|footer|form|"
    "h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|li|link|main|mark|meta|nav|object|ol|option|p|pre|q|"
    "s|section|select|small|span|strike|strong|sub|sup|svg|table|tbody|td|tfoot|th|thead|time|title|tr|u|ul|video|wbr"
)
_DROPPED = tuple(
    (re.compile(begin, re.IGNORECASE), re.compile(end, re.IGNORECASE))
    for begin, end in (
        ("<!--", "-->"),
        *((rf"<{name}\b[^<>]*>", rf"</{name}\s*>") for name in ("script", "style", "template", "noscript")),
    )
)
"""What opens and closes a stretch that is no text."""

_FRAME = re.compile(r"<!\[CDATA\[|\]\]>|<!doctype[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(
    r"<\s*br\s*/?\s*>|</\s*(?:p|div|li|tr|h[1-6]|ul|ol|table|blockquote)\s*>|<\s*(?:li|hr)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(rf"</?\s*(?:{_TAGS}|script|style|template|noscript)\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]{1,31});", re.IGNORECASE)

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0001]"
)
_JOINER = re.compile(
    "(?<![\u2190-\u3299\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2190-\u3299\U0001f000-\U0001faff])"
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_PILE = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{2})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]+"
)


_PLAIN = re.compile("[\n -~А-яЁё«»—–№ĄąĆćĘęŁłŃńÓóŚśŹźŻż]*")
_BROKEN = re.compile("[РСГВ][Ёё«»—–№]|[«»—–№]{2}|[ĄąĆćĘęŁłŃńÓóŚśŹźŻż][ĄąĆćĘęŁłŃńÓóŚśŹźŻż«»—–№]")
"""What ordinary writing consists of, and the pairs of its signs that mojibake of it may have."""


def _is_plain(text: str) -> bool:
    """Whether a text is ordinary writing, in which `ftfy` finds nothing to mend.

    Most texts are; asking this first spares them the better part of their cleaning.
    """
    return _PLAIN.fullmatch(text) is not None and _BROKEN.search(text) is None


def _without(text: str, begin: re.Pattern[str], end: re.Pattern[str]) -> str:
    """A text without the stretches between two patterns; in time that grows with its length only."""
    pieces: list[str] = []
    place = 0
    while opened := begin.search(text, place):
        closed = end.search(text, opened.end())
        if closed is None:
            break
        pieces.append(text[place : opened.start()])
        place = closed.end()
    pieces.append(text[place:])
    return " ".join(pieces)


def _without_markup(text: str) -> str:
    """A text without its HTML: blocks become line breaks, entities their signs.

    Markup that was escaped once more, as exports often do, is taken out as well. A "<" that opens
    no known tag ("<3", "5 < 7") stays.
    """
    for _ in range(2):
        if "<" in text:
            for begin, end in _DROPPED:
                text = _without(text, begin, end)
            text = _FRAME.sub("", text)
            text = _BREAK.sub("\n", text)
            text = _TAG.sub("", text)
        if "&" not in text or _ENTITY.search(text) is None:
            break
        text = html.unescape(text)
    return _TAG.sub("", text) if "<" in text else text


def clean(text: str) -> str:
    """A text without mojibake, HTML, invisible and control signs, in NFC, with its line breaks.

    Runs of spaces become one, more than one empty line becomes one. Cleaning twice changes nothing
    in ordinary text.
    """
    plain = _is_plain(text)
    if not plain:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        text = ftfy.fix_text(text, _CONFIG)
    entities = "&" in text
    text = _without_markup(text)
    if entities or not plain:
        text = _without_signs(text)
    text = _SPACES.sub(" ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _without_signs(text: str) -> str:
    """A text without invisible and control signs, in NFC; every kind of line break is one."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = _JOINER.sub("", _INVISIBLE.sub("", text))
    text = _CONTROL.sub("", text.replace("\x0b", "\n").replace("\x0c", "\n").replace("\x85", "\n"))
    return _PILE.sub(r"\1", unicodedata.normalize("NFC", text))


def clean_line(text: str) -> str:
    """The same on one line, for names and labels."""
    return " ".join(clean(text).split())
