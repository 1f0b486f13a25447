from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from ugc.lake import forget
from ugc.lake.grouping import ends
from ugc.schema import GROUPED, REASONS, VECTORS

NOW = datetime(2026, 5, 1, tzinfo=UTC)
KEY = ("review_id", "text_hash", "model", "start", "end", "theme", "polarity")


def vector(found, byte=1):
    row = {name: found[name] for name in ("review_id", "text_hash", "model", "start", "end")}
    return row | {"vector": np.full(4, byte, np.int8).tobytes()}


def vectors(*rows):
    return pa.Table.from_pylist(list(rows), schema=VECTORS)


def reason(name, **more):
    row = {
        "id": name,
        "theme": "speed",
        "polarity": "negative",
        "model": "m@1",
        "centroid": np.asarray([1, 0, 0, 0], "<f4").tobytes(),
        "members": 1,
        "name_ru": "долго ждать",
        "opened_at": NOW,
        "updated_at": NOW,
    }
    return row | more


def reasons(*rows):
    return pa.Table.from_pylist(list(rows), schema=REASONS)


def grouped(found, **names):
    """Rows for what was ungrouped; `r0="a"` puts the first into the reason a."""
    rows = [
        {key: one[key] for key in KEY} | {"reason": names.get(f"r{n}"), "similarity": 0.5 + n / 8}
        for n, one in enumerate(found)
    ]
    return pa.Table.from_pylist(rows, schema=GROUPED)


@pytest.fixture
def four(tagged):
    """The ungrouped mentions of the lake `tagged`."""
    found = tagged.ungrouped().to_pylist()
    assert len(found) == 4
    return found


def test_vectors_are_written_once_and_follow_the_tags(tagged, four, rows, ask):
    assert tagged.unvectored("m@1")["spans"].to_pylist() == [[{"start": 9, "end": 19}]] * 4
    assert tagged.unvectored("other@1").num_rows == 0
    table = vectors(*(vector(one) for one in four), vector(four[0] | {"review_id": "gone"}))
    assert tagged.write_vectors(table) == 4
    assert tagged.write_vectors(table) == 0
    assert tagged.write_vectors(vectors(vector(four[0], 7))) == 1
    assert [one["vector"][0] for one in tagged.ungrouped().to_pylist()] == [7, 1, 1, 1]
    assert tagged.unvectored("m@1").num_rows == 0
    assert tagged.write_tags(*rows.tags(tagged.untagged("m@2", 1), "b2", "m@2")) == 1
    assert ask(tagged, "SELECT count(*) AS n FROM vectors") == [{"n": 3}]
    assert [one.kind for one in tagged.check().problems if one.table == "vectors"] == ["leftover"]
    assert tagged.compact().vectors_dropped == 1
    assert tagged.check().problems == ()


def test_vectors_come_with_the_tags(lake, rows):
    lake.upsert_reviews(rows.some(1))
    tags, mentions = rows.tags(lake.untagged("m@1"), "b1")
    one = mentions.to_pylist()[0] | tags.to_pylist()[0]
    assert lake.write_tags(tags, mentions, vectors(vector(one))) == 1
    assert lake.ungrouped()["vector"].to_pylist() == [b"\1\1\1\1"]


