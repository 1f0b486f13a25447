from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.markup import decoded, tree

PAGE = "<html><head><meta charset='{}'></head><body><p>Всё быстро, źle</p></body></html>"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("utf-8", "windows-1251"), ("utf-8-sig", "x"), ("utf-16", "x")],
)
def test_text_that_is_unicode_is_read_as_such_whatever_the_page_says(encoding, named):
    assert "Всё быстро, źle" in decoded(PAGE.format(named).encode(encoding))


@pytest.mark.parametrize(
    ("encoding", "named", "text"),
    [("cp1251", "windows-1251", "Всё"), ("koi8-r", "KOI8-R", "Всё"), ("iso8859-2", "iso-8859-2", "źle")],
)
def test_other_encodings_are_taken_at_their_word(encoding, named, text):
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={named}"><p>{text}'
    assert tree(page.encode(encoding)).p.get_text() == text


@given(st.binary(max_size=200))
def test_any_bytes_are_a_page(body):
    assert "\0" not in decoded(body)
    assert tree(b"<meta charset='\x01'>" + body) is not None
