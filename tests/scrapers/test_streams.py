from __future__ import annotations

import asyncio

import pytest

from scrapers.app_store import AppStore
from scrapers.source import Page
from scrapers.streams import heard
from ugc.errors import SourceBlocked, SourceChanged, SourceError


def listen(lists, cursor=None):
    """What came of all lists, the last cursor, and the error at the end.

    A list is a sequence of pages, each a sequence of ids or an error.
    """
    begun: list[str] = []

    async def walk(name, mark):
        begun.append(name)
        for ids in lists[name]:
            if isinstance(ids, Exception):
                raise ids
            yield Page(tuple({"source_id": one} for one in ids)), {"seen": mark.get("seen", 0) + 1}

    async def run():
        found, last = [], cursor or {}
        try:
            async for page, mark in heard(AppStore(), list(lists), cursor or {}, walk):
                found += [record["source_id"] for record in page.records]
                last = mark
        except (SourceError, SourceBlocked) as error:
            return found, last, error
        return found, last, None

    return asyncio.run(run())


def test_lists_are_read_one_after_the_other_with_a_cursor_each():
    found, cursor, error = listen({"ru": [["1"], ["2"]], "pl": [["3"]]})
    assert (found, error) == (["1", "2", "3"], None)
    assert cursor == {"streams": {"ru": {"seen": 1}, "pl": {"seen": 1}}}


def test_an_empty_page_that_is_not_the_first_is_no_silence():
    found, _, error = listen({"ru": [["1"], []]})
    assert (found, error) == (["1"], None)


def test_the_silence_of_one_among_others_is_not_told():
    found, cursor, error = listen({"ru": [["1"]], "by": [[]]})
    assert (found, error) == (["1"], None)
    assert "by" not in cursor["streams"]


def test_the_silence_of_one_that_spoke_before_is_told():
    found, cursor, error = listen({"ru": [["1"]], "by": [[]]}, {"streams": {"by": {"seen": 4}}})
    assert found == ["1"]
    assert "no review for by, where it had some before" in str(error)
    assert cursor["streams"]["by"] == {"seen": 4}


def test_the_silence_of_all_is_unknown():
    found, _, error = listen({"ru": [[]], "by": [[]]})
    assert found == []
    assert "unknown" in str(error)
    assert "ru, by" in str(error)


@pytest.mark.parametrize("kind", [SourceError, SourceChanged])
def test_trouble_with_one_is_told_after_the_others(kind):
    found, _, error = listen({"ru": [["1"], kind("The feed broke.", "Wait.")], "pl": [["2"]]})
    assert found == ["1", "2"]
    assert type(error) is kind
    assert str(error) == "App Store, ru: The feed broke. Wait."


def test_a_refusal_ends_it_at_once():
    found, _, error = listen({"ru": [SourceBlocked("No.", "")], "pl": [["2"]]})
    assert found == []
    assert isinstance(error, SourceBlocked)
