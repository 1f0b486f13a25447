from __future__ import annotations

import csv
import json
import tomllib
from importlib import resources

import pytest

from ugc.ingest.sample import files
from ugc.insight.doubt.phrases import PHRASES, coarse, spoken

GIVEN_AWAY = {
    "bonus": [
        "Оставляю отзыв за бонусы, больше сказать нечего.",
        "Обещали 500 рублей за отзыв, вот и пишу.",
        "За положительный отзыв подарили скидку на следующий заказ",
        "Начислили мне баллы за отзыв, спасибо",
        "I got a free gift card for leaving a review, so here it is.",
        "They gave me a discount in exchange for a five star review",
        "We were paid to write a positive review",
        "Dostałam rabat za napisanie opinii, więc piszę",
        "Zostawiam pozytywną ocenę w zamian za opinię dostałem kupon",
    ],
    "asked": [
        "Менеджер очень просила оставить хороший отзыв",
        "Меня попросили поставить пять звёзд",
        "Пишу этот отзыв по просьбе сотрудницы банка",
        "Прислали письмо с просьбой написать отзыв",
        "The waiter asked me to leave a five star review",
        "I was told to write a good review before I get my key back",
        "Pani w okienku poprosiła o wystawienie dobrej opinii",
        "Piszę to na prośbę sprzedawcy",
    ],
    "employee": [
        "Сама я бывшая сотрудница этого банка и знаю кухню",
        "Как бывший работник скажу честно",
        "Работаю в этой компании третий год, всё отлично",
        "Мы всегда рады каждому гостю",
        "I used to work here and it was a circus",
        "As a former employee of this store I would not buy the meat",
        "Our team is always happy to help",
        "Pracuję w tej firmie od roku i polecam",
        "Jako były pracownik odradzam",
    ],
    "competitor": [
        "Приходите лучше к нам, у нас дешевле",
        "Наша компания предлагает ту же услугу вдвое быстрее",
        "Пишите мне в личку, помогу",
        "Переходите по моей ссылке и заказывайте",
        "Visit our website instead",
        "Use my referral code at checkout",
        "Zapraszamy do naszego sklepu",
        "U nas taniej",
    ],
}

UNSEEN = {
    "bonus": [
        "Написал отзыв, теперь жду свои 200 бонусов",
        "За пятёрку в отзыве администратор пообещала бесплатный маникюр",
        "Пишу отзыв ради скидки на следующую стрижку",
        "Мне подарили кофе за положительный отзыв",
        "They promised me a voucher if I left a positive review",
        "Leaving this review to get my free dessert",
        "The seller refunded half of the price for a 5 star review",
        "Dostałem 10% rabatu za opinię w internecie",
        "Sklep rozdaje punkty za recenzje",
        "Napisałam opinię, bo dają za to prezent",
    ],
    "asked": [
        "Хозяйка квартиры очень просила оставить оценку повыше",
        "Консультант настояла, чтобы я написала отзыв при ней",
        "Меня попросили в отделении написать хороший отзыв",
        "По просьбе менеджера Ольги пишу пару строк",
        "Staff pressured us to leave a good review on the spot",
        "The driver told me to give him five stars",
        "She asked for a five star review three times",
        "Obsługa poprosiła nas o wystawienie gwiazdek",
        "Piszę na prośbę pani z recepcji",
        "Konsultant namawiał do wystawienia pozytywnej oceny",
    ],
    "employee": [
        "Сам работаю в этом магазине, приходите",
        "Я бывшая сотрудница этой сети, знаю изнутри",
        "Наш коллектив всегда рад гостям",
        "Работал в данной компании до прошлого года",
        "I used to work here, the kitchen is filthy",
        "As a current employee of this bank I can say",
        "Our team is proud to serve you",
        "Pracowałam tutaj pół roku",
        "Jako była pracownica wiem swoje",
        "Pracuję w tym sklepie i jest super",
    ],
    "competitor": [
        "Приходите к нам в салон, у нас дешевле",
        "Наша компания сделает то же самое за день",
        "Переходите на наш сайт и сравните цены",
        "Введите мой промокод и получите скидку",
        "Visit our store instead of this one",
        "DM me on Telegram if you lost your money",
        "Come to us and get a better price",
        "Odwiedźcie nasz sklep",
        "U nas taniej o połowę",
        "Zarejestruj się z mojego linku",
    ],
}
"""Written after the lists and never looked at while they were: what they miss is not mended here."""

