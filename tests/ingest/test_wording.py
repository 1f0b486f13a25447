from __future__ import annotations

import pytest

from ugc.ingest.languages import code, settle
from ugc.ingest.wording import LONGEST_TEXT, TooLong, compose


def text_of(language=None, **record):
    return compose(record, language)[0].text


def test_title_body_pros_and_cons_are_one_text():
    assert text_of(title="Ужас", text="Ждал три часа и ушёл.", pros="нет", cons="всё плохо") == (
        "Ужас\nЖдал три часа и ушёл.\nДостоинства: нет\nНедостатки: всё плохо"
    )
    assert text_of(text="Nice phone overall, I like it", pros="screen", cons="battery").endswith(
        "\nPros: screen\nCons: battery"
    )
    assert text_of("pl", text="Bardzo dobry odkurzacz", pros="moc", cons="waga").endswith(
        "\nPlusy: moc\nMinusy: waga"
    )


def test_a_title_that_repeats_the_beginning_is_no_title():
    found, _ = compose({"title": "Ждал три часа…", "text": "Ждал три часа и ушёл."}, None)
    assert found.text == "Ждал три часа и ушёл."
    assert found.title is None


def test_a_title_alone_is_a_text():
    assert compose({"title": "Супер"}, None)[0].text == "Супер"


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("Zalety.głośność pracy.jakość wykonania.moc", "głośność pracy, jakość wykonania, moc"),
        ("Wady\nbrak przycisku\nkrótka praca", "brak przycisku, krótka praca"),
        ("atrakcyjny wygląd; bateria", "atrakcyjny wygląd; bateria"),
        ("Достоинства: цена", "цена"),
        (["цена", "вид"], "цена, вид"),
        ("• цена\n• вид", "цена, вид"),
        ("ver. 2.0 of app", "ver. 2.0 of app"),
    ],
)
def test_pros_lose_their_label_and_glue(raw, line):
    assert text_of(text="x", pros=raw).split(": ", 1)[1] == line


@pytest.mark.parametrize("nothing", ["", "0", "-", "—", None, "nan", "N/A", " . "])
def test_pros_that_say_nothing(nothing):
    assert text_of(text="хорошо", pros=nothing) == "хорошо"


def test_labels_glued_to_a_text_begin_lines():
    raw = "Достоинства:Внешний вид Недостатки:Не нашла Комментарий:Светится ярко"
    assert text_of(text=raw) == "Достоинства:Внешний вид\nНедостатки:Не нашла\nКомментарий:Светится ярко"


def test_google_translations_go():
    assert text_of(text="(Translated by Google) Good. \n\n(Original)\nХорошо.") == "Хорошо."
    assert text_of(text="Хорошо.\n\n(Translated by Google)\nGood.") == "Хорошо."


def test_personal_data_of_every_part_is_masked_and_counted():
    found, _ = compose(
        {"title": "Звоните +7 916 123-45-67", "text": "или a@b.ru", "cons": "карта 4111111111111111"}, None
    )
    assert found.text == "Звоните ‹phone›\nили ‹email›\nНедостатки: карта ‹card›"
    assert found.title == "Звоните ‹phone›"
    assert found.kinds == ("phone", "email", "card")


def test_a_text_up_to_the_limit_is_kept_whole_and_a_longer_one_is_refused():
    assert len(text_of(text="а" * LONGEST_TEXT)) == LONGEST_TEXT
    with pytest.raises(TooLong, match="1,000,001"):
        text_of(text="а" * (LONGEST_TEXT + 1))


@pytest.mark.parametrize("blank", ["nan", "NaN", "None", "null", "", None, float("nan")])
def test_blank_texts(blank):
    assert text_of(text=blank) == ""


@pytest.mark.parametrize(
    ("name", "found"),
    [("ru", "ru"), ("en_US", "en"), ("pl-PL", "pl"), ("english", "en"), ("Русский", "ru"), ("polski", "pl"),
     ("xx1", None), ("", None), (None, None), ("zh-Hans-CN", "zh")],
)  # fmt: skip
def test_codes_of_languages(name, found):
    assert code(name) == found


def test_what_the_source_says_wins_where_the_script_fits():
    assert settle("Очень хорошая игра", "en") == "ru"
    assert settle("ok", "pl") == "pl"
    assert settle("👍", "pl") == "pl"
    assert settle("", "ru") is None
    assert settle("Очень хороший банк, всем советую", None) == "ru"
