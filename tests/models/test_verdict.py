"""Which of two bundles is to be used: the rule, case by case."""

from __future__ import annotations

from models.evaluation.bootstrap import Difference
from models.evaluation.score import FIGURES
from models.evaluation.verdict import AT_LEAST, differences, judge
from models.labelled import Labelled
from ugc.review import Mention, Tags

THEMES, MOOD = "theme+polarity micro-F1", "sentiment accuracy"


def figure(value: float, reach: float) -> Difference:
    return Difference(value, value - reach, value + reach, 0.95)


def verdict(themes: Difference, mood: Difference, n: int = 100) -> bool:
    return judge({THEMES: themes, MOOD: mood}, n).take


def test_themes_decide_before_sentiment() -> None:
    worse, better = figure(-0.05, 0.01), figure(0.05, 0.01)
    assert verdict(better, worse)
    assert not verdict(worse, better)


def test_sentiment_decides_where_themes_cannot() -> None:
    even = figure(0.01, 0.05)
    assert verdict(even, figure(0.05, 0.01))
    assert not verdict(even, figure(-0.05, 0.01))


def test_between_equals_nothing_may_fall() -> None:
    up, down, level = figure(0.01, 0.05), figure(-0.01, 0.05), figure(0.0, 0.0)
    assert verdict(up, up)
    assert verdict(level, level)
    assert not verdict(down, up)
    assert not verdict(up, down)


def test_few_reviews_decide_nothing() -> None:
    better = figure(0.5, 0.1)
    assert not verdict(better, better, AT_LEAST - 1)
    assert verdict(better, better, AT_LEAST)
    assert "too few" in judge({MOOD: better}, 3).why


def test_reviews_without_themes_are_judged_by_sentiment() -> None:
    assert judge({MOOD: figure(0.05, 0.01)}, 50).take


def test_the_reason_names_the_figure_and_its_interval() -> None:
    why = judge({THEMES: figure(-0.05, 0.01), MOOD: figure(0.0, 0.0)}, 120).why
    assert THEMES in why
    assert "-0.050" in why
    assert "-0.060 … -0.040" in why
    assert "120" in why


def tags(review: Labelled, *, right: bool) -> Tags:
    mentions = tuple(
        Mention(m.start, m.end, review.text[m.start : m.end], m.theme, m.polarity, m.touchpoint, 1.0)
        for m in review.mentions
    )
    if not right:
        return Tags(sentiment="neutral", contact="story", effort="none", repeat=True, specific=False)
    return Tags(
        sentiment=review.sentiment,
        emotions=review.emotions,
        contact=review.contact,
        loyalty=review.loyalty,
        effort=review.effort,
        repeat=review.repeat,
        specific=review.specific,
        mentions=mentions,
    )


def test_differences_of_right_and_wrong(labelled: list[Labelled]) -> None:
    right = [tags(review, right=True) for review in labelled]
    wrong = [tags(review, right=False) for review in labelled]
    found = differences(labelled, right, wrong)
    assert set(found) < set(FIGURES)
    assert found[THEMES].value == 1.0
    assert all(one.value >= 0 for one in found.values())
    assert judge(found, len(labelled)).take
    assert not judge(differences(labelled, wrong, right), len(labelled)).take
    same = differences(labelled, right, right)
    assert all((one.value, one.low, one.high) == (0, 0, 0) for one in same.values())
