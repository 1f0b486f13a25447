"""An explanation as lines for the terminal, none of which the terminal takes for a command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

    from models.explain import Explanation, MentionWhy, Weight

__all__ = ["lines"]

_CLAUSES = 40
_MENTIONS = 20
_WORDS = 6
"""Most clauses, mentions and words of one answer that are printed; --json has them all."""

_ALMOST = 0.995


def _name(kind: str, key: str) -> str:
    """English name of a label; the key where the taxonomy has no such label."""
    from ugc import taxonomy

    return taxonomy.label(kind, key).name("en") if key in taxonomy.keys(kind) else key


def _share(probability: float) -> str:
    """A probability with two digits; one that would round to 1.00 is no certainty."""
    return ">0.99" if probability >= _ALMOST else f"{probability:.2f}"


def _quoted(text: str) -> str:
    from ugc.insight.choice.display import printable

    return f"«{printable(text)}»"


def _weights(words: Iterable[Weight], indent: str) -> Text:
    """Words with their signed weights, the strongest first."""
    from rich.text import Text

    from models.explain import strongest
    from ugc.insight.choice.display import printable

    told = Text(indent)
    found = strongest(words, _WORDS)
    for place, one in enumerate(found):
        told.append(f"{', ' if place else ''}{printable(one.text)} ")
        told.append(f"{one.weight:+.2f}", style="green" if one.weight > 0 else "red")
    return told if found else told.append("no word alone moved it", style="dim")


def _segments(told: Explanation) -> Iterator[Text]:
    """The text, a clause on each line, with the stops and commas that follow it."""
    from rich.text import Text

    from ugc.insight.choice.display import printable

    yield Text("Clauses", style="bold")
    edges = [0, *(one.start for one in told.clauses[1:]), len(told.text)]
    for number, (start, end) in enumerate(list(pairwise(edges))[:_CLAUSES], 1):
        yield Text(f"{number:3}  {printable(told.text[start:end].strip())}")
    if len(told.clauses) > _CLAUSES:
        yield Text(f"     … and {len(told.clauses) - _CLAUSES} more", style="dim")


def _mention(one: MentionWhy) -> Iterator[Text]:
    """One mention: its clause, its answers with their probabilities, the words that moved them."""
    from rich.text import Text

    colour = {"positive": "green", "negative": "red"}.get(one.polarity, "yellow")
    head = Text()
    polarity = _name("polarities", one.polarity).lower()
    head.append(f"{_name('themes', one.theme)}, {polarity}", style=f"bold {colour}")
    head.append(f" {_share(one.confidence)} (shown from {one.threshold:.2f})")
    yield Text()
    yield head
    yield Text(f"  {_quoted(one.quote)}")
    yield Text(f"  theme {_share(one.probability)}: ").append_text(_weights(one.words, ""))
    if one.untried:
        yield Text(f"  {one.untried} of its words were not tried: the text is long", style="dim")
    yield Text(f"  {polarity} {_share(one.polarity_probability)}: ").append_text(
        _weights(one.polarity_words, "")
    )
    if one.touchpoint != "none":
        place = _name("touchpoints", one.touchpoint).lower()
        yield Text(f"  touchpoint: {place} {_share(one.touchpoint_probability)}", style="dim")


def _method(told: Explanation) -> Iterator[Text]:
    from rich.text import Text

    yield Text()
    yield Text(
        f"Method: {told.method}. Each word was taken out in turn and the model read the rest: a weight is "
        f"what the probability loses without the word. Readings: {told.readings}.",
        style="dim",
    )
    if told.untried:
        yield Text(f"The text is long: {told.untried} of its words were not taken out.", style="dim")


def lines(told: Explanation, head: str, notes: Sequence[str]) -> Iterator[Text]:
    """The explanation, a line each: head, notes, clauses, sentiment, mentions, near misses, method."""
    from rich.text import Text

    yield Text(head, style="bold")
    yield Text(f"Model: {told.model}. Language: {told.language}.", style="dim")
    for note in notes:
        yield Text(note, style="yellow")
    if told.sentiment is None:
        yield Text(f"The model can read nothing in this text: {told.untaggable}.")
        return
    verdict = f"{_name('sentiments', told.sentiment.label)} {_share(told.sentiment.probability)}"
    if told.by_emoji:
        yield Text(f"{verdict}: there are no words; the sentiment follows from the emoji by a fixed list.")
        return
    yield Text()
    yield from _segments(told)
    yield Text()
    yield Text("Sentiment: ").append(verdict, style="bold")
    yield _weights(told.sentiment.words, "  ")
    for one in told.mentions[:_MENTIONS]:
        yield from _mention(one)
    if len(told.mentions) > _MENTIONS:
        yield Text(f"… and {len(told.mentions) - _MENTIONS} more mentions", style="dim")
    if not told.mentions:
        yield Text()
        yield Text("No theme reaches its threshold.")
    if told.near:
        yield Text()
        yield Text("Close, but not shown", style="bold")
    for miss in told.near:
        name = f"{_name('themes', miss.theme)}, {_name('polarities', miss.polarity).lower()}"
        figures = f"{miss.confidence:.3f} (shown from {miss.threshold:.3f})"
        yield Text(f"  {name} {figures} in {_quoted(miss.quote)}")
    yield from _method(told)
