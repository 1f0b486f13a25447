from __future__ import annotations

import csv

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ugc.insight.wishes.stated import KINDS, coarse, stated

STATED = {
    "ru": {
        "expected": [
            "Ожидал большего за такие деньги",
            "Мы ожидали, что номер будет готов к обеду",
            "Сервис не оправдал моих ожиданий",
            "Рассчитывала на быструю доставку",
            "Надеялся, что мне вернут деньги",
            "От такой компании ожидала другого отношения",
        ],
        "wished": [
            "Хотелось бы больше вегетарианских блюд",
            "Хотел бы, чтобы приложение запоминало адрес",
            "Было бы удобно, если бы чек приходил на почту",
            "Хочется видеть выписку сразу",
            "Неплохо бы поставить ещё один банкомат",
            "Жаль, что нет доставки по воскресеньям",
            "Надеюсь, что ошибку исправят",
            "Побольше бы касс вечером",
        ],
        "should": [
            "Курьер должен был позвонить заранее",
            "Могли бы и предупредить о задержке",
            "Деньги должны были вернуть через три дня",
            "Банк обязан предупреждать о комиссии",
            "Клиент не должен ждать ответа неделю",
            "Стоило бы добавить оплату картой",
        ],
    },
    "en": {
        "expected": [
            "I expected more from this hotel",
            "We were expecting a quiet room",
            "For this price you would expect clean towels",
            "The food did not meet our expectations",
            "I was hoping for a faster delivery",
            "It took longer than expected",
        ],
        "wished": [
            "I wish there were more plugs in the room",
            "It would be nice to have a dark theme",
            "I would like to see more levels",
            "The staff could be more friendly at times, could be better",
            "Hope they fix the login soon",
            "We would have preferred a bigger bed",
        ],
        "should": [
            "They should have told us about the noise",
            "The app should remember my address",
            "You should add a way to export data",
            "Customers should not have to call three times",
        ],
    },
    "pl": {
        "expected": [
            "Spodziewałem się lepszej jakości",
            "Za taką cenę oczekiwałam czegoś więcej",
            "Produkt nie spełnił moich oczekiwań",
            "Liczyłam na szybszą dostawę",
        ],
        "wished": [
            "Kabel mógłby być dłuższy",
            "Przydałby się lepszy opis",
            "Byłoby miło, gdyby ktoś zadzwonił",
            "Chciałabym, żeby aplikacja pamiętała adres",
            "Szkoda, że nie ma wersji w innym kolorze",
        ],
        "should": [
            "Kurier powinien wcześniej zadzwonić",
            "Instrukcja powinna być po polsku",
        ],
    },
}

NOT_STATED = {
    "ru": [
        "Ожидал своей очереди сорок минут",
        "Ожидала ответа оператора больше часа",
        "Ожидали курьера весь день",
        "Время ожидания на линии огромное",
        "Не ожидал такого тёплого приёма",
        "Совсем не ожидала, что решат так быстро",
        "Всё как и ожидал",
        "Отель превзошёл все ожидания",
        "Хотелось бы поблагодарить менеджера Ольгу",
        "Хотел бы отметить работу кассира",
        "Хотела бы оставить отзыв о магазине",
        "Хотелось бы рассказать о своём опыте",
        "Не хотелось бы возвращаться сюда",
        "Всё было бы хорошо, если бы не шум",
        "Хочется возвращаться снова и снова",
        "Хочу, чтобы все знали об этом обмане",
        "Побольше бы таких сотрудников",
        "Я должна была оплатить счёт до пятницы",
        "Почему я должен платить за чужую ошибку",
        "Должен сказать, что персонал вежливый",
        "Всё работает как должно быть",
        "Задолженность закрыли в тот же день",
        "Я не рассчитывал на это",
        "Кредит рассчитали неверно",
        "Хотел было уйти, но меня уговорили",
        "Не могли бы вы перезвонить",
        "Ожидаю решения третий месяц",
        "Продавец сказал «хотелось бы больше покупателей»",
        "Можно было поставить ноль звёзд",
        "Оператор сказал, что вы должны прийти с паспортом",
    ],
    "en": [
        "Everything was as expected",
        "Better than I expected",
        "The room exceeded our expectations",
        "I never expected such kindness",
        "I didn't expect it to be this good",
        "We are expecting a baby in June",
        "What do you expect for ten dollars",
        "I wish I had found this place sooner",
        "I wish you all the best",
        "Wish them luck",
        "I would like to thank the whole team",
        "I would like to mention Anna at the desk",
        "It couldn't be better",
        "The service could not have been better",
        "You should try the soup",
        "Everyone should visit once",
        "I should mention the parking",
        "I should have read the reviews before buying",
        "Should you need anything, they help",
        "It works as it should",
        "That should be enough for a week",
        "Why should I pay twice",
        "I hope it helps others",
        "Would be great for families",
        "As you would expect, breakfast was good",
        "It could be much worse",
    ],
    "pl": [
        "Nie spodziewałem się takiej jakości",
        "Jest dokładnie tak, jak się spodziewałam",
        "Lepszy niż się spodziewałem",
        "Spełnia moje oczekiwania",
        "Zgodnie z oczekiwaniami",
        "Powyżej oczekiwań",
        "Oczekiwałem na kuriera cały dzień",
        "Chciałbym podziękować obsłudze",
        "Chciałabym polecić ten sklep",
        "Działa tak jak powinien",
        "Każdy powinien kupić",
        "Bateria powinna wystarczyć na długo",
        "Nie mogłoby być lepiej",
        "Czy mogliby państwo oddzwonić",
        "Kto mógłby pomóc",
        "Byłoby super, gdyby nie hałas",
    ],
}

