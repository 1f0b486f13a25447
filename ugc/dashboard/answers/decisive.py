"""The moments of truth as rows: what decides the rating, strongest first."""

from __future__ import annotations

from ugc.dashboard.look.bars import TONES, Row
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.words import words
from ugc.insight import Moments

__all__ = ["rows"]


def rows(found: Moments, language: str) -> list[Row]:
    """One row a moment of truth; its key is theme/polarity."""
    word, say = words(language), formats(language)
    made = []
    for one in found.cells:
        for side, polarity in ((one.blame, "negative"), (one.praise, "positive")):
            if not side.moment or side.impact is None:
                continue
            share, bounds = say.percent(side.share), say.percents(side.low, side.high)
            name = f"{word.name('touchpoints', one.touchpoint)} · {word.name('themes', one.theme)}"
            impact = f"{say.shift(side.impact.value)} ({say.shifts(side.impact.low, side.impact.high)})"
            made.append(
                Row(
                    key=f"{one.theme}/{polarity}",
                    label=name,
                    figure=share,
                    note=bounds,
                    share=side.share,
                    low=side.low,
                    high=side.high,
                    tone=TONES[polarity],
                    tip=word("moments.tip", name=name, share=share, bounds=bounds, impact=impact),
                    cells=(say.shift(side.impact.value),),
                )
            )
    return made
