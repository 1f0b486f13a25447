"""Reasons: the concrete ones below a theme, the eleven of thanks, the change against the time before."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.lakes import NOW, usual, write
from tests.dashboard.test_pages import everything, rows
from ugc.dashboard.answers import below
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.words import words
from ugc.insight import Filters, eleven, search
from ugc.insight.reviews import given
from ugc.lake import Lake
from ugc.schema import GROUPED, REASONS

LANGUAGES = ("ru", "en", "pl")

Visit = Callable[..., AppTest]

_MENTIONS = """
SELECT m.review_id, t.text_hash, t.model, m.start, m."end", m.theme, m.polarity,
    CASE WHEN m.theme = 'environment' AND r.city = 'Москва' THEN 'packing'
         WHEN m.theme = 'environment' AND r.city = 'Gdańsk' THEN 'hostile' END AS reason,
    0.9::FLOAT AS similarity
FROM mentions m JOIN tags t ON t.review_id = m.review_id JOIN reviews r ON r.id = m.review_id
WHERE m.theme = 'environment'
"""


def reason(name: str, called: str | None) -> dict[str, object]:
    centre = np.asarray([1, 0], "<f4").tobytes()
    told = {"id": name, "theme": "environment", "polarity": "negative", "model": "hand@1", "members": 30}
    return told | {"centroid": centre, "name_ru": called, "opened_at": NOW, "updated_at": NOW}


@pytest.fixture(scope="module")
def grouped(lakes: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name of the usual lake whose complaints about packing are grouped: two reasons, and some in none."""
    lakes["grouped"] = tmp_path_factory.mktemp("grouped") / "lake"
    write(lakes["grouped"], usual())
    lake = Lake.open(lakes["grouped"])
    with lake.snapshot() as snapshot:
        found = snapshot.sql(_MENTIONS, {}).to_pylist()
    named = [reason("packing", "плохая упаковка"), reason("hostile", "<img src=x> **b**")]
    lake.write_grouping(
        pa.Table.from_pylist(named, schema=REASONS), pa.Table.from_pylist(found, schema=GROUPED)
    )
    return "grouped"


def test_concrete_reasons_stand_below_a_theme(visit: Visit, grouped: str) -> None:
    app, word = visit(grouped, "reasons", ui="ru", theme="environment", polarity="negative"), words("ru")
    assert not app.exception
    found = rows(app, "below")
    assert {row["label"] for row in found} == {"плохая упаковка", "<img src=x> **b**"}
    assert not any(row["chosen"] for row in found)
    # Sixteen of seventy-six are of Kazan, and in no group.
    rest = word("reasons.below_rest", share=formats("ru").percent(16 / 76), count="76")
    assert plain(rest) in everything(app)
    assert "ugc group" not in [one.value for one in app.code]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_opens_to_its_quotes(visit: Visit, grouped: str, language: str) -> None:
    fields = {"theme": "environment", "polarity": "negative", "reason": "packing"}
    app = visit(grouped, "reasons", ui=language, **fields)
    assert not app.exception
    chosen = [row["key"] for row in rows(app, "below") if row["chosen"]]
    assert chosen == ["packing"]
    unnamed = words(language)("reasons.unnamed", quote="Упаковка так себе")
    assert app.subheader[0].value == ("плохая упаковка" if language == "ru" else plain(unnamed))
    app.button(key="close_below").click().run()
    assert not app.subheader
    assert "reason" not in app.query_params


def test_a_reason_that_is_no_more_is_passed_over(visit: Visit, grouped: str) -> None:
    fields = {"theme": "environment", "polarity": "negative", "reason": "gone"}
    app = visit(grouped, "reasons", ui="en", **fields)
    assert not app.exception
    assert not app.subheader


def test_a_hostile_name_stays_text(visit: Visit, grouped: str) -> None:
    fields = {"theme": "environment", "polarity": "negative", "reason": "hostile"}
    app = visit(grouped, "reasons", ui="ru", **fields)
    assert app.subheader[0].value == plain("<img src=x> **b**")


