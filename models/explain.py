"""Why the model said so: the words that moved each of its answers.

Each word is taken out of the text in turn, the same tagger reads what is left, and what the
probability loses is the word's weight: above nought when the word spoke for the answer, below when
it spoke against it. The method is occlusion; `models.occlusion` names its sources. It asks the model
itself and assumes nothing about it. Its limit: where two words say the same, either alone may be
missing without much harm, and both weights are small.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from models.labels import POLARITIES, SENTIMENTS, THEMES, TOUCHPOINTS
from models.occlusion import METHOD, without, words
from ugc.review import Mention
from ugc.text.clauses import Clause
from ugc.text.language import detect

if TYPE_CHECKING:
    from models.tagger import Believed, Tagger

__all__ = [
    "AROUND",
    "CHARACTERS",
    "LEAST",
    "READINGS",
    "Explanation",
    "MentionWhy",
    "NearMiss",
    "SentimentWhy",
    "Weight",
    "explain",
    "strongest",
]

READINGS = 160
"""Most readings with something taken out."""

CHARACTERS = 160_000
"""Most characters in all these readings together, so that a very long text takes no longer."""

AROUND = 3
"""Words on either side of a mention that are tried for it as well."""

NEAR = 0.5
"""Share of its threshold from which a theme counts as nearly shown."""

NEAREST = 3
"""Most themes that are named as nearly shown."""

_WORTH_BLOCKS = 8
"""Readings from which on some are spent on whole clauses."""

LEAST = 0.03
"""Weight below which a word has not moved anything worth naming."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A word, `text[start:end]` of the review, and what the probability loses without it: −1…1."""

    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class MentionWhy:
    """A mention of the review and what it rests on.

    A mention joined of several clauses has the probabilities of its surest one. A word within it
    is weighed by the clause it stands in, a word around it by that surest clause.
    """

    start: int
    end: int
    quote: str
    theme: str
    polarity: str
    touchpoint: str
    confidence: float
    """Calibrated probability of theme and polarity together, 0…1: their product."""
    threshold: float
    """Confidence from which the theme is shown."""
    probability: float
    """Calibrated probability of the theme."""
    polarity_probability: float
    """Probability of the polarity, given the theme."""
    touchpoint_probability: float
    words: tuple[Weight, ...]
    """Words tried, in the order of the text, with their weight for the theme."""
    polarity_words: tuple[Weight, ...]
    """The same words with their weight for the polarity."""
    untried: int
    """Words of the mention that were not tried because the text is long."""


