from __future__ import annotations

import string
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ugc.text import identifiers
from ugc.text.patterns import RULES, Rule
from ugc.text.privacy import KINDS, mask, names_person, pseudonym


def luhn(body: str) -> str:
    return next(body + check for check in string.digits if identifiers.is_card(body + check))


def inn10(body: str) -> str:
    return body + str(
        sum(int(d) * w for d, w in zip(body, (2, 4, 10, 3, 5, 9, 4, 6, 8), strict=True)) % 11 % 10
    )


def inn12(body: str) -> str:
    one = sum(int(d) * w for d, w in zip(body, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8), strict=True)) % 11 % 10
    body += str(one)
    return body + str(
        sum(int(d) * w for d, w in zip(body, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8), strict=True)) % 11 % 10
    )


def snils(body: str) -> str:
    total = sum(int(d) * w for d, w in zip(body, range(9, 0, -1), strict=True)) % 101 % 100
    return f"{body[:3]}-{body[3:6]}-{body[6:]} {total:02d}"


def pesel(body: str) -> str:
    total = sum(int(d) * w for d, w in zip(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3), strict=True))
    return body + str(-total % 10)


def iban(country: str, body: str) -> str:
    number = int("".join(str(int(sign, 36)) for sign in body + country + "00"))
    return f"{country}{98 - number % 97:02d}{body}"


def digits(count: int, first: str = "123456789") -> st.SearchStrategy[str]:
    rest = st.text(string.digits, min_size=count - 1, max_size=count - 1)
    return st.tuples(st.sampled_from(first), rest).map("".join)


phones = st.one_of(
    digits(9, "9").map(lambda d: f"+7 9{d[:2]} {d[2:5]}-{d[5:7]}-{d[7:]}"),
    digits(9, "3489").map(lambda d: f"8 (9{d[:2]}) {d[2:5]} {d[5:7]} {d[7:]}"),
    digits(9, "0123456").map(lambda d: f"89{d}"),
    digits(9, "45678").map(lambda d: f"+48 {d[:3]} {d[3:6]} {d[6:]}"),
    digits(9, "45678").map(lambda d: f"0048{d}"),
    digits(10, "2345679").map(lambda d: f"+1-{d[:3]}-{d[3:6]}-{d[6:]}"),
    digits(10, "1237").map(lambda d: f"+44 {d[:2]} {d[2:6]} {d[6:]}"),
)
cards = digits(14, "01234567").map(lambda d: luhn("4" + d)) | digits(13).map(lambda d: luhn("22" + d))
grouped_cards = cards.map(lambda c: f"{c[:4]} {c[4:8]} {c[8:12]} {c[12:]}")
snils_numbers = digits(9, "123456789").map(snils)
pesels = st.builds(
    lambda year, month, day, series: pesel(f"{year:02d}{month:02d}{day:02d}{series:04d}"),
    st.integers(10, 69), st.integers(1, 12), st.integers(1, 28), st.integers(0, 9999),
)  # fmt: skip
nips = (
    digits(9)
    .filter(lambda b: sum(int(d) * w for d, w in zip(b, (6, 5, 7, 2, 3, 4, 5, 6, 7), strict=True)) % 11 < 10)
    .map(lambda b: b + str(sum(int(d) * w for d, w in zip(b, (6, 5, 7, 2, 3, 4, 5, 6, 7), strict=True)) % 11))
)
emails = st.builds(
    lambda user, host, end: f"{user}@{host}.{end}",
    st.from_regex(r"[a-z][a-z0-9._]{1,10}[a-z0-9]", fullmatch=True),
    st.from_regex(r"[a-z]{3,10}", fullmatch=True),
    st.sampled_from(["ru", "com", "pl", "co.uk"]),
)

before = st.sampled_from(
    [
        "",
        "Пишу третий раз. ",
        "Ужас! ",
        "мой номер ",
        "прошу вернуть деньги, ",
        "Proszę o kontakt: ",
        "Call me ",
        "(",
    ]
)
after = st.sampled_from(["", ".", ", спасибо", " и больше ничего", " - czekam", "!", ")", "\nПока"])

PERSONAL = [
    ("phone", phones), ("card", cards), ("card", grouped_cards), ("snils", snils_numbers), ("email", emails),
    ("inn", digits(9, "123456789").map(inn10)), ("inn", digits(10).map(inn12)),
    ("iban", digits(24).map(lambda b: iban("PL", b))), ("iban", digits(18).map(lambda b: iban("DE", b))),
    ("account", digits(17).map(lambda b: "408" + b)),
    ("account", digits(24).map(lambda b: iban("PL", b)[2:])),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "numbers"), PERSONAL)