SAYING = [
    (language, kind, text)
    for language, kinds in STATED.items()
    for kind, texts in kinds.items()
    for text in texts
]
SILENT = [(language, text) for language, texts in NOT_STATED.items() for text in texts]


@pytest.mark.parametrize(("language", "kind", "text"), SAYING)
def test_what_is_stated_is_found(language, kind, text):
    found = stated(text, language)
    assert [one.kind for one in found][:1] == [kind]
    assert found[0].words in text
    # Typed as people type, in a text of more sentences, and taken for another language.
    around = f"Спасибо. {text.upper()}! All fine otherwise."
    assert kind in [one.kind for one in stated(around, None)]


@pytest.mark.parametrize(("language", "text"), SILENT)
def test_what_is_not_stated_is_not_found(language, text):
    assert stated(text, language) == ()
    assert stated(f"Ok. {text}.", None) == ()


def test_the_coarse_sieve_lets_everything_through():
    texts = [text.replace("е", "ё", 1) if kind == "should" else text for _, kind, text in SAYING]
    query = "SELECT count(*) FROM (SELECT unnest($texts) AS t) WHERE regexp_matches(t, $sieve)"
    own = [text for text in (*texts, *(text for _, _, text in SAYING)) if stated(text)]
    assert len(own) > len(SAYING)
    with duckdb.connect(":memory:") as connection:
        (count,) = connection.execute(query, {"texts": own, "sieve": coarse()}).fetchone()
    assert count == len(own)


def test_a_find_is_its_clauses():
    text = "Отель очень даже хороший, но хотелось бы, чтобы завтрак начинался раньше. Вид чудесный."
    (one,) = stated(text, "ru")
    assert text[one.start : one.end] == "но хотелось бы, чтобы завтрак начинался раньше"
    assert (one.kind, one.words) == ("wished", "хотелось бы")


def test_one_clause_is_found_once_and_two_twice():
    assert len(stated("Хотелось бы и очень хотелось бы больше касс", "ru")) == 1
    two = stated("Ожидал большего. Спасибо за кофе. They should fix the door.", "ru")
    assert [one.kind for one in two] == ["expected", "should"]
    assert two[0].end <= two[1].start


def test_words_of_others_are_not_read():
    assert stated('На табличке: "You should add a review"', "en") == ()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=30),
            st.sampled_from([text for _, _, text in SAYING]),
            st.sampled_from([text for _, text in SILENT]),
        ),
        max_size=6,
    ).map(" ".join)
)
def test_spans_lie_in_the_text_in_order_without_overlap(text):
    found = stated(text, "ru")
    at = 0
    for one in found:
        assert at <= one.start < one.end <= len(text)
        assert one.words in text[one.start : one.end]
        assert one.kind in KINDS
        at = one.end


def test_a_long_text_is_quick():
    """No list may take more than linear time on texts made to be slow."""
    for part in ("хотелось бы ", "i wish ", "powinien być ", "не оправдал ", "если бы "):
        stated(part * 3000, "ru")


# Fifty finds of the demonstration, drawn at random and judged one by one: number of the review and
# where the find begins. RIGHT states what the customer expects of the company; WRONG does not.
# fmt: off
RIGHT = {
    ("11507467", 384), ("12165233", 394), ("12203027", 559), ("201906", 388), ("222246", 334),
    ("357232", 266), ("360167", 327), ("377461", 116), ("399184", 74), ("399737", 260), ("408806", 732),
    ("461732", 1739), ("462948", 518), ("482748", 286), ("513856", 289), ("526800", 20), ("528492", 305),
    ("571782", 1396), ("584078", 1636), ("616147", 732), ("670631", 44), ("721561", 683), ("755916", 647),
    ("757092", 663), ("757548", 1413), ("762909", 449), ("767383", 2640), ("768933", 99), ("844014", 52),
    ("862926", 743), ("906025", 970), ("906430", 156), ("906951", 1098), ("923636", 1256), ("924966", 2162),
    ("935556", 1632), ("936628", 39), ("941576", 327), ("963924", 546), ("964627", 305), ("970912", 402),
}
WRONG = {
    ("11507467", 501), ("129243", 175), ("394339", 73), ("456274", 155), ("541774", 162), ("576186", 213),
    ("739874", 2509), ("768105", 2013), ("932128", 3366),
}
# fmt: on


@pytest.mark.shared
def test_what_real_reviews_state(shared):
    with (shared / "demo" / "bank_ru_5k.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    read = {number for number, _ in RIGHT | WRONG}
    finds = [
        (row["source_id"], one)
        for row in rows
        if row["source_id"] in read
        for one in stated(row["text"], "ru")
    ]
    assert {one.kind for _, one in finds} == set(KINDS)
    places = {(number, one.start) for number, one in finds}
    assert len(RIGHT) + len(WRONG) == 50
    # Where the lists have changed so much that less is left of them, fifty have to be read anew.
    right, wrong = len(places & RIGHT), len(places & WRONG)
    assert right >= 38
    assert right / (right + wrong) >= 0.8
