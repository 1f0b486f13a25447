"""Reading is streamed: the memory does not grow with the file."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from ugc.ingest.job import look_at

TEXT = "Ждали доставку дольше обещанного, поддержка отвечала отписками, номер заказа терялся. " * 12
ROWS = 9000


def csv_lines():
    yield "id,text,rating\n"
    for number in range(ROWS):
        yield f'{number},"{number} {TEXT}",{number % 5 + 1}\n'


def json_lines():
    yield '{"meta": {"n": 1}, "reviews": ['
    for number in range(ROWS):
        record = {"id": number, "text": f"{number} {TEXT}", "rating": number % 5 + 1}
        yield ("," if number else "") + json.dumps(record, ensure_ascii=False)
    yield "]}"


@pytest.mark.parametrize(("name", "lines"), [("large.csv", csv_lines), ("large.json", json_lines)])
def test_a_large_export_stays_small_in_memory(tmp_path, name, lines):
    path = tmp_path / name
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(lines())
    assert path.stat().st_size > 16_000_000
    look_at([path])
    tracemalloc.start()
    try:
        (plan,) = look_at([path])
        assert sum(1 for _ in plan.entries()) == plan.rows == ROWS
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 30_000_000
