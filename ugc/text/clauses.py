"""Sentences and clauses of a review: the pieces that carry one opinion each.

A blank spaCy pipeline gives the tokens; the component `ugc_clauses` of this module decides where
a sentence ends (stops, line breaks, bullets; not after abbreviations) and where a clause does
(commas, semicolons, dashes, brackets, adversative conjunctions). Fragments under three words join
a neighbour, clauses beyond thirty words are cut at the nearest conjunction. No text makes it
fail: broken surrogates, runs without spaces and very long texts are read in pieces of the same
length, so that every span fits the text that was given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ugc.text.lean_import import without

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.language import Language
    from spacy.tokens import Doc, Span

__all__ = ["Clause", "sentences", "split"]

MIN_WORDS = 3
"""Fragments with fewer words join a neighbour of the same sentence."""

MAX_WORDS = 30
"""Clauses with more words are cut, at a conjunction where there is one."""

PIECE = 20_000
"""Characters that are given to spaCy at once."""

RUN = 300
"""Longest run without a space that is left whole: the time of spaCy's tokenizer grows with its square."""

STRINGS = 400_000
"""A pipeline that has met so many different words is replaced, so that memory stays bounded."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_ABBREVIATIONS = _words(
    """
    г гг ул д кв стр корп пр просп пер наб р-н обл тел им св т е н д п к с руб коп тыс млн млрд мин
    сек ч чел шт см напр др пр проч ок прим рис табл зам зав гл ст ред долл т.е т.к т.д т.п т.н
    ul al pl np m.in tzn tj itp itd itd godz min sek zł gr tys mln mld dr mgr inż prof św nr tel ok
    r w wg pt woj pow ew tzw br bm os
    mr mrs ms dr prof st vs etc e.g i.e inc ltd co jr sr approx no tel dept est fig min max hr hrs
    """
)
_MAY_END = _words("г гг руб коп тыс млн млрд мин сек ч чел шт т.д т.п др itp itd etc zł gr r tys hr hrs")
_ADVERSATIVE = _words(
    """
    но зато однако хотя
    but however although though yet whereas
    ale jednak jednakże lecz natomiast choć chociaż aczkolwiek
    """
)
_SUBORDINATE = _words(
    """
    что чтобы чтоб который которая которое которые которого которой которому которым которых которую
    где куда откуда когда как чем то
    that which who whom whose where when then
    że żeby aby który która które którego której któremu którym których którą gdzie kiedy jak
    """
)
_JOINING = _words(
    """
    и а да или потом затем поэтому потому так
    and so because then or also
    i a oraz więc bo potem albo lub też
    """
)
_STOPS = frozenset(".!?…")
_SOFT = frozenset(",;:()[]{}|/\\—–-•·*+✓✔➕➖")
_BULLETS = frozenset("•·*✓✔➕➖▪●-–—+")
_TRIM = " \t\r\n\x0b\x0c\u00a0\u200b\ufeff.,;:—–-•·*|/\\✓✔▪●…"
_INFIXES = (
    r"(?<=[^\W\d_])[!?…]+(?=[^\W\d_])",
    r"(?<=[a-zа-яёąćęłńóśźż]{2})\.(?=[A-ZА-ЯЁĄĆĘŁŃÓŚŹŻ])",
    r"(?<=\w)[,;](?=[^\W\d_])",
)
"""Stops and commas without a space after them, as people type."""

_SURROGATES = re.compile("[\ud800-\udfff]")
_LONG_RUN = re.compile(rf"\S{{{RUN + 1},}}")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Clause:
    """A span of a text in characters: `text[start:end]` is the clause."""

    start: int
    end: int


_PIPELINES: dict[str, Language] = {}


def _pipeline(language: str) -> Language:
    """The blank pipeline of a language (ru, en, pl; one without rules of its own for all others)."""
    code = language if language in ("ru", "en", "pl") else "xx"
    known = _PIPELINES.get(code)
    if known is None or len(known.vocab.strings) > STRINGS:
        with without("torch"):
            import spacy
        from spacy.language import Language

        if not Language.has_factory("ugc_clauses"):
            Language.component("ugc_clauses", func=_mark, retokenizes=False)
        known = spacy.blank(code)
        known.max_length = PIECE + RUN
        infixes = [*(known.Defaults.infixes or []), *_INFIXES]
        tokenizer: Any = known.tokenizer
        tokenizer.infix_finditer = spacy.util.compile_infix_regex(infixes).finditer
        known.add_pipe("ugc_clauses")
        _PIPELINES[code] = known
    return known


def _ends_sentence(words: list[str], at: int, spaced: bool) -> bool:
    """Whether the stop at `words[at]` closes a sentence; `spaced` says that white space follows it."""
    stop = words[at]
    if stop[0] not in _STOPS:
        return False
    if stop != ".":
        return True
    before = words[at - 1].lower() if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    if not after or after.isspace():
        return True
    if before in _ABBREVIATIONS or (len(before) == 1 and before.isalpha()):
        numbered = at >= 2 and words[at - 2][-1:].isdigit()
        return before in _MAY_END and after[0].isupper() and (numbered or "." in before)
    if not spaced:
        return after[0].isalpha() and not before[-1:].isdigit() and (after[0].isupper() or len(before) > 3)
    return True


def _keeps_stop(before: str, word: str, after: str) -> bool:
    """Whether a token such as «т.д.» that spaCy kept whole, with its stop, closes a sentence."""
    bare = word[:-1].lower()
    if bare in _ABBREVIATIONS or len(bare) <= 2 or "." in bare:
        numbered = before[-1:].isdigit() or "." in bare
        return bare in _MAY_END and after[:1].isupper() and numbered
    return True


def _boundaries(words: list[str], spaced: list[bool]) -> tuple[set[int], set[int]]:
    """Indices of the tokens that open a sentence, and of those that open a clause."""
    hard = {0}
    soft: set[int] = set()
    count = len(words)
    for i, word in enumerate(words):
        first = word[0]
        if word.isspace():
            if "\n" in word or "\r" in word:
                hard.add(i + 1)
        elif first in _STOPS:
            if _ends_sentence(words, i, spaced[i]):
                hard.add(i + 1)
        elif len(word) > 1 and word[-1] == "." and _WORD.match(first):
            after = words[i + 1] if i + 1 < count else ""
            if after and _keeps_stop(words[i - 1] if i else "", word, after):
                hard.add(i + 1)
        elif first in _SOFT and len(word) <= 3:
            hyphen = first in "-–—/+*" and 0 < i < count - 1 and not (spaced[i - 1] or spaced[i])
            if not hyphen:
                soft.add(i if first in "([{•✓✔➕➖" else i + 1)
        elif word.lower() in _ADVERSATIVE:
            soft.add(i)
    return hard, soft


def _segments(opening: list[int], count: int) -> list[tuple[int, int]]:
    """Token spans between the sorted opening indices."""
    return [(a, b) for a, b in zip(opening, [*opening[1:], count], strict=True) if a < b]


def _cut_long(words: list[str], start: int, end: int, is_word: list[bool]) -> Iterator[tuple[int, int]]:
    """Cuts a span of more than MAX_WORDS words, at a joining word in its second half if there is one."""
    while True:
        seen = 0
        joint = 0
        stop = end
        for i in range(start, end):
            if not is_word[i]:
                continue
            seen += 1
            if seen > MIN_WORDS * 3 and words[i].lower() in _JOINING:
                joint = i
            if seen > MAX_WORDS:
                stop = joint or i
                break
        yield start, stop
        if stop == end:
            return
        start = stop


def _merge(words: list[str], parts: list[tuple[int, int]], is_word: list[bool]) -> list[tuple[int, int]]:
    """Joins fragments of one sentence with a neighbour and subordinate clauses with their main clause."""
    merged: list[tuple[int, int, int]] = []
    for start, end in parts:
        size = sum(is_word[start:end])
        if merged:
            first, _, before = merged[-1]
            opening = next((words[i].lower() for i in range(start, end) if is_word[i]), "")
            bound = opening in _SUBORDINATE and before + size <= MAX_WORDS // 2
            if before < MIN_WORDS or not size or bound:
                merged[-1] = (first, end, before + size)
                continue
        merged.append((start, end, size))
    if len(merged) > 1 and merged[-1][2] < MIN_WORDS:
        _, end, size = merged.pop()
        first, _, before = merged[-1]
        merged[-1] = (first, end, before + size)
    return [(start, end) for start, end, _ in merged]


def _mark(doc: Doc) -> Doc:
    """The spaCy component: fills `doc.spans["sentences"]` and `doc.spans["clauses"]`."""
    words = [token.text for token in doc]
    spaced = [
        bool(token.whitespace_) or (i + 1 < len(words) and words[i + 1].isspace())
        for i, token in enumerate(doc)
    ]
    is_word = [_WORD.search(word) is not None for word in words]
    hard, soft = _boundaries(words, spaced)
    sentence_spans: list[Span] = []
    clause_spans: list[Span] = []
    for start, end in _segments(sorted(at for at in hard if at < len(words)), len(words)):
        sentence_spans.append(doc[start:end])
        opening = [start, *sorted(at for at in soft if start < at < end)]
        for a, b in _merge(words, _segments(opening, end), is_word):
            clause_spans.extend(doc[x:y] for x, y in _cut_long(words, a, b, is_word))
    doc.spans["sentences"] = sentence_spans
    doc.spans["clauses"] = clause_spans
    return doc


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Pieces of a text with their offsets: short enough for spaCy, and without overlong runs."""
    clean = _SURROGATES.sub("\ufffd", text)
    cuts = [0]
    for run in _LONG_RUN.finditer(clean):
        cuts.extend(range(run.start(), run.end(), RUN))
        cuts.append(run.end())
    cuts = sorted({*cuts, len(clean)})
    for start, end in pairwise(cuts):
        at = start
        while at < end:
            stop = min(at + PIECE, end)
            if stop < end:
                space = max(clean.rfind(" ", at + 1, stop), clean.rfind("\n", at + 1, stop))
                stop = space + 1 if space > at else stop
            yield at, clean[at:stop]
            at = stop


def _trimmed(text: str, start: int, end: int, strip: str) -> Clause | None:
    """A span without white space and the characters of `strip` around it, or `None` if nothing is left."""
    while start < end and (text[start].isspace() or text[start] in strip):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in strip):
        end -= 1
    return Clause(start, end) if start < end else None


def _read(text: str, language: str, kind: str, strip: str) -> list[Clause]:
    """Spans of one kind in all pieces of a text."""
    found: list[Clause] = []
    for offset, piece in _pieces(text):
        if not piece.strip():
            continue
        doc = _pipeline(language)(piece)
        for span in doc.spans[kind]:
            clause = _trimmed(text, offset + span.start_char, offset + span.end_char, strip)
            if clause is not None:
                found.append(clause)
    return found


def split(text: str, language: str | None = None) -> list[Clause]:
    """Clauses of a text: trimmed of white space and stops, in order, without overlap.

    Empty when the text holds nothing but white space and stops. Never raises.
    """
    return _read(text, language or "xx", "clauses", _TRIM)


def sentences(text: str, language: str | None = None) -> list[Clause]:
    """Sentences of a text with their final stops: trimmed of white space, in order, without overlap."""
    return _read(text, language or "xx", "sentences", "")