@pytest.mark.parametrize("language", LANGUAGES)
def test_ungrouped_mentions_are_counted_with_the_command_that_groups_them(
    visit: Visit, language: str
) -> None:
    app = visit("usual", "reasons", ui=language, theme="environment", polarity="negative")
    said = everything(app)
    assert plain(words(language)("reasons.below_waiting", n=76, count="76")) in said
    assert "ugc group" in [one.value for one in app.code]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_eleven_are_ranked_and_lead_to_their_theme(
    visit: Visit, lakes: dict[str, Path], language: str
) -> None:
    app = visit("usual", "reasons", ui=language)
    found = rows(app, "eleven")
    assert len(found) == 11
    # The fourteen polite couriers; nobody thanks for the rest.
    assert [row["figure"] for row in found[:2]] == [
        formats(language).percent(14 / 90),
        formats(language).percent(0),
    ]
    assert found[0]["key"] == "friendliness"
    assert [row["faded"] for row in found] == [False, *[True] * 10]
    with Lake.open(lakes["usual"], create=False).snapshot() as snapshot:
        _, themes = below.thanked(eleven(snapshot, Filters(), language=language), language)
    assert themes["friendliness"] == "politeness"
    assert len(themes) == 11


def test_rows_tell_the_change_and_the_page_tells_since_when(visit: Visit) -> None:
    app = visit("usual", "reasons", ui="en", since="2026-04-06")
    speed = next(row for row in rows(app, "reasons_negative") if row["key"] == "speed")
    assert speed["badge"] == "was 0%, +33 pts"
    said = everything(app)
    assert "The mark beside a theme compares with" in said
    assert "5\u00a0April 2026" in said
    assert words("en")("reasons.against_none") in everything(visit("usual", "reasons", ui="en"))


def test_the_course_of_a_theme_tells_its_own_change(visit: Visit) -> None:
    said = everything(visit("usual", "reasons", ui="en", theme="speed", polarity="negative"))
    assert "<b>Complaints about “Speed”</b>: <b>0%</b> → <b>33%</b>" in said
    assert "Share displeased" not in said


def test_every_list_of_a_theme_can_be_taken_away(visit: Visit, grouped: str) -> None:
    for fields, least in (({}, 3), ({"theme": "environment", "polarity": "negative"}, 3)):
        app = visit(grouped, "reasons", ui="en", **fields)
        assert len(app.get("popover")) >= least


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_reviews_that_give_a_reason_are_listed(
    visit: Visit, grouped: str, lakes: dict[str, Path], language: str
) -> None:
    word = words(language)
    with Lake.open(lakes[grouped]).snapshot() as snapshot:
        n = search(snapshot, Filters(), reason="packing").total
    app = visit(grouped, "reviews", ui=language, reason="packing")
    assert not app.exception
    assert word("scope.reviews", n=n, count=str(n)) in everything(app)
    off = app.button(key="reviews_reason")
    # It has no name but a Russian one, and no quote.
    assert off.label == plain(word("reviews.reason", name="плохая упаковка"))
    off.click().run()
    assert "reason" not in app.query_params


def test_a_reason_that_the_lake_does_not_know_finds_nothing_and_says_so(visit: Visit, grouped: str) -> None:
    app = visit(grouped, "reviews", ui="en", reason="<i>gone</i>")
    assert not app.exception
    assert words("en")("reviews.reason_gone") in app.button(key="reviews_reason").label
    assert words("en")("state.nothing") in everything(app)


def test_a_link_to_a_reason_follows_its_merging(grouped: str, lakes: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(lakes[grouped], tmp_path / "merged")
    lake = Lake.open(tmp_path / "merged")
    with lake.snapshot() as snapshot:
        before = search(snapshot, Filters(), reason="packing").total
        other = search(snapshot, Filters(), reason="hostile").total
        merged = snapshot.raw("SELECT * FROM reasons WHERE id = 'packing'").to_pylist()[0]
    gone = pa.Table.from_pylist([merged | {"merged_into": "hostile"}], schema=REASONS)
    lake.write_grouping(gone, GROUPED.empty_table())
    with lake.snapshot() as snapshot:
        assert search(snapshot, Filters(), reason="packing").total == before + other > before > 0
        assert search(snapshot, Filters(), reason="packing", query="упаковка").total > 0
        assert search(snapshot, Filters(), reason="nothing").total == 0
        assert given.reason(snapshot, "packing").id == "hostile"
        assert given.reason(snapshot, "packing").name("ru") == "<img src=x> **b**"
