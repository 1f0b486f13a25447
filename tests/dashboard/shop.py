"""A played shop of games, and all that the page of sources shows of it."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

from tests.dashboard.test_pages import everything as marked


def everything(app: AppTest) -> str:
    """All that the page shows, without the strokes that keep Markdown from reading marks."""
    return marked(app).replace("\\", "")


def played(count: int, first: int = 1, cursor: str = "end") -> bytes:
    """A page of the played shop of games."""
    rows = [
        {
            "recommendationid": str(first + n),
            "author": {"steamid": "76561190000000001"},
            "language": "russian",
            "review": f"Сборы тянутся, но доставка вышла быстрой {first + n}",
            "timestamp_created": 1_770_000_000 - 1000 * (first + n),
            "voted_up": True,
        }
        for n in range(count)
    ]
    return json.dumps({"success": 1, "reviews": rows, "cursor": cursor}).encode()
