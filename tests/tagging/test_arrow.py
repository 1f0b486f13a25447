from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ugc.errors import ModelError
from ugc.review import Mention, Tags
from ugc.schema import MENTIONS, TAGS
from ugc.tagging import to_arrow

NOW = datetime(2025, 6, 1, tzinfo=UTC)
GIVEN = {"model": "m@1", "batch": "b", "tagged_at": NOW}


def test_every_field_arrives(keywords, reviews):
    batch = reviews("Ждал долго")
    tags, mentions = to_arrow(batch, keywords.tag(["Ждал долго"]), **GIVEN)
    assert tags.schema == TAGS
    assert mentions.schema == MENTIONS
    (one,) = tags.to_pylist()
    numbers = {
        name: pytest.approx(one.pop(name)) for name in list(one) if name.startswith(("p_", "contact_c"))
    }
    assert numbers == {
        "p_positive": 0.1,
        "p_negative": 0.7,
        "p_mixed": 0.15,
        "p_neutral": 0.05,
        "contact_confidence": 0.8,
    }
    assert one == {
        "review_id": batch["id"][0].as_py(),
        "text_hash": batch["text_hash"][0].as_py(),
        **GIVEN,
        "sentiment": "negative",
        "emotions": ["anger", "sadness"],
        "contact": "complaint",
        "loyalty": ["leave"],
        "effort": "high",
        "repeat": True,
        "specific": False,
        "untaggable": None,
    }
    (mention,) = mentions.to_pylist()
    assert mention.pop("confidence") == pytest.approx(0.9)
    assert mention == {
        "review_id": batch["id"][0].as_py(),
        "batch": "b",
        "n": 0,
        "start": 5,
        "end": 10,
        "quote": "долго",
        "theme": "speed",
        "polarity": "negative",
        "touchpoint": "none",
    }


def test_what_cannot_be_read_has_no_signal(reviews):
    tags, mentions = to_arrow(reviews(""), [Tags(untaggable="empty")], **GIVEN)
    (one,) = tags.to_pylist()
    assert one["untaggable"] == "empty"
    assert one["emotions"] == one["loyalty"] == []
    signals = ("sentiment", "p_positive", "contact", "contact_confidence", "effort", "repeat", "specific")
    assert [one[name] for name in signals] == [None] * 7
    assert mentions.num_rows == 0


def test_mentions_are_numbered_within_their_review(reviews):
    pair = (
        Mention(0, 4, "Ждал", "speed", "negative", "none", 0.5),
        Mention(5, 10, "долго", "speed", "negative", "none", 0.5),
    )
    _, mentions = to_arrow(
        reviews("Ждал долго", "Ждал долго"), [Tags(mentions=pair), Tags(mentions=pair)], **GIVEN
    )
    assert mentions["n"].to_pylist() == [0, 1, 0, 1]


@pytest.mark.parametrize(("start", "end", "quote"), [(0, 4, "Ждaл"), (1, 5, "Ждал"), (3, 3, "")])
def test_a_quote_that_the_text_does_not_hold_is_refused(reviews, start, end, quote):
    wrong = Tags(mentions=(Mention(start, end, quote, "speed", "negative", "none", 0.5),))
    with pytest.raises(ModelError, match="does not say"):
        to_arrow(reviews("Ждал долго"), [wrong], **GIVEN)


def test_one_answer_a_review(reviews):
    with pytest.raises(ModelError, match="answered 1 times for 2"):
        to_arrow(reviews("a", "b"), [Tags()], **GIVEN)
