from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ugc import schema
from ugc.review import Review, review_id, text_hash

anything = st.text(st.characters(), max_size=30)


@given(anything, anything, anything, anything)
def test_ids_tell_source_from_number(source, number, other_source, other_number):
    same = (source, number) == (other_source, other_number)
    if "\x1f" not in source + other_source:
        assert (review_id(source, number) == review_id(other_source, other_number)) is same
    assert len(review_id(source, number)) == 20


@given(anything)
def test_a_text_hash_is_of_the_text_alone(text):
    assert text_hash(text) == text_hash(text)
    assert text_hash(text) != text_hash(text + "!")


def test_a_review_is_strict_and_frozen():
    review = Review(id="1", source="s", source_id="1", text="t")
    assert review.rating is None
    with pytest.raises(ValidationError):
        review.text = "other"
    with pytest.raises(ValidationError):
        Review(id="1", source="s", source_id="1", text="t", stars=6)
    with pytest.raises(ValidationError):
        Review(id="1", source="s", source_id="1", text="t", mood="fine")


def test_the_table_of_reviews_holds_every_field_of_a_review():
    kept_by_the_lake = {"text_hash", "content_hash", "run_id", "first_seen", "updated_at"}
    assert set(Review.model_fields) | kept_by_the_lake == set(schema.REVIEWS.names)
