"""What came of an action: a planted effect is found in a lake, and every odd lake is answered properly."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ugc.errors import InputError, LakeError
from ugc.insight import Action, Filters, actions, effect, effects
from ugc.lake import Lake
from ugc.lake.commits import append
from ugc.review import text_hash
from ugc.schema import ACTIONS, MENTIONS, REVIEWS, TAGS

DAY = date(2026, 3, 4)
KAZAN = Filters(cities=("Казань",))


def an_action(**more: object) -> Action:
    usual = {"id": "a1", "what": "second courier", "day": DAY, "concerned": KAZAN, "theme": "speed"}
    return Action(**(usual | {"author": None, "made_at": datetime(2026, 11, 1, tzinfo=UTC)} | more))


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Lake:
    """40 weeks before and 20 after: in Казань complaints of speed fall from 40 % to 15 %, elsewhere
    they stay; praise of staff does not change anywhere; what happens to everybody wanders."""
    dice, start = np.random.default_rng(5), datetime(2026, 3, 4, tzinfo=UTC)
    reviews, tags, mentions = [], [], []
    for week in range(-40, 20):
        common = 0.05 * dice.normal()
        for city, by_week in (("Казань", 30), ("Москва", 60), (None, 8)):
            share = 0.15 if city == "Казань" and week >= 0 else 0.4
            for _ in range(dice.poisson(by_week)):
                own = f"{len(reviews):020x}"
                blames = dice.random() < share + common
                when = start + timedelta(weeks=week, hours=int(dice.integers(7 * 24)))
                review = {"id": own, "source": "otzovik", "source_id": own, "text": own, "city": city}
                review |= {"text_hash": text_hash(own), "content_hash": own, "date": when}
                reviews.append(review | {"stars": 2.0 if blames else 4.0 + (dice.random() < 0.5)})
                tag = {"review_id": own, "model": "hand@1", "text_hash": text_hash(own), "batch": "b"}
                tag |= {"tagged_at": start, "sentiment": "negative" if blames else "positive"}
                tags.append(tag)
                raised = [("speed", "negative")] * 2 if blames else [("staff", "positive")]
                raised += [("staff", "negative")] if dice.random() < 0.2 else []
                for n, (theme, polarity) in enumerate(raised):
                    one = {"review_id": own, "batch": "b", "n": n, "start": 0, "end": 3, "quote": own[:3]}
                    one |= {"theme": theme, "polarity": polarity, "touchpoint": "none", "confidence": 0.9}
                    mentions.append(one)
    made = Lake.open(tmp_path_factory.mktemp("effect") / "lake")
    made.upsert_reviews(pa.Table.from_pylist(reviews, schema=REVIEWS))
    made.write_tags(pa.Table.from_pylist(tags, schema=TAGS), pa.Table.from_pylist(mentions, schema=MENTIONS))
    return made


@pytest.fixture(scope="module")
def snapshot(lake):
    with lake.snapshot() as held:
        yield held


def test_a_planted_effect_is_found_against_the_others(snapshot):
    found = effect(snapshot, an_action())
    assert found.verdict == "helped"
    assert found.measure == "complaints"
    assert found.effect.low <= -0.25 <= found.effect.high < 0
    assert found.before.figure.value == pytest.approx(0.4, abs=0.06)
    assert found.after.figure.value == pytest.approx(0.15, abs=0.06)
    assert (found.before.weeks, found.after.weeks, found.weeks_passed) == (40, 20, 20)
    assert found.rest_before.reviews > found.before.reviews
    assert found.rest_after.figure.value == pytest.approx(0.4, abs=0.06)
    assert found.p_value == found.q_value < 0.05
    assert found.worth == found.before.figure.value / 2


@pytest.mark.parametrize(("measure", "truth"), [("negative", -0.25), ("stars", 0.25 * 2.5)])
def test_the_same_by_displeased_and_by_stars(snapshot, measure, truth):
    found = effect(snapshot, an_action(), measure=measure)
    assert found.verdict == "helped"
    assert found.effect.low <= truth <= found.effect.high
    assert effect(snapshot, an_action(theme=None)).measure == "negative"


def test_reviews_and_weeks_are_counted_exactly(snapshot):
    found = effect(snapshot, an_action())
    query = (
        "SELECT count(*) AS n, count(*) FILTER (id IN (SELECT review_id FROM mentions WHERE theme = 'speed'"
        " AND polarity = 'negative')) AS bad FROM reviews WHERE city = 'Казань' AND date < TIMESTAMPTZ ?"
    )
    (row,) = snapshot.sql(query.replace("TIMESTAMPTZ ?", "TIMESTAMPTZ '2026-03-04 00:00Z'")).to_pylist()
    assert found.before.reviews == row["n"]
    assert found.before.figure.value == pytest.approx(row["bad"] / row["n"])


def test_the_course_adds_up_to_before_and_after(snapshot):
    found = effect(snapshot, an_action())
    assert [week.first for week in found.course] == [DAY + timedelta(weeks=n) for n in range(-40, 20)]
    for side, rest, weeks in (
        (found.before, found.rest_before, found.course[:40]),
        (found.after, found.rest_after, found.course[40:]),
    ):
        for whole, parts in ((side, [one.own for one in weeks]), (rest, [one.rest for one in weeks])):
            assert sum(one.reviews for one in parts) == whole.reviews
            blamed = sum(round(one.figure.value * one.reviews) for one in parts)
            assert blamed == round(whole.figure.value * whole.reviews)
            assert all(one.figure.low <= one.figure.value <= one.figure.high for one in parts)
    assert {one.rest for one in effect(snapshot, an_action(concerned=Filters())).course} == {None}
    assert effect(snapshot, an_action(day=date(2020, 1, 1))).course == ()


def test_actions_without_effect_are_not_called_one(snapshot):
    groups = (KAZAN, Filters(cities=("Москва",)), Filters(cities=(None,)), Filters())
    found = effects(snapshot, [an_action(theme="staff", concerned=one) for one in groups])
    assert not {one.verdict for one in found} & {"helped", "hurt"}
    assert all(one.before.figure.value == pytest.approx(0.2, abs=0.03) for one in found)


def test_others_for_whom_something_was_done_are_left_out(lake, tmp_path):
    """Seen from Москва alone the others became better; with the action noted they are no measure."""
    moscow = an_action(id="m", concerned=Filters(cities=("Москва",)))
    with lake.snapshot() as held:
        assert effect(held, moscow).verdict == "hurt"
    shutil.copytree(lake.address, tmp_path / "lake")
    own = Lake.open(tmp_path / "lake")
    noted = own.add_action("courier", DAY + timedelta(days=1), concerned={"city": ["Казань"]}, theme="speed")
    own.add_action("poster", DAY + timedelta(days=1), concerned={"city": ["Москва", None]}, theme="price")
    with own.snapshot() as held:
        found = effect(held, moscow)
        assert found.verdict not in ("helped", "hurt")
        assert [one.id for one in found.meanwhile] == [noted]
        assert found.rest_before is None
        assert found.before == effect(held, replace(moscow, id="n")).before
        nobody = effect(held, an_action(id="k", concerned=Filters(cities=(None,))))
        assert nobody.rest_before.reviews < 60 * 40 * 1.2


def test_an_action_for_all_has_no_others(snapshot):
    found = effect(snapshot, an_action(concerned=Filters()))
    assert (found.rest_before, found.rest_after) == (None, None)
    assert found.before.weeks == 40


def test_filters_narrow_both_groups(snapshot):
    whole = effect(snapshot, an_action())
    assert effect(snapshot, an_action(), Filters(sources=("otzovik",), themes=("staff",))) == whole
    alone = effect(snapshot, an_action(), KAZAN)
    assert alone.rest_before is None
    assert alone.before == whole.before
    assert effect(snapshot, an_action(concerned=Filters()), KAZAN).effect == alone.effect
    early = effect(snapshot, an_action(), Filters(until=DAY + timedelta(days=20)))
    assert early.effect is None
    assert early.after.weeks == 3


def test_an_effect_worth_seeing_that_is_not_there(snapshot):
    found = effect(snapshot, an_action(theme="staff", concerned=Filters()))
    assert (found.verdict, found.weeks_needed) == ("no_difference", 0)
    assert found.visible <= found.worth == found.before.figure.value / 2


def test_the_weeks_still_needed_are_told(snapshot):
    found = effect(snapshot, an_action(day=date(2026, 7, 8), concerned=Filters()))
    assert (found.verdict, found.weeks_passed, found.weeks_needed) == ("too_early", 2, 2)
    later = effect(snapshot, an_action(day=date(2026, 6, 1), concerned=Filters(cities=(None,))))
    assert (later.verdict, later.weeks_passed) == ("too_early", 7)
    assert later.visible > later.worth
    assert 1 <= later.weeks_needed <= 19


def test_what_is_still_to_come_is_too_early(snapshot):
    ahead = effect(snapshot, an_action(day=date(2027, 1, 1)))
    assert (ahead.verdict, ahead.effect, ahead.after.reviews, ahead.weeks_passed) == ("too_early", None, 0, 0)
    begun = effect(snapshot, an_action(day=date(2026, 7, 8), concerned=Filters(cities=("Москва",))))
    assert (begun.verdict, begun.effect, begun.after.weeks) == ("too_early", None, 2)


def test_before_all_data_nothing_can_be_told(snapshot):
    for day in (date(2020, 1, 1), date(2025, 5, 20), date(2025, 6, 20)):
        found = effect(snapshot, an_action(day=day))
        assert (found.verdict, found.effect, found.weeks_needed) == ("cannot_tell", None, None)


def test_complaints_of_no_theme_cannot_be_asked_for(snapshot):
    with pytest.raises(InputError, match="no theme"):
        effect(snapshot, an_action(theme=None), measure="complaints")


def test_several_are_corrected_together(snapshot):
    asked = [an_action(id=str(n), theme="staff") for n in range(9)] + [an_action(id="x")]
    alone, found = effect(snapshot, asked[-1]), effects(snapshot, asked)
    assert [one.action.id for one in found] == [one.id for one in asked]
    assert found[-1].q_value == pytest.approx(min(1.0, 10 * alone.p_value))
    assert found[-1].p_value == alone.p_value
    assert all(one.q_value >= one.p_value for one in found)
    assert effects(snapshot, []) == ()


def test_an_empty_lake(tmp_path):
    with Lake.open(tmp_path / "lake").snapshot() as empty:
        assert actions(empty) == ()
        for measure in ("complaints", "negative", "stars"):
            found = effect(empty, an_action(), measure=measure)
            assert (found.verdict, found.effect, found.before.reviews) == ("too_early", None, 0)
            assert found.before.figure is None


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(["complaints", "negative", "stars"]))
def test_any_day_is_answered(snapshot, day, measure):
    found = effect(snapshot, an_action(day=day), measure=measure)
    assert found.verdict in ("helped", "hurt", "no_difference", "too_early", "cannot_tell")
    assert (found.effect is None) == (found.p_value is None)


def test_a_single_review(plant):
    one = {"text": "Ждал долго", "city": "Казань", "sentiment": "negative", "stars": 1.0}
    one |= {"mentions": [("Ждал", "speed", "negative")], "date": "2026-03-04"}
    with plant(one, {"text": "Без даты", "city": "Казань", "sentiment": "negative"}).snapshot() as held:
        found = effect(held, an_action())
        assert (found.verdict, found.before.reviews, found.after.reviews) == ("cannot_tell", 0, 1)
        found = effect(held, an_action(day=date(2026, 3, 5)))
        assert (found.verdict, found.before.reviews, found.after.reviews) == ("too_early", 1, 0)
        assert found.before.figure.value == 1


def test_actions_of_the_lake_are_read_and_seen_beside_each_other(lake, tmp_path):
    shutil.copytree(lake.address, tmp_path / "lake")
    own = Lake.open(tmp_path / "lake")
    own.add_action("later", date(2026, 5, 1), theme="price")
    first = own.add_action("courier", DAY, concerned={"city": ["Казань", None]}, theme="speed", author="Anna")
    second = own.add_action("new site", date(2026, 5, 1))
    with own.snapshot() as held:
        told = actions(held)
        assert [one.what for one in told] == ["courier", "later", "new site"]
        assert told[0] == replace(
            an_action(id=first, what="courier", concerned=Filters(cities=("Казань", None)), author="Anna"),
            made_at=told[0].made_at,
        )
        assert [one.id for one in effect(held, told[0]).meanwhile] == [second]


def test_an_action_of_another_program(tmp_path):
    lake = Lake.open(tmp_path / "lake")
    row = {"id": "x", "what": "w", "day": DAY, "filters": '{"author": ["a"]}', "made_at": datetime.now(UTC)}
    rows = pa.Table.from_pylist([row], schema=ACTIONS)
    lake._store.change("actions", lambda table, commit: append(table, rows, commit))
    with lake.snapshot() as held, pytest.raises(LakeError, match="remove"):
        actions(held)
