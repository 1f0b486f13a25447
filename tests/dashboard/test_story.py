"""The sentences: only what the figures bear is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from tests.dashboard.lakes import usual, write
from ugc.dashboard.answers import story, turns
from ugc.dashboard.frame.data import Ask
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.words import words
from ugc.insight import Filters, options
from ugc.lake import Lake


@contextmanager
def asking(path: Path) -> Iterator[Ask]:
    with Lake.open(path, create=False).snapshot() as snapshot:
        yield Ask(str(path), snapshot)


def told(path: Path, language: str = "en", filters: Filters | None = None) -> list[str]:
    with asking(path) as ask:
        chosen = filters or Filters()
        return [str(one) for one in story.tell(ask, chosen, ask(options, chosen), language).lines]


def test_the_window_is_the_shortest_that_holds_enough(lakes: dict[str, Path]) -> None:
    # Ninety reviews, one every second day: no window holds a hundred, so the year is told.
    assert told(lakes["usual"])[0].startswith("<b>1\u00a0January – 28\u00a0June 2026</b>: <b>90</b> reviews.")


def test_a_chosen_period_is_told_and_compared_with_the_one_before(lakes: dict[str, Path]) -> None:
    chosen = Filters(cities=("Казань",), since=date(2026, 4, 6), until=date(2026, 6, 30))
    lines = told(lakes["usual"], filters=chosen)
    assert lines[0].startswith("<b>6\u00a0April – 30\u00a0June 2026</b>: <b>14</b> reviews.")
    assert "in the same time before" in lines[0]
    assert lines[1].startswith("<b>100%</b> of the writers are displeased")
    assert "It was <b>0%</b> before: clearly worse." in lines[1]
    assert any("“<b>Speed</b>”: <b>100%</b>" in one and "the rise is not chance" in one for one in lines)


def test_the_weak_spot_is_named_with_the_overall_share(lakes: dict[str, Path]) -> None:
    # Nothing changes within this time, so nothing else names the city.
    spot = [
        one for one in told(lakes["usual"], "ru", Filters(since=date(2026, 4, 20))) if "Слабое место" in one
    ]
    assert len(spot) == 1
    assert "<b>Казань</b> (<b>город</b>)" in spot[0]


def test_a_change_is_told_with_its_size_its_day_and_what_made_it(lakes: dict[str, Path]) -> None:
    lines = told(lakes["usual"])
    change = next(one for one in lines if "Since" in one)
    assert change.startswith(
        "Since <b>6\u00a0April 2026</b>, <b>share displeased</b>: <b>0%</b> → <b>33%</b>"
    )
    assert "(difference <b>12–48 pts</b>; n = <b>46</b> and <b>42</b>)" in change
    assert "theme “Speed” (+33 pts), city Казань (+33 pts)" in change
    # The change has named the city already.
    assert not any("Weak spot" in one for one in lines)


@pytest.mark.parametrize(
    "since", [None, date(2026, 1, 1), date(2026, 4, 1), date(2026, 4, 20), date(2026, 6, 1)]
)
@pytest.mark.parametrize("city", [(), ("Казань",)])
def test_there_are_five_sentences_at_most(
    lakes: dict[str, Path], since: date | None, city: tuple[str, ...]
) -> None:
    lines = told(lakes["usual"], filters=Filters(since=since, cities=city))
    assert 2 <= len(lines) <= 5
    assert len(set(lines)) == len(lines)


def test_changes_near_each_other_are_one_turn_and_actions_have_their_own(tmp_path: Path) -> None:
    write(tmp_path, usual())
    lake = Lake.open(tmp_path)
    lake.add_action("A second <b>shift</b>", date(2026, 5, 4), concerned={"city": ["Казань"]}, theme="speed")
    lake.add_action("Elsewhere", date(2026, 5, 11), concerned={"city": ["Gdańsk"]})
    with asking(tmp_path) as ask:
        every = turns.turns(ask, Filters())
        assert [(one.number, one.day) for one in every] == [
            (1, date(2026, 4, 6)),
            (2, date(2026, 5, 4)),
            (3, date(2026, 5, 11)),
        ]
        assert every[0].changes[0].kind == "negative"
        assert len(every[0].changes) > 3
        assert every[0].first <= every[0].day <= every[0].last
        # Only what is about the chosen reviews, or about the theme.
        narrow = turns.turns(ask, Filters(cities=("Казань",)))
        assert [one.action.what for one in narrow if one.action] == ["A second <b>shift</b>"]
        theme = turns.turns(ask, Filters(), theme="speed", polarity="negative")
        assert [(one.theme, one.polarity) for one in theme[0].changes] == [("speed", "negative")]
        other = turns.turns(ask, Filters(), theme="price", polarity="negative")
        assert [one.action.what for one in other if one.action] == ["Elsewhere"]
        late = turns.turns(ask, Filters(since=date(2026, 5, 10)))
        assert [one.action.what for one in late if one.action] == ["Elsewhere"]
        marked = turns.marks(every, date(2026, 4, 1), date(2026, 5, 8), "en")
        assert [(one.number, one.made) for one in marked] == [(1, False), (2, True)]
        assert marked[0].first >= date(2026, 4, 1)
        assert "Share displeased: 0% → 33%" in marked[0].what
        assert marked[1].what == "A second <b>shift</b> (Казань)"


@pytest.mark.parametrize("language", ["ru", "en", "pl"])
def test_no_place_of_a_sentence_is_left_empty(lakes: dict[str, Path], language: str) -> None:
    for lake in ("single", "unread", "usual", "hostile"):
        for line in told(lakes[lake], language):
            assert "None" not in line
            assert "nan" not in line.lower().split()


def test_hostile_names_are_escaped(lakes: dict[str, Path]) -> None:
    for line in told(lakes["hostile"]):
        assert "<script" not in line
        assert "<img" not in line


def test_an_empty_lake_tells_nothing(lakes: dict[str, Path]) -> None:
    assert told(lakes["empty"]) == []


def test_a_theme_stands_out_where_and_since_when(lakes: dict[str, Path]) -> None:
    from ugc.dashboard.answers.standout import standing_out

    with asking(lakes["usual"]) as ask:
        line, *others = standing_out(ask, Filters(), "speed", "negative", "city", "pl")
        assert "<b>Казань</b> (<b>miasto</b>)" in line
        assert formats("pl").day(date(2026, 4, 6)) in line
        # What the first sentence says is not said again.
        assert not any("<b>Казань</b>" in one for one in others)
        assert standing_out(ask, Filters(), "safety", "negative", "touchpoint", "pl") == []


def test_the_same_question_is_answered_once(lakes: dict[str, Path]) -> None:
    asked: list[Filters] = []

    def count(snapshot: object, filters: Filters) -> int:
        asked.append(filters)
        return len(asked)

    question: Callable[..., int] = count
    with asking(lakes["usual"]) as ask:
        first = Filters(cities=("Казань",))
        assert ask(question, first) == ask(question, Filters(cities=("Казань",))) == 1
        assert ask(question, Filters()) == 2
    assert words("en") is words("en")