@dataclass(frozen=True, slots=True)
class SentimentWhy:
    """The sentiment of the review, its probability, and the words tried in the order of the text."""

    label: str
    probability: float
    words: tuple[Weight, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A theme that is not shown because its confidence stayed below its threshold, and where."""

    start: int
    end: int
    quote: str
    theme: str
    polarity: str
    confidence: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the model tags one text as it does.

    `untaggable` names why a text could not be read. `by_emoji` says that there is no word and the
    sentiment was read off the emoji by a fixed list, not by the model: then there is nothing to weigh.
    """

    text: str
    language: str
    model: str
    method: str
    clauses: tuple[Clause, ...] = ()
    sentiment: SentimentWhy | None = None
    mentions: tuple[MentionWhy, ...] = ()
    near: tuple[NearMiss, ...] = ()
    readings: int = 0
    """Readings with something taken out."""
    untried: int = 0
    """Words of the text that were not taken out one by one, because it is long."""
    untaggable: str | None = None
    by_emoji: bool = False


def strongest(weights: Iterable[Weight], most: int, least: float = LEAST) -> list[Weight]:
    """The words that moved the answer most, in either direction, the strongest first."""
    told = [one for one in weights if abs(one.weight) >= least]
    return sorted(told, key=lambda one: (-abs(one.weight), one.start))[:most]


class _Trial:
    """One text, what the model believes of it, and what it believes with parts taken out."""

    def __init__(self, tagger: Tagger, text: str, language: str, base: Believed) -> None:
        self._tagger, self._text, self._language = tagger, text, language
        self.base = base
        self.outcome: dict[Clause, Believed | None] = {}

    def take_out(self, parts: Sequence[Sequence[Clause]]) -> None:
        """Reads the text without each of these groups of spans, all in one batch."""
        made = [without(self._text, self.base.clauses, part) for part in parts]
        answers = self._tagger.probabilities(
            [text for text, _ in made], [self._language] * len(made), [clauses for _, clauses in made]
        )
        for part, answer in zip(parts, answers, strict=True):
            self.outcome[Clause(part[0].start, part[-1].end)] = answer

    def loss(self, part: Clause, head: str, place: tuple[int, ...]) -> float:
        """What one probability loses without a part; all of it when nothing readable is left."""
        before, left = self.base.by_head[head][place], self.outcome[part]
        return round(float(before - left.by_head[head][place] if left else before), 4)

    def weights(self, head: str, places: dict[Clause, tuple[int, ...]]) -> tuple[Weight, ...]:
        """Words tried, each with its weight for the probability at its place in the head."""
        return tuple(
            Weight(one.start, one.end, self._text[one.start : one.end], self.loss(one, head, place))
            for one, place in places.items()
        )


def _within(spans: Sequence[Clause], start: int, end: int, more: int = 0) -> range:
    """Numbers of the spans that lie in or reach into start…end, and of `more` on either side."""
    first = bisect_right(spans, start, key=lambda one: one.end)
    last = bisect_left(spans, end, key=lambda one: one.start)
    return range(max(first - more, 0), min(last + more, len(spans)))


def _blocks(clauses: Sequence[Clause], most: int) -> list[list[Clause]]:
    """All clauses, neighbours grouped where there are more than `most`."""
    size = -(-len(clauses) // most)
    return [list(clauses[i : i + size]) for i in range(0, len(clauses), size)]


def _try_some(
    trial: _Trial, listed: Sequence[Clause], mentions: Sequence[Mention], label: int, most: int
) -> None:
    """Spends the readings of a long text where they tell most.

    Half of them go to the words of the mentions, the surest mention first; a quarter to whole
    clauses, to see which of them decide the sentiment `label`; the rest to the words of those.
    """
    wanted: dict[Clause, None] = {}
    for one in sorted(mentions, key=lambda one: (-one.confidence, one.start)):
        wanted |= dict.fromkeys(listed[i] for i in _within(listed, one.start, one.end, AROUND))
    first = list(wanted)[: max(most // 2, 1)]
    groups = _blocks(trial.base.clauses, most // 4) if most >= _WORTH_BLOCKS else []
    trial.take_out([*([one] for one in first), *groups])
    blocks = [Clause(group[0].start, group[-1].end) for group in groups]
    blocks.sort(key=lambda one: -abs(trial.loss(one, "sentiment", (label,))))
    inside = [listed[i] for block in blocks for i in _within(listed, block.start, block.end)]
    rest = [one for one in dict.fromkeys([*inside, *listed]) if one not in trial.outcome]
    trial.take_out([[one] for one in rest[: most - len(first) - len(groups)]])


def _mention(tagger: Tagger, trial: _Trial, listed: Sequence[Clause], mention: Mention) -> MentionWhy:
    """A mention with the words that moved it."""
    p, clauses = trial.base.by_head, trial.base.clauses
    theme, polarity = THEMES.index(mention.theme), POLARITIES.index(mention.polarity)
    own = _within(clauses, mention.start, mention.end)
    surest = max(own, key=lambda i: float(p["theme"][i, theme] * p["polarity"][i, theme, polarity]))
    near = [listed[i] for i in _within(listed, mention.start, mention.end, AROUND)]
    tried = [one for one in near if one in trial.outcome]
    rows = {
        one: next((i for i in own if clauses[i].start <= one.start < clauses[i].end), surest) for one in tried
    }
    return MentionWhy(
        start=mention.start,
        end=mention.end,
        quote=mention.quote,
        theme=mention.theme,
        polarity=mention.polarity,
        touchpoint=mention.touchpoint,
        confidence=mention.confidence,
        threshold=tagger.thresholds.theme[theme],
        probability=round(float(p["theme"][surest, theme]), 4),
        polarity_probability=round(float(p["polarity"][surest, theme, polarity]), 4),
        touchpoint_probability=round(
            float(p["touchpoint"][surest, TOUCHPOINTS.index(mention.touchpoint)]), 4
        ),
        words=trial.weights("theme", {one: (i, theme) for one, i in rows.items()}),
        polarity_words=trial.weights("polarity", {one: (i, theme, polarity) for one, i in rows.items()}),
        untried=sum(listed[i] not in trial.outcome for i in _within(listed, mention.start, mention.end)),
    )


def _near_misses(tagger: Tagger, text: str, base: Believed, shown: set[str]) -> tuple[NearMiss, ...]:
    """Themes that the review does not show and that came nearest to their thresholds."""
    found = []
    for t, theme in enumerate(THEMES):
        sure = base.by_head["theme"][:, t, None] * base.by_head["polarity"][:, t]
        best, polarity = divmod(int(sure.argmax()), len(POLARITIES))
        clause, threshold = base.clauses[best], tagger.thresholds.theme[t]
        confidence = round(float(sure[best, polarity]), 4)
        if theme not in shown and confidence >= NEAR * threshold:
            found.append(
                NearMiss(
                    start=clause.start,
                    end=clause.end,
                    quote=text[clause.start : clause.end],
                    theme=theme,
                    polarity=POLARITIES[polarity],
                    confidence=confidence,
                    threshold=threshold,
                )
            )
    return tuple(sorted(found, key=lambda one: one.threshold / one.confidence)[:NEAREST])


def explain(tagger: Tagger, text: str, language: str | None = None, *, most: int = READINGS) -> Explanation:
    """Why the tagger tags a text as it does.

    Args:
        tagger: the model that is asked.
        text: what the customer wrote; any string is taken.
        language: its ISO code where it is known; detected when `None`. The same as when it was
            tagged gives the same answers.
        most: readings with something taken out, at most; CHARACTERS may allow fewer. When the text
            has more words, the result says how many were left untried.
    """
    language = language or detect(text)
    (tags,) = tagger.tag([text], [language])
    (base,) = tagger.probabilities([text], [language])
    told = Explanation(text, language, tagger.version, METHOD)
    if base is None or tags.sentiment is None:
        by_emoji = None
        if tags.sentiment:
            by_emoji = SentimentWhy(tags.sentiment, tags.sentiment_probabilities[tags.sentiment], ())
        return replace(told, untaggable=tags.untaggable, sentiment=by_emoji, by_emoji=by_emoji is not None)
    listed = words(text)
    trial = _Trial(tagger, text, language, base)
    label = SENTIMENTS.index(tags.sentiment)
    most = max(min(most, CHARACTERS // len(text)), 1)
    if len(listed) <= most:
        trial.take_out([[one] for one in listed])
    else:
        _try_some(trial, listed, tags.mentions, label, most)
    tried = [one for one in listed if one in trial.outcome]
    return replace(
        told,
        clauses=tuple(base.clauses),
        sentiment=SentimentWhy(
            tags.sentiment,
            tags.sentiment_probabilities[tags.sentiment],
            trial.weights("sentiment", dict.fromkeys(tried, (label,))),
        ),
        mentions=tuple(_mention(tagger, trial, listed, one) for one in tags.mentions),
        near=_near_misses(tagger, text, base, {one.theme for one in tags.mentions}),
        readings=len(trial.outcome),
        untried=len(listed) - len(tried),
    )
