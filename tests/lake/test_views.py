from __future__ import annotations

import pytest

from ugc.lake.views import columns, need, raw


@pytest.mark.parametrize(
    ("query", "tables", "wide"),
    [
        ("SELECT count(*) FROM reviews", {"reviews"}, set()),
        ("SELECT theme, 100.0 * count(*) FROM mentions GROUP BY ALL", {"mentions"}, set()),
        ("SELECT sum(stars * 2) FROM reviews r", {"reviews"}, set()),
        ("SELECT text FROM reviews", {"reviews"}, {"reviews"}),
        ('SELECT r."text" FROM reviews r', {"reviews"}, {"reviews"}),
        ("SELECT TEXT FROM Reviews", {"reviews"}, {"reviews"}),
        ("SELECT * FROM reviews", {"reviews"}, {"reviews"}),
        ("SELECT DISTINCT * FROM reviews", {"reviews"}, {"reviews"}),
        ("SELECT r.* FROM reviews r", {"reviews"}, {"reviews"}),
        ("SELECT 1, * FROM reviews", {"reviews"}, {"reviews"}),
        ("FROM reviews", {"reviews"}, {"reviews"}),
        ("SELECT id FROM (FROM reviews)", {"reviews"}, {"reviews"}),
        ("SELECT COLUMNS(c -> true) FROM reviews", {"reviews"}, {"reviews"}),
        ("DESCRIBE reviews", {"reviews"}, {"reviews"}),
        (
            "SELECT m.quote, t.sentiment FROM mentions m JOIN tags t USING (review_id)",
            {"mentions", "tags"},
            {"mentions"},
        ),
        ("SELECT t.* FROM tags t JOIN runs ON true", {"tags", "runs"}, set()),
        ("SELECT 1", set(), set()),
    ],
)
def test_a_query_gets_the_columns_that_it_names(query, tables, wide):
    found = need(query)
    assert found.tables == tables
    assert found.wide == wide


def test_narrow_columns_leave_the_texts_out():
    assert '"text"' in columns("reviews")
    assert '"text"' not in columns("reviews", wide=False)
    assert columns("tags", wide=False) == columns("tags")


def test_a_quote_in_a_path_stays_a_path():
    assert "read_parquet(['/a/it''s.parquet']" in raw("runs", ["/a/it's.parquet"])