SINCERE = [
    "Никто не просил меня писать отзыв, пишу сама.",
    "Пишу не за бонусы, а от души: отзыв честный.",
    "Я попросила оставить отзыв в книге жалоб, отказали.",
    "Мне за отзыв ничего не дали, и не надо.",
    "Бонусов за покупку начислили меньше, чем обещали.",
    "Оператор сказал: «приходите к нам, у нас дешевле», и положил трубку.",
    "Ответили так: «мы всегда рады каждому гостю».",
    "Так как сотрудники банка не знали ответа, пришлось ждать.",
    "Я работаю до шести, поэтому в отделение не успеваю.",
    "Прошу засчитать мой отзыв. Банк обещал вернуть деньги.",
    "Как работодатель я доволен. Работник банка помог.",
    "I don't usually write reviews, nobody paid me to write this review.",
    "They never asked me to leave a review.",
    "The app keeps crashing, please review your code. I was asked to pay twice.",
    "You get what you paid for. The rating is fair.",
    "I asked them to delete my review.",
    "It works. We live here and our team of two cleaned it.",
    "Nikt mnie nie prosił o wystawienie opinii.",
    "Odkurzacz pracuje cicho, polecam po przeczytaniu opinii.",
    "Nie dostałem rabatu za opinię.",
    "",
]


@pytest.mark.parametrize(
    ("reason", "text"), [(key, text) for key, all_ in GIVEN_AWAY.items() for text in all_]
)
def test_a_phrase_is_heard_in_any_case_and_spacing(reason, text):
    for variant in (
        text,
        text.upper(),
        text.replace("е", "ё") if "ё" in text else text,
        f"Всё хорошо. {text}!",
    ):
        (first, *_) = [said for said in spoken(variant) if said.reason == reason]
        assert first.words in variant
    assert [said.reason for said in spoken(text)] == [reason]


def test_most_of_what_was_not_foreseen_is_heard():
    heard = {
        reason: sum(reason in {said.reason for said in spoken(text)} for text in texts)
        for reason, texts in UNSEEN.items()
    }
    assert heard == {"bonus": 4, "asked": 7, "employee": 10, "competitor": 10}


@pytest.mark.parametrize("text", SINCERE)
def test_a_sincere_review_is_not_suspected(text):
    assert spoken(text) == ()


def test_every_list_is_whole():
    held = tomllib.loads(
        resources.files("ugc.insight.doubt").joinpath("phrases.toml").read_text(encoding="utf-8")
    )
    assert [(one["reason"], one["language"]) for one in held["list"]] == [
        (reason, language) for reason in PHRASES for language in ("ru", "en", "pl")
    ]


def test_the_rough_look_misses_nothing(plant):
    """What DuckDB lets through is all that the phrases can hear."""
    texts = [text for every in GIVEN_AWAY.values() for text in every] + SINCERE
    texts += [text.upper() for text in texts] + [text.replace("е", "ё") for text in texts]
    with plant(*({"text": text} for text in texts)).snapshot() as snapshot:
        passed = snapshot.sql("SELECT text FROM reviews WHERE regexp_matches(text, $c)", {"c": coarse()})
    assert {text for text in texts if spoken(text)} <= set(passed["text"].to_pylist())


def test_hostile_texts_end_soon():
    for text in (
        "отзыв за " * 20_000,
        "«" * 50_000,
        '"' * 50_001,
        "попросили мне " * 20_000 + "отзыв",
        "İ" * 999,
    ):
        assert spoken(text) == ()


def test_the_sample_is_not_suspected():
    texts = [json.loads(line)["text"] for path in files() for line in path.read_text("utf-8").splitlines()]
    assert len(texts) == 670
    assert sum(bool(spoken(text)) for text in texts) == 0


@pytest.mark.shared
def test_few_real_reviews_are_suspected(shared):
    """Five of 4,974 reviews of banks when the lists were written; each was read and is rightly doubted."""
    with (shared / "demo/bank_ru_5k.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    found = [said.reason for text in texts for said in spoken(text)]
    assert 3 <= len(found) <= 10
    assert set(found) <= {"asked", "employee"}
