"""The shipped sample, read by the shipped model: nine tenths of it, then the last tenth."""

from __future__ import annotations

import pytest

from benchmarks.reasons import LAST, assigned, copy
from ugc.grouping import GroupSummary, group_lake
from ugc.lake import Lake

UNASSIGNED = 0.35
CHANGED = 0.02


@pytest.fixture(scope="module")
def grouped(sample_lake, tmp_path_factory) -> tuple[Lake, GroupSummary, dict, GroupSummary]:
    """The lake, the first run and what it gave, the update."""
    lake = Lake.open(tmp_path_factory.mktemp("grouped") / "lake")
    with Lake.open(sample_lake, create=False).snapshot() as source:
        copy(source, lake, f"NOT {LAST}")
        first = group_lake(lake)
        before = assigned(lake)
        copy(source, lake, LAST)
    return lake, first, before, group_lake(lake)


def test_a_tenth_more_changes_few_old_assignments(grouped):
    lake, first, before, update = grouped
    after = assigned(lake)
    assert first.looked_at == len(before)
    assert update.looked_at == len(after) - len(before) > 100
    changed = [key for key, reason in before.items() if after[key] != reason]
    assert len(changed) <= CHANGED * len(before)
    assert all(before[key] is None for key in changed)


def test_few_mentions_are_left_over(grouped):
    _, first, _, update = grouped
    assert first.share_unassigned is not None
    assert first.share_unassigned <= UNASSIGNED
    assert update.share_unassigned is not None
    assert update.share_unassigned <= UNASSIGNED


def test_names_are_short_and_no_two_of_a_cell_are_alike(grouped):
    lake, *_ = grouped
    with lake.snapshot() as snapshot:
        rows = snapshot.sql("SELECT * FROM reasons WHERE merged_into IS NULL").to_pylist()
    for language in ("ru", "en", "pl"):
        names = [(row["theme"], row["polarity"], row[f"name_{language}"]) for row in rows]
        given = [one for one in names if one[2]]
        assert len(given) > 10
        assert len(set(given)) == len(given)
        assert all(2 < len(one[2]) <= 60 and one[2].isprintable() for one in given)


def test_a_run_without_anything_new_does_nothing(grouped):
    lake, *_ = grouped
    version = lake.version()
    again = group_lake(lake)
    assert (again.looked_at, again.opened, again.merged, again.renamed) == (0, 0, 0, 0)
    assert lake.version() == version
