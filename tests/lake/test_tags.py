from __future__ import annotations

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from ugc.errors import LakeError
from ugc.lake import tags, upkeep
from ugc.lake.commits import append
from ugc.lake.store import Store

COUNTS = """
SELECT (SELECT count(*) FROM tags) AS tags, (SELECT count(*) FROM mentions) AS mentions,
       (SELECT count(DISTINCT review_id) FROM mentions) AS mentioning
"""


def test_tags_and_mentions_are_there_together(tagged, rows, ask):
    assert ask(tagged, COUNTS) == [{"tags": 4, "mentions": 4, "mentioning": 4}]
    query = 'SELECT r.text, m.start, m."end", m.quote FROM mentions m JOIN reviews r ON r.id = m.review_id'
    for one in ask(tagged, query):
        assert one["text"][one["start"] : one["end"]] == one["quote"] == "долго ждал"


def test_untagged_are_the_newest_first(lake, rows):
    lake.upsert_reviews(rows.some(3, 1, 2))
    lake.upsert_reviews(rows.some("b", "a", date=None))
    found = lake.untagged("m@1")
    assert found.column_names == ["id", "text", "text_hash", "language"]
    without_date = sorted([rows.id("a"), rows.id("b")])
    assert found["id"].to_pylist() == [rows.id(3), rows.id(2), rows.id(1), *without_date]
    assert lake.untagged("m@1", 2)["id"].to_pylist() == [rows.id(3), rows.id(2)]
    assert lake.count_untagged("m@1") == 5


def test_another_model_finds_everything_untagged(tagged):
    assert tagged.count_untagged("m@1") == 0
    assert tagged.count_untagged("m@2") == 4


def test_writing_twice_changes_nothing(tagged, rows, ask):
    reviews = tagged.untagged("m@2")
    version = tagged.version()
    assert tagged.write_tags(*rows.tags(reviews, "b2")) == 0
    assert tagged.version() == version
    assert ask(tagged, COUNTS) == [{"tags": 4, "mentions": 4, "mentioning": 4}]


def test_another_model_replaces_tags_and_mentions(tagged, rows, ask):
    reviews = tagged.untagged("m@2").slice(0, 3)
    written = tagged.write_tags(*rows.tags(reviews, "b2", "m@2", "курьера", sentiment="mixed"))
    assert written == 3
    assert ask(tagged, COUNTS) == [{"tags": 4, "mentions": 4, "mentioning": 4}]
    found = ask(tagged, "SELECT quote, count(*) AS n FROM mentions GROUP BY quote ORDER BY quote")
    assert found == [{"quote": "долго ждал", "n": 1}, {"quote": "курьера", "n": 3}]
    assert tagged.count_untagged("m@2") == 1


def test_another_text_makes_tags_invisible_until_it_is_read(tagged, rows, ask):
    tagged.upsert_reviews(rows.reviews(rows.review(2, "Всё хорошо, долго ждал зря")))
    assert ask(tagged, COUNTS) == [{"tags": 3, "mentions": 3, "mentioning": 3}]
    reviews = tagged.untagged("m@1")
    assert reviews["id"].to_pylist() == [rows.id(2)]
    tagged.write_tags(*rows.tags(reviews, "b2"))
    assert ask(tagged, COUNTS) == [{"tags": 4, "mentions": 4, "mentioning": 4}]


def test_another_city_leaves_tags_alone(tagged, rows, ask):
    tagged.upsert_reviews(rows.some(2, city="Тверь"))
    assert tagged.count_untagged("m@1") == 0
    assert ask(tagged, COUNTS) == [{"tags": 4, "mentions": 4, "mentioning": 4}]


def test_a_text_that_changed_while_it_was_read_stays_untagged(lake, rows):
    lake.upsert_reviews(rows.some(1, 2))
    read = lake.untagged("m@1")
    lake.upsert_reviews(rows.reviews(rows.review(1, "Другой текст")))
    assert lake.write_tags(*rows.tags(read, "b1")) == 1
    assert lake.untagged("m@1")["text"].to_pylist() == ["Другой текст"]


def test_a_review_that_is_gone_gets_no_tags(lake, rows):
    lake.upsert_reviews(rows.some(1, author="a" * 16))
    lake.upsert_reviews(rows.some(2))
    read = lake.untagged("m@1")
    lake.forget("a" * 16)
    assert lake.write_tags(*rows.tags(read, "b1")) == 1
    assert lake.info().rows("mentions") == 1