def test_a_mention_belongs_to_what_its_reason_has_become(tagged, four, ask):
    table = reasons(reason("a"), reason("b"))
    assert tagged.write_grouping(table, grouped(four[:3], r0="a", r1="b")) == 5
    assert tagged.write_grouping(table, grouped(four[:3], r0="a", r1="b")) == 0
    assert [one["review_id"] for one in tagged.ungrouped().to_pylist()] == [four[3]["review_id"]]
    query = "SELECT reason, similarity, looked_at FROM reasoned ORDER BY looked_at DESC, reason NULLS LAST"
    assert ask(tagged, query) == [
        {"reason": "a", "similarity": 0.5, "looked_at": True},
        {"reason": "b", "similarity": 0.625, "looked_at": True},
        {"reason": None, "similarity": None, "looked_at": True},
        {"reason": None, "similarity": None, "looked_at": False},
    ]
    tagged.write_grouping(reasons(reason("b", merged_into="a", members=0)), grouped([]))
    assert ask(tagged, "SELECT reason, count(*) AS n FROM reasoned GROUP BY 1 ORDER BY 1 NULLS FIRST") == [
        {"reason": None, "n": 2},
        {"reason": "a", "n": 2},
    ]
    assert [one["merged_into"] for one in ask(tagged, "SELECT * FROM reasons ORDER BY id")] == [None, "a"]
    assert tagged.check().problems == ()


def test_what_names_no_reason_is_refused(tagged, four, ask):
    with pytest.raises(ValueError, match="no reason b"):
        tagged.write_grouping(reasons(reason("a")), grouped(four, r0="b"))
    with pytest.raises(ValueError, match="no reason c"):
        tagged.write_grouping(reasons(reason("a", merged_into="c")), grouped([]))
    assert ask(tagged, "SELECT count(*) AS n FROM reasons") == [{"n": 0}]


def test_a_corrected_mention_is_ungrouped_until_the_next_grouping(tagged, four, ask):
    tagged.write_vectors(vectors(*(vector(one) for one in four)))
    tagged.write_grouping(reasons(reason("a")), grouped(four, r0="a", r1="a", r2="a", r3="a"))
    assert tagged.ungrouped().num_rows == 0
    one = four[1]
    made = {"start": one["start"], "end": one["end"], "theme": "speed"}
    tagged.add_correction(one["review_id"], "theme", "promises", **made)
    tagged.add_correction(four[2]["review_id"], "added", "positive", start=0, end=5, theme="price")
    found = tagged.ungrouped().to_pylist()
    assert [(row["theme"], row["vector"] is None) for row in found] == [("promises", False), ("price", True)]
    assert ask(tagged, "SELECT count(reason) AS n FROM reasoned") == [{"n": 3}]
    tagged.write_grouping(reasons(reason("p", theme="promises")), grouped(found, r0="p"))
    assert tagged.ungrouped().num_rows == 0
    tagged.add_correction(one["review_id"], "theme", None, **made)
    assert ask(tagged, "SELECT count(reason) AS n FROM reasoned WHERE reason = 'a'") == [{"n": 4}]


def test_another_text_takes_its_reason_away(tagged, four, rows, ask):
    tagged.write_grouping(reasons(reason("a")), grouped(four, r0="a", r1="a", r2="a", r3="a"))
    tagged.upsert_reviews(rows.reviews(rows.review(2, "Теперь долго ждал")))
    tagged.write_tags(*rows.tags(tagged.untagged("m@1"), "b2"))
    assert tagged.ungrouped()["review_id"].to_pylist() == [rows.id(2)]
    assert tagged.write_grouping(reasons(), grouped(four[1:2])) == 0
    assert tagged.compact().grouped_dropped == 1
    assert ask(tagged, "SELECT count(reason) AS n, count(*) AS m FROM reasoned") == [{"n": 3, "m": 4}]


def test_forgetting_takes_the_reason_that_nobody_else_gave(lake, rows, ask):
    lake.upsert_reviews(rows.some(1, 2, author="p1"))
    lake.upsert_reviews(rows.some(3))
    lake.write_tags(*rows.tags(lake.untagged("m@1"), "b1"))
    found = lake.ungrouped().to_pylist()
    lake.write_vectors(vectors(*(vector(one) for one in found)))
    quote = {"quote_review": found[0]["review_id"], "quote_start": 9, "quote_end": 19}
    table = reasons(reason("mine"), reason("ours", **quote), reason("old", merged_into="ours"))
    both = grouped([*found, found[0]], r0="mine", r1="mine", r2="old", r3="ours")
    lake.write_grouping(table, both)
    assert lake.forget("p1") == 2
    left = ask(lake, "SELECT id, quote_review, quote_start, quote_end FROM reasons ORDER BY id")
    none = {"quote_review": None, "quote_start": None, "quote_end": None}
    assert left == [{"id": "old", **none}, {"id": "ours", **none}]
    assert ask(lake, "SELECT reason FROM reasoned") == [{"reason": "ours"}]
    for name in ("vectors", "grouped"):
        assert ask(lake, f"SELECT count(*) AS n FROM {name}") == [{"n": 1}]
    assert lake.check().problems == ()


