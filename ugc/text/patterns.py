"""How personal data look: a pattern and a test for each way in which one of its kinds is written.

The order matters: what is named by a word before it or proved by check digits comes before what
only has a shape. Every rule leaves alone what other rules have masked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ugc.text import identifiers

__all__ = ["RULES", "Rule"]

_SPACE = r"[ \t\u00a0\u2007\u2009\u202f]"
_DASH = r"\-\u2010-\u2015\u2212"
_GAP = rf"[ \t\u00a0\u2007\u2009\u202f{_DASH}.]"
_CALL_GAP = rf"[ \u00a0\u2009\u202f{_DASH}]{{0,3}}"
_NOT_MONEY = (
    rf"(?!{_SPACE}*(?:руб|р\b|₽|rub|коп|тыс|млн|млрд|тенге|тг\b|грн|бел|бонус|балл|миль|"
    r"zł|zl\b|pln|gr\b|€|eur|\$|usd|£|gbp|dollar|euro|%|шт|км|кг|sztuk|pkt))"
)
_START = rf"(?<![\w+])(?<!\d[.,])(?<!\d[{_DASH}])"
_END = r"(?!\d)(?![.,]\d)"
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?!\d)|\d{4}[./-]\d{1,2}[./-]\d{1,2}(?!\d)")
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def _digits(text: str) -> str:
    """The digits of a text, in ASCII."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def _grouped(*sizes: int) -> str:
    """Pattern of digits in groups of these sizes, each parted by one space, dash or dot, or by nothing."""
    return rf"{_GAP}?".join(rf"\d{{{size}}}" for size in sizes)


