"""Lakes by hand: a usual one, and one in which every text means harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from ugc.lake import Lake
from ugc.lake.labels import Edit
from ugc.review import review_id, text_hash
from ugc.schema import MENTIONS, REVIEWS, TAGS

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)

HOSTILE = (
    "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>",
    "**bold** _it_ [link](javascript:window.hacked=1) `code` # head\n# head\n- item\n| a | b |",
    "$\\alpha^2$ $$\\int$$ :smile: :red[red] :material/home: :streamlit:",
    "\u202etfel ot thgir\u202c \u200f\u200eعربي עברית \u0000\u0007 \u200b\u200d\ufeff",
    "=cmd|' /C calc'!A0 {{7*7}} {0} %s ${x} </style><style>*{display:none}</style>",
    "длинный " * 12_500,
    '" onmouseover="window.hacked=1" data-x="',
    "&lt;b&gt; &amp; &#60;script&#62;",
)


def write(
    address: Path,
    reviews: list[dict[str, Any]],
    *,
    tagged: bool = True,
    state: str = "complete",
) -> None:
    """Writes reviews with their mentions: a review's `mentions` are (quote, theme, polarity)."""
    lake = Lake.open(address)
    run = lake.start_run("import", "test", "test")
    rows, tags, mentions = [], [], []
    for place, one in enumerate(reviews):
        key = review_id("test", str(place))
        said = text_hash(one["text"])
        row = dict.fromkeys(REVIEWS.names) | {
            name: value for name, value in one.items() if name in REVIEWS.names
        }
        row |= {"id": key, "source_id": str(place), "text_hash": said, "content_hash": said}
        row["source"] = row["source"] or "test"
        row["masked"] = row["masked"] or []
        rows.append(row)
        tag = dict.fromkeys(TAGS.names) | {
            "review_id": key,
            "model": "hand@1",
            "text_hash": said,
            "batch": "one",
            "tagged_at": NOW,
            "sentiment": one.get("sentiment"),
            "emotions": one.get("emotions", []),
            "loyalty": one.get("loyalty", []),
            "contact": one.get("contact"),
            "effort": one.get("effort"),
            "repeat": one.get("repeat"),
            "untaggable": None if one["text"].strip() else "empty",
        }
        tags.append(tag)
        for n, (quote, theme, polarity) in enumerate(one.get("mentions", ())):
            start = one["text"].index(quote)
            mentions.append(
                {
                    "review_id": key,
                    "batch": "one",
                    "n": n,
                    "start": start,
                    "end": start + len(quote),
                    "quote": quote,
                    "theme": theme,
                    "polarity": polarity,
                    "touchpoint": "delivery",
                    "confidence": 0.87,
                }
            )
    lake.upsert_reviews(pa.Table.from_pylist(rows, schema=REVIEWS))
    lake.finish_run(run, state, None if state == "complete" else "<b>stopped</b>", {"new": len(rows)})
    if tagged:
        lake.write_tags(
            pa.Table.from_pylist(tags, schema=TAGS), pa.Table.from_pylist(mentions, schema=MENTIONS)
        )


def usual() -> list[dict[str, Any]]:
    """Ninety reviews of two companies in three cities; delivery is slow in Kazan of late."""
    found = []
    for place in range(90):
        city = ("Казань", "Москва", "Gdańsk")[place % 3]
        late = city == "Казань" and place > 45
        text = (
            "Ждал две недели. Курьер вежливый, но это не спасает."
            if late
            else "Всё быстро привезли, спасибо! Упаковка так себе."
        )
        mentions = (
            [("Ждал две недели", "speed", "negative"), ("Курьер вежливый", "politeness", "positive")]
            if late
            else [("быстро привезли", "speed", "positive"), ("Упаковка так себе", "environment", "negative")]
        )
        found.append(
            {
                "text": text + f" №{place}",
                "source": ("banki_ru", "trustpilot")[place % 2],
                "url": f"https://reviews.example/{place}",
                "date": NOW - timedelta(days=2 * (90 - place)),
                "rating": 1.0 if late else 5.0,
                "rating_scale": 5.0,
                "stars": 1.0 if late else 5.0,
                "company": ("Ясень", "Lumbi")[place % 2],
                "product": ("Доставка", None)[place % 2],
                "place": "Пункт на Лесной" if place % 4 else None,
                "city": city,
                "language": ("ru", "en", "pl")[place % 3],
                "reply_text": "Спасибо за отзыв." if place % 5 == 0 else None,
                "reply_date": NOW if place % 5 == 0 else None,
                "app_version": "5.6.1" if place % 7 == 0 else None,
                "helpful_votes": place % 4,
                "verified": place % 2 == 0,
                "photos_count": place % 3,
                "sentiment": "negative" if late else "positive",
                "emotions": ["anger"] if late else ["gratitude", "joy"],
                "contact": "complaint" if late else "praise",
                "loyalty": ["leave"] if late else ["recommend"],
                "effort": "high" if late else "low",
                "repeat": late,
                "mentions": mentions,
            }
        )
    return found


def hostile() -> list[dict[str, Any]]:
    """Every hostile text as a review, and as each of its names; nothing else is given."""
    found: list[dict[str, Any]] = []
    for place, text in enumerate(HOSTILE):
        name = text[:200].strip()
        found.append(
            {
                "text": text,
                "source": f"test{place} {name}"[:120],
                "title": name,
                "url": ("javascript:alert(1)", "https://ok.example/?a=1&b=%3Cb%3E", None)[place % 3],
                "company": name,
                "product": name,
                "place": name,
                "city": name,
                "language": "zz",
                "reply_text": text,
                "app_version": name[:40],
                "author": "f" * 16,
                "stars": None if place % 2 else 1.0,
                "date": None if place % 3 == 2 else NOW - timedelta(days=place),
                "sentiment": ("negative", "mixed", "positive", None)[place % 4],
                "contact": "complaint",
                "mentions": [
                    (text[: max(len(text) // 2, 1)], "speed", "negative"),
                    (text, "price", "positive"),
                ],
            }
        )
    found.append({"text": ""})
    found.append({"text": "   \n\t ", "stars": 3.0})
    return found


def hostile_themes() -> list[Edit]:
    """Two shipped themes and one of a person's own, called, explained and exemplified by hostile texts."""
    short = [text.replace("\n", " ")[:60] for text in HOSTILE]
    return [
        Edit(
            key,
            own=key == "harm",
            names=(short[at], short[at + 1], short[at + 2]),
            covers=(HOSTILE[at][:200], HOSTILE[at + 1][:200], HOSTILE[at + 2][:200]),
            examples=tuple(tuple(text[:300] for text in HOSTILE) for _ in range(3)),
        )
        for key, at in (("speed", 0), ("price", 2), ("harm", 4))
    ]
