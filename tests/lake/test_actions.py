from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from ugc.errors import InputError, LakeBusy
from ugc.lake import Lake, turn
from ugc.schema import ACTIONS

DAY = date(2026, 5, 1)


def test_an_action_is_kept_as_it_was_told(lake, ask):
    before = datetime.now(UTC)
    made = lake.add_action(
        "  Second courier\n in Казань ",
        DAY,
        concerned={"company": ["Lumbi"], "city": ["Казань", None], "place": []},
        theme="speed",
        author="Anna",
    )
    (one,) = ask(lake, "SELECT * FROM actions")
    assert list(one) == ACTIONS.names
    assert before <= one.pop("made_at") <= datetime.now(UTC)
    assert json.loads(one.pop("filters")) == {"company": ["Lumbi"], "city": ["Казань", None]}
    assert one == {
        "id": made,
        "what": "Second courier in Казань",
        "day": DAY,
        "theme": "speed",
        "author": "Anna",
    }


def test_one_is_taken_away_and_the_others_stay(lake, ask):
    first, second = lake.add_action("one", DAY), lake.add_action("two", DAY)
    version = lake.version()
    lake.remove_action(first)
    assert lake.version() != version
    assert ask(lake, "SELECT id, what FROM actions") == [{"id": second, "what": "two"}]
    with pytest.raises(InputError, match="ugc actions list"):
        lake.remove_action(first)


@pytest.mark.parametrize(
    ("what", "more", "match"),
    [
        (" \n", {}, "no words"),
        ("x" * 501, {}, "501"),
        ("x", {"theme": "weather"}, "no theme"),
        ("x", {"concerned": {"author": ["a1"]}}, "author"),
    ],
)
def test_what_cannot_be_an_action(lake, ask, what, more, match):
    with pytest.raises(InputError, match=match):
        lake.add_action(what, DAY, **more)
    assert ask(lake, "SELECT * FROM actions") == []


def test_a_busy_lake_is_waited_for_no_longer_than_told(lake, ask):
    made = lake.add_action("one", DAY)
    with turn.take(Path(lake.address)):
        with pytest.raises(LakeBusy):
            lake.add_action("two", DAY, wait=0.05)
        with pytest.raises(LakeBusy):
            lake.remove_action(made, wait=0.05)
    assert ask(lake, "SELECT id FROM actions") == [{"id": made}]


def test_another_process_sees_it(lake, ask):
    lake.add_action("one", DAY)
    assert ask(Lake.open(lake.address), "SELECT day FROM actions") == [{"day": DAY}]
    assert lake.check().problems == ()
    assert lake.info().rows("actions") == 1
    lake.compact(keep_hours=0)
    assert ask(lake, "SELECT what FROM actions") == [{"what": "one"}]


def test_forgetting_a_customer_leaves_actions(tagged, rows, ask):
    tagged.upsert_reviews(rows.some(9, author="p1"))
    tagged.add_action("one", DAY)
    assert tagged.forget("p1") == 1
    assert ask(tagged, "SELECT what FROM actions") == [{"what": "one"}]


def test_a_day_is_written_as_a_day(lake, tmp_path):
    lake.add_action("=1+1", DAY)
    for kind in ("csv", "jsonl", "xlsx"):
        lake.export(tmp_path / kind, kind)
    with (tmp_path / "csv" / "actions.csv").open(encoding="utf-8-sig", newline="") as file:
        (told,) = csv.DictReader(file)
    assert (told["day"], told["what"]) == ("2026-05-01", "'=1+1")
    assert json.loads((tmp_path / "jsonl" / "actions.jsonl").read_text())["day"] == "2026-05-01"
    book = openpyxl.load_workbook(tmp_path / "xlsx" / "actions.xlsx")
    assert [cell.value for cell in book["actions"][2]][1:3] == ["=1+1", "2026-05-01"]
    book.close()
