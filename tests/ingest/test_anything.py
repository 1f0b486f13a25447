"""Whatever a file or a record holds: reviews, rejects or one clear error, never anything else."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ugc.errors import UgcError
from ugc.ingest import import_files
from ugc.ingest.columns import FIELDS
from ugc.ingest.dates import Dates
from ugc.ingest.normalise import Context, Entry, normalise
from ugc.schema import REVIEWS

NOW = datetime(2025, 10, 29, tzinfo=UTC)
PIECES = ['"', ",", ";", "\n", "\r", "\t", "a", "Отзыв", "хорошо", "5", '""', "{", "[", "]", "}", ":"]
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

cells = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40), st.binary(max_size=5),
    st.datetimes(), st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers()),
    st.sampled_from(["5", "4,5/5", "вчера", "31.05.2025", "http://[", "=1+1", "\ud83d", "\x00", "👍", "nan"]),
)  # fmt: skip
records = st.dictionaries(st.sampled_from(FIELDS), cells, max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=QUIET)
@given(st.lists(records, max_size=6))
def test_any_record_becomes_a_review_or_a_reject(found):
    context = Context(source="x", salt="s", dates=Dates(now=NOW))
    batches = list(normalise([Entry(number, record) for number, record in enumerate(found, 1)], context))
    for batch in batches:
        assert batch.schema == REVIEWS
        for row in batch.to_pylist():
            assert row["stars"] is None or 1 <= row["stars"] <= 5
            assert row["date"] is None or row["date"] <= datetime(2025, 10, 31, tzinfo=UTC)
            assert row["text"] or row["rating"] is not None
            row["text"].encode("utf-8")
    summary = context.summary
    assert summary.rows == len(found)
    assert sum(batch.num_rows for batch in batches) + summary.rejected + summary.repeated == len(found)


def dry(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    refused = None
    try:
        return import_files(None, [path], dry_run=True, now=NOW)
    except UgcError as error:
        refused = error
    assert refused.mend
    return None


@settings(max_examples=80, deadline=None, suppress_health_check=QUIET)
@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.json", "a.jsonl", "a.xlsx", "a.parquet", "a"]))
def test_any_bytes_are_read_or_refused(tmp_path, content, name):
    dry(tmp_path, name, content)


@settings(max_examples=120, deadline=None, suppress_health_check=QUIET)
@given(
    st.lists(st.sampled_from(PIECES)),
    st.sampled_from(["utf-8", "utf-16", "cp1251", "utf-8-sig"]),
    st.sampled_from(["a.csv", "a.json", "a.jsonl"]),
)
def test_any_pieces_of_a_table_are_read_or_refused(tmp_path, pieces, encoding, name):
    summary = dry(tmp_path, name, ("text,rating\n" + "".join(pieces)).encode(encoding))
    if summary is not None:
        assert summary.rows == summary.new + summary.repeated + summary.rejected
