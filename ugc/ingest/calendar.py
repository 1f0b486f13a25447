"""Words for months, days and spans of time in Russian, English and Polish, as review sites write them."""

from __future__ import annotations

__all__ = ["AGO", "DAYS", "MONTHS", "NOW", "NUMBERS", "UNITS", "month"]

MONTHS = (
    "января январь январе янв january jan styczeń stycznia styczniu styczen stycz sty",
    "февраля февраль феврале февр фев february feb luty lutego lutym lut",
    "марта март марте мар march mar marzec marca marcu",
    "апреля апрель апреле апр april apr kwiecień kwietnia kwietniu kwiecien kwi",
    "мая май мае may maj maja maju",
    "июня июнь июне июн june jun czerwiec czerwca czerwcu cze",
    "июля июль июле июл july jul lipiec lipca lipcu lip",
    "августа август августе авг august aug sierpień sierpnia sierpniu sierpien sierp sie",
    "сентября сентябрь сентябре сент сен september sept sep wrzesień września wrześniu wrzesien wrzesnia wrz",
    "октября октябрь октябре окт october oct październik października październiku pazdziernik paź paz",
    "ноября ноябрь ноябре нояб ноя november nov listopad listopada listopadzie lis",
    "декабря декабрь декабре дек december dec grudzień grudnia grudniu grudzien gru",
)
"""The names of each month in their cases and abbreviations, January first."""

_MONTH_OF = {name: number for number, names in enumerate(MONTHS, 1) for name in names.split()}

DAYS = {
    "сегодня": 0,
    "вчера": 1,
    "позавчера": 2,
    "today": 0,
    "yesterday": 1,
    "dziś": 0,
    "dzis": 0,
    "dzisiaj": 0,
    "wczoraj": 1,
    "przedwczoraj": 2,
}
"""Days before the reference."""

NOW = frozenset({"только что", "сейчас", "just now", "now", "przed chwilą", "teraz", "moments ago"})

UNITS = {
    "second": ("сек", "sec", "sek"),
    "minute": ("мин", "min"),
    "hour": ("час", "ч", "hour", "hr", "h", "godz"),
    "day": ("день", "дня", "дней", "дн", "сут", "day", "d", "dzień", "dni", "dzien"),
    "week": ("недел", "нед", "week", "w", "wk", "tydzień", "tydzien", "tygodni", "tyg"),
    "month": ("месяц", "мес", "month", "mo", "miesiąc", "miesiac", "miesięc", "mies"),
    "year": ("год", "лет", "года", "г", "year", "yr", "y", "rok", "lat"),
    "half": ("полгода", "pół roku"),
}
"""How units of time begin; those of one or two letters must stand whole."""

AGO = frozenset({"назад", "ago", "temu"})

NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "один": 1,
    "одну": 1,
    "одна": 1,
    "jeden": 1,
    "jedną": 1,
    "two": 2,
    "два": 2,
    "две": 2,
    "dwa": 2,
    "dwie": 2,
    "couple": 2,
    "пару": 2,
    "three": 3,
    "три": 3,
    "trzy": 3,
    "four": 4,
    "четыре": 4,
    "cztery": 4,
    "five": 5,
    "пять": 5,
    "pięć": 5,
    "few": 3,
    "несколько": 3,
    "kilka": 3,
}
"""Numbers in words before a unit of time; "a few" counts as three."""


def month(word: str) -> int | None:
    """The month that a word names in any case or abbreviation, 1…12, or `None`."""
    return _MONTH_OF.get(word.casefold().rstrip("."))