def test_every_valid_number_is_masked_wherever_it_stands(kind: str, numbers: st.SearchStrategy[str]) -> None:
    @settings(max_examples=60, deadline=None)
    @given(before, numbers, after)
    def check(start: str, number: str, end: str) -> None:
        found = mask(f"{start}{number}{end}")
        assert number not in found.text
        assert not any(sign.isdigit() for sign in found.text)
        assert len(found.kinds) == 1
        if "номер" not in start and "Call" not in start and "kontakt" not in start:
            assert found.kinds == (kind,) or {kind, found.kinds[0]} == {"inn", "nip"}

    check()


@settings(max_examples=80, deadline=None)
@given(pesels, st.sampled_from(["", ".", ", dziękuję", " i nic"]))
def test_pesel_in_a_polish_text(number: str, end: str) -> None:
    assert mask(f"Podałem dane {number}{end}").text == f"Podałem dane ‹pesel›{end}"


@settings(max_examples=80, deadline=None)
@given(nips, st.sampled_from(["", "-"]))
def test_nip_in_a_polish_text(number: str, dash: str) -> None:
    shown = dash.join((number[:3], number[3:6], number[6:8], number[8:]))
    assert mask(f"Faktura na NIP {shown}, proszę").text == "Faktura na NIP ‹nip›, proszę"
    assert not any(sign.isdigit() for sign in mask(f"Faktura: {shown}").text)


prices = st.one_of(
    st.integers(1, 99_999_999).map(lambda n: f"{n:,}".replace(",", " ") + " руб"),
    st.integers(1, 99_999_999).map(lambda n: f"{n:,}".replace(",", "\u00a0") + " ₽"),
    st.integers(1, 9_999_999).map(lambda n: f"{n} рублей"),
    st.builds(
        lambda n, g: f"{n:,}".replace(",", " ") + f",{g:02d} zł",
        st.integers(1, 9_999_999),
        st.integers(0, 99),
    ),
    st.integers(1, 999_999).map(lambda n: f"${n:,}"),
    st.builds(lambda n, c: f"{n}.{c:02d} EUR", st.integers(1, 99_999), st.integers(0, 99)),
)
days = st.dates(min_value=date(1990, 1, 1))
moments = st.datetimes(min_value=datetime(1990, 1, 1))  # noqa: DTZ001 - naive bounds are asked for
dates = st.one_of(
    days.map(lambda d: d.strftime("%d.%m.%Y")),
    days.map(lambda d: d.isoformat()),
    moments.map(lambda d: d.strftime("%d.%m.%Y %H:%M")),
    moments.map(lambda d: d.strftime("%Y-%m-%dT%H:%M:%S")),
    days.map(lambda d: d.strftime("%d/%m/%y")),
)
harmless = st.one_of(
    prices,
    dates,
    st.times().map(lambda t: t.strftime("%H:%M")),
    st.builds(lambda n, d: f"{n},{d}%", st.integers(0, 100), st.integers(0, 99)),
    st.sampled_from(
        ["iPhone 14", "WH-1000XM4", "SM-G903", "RTX 3080", "Galaxy S21 8/128", "V11 Absolute", "5G"]
    ),
    st.integers(1, 999_999).map(lambda n: f"заказ {n}"),
    st.integers(1900, 2030).map(lambda n: f"в {n} году"),
)
around = st.sampled_from(
    ["", "Заплатила ", "звонила ", "Позвонил в банк, ", "telefon ", "цена ", "kosztował ", "It cost ",
     "смс пришла ", "карта "]
)  # fmt: skip


@given(dates, st.sampled_from(["договор от ", "договор на ", "umowa z ", "contract of "]))
def test_a_contract_of_a_day_keeps_its_date(day: str, start: str) -> None:
    assert mask(f"{start}{day}").text == f"{start}{day}"