def _after(words: str, number: str, gap: int) -> re.Pattern[str]:
    """Pattern of a number (group `number`) that follows one of the words within `gap` other signs."""
    return re.compile(
        rf"(?P<before>(?<![\w‹])(?:{words})[^\d\n№#]{{0,{gap}}}?)(?P<number>{number}){_END}", re.IGNORECASE
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """One way a kind shows; `holds` says whether what was found is really one.

    `digits` is how many digits a stretch must have at least for the rule to find anything in it.
    """

    kind: str
    digits: int
    pattern: re.Pattern[str]
    holds: Callable[[re.Match[str]], bool] = lambda match: True


def _rule(
    kind: str, digits: int, pattern: str, holds: Callable[[re.Match[str]], bool] = lambda match: True
) -> Rule:
    """A rule for a number that stands by itself."""
    return Rule(kind, digits, re.compile(rf"(?P<before>)(?P<number>{pattern})", re.IGNORECASE), holds)


def _check(formula: Callable[[str], bool]) -> Callable[[re.Match[str]], bool]:
    """A formula over digits as a test of what was found."""
    return lambda match: formula(_digits(match["number"]))


def _latin(text: str) -> bool:
    """Whether a text has no Cyrillic letter, so that a Polish number is likelier in it than a Russian one."""
    return _CYRILLIC.search(text) is None


def _iban(match: re.Match[str]) -> bool:
    """Whether what was found is an IBAN."""
    return identifiers.is_iban(re.sub(r"[^0-9A-Za-z]", "", match["number"]))


def _inn_of_firm(match: re.Match[str]) -> bool:
    """Whether ten digits are an INN, and not the NIP that they may be just as well in a Polish text."""
    digits = _digits(match["number"])
    return identifiers.is_inn(digits) and not (identifiers.is_nip(digits) and _latin(match.string))


def _russian(match: re.Match[str]) -> bool:
    """Whether 11 digits are laid out as a number of Russia, Kazakhstan or Belarus.

    Without a plus they begin with a known code in one group; eleven unbroken digits of a Polish
    text that satisfy PESEL are somebody's birth in the seventies or eighties.
    """
    found = match["number"]
    if found.startswith("+"):
        return True
    digits, groups = _digits(found), re.findall(r"\d+", found)
    if len(groups) == 1 and identifiers.is_pesel(digits) and _latin(match.string):
        return False
    code = groups[0] if len(groups[0]) > 1 else groups[0] + groups[1]
    known = digits[1] in "34789" or digits[1:4] in {"017", "025", "029", "033", "044"}
    return known and len(code) >= 4 and len(groups) <= 6


def _snils(match: re.Match[str]) -> bool:
    """Whether eleven digits are a SNILS, and not the PESEL that they may be just as well in a Polish text."""
    found = match["number"]
    pesel = found.isdecimal() and identifiers.is_pesel(found) and _latin(match.string)
    return identifiers.is_snils(_digits(found)) and not pesel


def _undated(match: re.Match[str]) -> bool:
    """Whether what was found does not begin with a date."""
    return _DATE.match(match["number"]) is None


def _card(match: re.Match[str]) -> bool:
    """Whether a number is a bank card; a longer one must begin as those of Mir, Maestro and UnionPay do."""
    digits = _digits(match["number"])
    long = len(digits) > 16 and re.match(r"220[0-4]|5[06-9]|6", digits) is None
    return (
        identifiers.is_card(digits) and not long and (digits[0] in "23456" or not match["number"].isdecimal())
    )


def _local(match: re.Match[str]) -> bool:
    """Whether a number with its code in brackets has nine or ten digits."""
    return 9 <= len(_digits(match["number"])) <= 10


def _numbered(match: re.Match[str]) -> bool:
    """Whether what follows «договор №» is a number: three digits or more, and no date."""
    return len(_digits(match["number"])) >= 3 and _DATE.match(match["number"]) is None


def _numbered_alone(match: re.Match[str]) -> bool:
    """The same without the sign №: six digits, or five with letters or strokes."""
    found = match["number"]
    count = len(_digits(found))
    return _DATE.match(found) is None and (count >= 6 or (count >= 5 and not found.isdigit()))


_PHONE_WORDS = (
    r"тел(?:ефон\w*)?\b|моб(?:ильн\w*)?\b|сотов\w*|(?:мой|наш|его|е[её]|по|на|с|их)\s+номер\w*|"
    r"номер\w*\s+тел\w*|(?:по|пере)?звон\w*|набер\w*|набира\w*|в[оа][тц]сап\w*|ватцап\w*|вайбер\w*|"
    r"телеграм\w*|смс|whats\s?app|viber|telegram|sms|phone\w*|mobile|cell|call\w*|contact|text\s+me|"
    r"(?:my|our|his|her|the|on|at)\s+number|telefon\w*|tel|kom|komórk\w*|(?:za)?dzwo[nń]\w*|kontakt\w*|"
    r"(?:na|pod|mój|nasz)\s+numer\w*|nr\s+tel\w*|numer\w*\s+tel\w*|infolini\w*"
)
_SHAPES = "|".join(
    (
        rf"\(?0\d{{2,4}}\)?{_CALL_GAP}\d{{3,4}}{_CALL_GAP}\d{{3,4}}",
        rf"\d{{2,3}}{_CALL_GAP}\d{{3}}{_CALL_GAP}\d{{3}}",
        rf"\(?0?\d{{2,5}}\)?{_CALL_GAP}\d{{1,3}}{_CALL_GAP}\d{{2}}{_CALL_GAP}\d{{2}}",
        rf"\d{{2,3}} ?[{_DASH}] ?\d{{2}} ?[{_DASH}] ?\d{{2}}|\d{{3}} \d{{2}} \d{{2}}",
        r"\d{7,12}",
    )
)
"""How a number is written that a word about phones goes before."""

_CONTRACT = (
    r"договор\w*|контракт\w*|полис(?:а|у|ом|е)?|contract|agreement|umow(?:a|y|ę|e|ie|ą)|polis(?:a|y|ę|ie|ą)"
)
_MARK = r"(?:№|#|n[°ºo]\.?|nr\.?|номер\w*|number|num\.|numer\w*|за\s+номером)"
_VALUE = r"[a-zа-яё\d](?:[\w/\-–.]*[\w])?"

RULES: tuple[Rule, ...] = (
    _rule("email", 0, r"(?<![\w.+-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"),
    _rule(
        "email",
        0,
        r"(?<![\w.+-])[\w.+-]+\s?(?:\(at\)|\[at\]|\(собака\)|\[собака\]|\sсобака\s)\s?"
        r"[\w-]+\s?(?:\.|\(dot\)|\[dot\]|\(точка\)|\sточка\s)\s?(?:ru|com|net|org|pl|by|kz|ua|ру|рф)\b",
    ),
    _rule(
        "iban",
        2,
        rf"(?<!\w)[a-z]{{2}}\d{{2}}(?:{_SPACE}?[a-z0-9]{{4}}){{2,7}}(?:{_SPACE}?[a-z0-9]{{1,3}})?(?!\w)",
        _iban,
    ),
    Rule("snils", 11, _after(r"снилс\w*|snils", _grouped(3, 3, 3, 2), 20)),
    Rule("pesel", 11, _after(r"pesel\w*|песель", _grouped(6, 5), 20)),
    Rule("nip", 10, _after(r"nip\w*", r"(?:PL ?)?\d(?:[ \-]?\d){9}", 15)),
    Rule("inn", 10, _after(r"инн\w*|inn", r"\d{12}|\d{10}", 25)),
    Rule(
        "passport",
        9,
        _after(
            r"паспорт\w*|загранпаспорт\w*|passport\w*|серии|серия",
            rf"\d{{2}}{_SPACE}?\d{{2}}(?:{_SPACE}|[,;:]|№|номер\w*|no?\b){{0,6}}\d{{6}}|\d{{2}}{_SPACE}?(?:№{_SPACE}?)?\d{{7}}",
            40,
        ),
    ),
    _rule("passport", 10, rf"(?<!\d)\d{{2}}{_SPACE}?\d{{2}}{_SPACE}\d{{6}}(?!\d)(?=[^\d\n]{{0,15}}паспорт)"),
    Rule("passport", 6, _after(r"passport\w*|paszport\w*", r"(?<!\w)(?:[a-z]{1,2}\s?\d{6,8}|\d{9})", 30)),
    Rule("passport", 6, _after(r"dow[oó]d\w*|id\s+card", r"(?<!\w)[a-z]{3}\s?\d{6}", 30)),
    Rule(
        "contract",
        3,
        _after(
            rf"(?:{_CONTRACT})(?:\s+[^\W\d]+){{0,3}}?(?:\s+от\s+[\d.]+(?:\s?(?:г\.?|года))?)?\s*[,:(]?\s*{_MARK}"
            rf"|{_MARK}\s+(?:\w+\s)?(?:{_CONTRACT})",
            _VALUE,
            3,
        ),
        _numbered,
    ),
    Rule(
        "contract",
        5,
        _after(rf"(?:{_CONTRACT})(?:\s+[^\W\d]+)?", rf"(?<!\w){_VALUE}{_NOT_MONEY}", 3),
        _numbered_alone,
    ),
    _rule("account", 26, rf"{_START}(?:PL ?)?{_grouped(2, 4, 4, 4, 4, 4, 4)}{_END}"),
    _rule("account", 20, rf"{_START}(?:{_grouped(5, 3, 1, 4, 7)}|{_grouped(4, 4, 4, 4, 4)}){_END}"),
    _rule("card", 16, rf"{_START}(?:{_grouped(4, 4, 4, 4)}(?:{_GAP}?\d{{2,3}})?){_END}", _card),
    _rule("card", 15, rf"{_START}3[47]{_grouped(2, 6, 5)}{_END}", _check(identifiers.is_card)),
    Rule(
        "card",
        13,
        _after(r"карт\w*|card\w*|kart\w*", rf"(?:{_grouped(4, 4, 4, 4)}|\d{{13,19}})", 25),
    ),
    _rule(
        "phone",
        11,
        rf"(?<![\w+])(?<!\d[.,])\+?[78](?:(?:{_GAP}|[()]){{0,3}}\d){{10}}{_END}{_NOT_MONEY}",
        _russian,
    ),
    _rule("snils", 11, rf"{_START}{_grouped(3, 3, 3, 2)}{_END}", _snils),
    _rule("pesel", 11, rf"{_START}\d{{11}}{_END}", _check(identifiers.is_pesel)),
    Rule("phone", 6, _after(_PHONE_WORDS, rf"(?<![\w+])(?:{_SHAPES}){_END}{_NOT_MONEY}", 25), _undated),
    _rule("inn", 12, rf"{_START}\d{{12}}{_END}", _check(identifiers.is_inn)),
    _rule(
        "nip",
        10,
        rf"{_START}(?:PL ?\d{{10}}|\d{{3}}-\d{{3}}-\d{{2}}-\d{{2}}|\d{{3}}-\d{{2}}-\d{{2}}-\d{{3}}){_END}",
        _check(identifiers.is_nip),
    ),
    _rule("inn", 10, rf"{_START}\d{{10}}{_END}{_NOT_MONEY}", _inn_of_firm),
    _rule("nip", 10, rf"{_START}\d{{10}}{_END}{_NOT_MONEY}", _check(identifiers.is_nip)),
    _rule("phone", 8, rf"(?<![\w+])\+[1-9](?:(?:{_GAP}|[()]){{0,2}}\d){{7,14}}+{_END}{_NOT_MONEY}"),
    _rule("phone", 12, rf"{_START}00[1-9](?:(?:{_GAP}|[()]){{0,2}}\d){{9,13}}+{_END}{_NOT_MONEY}"),
    _rule(
        "phone",
        8,
        rf"(?<!\w)\(\d{{3,5}}\){_SPACE}?\d{{1,3}}{_GAP}?\d{{2}}{_GAP}?\d{{2}}{_END}{_NOT_MONEY}",
        _local,
    ),
    _rule(
        "phone", 10, rf"{_START}9\d{{2}}[ {_DASH}]\d{{3}}[ {_DASH}]\d{{2}}[ {_DASH}]\d{{2}}{_END}{_NOT_MONEY}"
    ),
    _rule("phone", 10, rf"{_START}(?:1[-. ])?(?:\(\d{{3}}\) ?|\d{{3}}[-.])\d{{3}}[-.]\d{{4}}{_END}"),
    _rule("phone", 9, rf"{_START}\d{{3}}[{_DASH}]\d{{3}}[{_DASH}]\d{{3}}(?![{_DASH}]){_END}"),
)