def test_forgetting_that_was_interrupted_takes_the_reasons_too(tagged, four, rows, ask, monkeypatch):
    class Killed(Exception):
        pass

    def die(*_: object) -> None:
        raise Killed

    tagged.upsert_reviews(rows.some(1, author="p1"))
    tagged.write_grouping(reasons(reason("a"), reason("b")), grouped(four, r0="a", r1="b"))
    with monkeypatch.context() as patch:
        patch.setattr(forget, "drop", die)
        with pytest.raises(Killed):
            tagged.forget("p1")
    assert ask(tagged, "SELECT id FROM reasons ORDER BY id") == [{"id": "a"}, {"id": "b"}]
    assert tagged.forget("p1") == 1
    assert ask(tagged, "SELECT id FROM reasons") == [{"id": "b"}]


def test_compact_joins_the_files_of_all_three(tagged, four, ask, tmp_path):
    for n, one in enumerate(four):
        tagged.write_vectors(vectors(vector(one, n)))
        name = "ab"[n % 2]
        tagged.write_grouping(reasons(reason(name, members=n)), grouped([one], r0=name))
    query = "SELECT * FROM reasoned ORDER BY review_id"
    held = "SELECT * FROM reasons ORDER BY id"
    before = ask(tagged, query), ask(tagged, held), ask(tagged, "SELECT * FROM vectors ORDER BY review_id")
    done = tagged.compact(keep_hours=0)
    assert (done.vectors_dropped, done.grouped_dropped) == (0, 0)
    for name in ("vectors", "reasons", "grouped"):
        assert len(list((tmp_path / "lake" / name).glob("*.parquet"))) == 1
    after = ask(tagged, query), ask(tagged, held), ask(tagged, "SELECT * FROM vectors ORDER BY review_id")
    assert after == before
    assert [one["reason"] for one in after[0]].count("a") == 2
    assert tagged.check().problems == ()


def test_rows_of_another_model_or_text_are_not_looked_at(tagged, four, rows, ask):
    for change in ({"model": "old@1"}, {"text_hash": rows.review(9)["text_hash"]}):
        tagged.write_grouping(reasons(reason("a")), grouped([four[0] | change], r0="a"))
        assert ask(tagged, "SELECT bool_or(looked_at) AS any, count(reason) AS n FROM reasoned") == [
            {"any": False, "n": 0}
        ]
    assert tagged.ungrouped().num_rows == 4


def test_bytes_are_not_exported(tagged, four, tmp_path):
    tagged.write_grouping(reasons(reason("a")), grouped(four, r0="a"))
    for kind in ("csv", "xlsx", "jsonl", "parquet"):
        names = {path.name for path in tagged.export(tmp_path / kind, kind)}
        assert f"vectors.{kind}" not in names
        assert {f"reasons.{kind}", f"grouped.{kind}"} < names
    assert "centroid" not in (tmp_path / "csv" / "reasons.csv").read_text(encoding="utf-8-sig")


def test_a_circle_of_merges_ends():
    assert ends([("a", None), ("b", "a"), ("c", "b"), ("d", "gone")]) == {
        "a": "a",
        "b": "a",
        "c": "a",
        "d": "d",
    }
    assert ends([("a", "b"), ("b", "a")]) == {"a": "b", "b": "a"}