@settings(max_examples=400, deadline=None)
@given(around, harmless, st.sampled_from(["", " за штуку", ".", ", кошмар", " i tyle"]))
def test_prices_dates_times_and_models_stay(start: str, thing: str, end: str) -> None:
    text = f"{start}{thing}{end}"
    assert mask(text).text == text


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(harmless, phones, cards, emails, st.text(max_size=15)), max_size=6).map(" ; ".join))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text)
    assert mask(once.text).text == once.text
    assert set(once.kinds) <= set(KINDS)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("тел. 8-916-1234567 или 8.916.123.45.67", "тел. ‹phone› или ‹phone›"),
        ("вотсап 9161234567", "вотсап ‹phone›"),
        ("Звоните (495) 123-45-67 до шести", "Звоните ‹phone› до шести"),
        ("тел. 123-45-67", "тел. ‹phone›"),
        ("8 (029) 123-45-67 и +375 29 123-45-67", "‹phone› и ‹phone›"),
        ("mój numer 601 234 567, tel. 601-234-567", "mój numer ‹phone›, tel. ‹phone›"),
        ("call 020 7946 0958 or (555) 123-4567", "call ‹phone› or ‹phone›"),
        ("паспорт 45 08 123456", "паспорт ‹passport›"),
        ("паспорт серия 4508 номер 123456 выдан 12.05.2015", "паспорт серия ‹passport› выдан 12.05.2015"),
        ("4508 123456 — мой паспорт", "‹passport› — мой паспорт"),
        ("paszport EK1234567, dowód ABC123456", "paszport ‹passport›, dowód ‹passport›"),
        ("ИНН 7707083890", "ИНН ‹inn›"),
        ("СНИЛС 112-233-445 95", "СНИЛС ‹snils›"),
        ("по договору № 621/0000-0012345 от 12.05.2024", "по договору № ‹contract› от 12.05.2024"),
        ("договор займа № 510-ПБ/23", "договор займа № ‹contract›"),
        ("по договору 12345678 отказали", "по договору ‹contract› отказали"),
        ("umowa nr 123/2024/XY", "umowa nr ‹contract›"),
        ("contract number: AB-12345", "contract number: ‹contract›"),
        ("карта 4276 1234 5678 9010 заблокирована", "карта ‹card› заблокирована"),
        ("счёт 40817.810.0.9991.0004312", "счёт ‹account›"),
        ("пишите petrov собака mail.ru", "пишите ‹email›"),
        ("моя почта иванов@почта.рф", "моя почта ‹email›"),
        ("вход https://bank.ru/lk?token=abc123", "вход ‹link›"),
        ("я тут: vk.com/id123456.", "я тут: ‹link›."),
        ("см. https://bank.ru/reset?email=a%40b.ru", "см. ‹link›"),
    ],
)
def test_what_people_write(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "заплатил 12 500 руб. 31.05.2025 в 14:52, скидка 15%, заказ 123456",
        "цена 1 299,00 zł, kod 30-059",
        "cena 601 234 567 zł",
        "Отдала 89 161 234 567 рублей",
        "звонил 12.05.2024 14:30, потом 3 раза по 12 000 рублей",
        "одобрено 1.090.000 после звонка",
        "смс обращение № 1696303 рассмотрено",
        "договор от 12.05.2024 расторгнут, umowy z 2024 roku",
        "Анна Сергеевна из отделения на Садовой, 12 всё решила",
        "Samsung Galaxy S21 5G 8/128, Xiaomi 13T Pro, v2.14.3, 192.168.0.1",
        "https://www.banki.ru/services/responses/bank/response/12336496/",
        "https://play.google.com/store/apps/details?id=com.bank&reviewId=gp:AOqpTOH",
        "с 2020 по 2024, 10:00-19:00, 100 000 000 ₽, +100500 к карме",
        "8 лет 10 месяцев, 7 из 10, 365 дней до 31.12.2026",
        "error 0004000008, depot 4140371450004190946",
        "[url=http://www.noobsforever.net]сайт[/url]",
        "Ночник 5 м 20 см, IP67, 220 В, 50/60 Гц",
    ],
)
def test_what_stays(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_a_rule_finds_nothing_in_fewer_digits_than_it_names(rule: Rule) -> None:
    words = (
        "",
        "тел. ",
        "паспорт ",
        "dowód ABC",
        "договор № ",
        "по договору ",
        "карта ",
        "инн ",
        "nip ",
        "+",
        "pl",
    )
    for count in range(1, rule.digits):
        for digit in "1379":
            number = digit * count
            groups = (
                gap.join(number[at : at + size] for at in range(0, count, size))
                for size in (1, 2, 3, 4, 5)
                for gap in ("", " ", "-", ".")
            )
            for shape in groups:
                for text in (f"{word}{shape}" for word in words):
                    found = rule.pattern.search(text)
                    assert found is None or not rule.holds(found), text


def test_kinds_come_once_for_each_thing() -> None:
    found = mask("a@b.ru, c@d.ru и +7 916 123-45-67")
    assert sorted(found.kinds) == ["email", "email", "phone"]


def test_long_text_is_masked_near_numbers_only_and_wholly() -> None:
    filler = "Очень долго ждали ответа. " * 4000
    found = mask(f"{filler}тел. +7 916 123-45-67 {filler} a@b.ru")
    assert found.text.endswith(" ‹email›")
    assert found.kinds == ("phone", "email")
    assert found.text.startswith(filler)


def test_identifiers_that_name_a_person() -> None:
    assert names_person("a@b.ru")
    assert names_person("+79161234567")
    assert names_person("89161234567")
    assert not names_person("12336496")
    assert not names_person("gp:AOqpTOH_x")
    assert not names_person("76561197979911480")


def test_pseudonym_is_stable_salted_and_of_one_source() -> None:
    one = pseudonym("Иван П.", "banki_ru", "salt")
    assert len(one) == 16
    assert int(one, 16) >= 0
    assert one == pseudonym("  иван   п. ", "banki_ru", "salt")
    assert one != pseudonym("Иван П.", "sravni_ru", "salt")
    assert one != pseudonym("Иван П.", "banki_ru", "other")
    assert one != pseudonym("Иван Р.", "banki_ru", "salt")
