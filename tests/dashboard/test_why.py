""" "Why?" on the page of reviews: nothing is computed before it is asked, by the shipped model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ugc.dashboard.look.words import words
from ugc.dashboard.reviews import why
from ugc.review import review_id

Visit = Callable[..., AppTest]


def explanations(app: AppTest) -> list[str]:
    """What the page explains."""
    return [str(one.value) for one in app.html if '<section class="house-why"' in str(one.value)]


def asked(app: AppTest, review: str) -> AppTest:
    """The page after the question about one review."""
    app.session_state[f"why_{review}"] = True
    return app.run()


@pytest.mark.parametrize("language", ["ru", "en", "pl"])
def test_every_review_has_the_question_and_answers_when_asked(
    visit: Visit, usual_id: str, language: str
) -> None:
    app = visit("usual", "reviews", ui=language, review=usual_id)
    assert [one.label for one in app.expander] == [
        words(language)(f"{one}.show") for one in ("why", "correct")
    ]
    assert explanations(app) == []
    app = asked(app, usual_id)
    assert not app.exception
    (said,) = explanations(app)
    assert words(language)("why.method") in said
    assert words(language).name("themes", "speed") in said
    assert "быстро<sup>+" in said


def test_in_a_list_one_answer_at_a_time(visit: Visit) -> None:
    app = visit("usual", "reviews", ui="en", page="1")
    assert [one.label for one in app.expander].count(words("en")("why.show")) == 10
    app = asked(app, review_id("test", "89"))
    assert len(explanations(app)) == 1


def test_tags_by_another_model_are_told(visit: Visit, usual_id: str) -> None:
    """The tags of this lake are made by hand, and cover other clauses."""
    app = asked(visit("usual", "reviews", ui="en", review=usual_id), usual_id)
    assert words("en")("why.differs") in explanations(app)[0]


def test_a_rating_without_a_text_has_no_question(visit: Visit) -> None:
    app = visit("hostile", "reviews", ui="en", stars="3")
    assert len([one for one in app.html if "<article" in str(one.value)]) == 1
    assert words("en")("why.show") not in [one.label for one in app.expander]


@pytest.mark.parametrize("place", [0, 1, 2, 3, 4, 6, 7])
def test_hostile_texts_are_explained_unharmed(visit: Visit, place: int) -> None:
    review = review_id("test", str(place))
    app = asked(visit("hostile", "reviews", ui="en", review=review), review)
    assert not app.exception
    assert len(explanations(app)) == 1
    assert "<script" not in explanations(app)[0]
    assert "<img" not in explanations(app)[0]


def test_a_missing_bundle_is_told_with_its_remedy(
    visit: Visit, usual_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UGC_MODEL", str(tmp_path))
    app = asked(visit("usual", "reviews", ui="en", review=usual_id), usual_id)
    assert not app.exception
    assert explanations(app) == []
    assert any("There is no model bundle in" in one.value for one in app.code)
    assert any(words("en")("state.unreadable") in one.value for one in app.markdown)


def test_the_model_is_opened_once_and_an_answer_remembered(
    visit: Visit, usual_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(visit("usual", "reviews", ui="en", review=usual_id), usual_id)

    def never(*_: object) -> None:
        raise AssertionError("It was asked again.")

    monkeypatch.setattr(why, "explain", never)
    monkeypatch.setattr("models.tagger.Tagger.load", never)
    app = asked(visit("usual", "reviews", ui="pl", review=usual_id), usual_id)
    assert not app.exception
    assert words("pl")("why.method") in explanations(app)[0]
