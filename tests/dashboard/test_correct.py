""" "Correct" on the page of reviews: what a person says is saved, shown as theirs, and can be taken back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from models.corrected import Claim, Corrected
from tests.dashboard.lakes import HOSTILE, usual, write
from ugc.dashboard.look.words import words
from ugc.dashboard.reviews import saving
from ugc.errors import InputError
from ugc.lake import Lake, turn
from ugc.review import review_id, text_hash
from ugc.schema import REVIEWS
from ugc.tagging.corrected import read_corrected

Visit = Callable[..., AppTest]

REVIEW = review_id("test", "50")
"""«Всё быстро привезли, спасибо! Упаковка так себе. №50»"""
FAST, PACKED = (4, 19), (30, 47)


@pytest.fixture
def own(lakes: dict[str, Path], tmp_path: Path) -> Iterator[Lake]:
    """A usual lake that may be written, called `own`."""
    lakes["own"] = tmp_path / "own"
    shutil.copytree(lakes["usual"], lakes["own"])
    yield Lake.open(lakes["own"])
    del lakes["own"]


def opened(visit: Visit, lake: str = "own", review: str = REVIEW, ui: str = "en") -> AppTest:
    """The page of one review with the control open."""
    app = visit(lake, "reviews", ui=ui, review=review)
    app.session_state[f"correct_{review}"] = True
    return app.run()


def at(app: AppTest, end: str, kind: str = "button_group"):
    """The one widget of this kind whose key ends so."""
    (found,) = [one for one in app.get(kind) if (one.key or "").endswith(end)]
    return found


def card(app: AppTest) -> str:
    """The card of the review."""
    (found,) = [str(one.value) for one in app.html if "<article" in str(one.value)]
    return found


def chips(app: AppTest, review: str = REVIEW) -> list[tuple[str, str, str]]:
    """The chips of the review: what each says, its tone, and who corrected it."""
    (found,) = [one for one in app.get("bidi_component") if f"chips_{review}" in one.proto.id]
    return [(one["text"], one["tone"], one["by"]) for one in json.loads(found.proto.json)["chips"]]


def by_hand(app: AppTest, review: str = REVIEW) -> set[tuple[str, str]]:
    """The chips of the review that a person set: what each says, and its tone."""
    return {(text, tone) for text, tone, by in chips(app, review) if by}


def shown(app: AppTest, part: str) -> list[str]:
    """What the control says in its own lines, of one class."""
    return [str(one.value) for one in app.html if f'class="house-fix {part}' in str(one.value)]


def learnt(lake: Lake) -> list[Corrected]:
    """What the trainer reads."""
    with lake.snapshot() as snapshot:
        return read_corrected(snapshot)


def claims(lake: Lake) -> set[Claim]:
    """What the trainer reads of the mentions of the one review corrected."""
    (found,) = learnt(lake)
    return set(found.claims)


def undo(app: AppTest, place: int = 0) -> AppTest:
    """Presses one of the buttons that take a correction back."""
    return [one for one in app.button if "_back_" in (one.key or "")][place].click().run()


def changed_elsewhere(lake: Lake, text: str) -> None:
    """Gives the review another text, as an import does."""
    with lake.snapshot() as snapshot:
        (row,) = snapshot.sql("SELECT * FROM reviews WHERE id = ?", [REVIEW]).to_pylist()
    row |= {"text": text, "text_hash": text_hash(text), "content_hash": text_hash(text)}
    lake.upsert_reviews(pa.Table.from_pylist([row], schema=REVIEWS))


@pytest.mark.parametrize("ui", ["ru", "en", "pl"])
def test_the_control_opens_when_asked_in_every_language(visit: Visit, own: Lake, ui: str) -> None:
    app = visit("own", "reviews", ui=ui, review=REVIEW)
    assert [one.label for one in app.expander] == [words(ui)("why.show"), words(ui)("correct.show")]
    assert not shown(app, "note")
    app = opened(visit, ui=ui)
    assert not app.exception
    assert shown(app, "note") == [f'<p class="house-fix note">{words(ui)("correct.how")}</p>']
    assert at(app, "_sentiment").value == "positive"
    assert at(app, "_contact", "selectbox").value == "praise"
    assert at(app, "_speed_polarity").value == "positive"
    assert at(app, "_environment_touchpoint", "selectbox").value == "delivery"
    assert learnt(own) == []


def test_a_sentiment_is_saved_and_shown_as_a_persons(visit: Visit, own: Lake) -> None:
    app = at(opened(visit), "_sentiment").set_value("mixed").run()
    assert not app.exception
    assert [one.value for one in app.toast] == ["Saved\\. Sentiment\\: mixed"]
    assert '<span class="chip both">Mixed<i class="by-hand"' in card(app)
    assert "corrected by a person" in card(app)
    (found,) = learnt(own)
    assert (found.id, found.sentiment, found.contact, found.claims) == (REVIEW, "mixed", None, ())
    app = undo(app)
    assert "by-hand" not in card(app)
    assert at(app, "_sentiment").value == "positive"
    assert learnt(own) == []


def test_a_contact_is_saved(visit: Visit, own: Lake) -> None:
    app = at(opened(visit), "_contact", "selectbox").set_value("suggestion").run()
    assert by_hand(app) == {("Suggestion", "plain")}
    assert learnt(own)[0].contact == "suggestion"


def test_a_polarity_is_saved_and_shown_in_the_text(visit: Visit, own: Lake) -> None:
    app = at(opened(visit), "_environment_polarity").set_value("neutral").run()
    assert '<mark class="raised" data-tip="Environment: raised, corrected by a person' in card(app)
    assert by_hand(app) == {("Environment", "raised")}
    assert ("Speed", "praise", "") in chips(app)
    assert claims(own) == {Claim(*PACKED, "environment", True, "neutral")}


def test_a_touchpoint_is_saved(visit: Visit, own: Lake) -> None:
    app = at(opened(visit), "_speed_touchpoint", "selectbox").set_value("order").run()
    assert at(app, "_speed_touchpoint", "selectbox").value == "order"
    assert len(shown(app, "by")) == 1
    assert not by_hand(app)
    assert claims(own) == {Claim(*FAST, "speed", True, None, "order")}


def test_a_theme_moves_with_what_was_said_of_it_and_comes_back(visit: Visit, own: Lake) -> None:
    """However often it moves, the page shows what the trainer learns."""
    app = at(opened(visit), "_speed_polarity").set_value("neutral").run()
    at(app, "_speed_theme", "selectbox").set_value("promises").run()
    assert claims(own) == {Claim(*FAST, "speed", False), Claim(*FAST, "promises", True, "neutral")}
    at(app, "_promises_theme", "selectbox").set_value("speed").run()
    at(app, "_speed_theme", "selectbox").set_value("promises").run()
    assert not app.exception
    assert at(app, "_promises_polarity").value == "neutral"
    assert claims(own) == {Claim(*FAST, "speed", False), Claim(*FAST, "promises", True, "neutral")}
    assert by_hand(app) == {("Promises", "raised")}
    undo(app)
    assert at(app, "_speed_polarity").value == "positive"
    assert learnt(own) == []


def test_a_theme_that_the_clause_has_already_is_not_offered(
    visit: Visit, lakes: dict[str, Path], tmp_path: Path
) -> None:
    both = [("Курьер опоздал", "speed", "negative"), ("Курьер опоздал", "promises", "negative")]
    write(tmp_path / "both", [{"text": "Курьер опоздал.", "sentiment": "negative", "mentions": both}])
    lakes["both"] = tmp_path / "both"
    app = opened(visit, "both", review_id("test", "0"))
    del lakes["both"]
    assert "Promises" not in at(app, "_speed_theme", "selectbox").options
    assert "Promises" in at(app, "_promises_theme", "selectbox").options


def test_a_mention_that_is_not_there_goes_and_can_be_put_back(visit: Visit, own: Lake) -> None:
    app = at(opened(visit), "_environment_remove", "button").click().run()
    assert "Environment" not in card(app)
    assert "Environment" not in {text for text, *_ in chips(app)}
    assert any("Упаковка так себе" in one for one in shown(app, "quote unseen"))
    assert any("<b>Environment</b>, removed" in one for one in shown(app, "by"))
    assert claims(own) == {Claim(*PACKED, "environment", False)}
    undo(app)
    assert ("Environment", "blame", "") in chips(app)
    assert learnt(own) == []


def test_a_missed_mention_is_added_and_removed_without_a_trace(visit: Visit, own: Lake) -> None:
    app = opened(visit)
    assert at(app, "_new_add", "button").disabled
    part = at(app, "_new_part", "selectbox")
    assert part.options[1] == "2. Упаковка так себе"
    part.set_value(1).run()
    at(app, "_new_theme", "selectbox").set_value("product_quality").run()
    at(app, "_new_polarity").set_value("negative").run()
    at(app, "_new_add", "button").click().run()
    assert not app.exception
    assert by_hand(app) == {("Product quality", "blame")}
    assert claims(own) == {Claim(*PACKED, "product_quality", True, "negative")}
    assert at(app, "_new_part", "selectbox").value is None
    assert at(app, "_new_add", "button").disabled
    at(app, "_product_quality_remove", "button").click().run()
    assert "Product quality" not in {text for text, *_ in chips(app)}
    assert learnt(own) == []


def test_corrections_that_no_mention_meets_are_named_and_can_be_taken_back(visit: Visit, own: Lake) -> None:
    own.add_correction(REVIEW, "polarity", "neutral", start=0, end=3, theme="price")
    app = opened(visit)
    assert any(words("en")("correct.resting") in one for one in shown(app, "by"))
    undo(app)
    assert not shown(app, "by")
    assert learnt(own) == []


def test_who_corrects_is_kept_for_the_session_and_shown(visit: Visit, own: Lake) -> None:
    app = opened(visit)
    at(app, "_author", "text_input").set_value("  Anna <b>\n Nowak ").run()
    at(app, "_sentiment").set_value("neutral").run()
    assert "corrected: Anna &lt;b&gt; Nowak" in card(app)
    app.session_state[f"correct_{review_id('test', '51')}"] = True
    app.query_params["review"] = review_id("test", "51")
    app.run()
    assert at(app, "_author", "text_input").value == "Anna <b> Nowak"
    with own.snapshot() as snapshot:
        assert snapshot.sql("SELECT author FROM corrections")["author"].to_pylist() == ["Anna <b> Nowak"]


def test_in_a_list_each_review_is_corrected_by_itself(visit: Visit, own: Lake) -> None:
    """That a review stays though the filter would not find it any more is for the browser to show."""
    newest = review_id("test", "89")
    app = visit("own", "reviews", ui="en", stars="5")
    assert len([one for one in app.expander if one.label == "Correct"]) == 10
    app.session_state[f"correct_{newest}"] = True
    app.run()
    at(app, f"{newest}_en__sentiment").set_value("neutral").run()
    cards = [str(one.value) for one in app.html if "<article" in str(one.value)]
    assert ['class="by-hand"' in one for one in cards] == [True] + 9 * [False]
    assert learnt(own)[0].id == newest


def test_corrections_outlive_another_reading(visit: Visit, own: Lake) -> None:
    at(opened(visit), "_environment_polarity").set_value("neutral").run()
    app = opened(visit, ui="pl")
    assert by_hand(app) == {("Otoczenie", "raised")}
    assert at(app, "_environment_polarity").value == "neutral"


@pytest.mark.parametrize("ui", ["ru", "en", "pl"])
def test_a_text_that_changed_meanwhile_is_not_corrected(visit: Visit, own: Lake, ui: str) -> None:
    app = opened(visit, ui=ui)
    changed_elsewhere(own, "Совсем другой текст.")
    at(app, "_speed_polarity").set_value("negative").run()
    assert not app.exception
    assert learnt(own) == []
    assert "Совсем другой текст." in card(app)
    assert words(ui)("correct.changed") in shown(app, "trouble")[0]


def test_tags_that_changed_meanwhile_are_shown_and_nothing_is_saved(visit: Visit, own: Lake) -> None:
    app = opened(visit)
    own.add_correction(REVIEW, "removed", "yes", start=FAST[0], end=FAST[1], theme="speed", author="Ola")
    at(app, "_sentiment").set_value("negative").run()
    assert shown(app, "trouble") == [
        f'<p class="house-fix trouble" role="alert">{words("en")("correct.changed")} </p>'
    ]
    assert learnt(own)[0].sentiment is None
    assert at(app, "_sentiment").value == "positive"
    assert any("corrected: Ola" in one for one in shown(app, "by"))


def test_a_text_that_changes_at_the_last_moment_is_not_corrected(own: Lake) -> None:
    """Whoever waits for the turn to write may wait for the import that changes the text."""
    with pytest.raises(InputError, match="another text by now"):
        own.add_correction(REVIEW, "sentiment", "neutral", made_on=text_hash("Совсем другой текст."))
    assert learnt(own) == []


def test_a_review_that_is_gone_says_so(visit: Visit, own: Lake) -> None:
    with own.snapshot() as snapshot:
        (row,) = snapshot.sql("SELECT * FROM reviews WHERE id = ?", [REVIEW]).to_pylist()
    own.upsert_reviews(
        pa.Table.from_pylist([row | {"author": "a" * 16, "content_hash": "x"}], schema=REVIEWS)
    )
    app = opened(visit)
    own.forget("a" * 16)
    at(app, "_sentiment").set_value("negative").run()
    assert not app.exception
    assert words("en")("reviews.gone") in [one.value for one in app.markdown]
    assert learnt(own) == []


@pytest.mark.parametrize("ui", ["ru", "en", "pl"])
def test_a_lake_that_cannot_be_written_says_so(visit: Visit, own: Lake, ui: str) -> None:
    app = opened(visit, ui=ui)
    lock = Path(own.address) / ".lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    at(app, "_environment_polarity").set_value("positive").run()
    assert not app.exception
    assert words(ui)("correct.denied") in shown(app, "trouble")[0]
    assert at(app, "_environment_polarity").value == "negative"
    assert learnt(own) == []


def test_a_busy_lake_says_so(visit: Visit, own: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "WAIT", 0.2)
    app = opened(visit)
    with turn.take(Path(own.address)):
        at(app, "_sentiment").set_value("negative").run()
    assert not app.exception
    assert words("en")("correct.busy") in shown(app, "trouble")[0]
    assert at(app, "_sentiment").value == "positive"
    at(app, "_sentiment").set_value("negative").run()
    assert not shown(app, "trouble")
    assert learnt(own)[0].sentiment == "negative"


def test_a_damaged_lake_says_what_it_says(visit: Visit, own: Lake) -> None:
    app = opened(visit)
    for file in (Path(own.address) / "corrections" / "_delta_log").iterdir():
        file.write_text("{", encoding="utf-8")
    at(app, "_sentiment").set_value("negative").run()
    assert not app.exception
    assert words("en")("correct.failed") in shown(app, "trouble")[0]
    assert "corrections" in shown(app, "trouble")[0]


def test_what_has_no_tags_has_nothing_to_correct(visit: Visit) -> None:
    app = visit("unread", "reviews", ui="en")
    more = words("en")("reviews.more")
    assert {one.label for one in app.expander} == {words("en")("why.show"), more}
    assert [one.label for one in visit("hostile", "reviews", ui="en", stars="3").expander] == [more]


@pytest.mark.parametrize("place", range(len(HOSTILE)))
def test_hostile_texts_can_be_corrected_unharmed(
    visit: Visit, lakes: dict[str, Path], tmp_path: Path, place: int
) -> None:
    lakes["own"] = tmp_path / "own"
    shutil.copytree(lakes["hostile"], lakes["own"])
    review = review_id("test", str(place))
    app = opened(visit, review=review)
    at(app, "_price_polarity").set_value("neutral").run()
    at(app, "_new_part", "selectbox").set_value(0).run() if at(
        app, "_new_part", "selectbox"
    ).options else None
    assert not app.exception
    assert by_hand(app, review) == {("Price", "raised")}
    for one in [*shown(app, "quote"), *shown(app, "by")]:
        assert "<script" not in one
        assert "<img" not in one
    del lakes["own"]


def test_the_usual_review_is_the_one_meant() -> None:
    text = str(usual()[50]["text"])
    assert (text[slice(*FAST)], text[slice(*PACKED)]) == ("быстро привезли", "Упаковка так себе")
