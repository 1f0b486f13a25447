"""The page Reviews: search, filters, authors, doubts, what can be taken away."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import escape
from streamlit.testing.v1 import AppTest

from tests.dashboard.lakes import NOW, write
from tests.dashboard.test_pages import everything, reviews
from ugc.dashboard.frame import address
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.data import ask
from ugc.dashboard.look.words import words
from ugc.dashboard.reviews import filtering, flags, found
from ugc.insight import Doubt, options
from ugc.lake import Lake
from ugc.review import review_id

Visit = Callable[..., AppTest]
LANGUAGES = ("ru", "en", "pl")
ANNA, EVE = "aa11bb22cc33dd44", "ee55ff6600112233"


def said(text: str, **more: object) -> dict[str, object]:
    return {"text": text, "sentiment": "positive", "date": NOW, "stars": 5.0, "source": "ceneo"} | more


@pytest.fixture(scope="module")
def written_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven reviews: three by Anna, one by Eve, three doubtful ones."""
    home = tmp_path_factory.mktemp("reviews") / "written"
    write(
        home,
        [
            said("Доставки ждали месяц", author=ANNA, company="Lumbi", stars=2.0, effort="high", repeat=True),
            said("Курьера не было", author=ANNA, company="Ясень"),
            said("Очень долго везли посылку", author=ANNA, date=None),
            said("Быстрая доставка, спасибо", author=EVE, loyalty=["return"], effort="low"),
            said("Обещали скидку за отзыв <b>", author="<i>x</i>"),
            said("Ужасно работают", stars=5.0, sentiment="negative"),
            said("=1+1 Меня попросили оставить хороший отзыв", company="=cmd"),
        ],
    )
    return home


@pytest.fixture
def come(visit: Visit, lakes: dict[str, Path], written_lake: Path) -> Visit:
    lakes["written"] = written_lake
    return visit


def texts(app: AppTest) -> list[str]:
    """The beginnings of the reviews shown that this module knows by."""
    known = ("Доставки", "Курьера", "Очень долго", "Быстрая", "Обещали", "Ужасно", "=1+1")
    return [next(one for one in known if one in card) for card in reviews(app)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("доставка", {"Доставки", "Быстрая"}),
        ("доставка -быстрый", {"Доставки"}),
        ('"очень долго"', {"Очень долго"}),
        ('"долго очень"', set()),
        ("-доставка -отзыв -ужасно", {"Курьера", "Очень долго"}),
        ("курьер", {"Курьера"}),
    ],
)
def test_a_search_in_the_address(come: Visit, query: str, expected: set[str]) -> None:
    app = come("written", "reviews", ui="en", q=query)
    assert not app.exception
    assert set(texts(app)) == expected


@pytest.mark.parametrize("ui", LANGUAGES)
def test_how_to_search_is_said(come: Visit, ui: str) -> None:
    app = come("written", "reviews", ui=ui)
    assert not app.exception
    assert app.text_input(key=f"q_{ui}").help == words(ui)("reviews.search_help")
    assert any("\\-" in one.value for one in app.caption)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"effort": "high"}, {"Доставки"}),
        ({"repeat": "yes"}, {"Доставки"}),
        ({"loyalty": "return"}, {"Быстрая"}),
        ({"credible": "doubtful"}, {"Обещали", "Ужасно", "=1+1"}),
        ({"credible": "credible", "effort": "low"}, {"Быстрая"}),
        ({"touchpoint": "delivery"}, set()),
    ],
)
def test_every_further_filter_is_in_force(come: Visit, chosen: dict[str, str], expected: set[str]) -> None:
    app = come("written", "reviews", ui="en", **chosen)
    assert not app.exception
    assert set(texts(app)) == expected
    labels = [one.label for one in app.expander]
    assert words("en")("reviews.more_set", n=len(chosen), count=str(len(chosen))) in labels


def test_a_filter_that_is_folded_moves_the_address(come: Visit) -> None:
    app = come("written", "reviews", ui="en")
    app.selectbox(key="effort_en").set_value("low").run()
    assert app.query_params == {"ui": "en", "effort": "low"}
    assert texts(app) == ["Быстрая"]


@pytest.mark.parametrize("ui", LANGUAGES)
def test_the_author_leads_to_what_else_they_wrote(come: Visit, ui: str) -> None:
    word = words(ui)
    app = come("written", "reviews", ui=ui, company="Lumbi")
    (card,) = reviews(app)
    assert f"<bdi>{ANNA[:8]}</bdi>" in card
    assert word("author.more", n=2, count="2") in card
    home = "" if ui == "ru" else f"ui={ui}&amp;"
    assert f'href="reviews?{home}author={ANNA}"' in card
    (card,) = reviews(come("written", "reviews", ui=ui, q="быстрая"))
    assert f"<bdi>{EVE[:8]}</bdi>" in card
    assert "author=" not in card