def test_the_last_tags_of_a_review_in_a_batch_win(lake, rows, ask):
    lake.upsert_reviews(rows.some(1))
    read = lake.untagged("m@1")
    first, first_mentions = rows.tags(read, "b1", sentiment="neutral")
    last, last_mentions = rows.tags(read, "b2", quote="курьера")
    both = pa.concat_tables([first, last]), pa.concat_tables([first_mentions, last_mentions])
    assert lake.write_tags(*both) == 1
    assert ask(lake, "SELECT sentiment FROM tags") == [{"sentiment": "negative"}]
    assert ask(lake, "SELECT quote FROM mentions") == [{"quote": "курьера"}]


def test_a_mention_without_tags_is_refused(lake, rows):
    lake.upsert_reviews(rows.some(1, 2))
    made, mentions = rows.tags(lake.untagged("m@1"), "b1")
    with pytest.raises(ValueError, match="have no row of tags"):
        lake.write_tags(made.slice(0, 1), mentions)
    assert lake.info().rows("mentions") == 0


class Killed(Exception):
    """Stands for the end of the process between the two commits."""


def test_mentions_without_their_tags_are_never_seen(lake, rows, ask, monkeypatch):
    lake.upsert_reviews(rows.some(1, 2))
    read = lake.untagged("m@1")

    def append_until_killed(table: DeltaTable, *more: object) -> None:
        if table.table_uri.rstrip("/").endswith("tags"):
            raise Killed
        append(table, *more)

    with monkeypatch.context() as patch:
        patch.setattr(tags, "append", append_until_killed)
        with pytest.raises(Killed):
            lake.write_tags(*rows.tags(read, "b1"))
    assert lake.info().rows("mentions") == 2
    assert ask(lake, COUNTS) == [{"tags": 0, "mentions": 0, "mentioning": 0}]
    assert lake.count_untagged("m@1") == 2
    lake.write_tags(*rows.tags(read, "b2"))
    assert ask(lake, COUNTS) == [{"tags": 2, "mentions": 2, "mentioning": 2}]
    assert lake.info().rows("mentions") == 4
    assert lake.compact().mentions_dropped == 2
    assert lake.info().rows("mentions") == 2
    assert ask(lake, COUNTS) == [{"tags": 2, "mentions": 2, "mentioning": 2}]


def test_leftovers_removed_between_the_two_commits_take_nothing_along(lake, rows, ask, monkeypatch):
    """Two writers without a common turn, as on an object store: one tags, one compacts."""
    lake.upsert_reviews(rows.some(1, 2))
    lay, store, removed = tags._lay, Store(lake.address), []

    def lay_then_lose(*given: object) -> dict[str, str]:
        names = lay(*given)
        if not removed:
            removed.append(upkeep._drop_mentions(store))
        return names

    monkeypatch.setattr(tags, "_lay", lay_then_lose)
    assert lake.write_tags(*rows.tags(lake.untagged("m@1"), "b1")) == 2
    assert removed == [2]
    assert ask(lake, COUNTS) == [{"tags": 2, "mentions": 2, "mentioning": 2}]


def test_a_tagger_that_was_overtaken_writes_the_rest(lake, rows, ask, monkeypatch):
    """Another process tags one of the two reviews after the mentions were laid."""
    lake.upsert_reviews(rows.some(1, 2))
    read = lake.untagged("m@1")
    lay, store, others = tags._lay, Store(lake.address), []

    def lay_then_wait(*given: object) -> dict[str, str]:
        names = lay(*given)
        if not others:
            others.append("one")
            assert tags.write(store, *rows.tags(read.slice(0, 1), "other", quote="курьера")) == 1
        return names

    monkeypatch.setattr(tags, "_lay", lay_then_wait)
    assert lake.write_tags(*rows.tags(read, "b1")) == 1
    assert ask(lake, COUNTS) == [{"tags": 2, "mentions": 2, "mentioning": 2}]
    found = ask(lake, "SELECT quote FROM mentions ORDER BY quote")
    assert [one["quote"] for one in found] == ["долго ждал", "курьера"]


def test_others_who_are_always_quicker(lake, rows, monkeypatch):
    monkeypatch.setattr("ugc.lake.store.ATTEMPTS", 3)
    store = Store(lake.address)
    lake.upsert_reviews(rows.some(1))
    read = lake.untagged("m@1")
    lay = tags._lay

    def overtaken(*given: object) -> dict[str, str]:
        names = lay(*given)
        store.change("tags", upkeep._raise_fence)
        return names

    monkeypatch.setattr(tags, "_lay", overtaken)
    with pytest.raises(LakeError, match="written too often"):
        lake.write_tags(*rows.tags(read, "b1"))
