"""The classical peer: a lexicon of the themes and of the sentiment, read by plain rules, no training.

The words stand in lexicon_ru.toml, lexicon_en.toml and lexicon_pl.toml. Rules:

- A clause raises a theme when a pattern of the theme occurs in it. Patterns with a polarity bring
  it, turned round when a negation stands within three words before; patterns without one take the
  balance of the clause's sentiment words and raise nothing where there is none.
- The touchpoint of a mention is the one that most patterns of its clause name, or else of the review.
- The review's sentiment is the balance of its words of praise and blame, the latter weighed a little
  more: mixed where both are frequent and near each other, neutral where there is none.
- Emotions, loyalty, effort, repeat and contact are named by their own words, unless negated.

It gives no probabilities, so no calibration error can be measured.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from models.evaluation.answers import Answers
from models.evaluation.wordlist import Hit, Words, fold, words_of
from models.labelled import Labelled
from models.labels import EMOTIONS, LOYALTY, THEMES, TOUCHPOINTS
from ugc.review import Mention, Polarity, Sentiment, Tags
from ugc.text.clauses import Clause, split

__all__ = ["Lexicon"]

Side = Literal["positive", "negative"]

BLAME = 1.3
"""Weight of a word of blame beside one of praise: complaints are full of polite words."""

MIXED = 0.8
"""Share of the smaller of praise and blame in the larger from which a review is mixed."""

_TURNED: dict[str, Side] = {"positive": "negative", "negative": "positive"}


def _signed(words: Words, folded: str, clause: Clause, hit: Hit, polarity: str) -> str:
    """A polarity, turned round when the hit is negated."""
    return _TURNED[polarity] if words.negated(folded, clause.start, hit.start) else polarity


def _balance(words: Words, folded: str, clause: Clause, hits: Sequence[Hit]) -> Counter[str]:
    """Words of praise and of blame in a clause; hits that overlap count once, the longest first."""
    found: Counter[str] = Counter()
    taken: list[tuple[int, int]] = []
    for hit in sorted(hits, key=lambda one: (one.start - one.end, one.start)):
        polarity = hit.label if hit.group == "sentiment" else hit.kind
        if polarity not in _TURNED or any(hit.start < end and start < hit.end for start, end in taken):
            continue
        taken.append((hit.start, hit.end))
        found[_signed(words, folded, clause, hit, polarity)] += 1
    own = folded[clause.start : clause.end]
    for polarity, marks in words.marks.items():
        found[polarity] += any(mark in own for mark in marks)
    return found


def _leading(found: Counter[str]) -> Side | None:
    """The polarity that prevails, if one does."""
    difference = found["positive"] - found["negative"]
    return "positive" if difference > 0 else "negative" if difference < 0 else None


def _themes(
    words: Words, folded: str, clause: Clause, hits: Sequence[Hit], mood: Side | None
) -> dict[str, Polarity]:
    """Themes that a clause raises, with their polarity."""
    votes: dict[str, Counter[str]] = {}
    for hit in hits:
        if hit.group != "themes":
            continue
        own = votes.setdefault(hit.label, Counter())
        if hit.kind == "either":
            own[mood or ""] += 1
        else:
            own[_signed(words, folded, clause, hit, hit.kind)] += 1
    found: dict[str, Polarity] = {}
    for theme, own in votes.items():
        polarity = _leading(own) or mood
        if polarity and own["positive"] + own["negative"]:
            found[theme] = polarity
    return found


def _place(here: Counter[str], everywhere: Counter[str]) -> str:
    """The touchpoint that a clause names most; what the review names decides ties and silence."""
    if not everywhere:
        return "none"
    return max(TOUCHPOINTS, key=lambda one: (here[one], everywhere[one]))


def _effort(named: set[str], blamed: bool) -> str:
    """How hard it was: words of trouble count in a review that blames, words of ease in any."""
    if blamed and "high" in named:
        return "high"
    return "low" if "low" in named and not blamed else "none"


def _sentiment(found: Counter[str]) -> Sentiment:
    """Sentiment of a review from its words of praise and blame."""
    praise, blame = found["positive"], BLAME * found["negative"]
    less, more = sorted((praise, blame))
    if not more:
        return "neutral"
    if less > 1 and less >= MIXED * more:
        return "mixed"
    return "positive" if praise > blame else "negative"


def _contact(named: set[str], sentiment: str, text: str) -> str:
    """What the writer wants, the strongest that applies."""
    if sentiment == "negative":
        return "claim" if "claim" in named else "complaint"
    if sentiment == "mixed":
        return "complaint"
    if sentiment == "neutral":
        if "question" in named or text.rstrip().endswith("?"):
            return "question"
        return next((one for one in ("request", "suggestion") if one in named), "story")
    return "praise" if "praise" in named else "story"


class Lexicon:
    """Reads reviews by their words alone."""

    def tag(self, reviews: Sequence[Labelled]) -> list[Tags]:
        """Tags of reviews."""
        return self.answer([r.text for r in reviews], [r.language for r in reviews]).tags

    def answer(self, texts: Sequence[str], languages: Sequence[str]) -> Answers:
        """Answers for texts with their languages; those in a language without a lexicon are untaggable."""
        return Answers([self._read(text, language) for text, language in zip(texts, languages, strict=True)])

    def _read(self, text: str, language: str) -> Tags:
        words = words_of(language)
        if words is None:
            return Tags(untaggable="no lexicon of this language")
        folded = fold(text)
        clauses = split(text, language) or [Clause(0, len(text))]
        hits: list[list[Hit]] = [[] for _ in clauses]
        at = 0
        for hit in words.find(folded):
            while at + 1 < len(clauses) and hit.start >= clauses[at + 1].start:
                at += 1
            hits[at].append(hit)
        total: Counter[str] = Counter()
        named: dict[str, set[str]] = {}
        places: Counter[str] = Counter(hit.label for own in hits for hit in own if hit.group == "touchpoints")
        mentions = []
        for clause, own in zip(clauses, hits, strict=True):
            balance = _balance(words, folded, clause, own)
            total += balance
            for hit in own:
                if hit.group in ("themes", "sentiment", "touchpoints"):
                    continue
                negated = words.negated(folded, clause.start, hit.start)
                label = "warn" if negated and hit.label == "recommend" else hit.label
                if not negated or label == "warn":
                    named.setdefault(hit.group, set()).add(label)
            place = _place(Counter(hit.label for hit in own if hit.group == "touchpoints"), places)
            found = _themes(words, folded, clause, own, _leading(balance))
            mentions += [
                Mention(
                    clause.start, clause.end, text[clause.start : clause.end], name, found[name], place, 1.0
                )
                for name in THEMES
                if name in found
            ]
        sentiment = _sentiment(total)
        return Tags(
            sentiment=sentiment,
            emotions=tuple(name for name in EMOTIONS if name in named.get("emotions", ())),
            contact=_contact(named.get("contact", set()), sentiment, text),
            loyalty=tuple(name for name in LOYALTY if name in named.get("loyalty", ())),
            effort=_effort(named.get("effort", set()), blamed=total["negative"] > total["positive"]),
            repeat="repeat" in named,
            specific=bool(mentions),
            mentions=tuple(mentions),
        )
