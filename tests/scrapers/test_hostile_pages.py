"""Whatever a page turns into, a parser gives records or names the source; it never breaks."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.registry import SOURCES
from ugc.errors import SourceChanged

WHOLE = {
    "banki_ru": {
        "data": [
            {"id": 1, "dateCreate": "2026-01-01 10:00:00", "text": "t", "grade": 4, "company": {"name": "n"}}
        ]
    },
    "app_store": {
        "feed": {
            "entry": [
                {
                    "id": {"label": "1"},
                    "im:rating": {"label": "5"},
                    "content": {"label": "c"},
                    "author": {"name": {"label": "a"}},
                    "link": {"attributes": {"href": "h"}},
                }
            ]
        }
    },
    "steam": {
        "success": 1,
        "cursor": "c",
        "reviews": [
            {
                "recommendationid": "1",
                "voted_up": True,
                "author": {"steamid": "s"},
                "timestamp_created": 1,
                "review": "r",
            }
        ],
    },
}

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Paths of all values in a JSON document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in inner for found in places(one, (*path, key)))]


def replaced(value: object, path: tuple[object, ...], new: object) -> object:
    """The document with the value at a path replaced."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(copy[path[0]], path[1:], new)
    return copy


@pytest.mark.parametrize("name", sorted(SOURCES))
@given(data=st.data())
def test_a_mutated_page_gives_records_or_a_named_error(name, data):
    path = data.draw(st.sampled_from(places(WHOLE[name])))
    body = json.dumps(replaced(WHOLE[name], path, data.draw(junk))).encode()
    cut = data.draw(st.sampled_from([len(body), len(body) // 2, 1]))
    found = ()
    with contextlib.suppress(SourceChanged):
        found = SOURCES[name].parse(body[:cut]).records
    assert all(isinstance(record["source_id"], str) for record in found)


def test_every_source_has_its_case():
    assert set(WHOLE) == set(SOURCES)