@pytest.mark.parametrize("ui", LANGUAGES)
def test_the_history_of_an_author_and_the_way_back(come: Visit, ui: str) -> None:
    word = words(ui)
    app = come("written", "reviews", ui=ui, author=ANNA)
    assert set(texts(app)) == {"Доставки", "Курьера", "Очень долго"}
    shown = everything(app)
    assert word("author.companies", n=2, count="2") in shown
    assert word("scope.reviews", n=3, count="3") in shown
    assert "author=" not in "".join(reviews(app))
    app.button(key="author_back").click().run()
    assert "author" not in app.query_params
    assert len(reviews(app)) == 7


def test_an_author_nobody_knows(come: Visit) -> None:
    app = come("written", "reviews", ui="en", author="<script>")
    assert not app.exception
    assert words("en")("state.nothing") in everything(app)
    assert "<bdi>&lt;script&gt;</bdi>" in everything(app)


@pytest.mark.parametrize("ui", LANGUAGES)
def test_doubts_stand_above_the_cards(come: Visit, ui: str) -> None:
    word = words(ui)
    app = come("written", "reviews", ui=ui)
    lines = [
        str(one.value) for one in app.html if "house-doubts" in str(one.value) and "<p" in str(one.value)
    ]
    assert len(lines) == 3
    shown = "".join(lines)
    assert word("doubt.bonus") in shown
    assert "скидку за отзыв" in shown
    assert word("doubt.contradiction") in shown
    assert word("doubt.asked") in shown
    assert "&lt;" not in reviews(app)[0][:20]


@pytest.mark.parametrize("ui", LANGUAGES)
def test_every_doubt_has_words(ui: str) -> None:
    word = words(ui)
    told = {
        "burst": "2026-06-01/2026-06-03",
        "contradiction": "positive",
        "copied": "0123",
        "bonus": "<b>за скидку</b>",
    }
    for reason in (
        "copied",
        "burst",
        "contradiction",
        "bonus",
        "asked",
        "employee",
        "competitor",
        "no_detail",
    ):
        line = flags.line([Doubt(reason, told.get(reason))], ui)
        assert escape(word(f"doubt.{reason}")) in line
        assert "0123" not in line
        assert "<b>" not in line
    assert flags.line((), ui) == ""
    assert escape(word("doubt.fresh_author")) in flags.line([Doubt("fresh_author", None)], ui)


@pytest.fixture
def context(written_lake: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """A context of the page in English."""
    monkeypatch.setenv("UGC_LAKE", str(written_lake))
    asked = ask(str(written_lake))
    assert asked is not None
    view = address.parse({"ui": ["en"]})
    return Context(asked, asked(options), view, address.filters(view))


def test_the_list_is_taken_away_as_a_table(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    table = found.table(context, 7)
    assert table.name == words("en")("reviews.title")
    heads = [one.name for one in table.columns]
    assert all(len(row) == len(heads) for row in table.rows)
    assert len(table.rows) == 7
    rows = {row[heads.index("Text")]: dict(zip(heads, row, strict=True)) for row in table.rows}
    first = rows["Доставки ждали месяц"]
    assert (first["Company"], first["Rating"], first["Sentiment"]) == ("Lumbi", 2.0, "Pleased")
    assert first["Author"] == ANNA
    monkeypatch.setattr(found, "MOST", 2)
    cut = found.table(context, 7)
    assert len(cut.rows) == 2
    assert cut.name == "Reviews, the first 2 of 7"
    narrow = replace(context, view=context.view | {"q": "доставка", "order": "oldest"})
    assert filtering.wanted(narrow)["query"] == "доставка"
    assert len(found.table(narrow, 2).rows) == 2


def test_corrections_are_offered_where_there_are_any(
    visit: Visit, lakes: dict[str, Path], tmp_path: Path
) -> None:
    label = words("en")("correct.download")
    lakes["mine"] = tmp_path / "mine"
    write(lakes["mine"], [said("Курьер опоздал")])
    assert label not in offered(visit("mine", "reviews", ui="en"))
    Lake.open(lakes["mine"]).add_correction(review_id("test", "0"), "sentiment", "mixed")
    lakes["theirs"] = tmp_path / "theirs"
    shutil.copytree(lakes["mine"], lakes["theirs"])
    assert label in offered(visit("theirs", "reviews", ui="en"))


def offered(app: AppTest) -> list[str]:
    """The buttons that give a file."""
    assert not app.exception
    return [one.proto.label for one in app.get("download_button")]
