"""Check digits of the numbers that name a person, a firm, a card or an account.

Each function takes digits only and says whether the check digits agree. Formulas: Luhn
(ISO/IEC 7812-1), ISO 13616 mod 97, the weights of the Russian INN and SNILS, of the Polish
PESEL and NIP, as their issuers publish them.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["is_card", "is_iban", "is_inn", "is_nip", "is_nrb", "is_pesel", "is_snils"]

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_NIP = (6, 5, 7, 2, 3, 4, 5, 6, 7)
_PESEL = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _weighted(digits: str, weights: Sequence[int]) -> int:
    """Sum of digit times weight over the length of the weights."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _varied(digits: str) -> bool:
    """Whether more than one digit occurs: a row of zeros passes most formulas and names nobody."""
    return len(set(digits)) > 1


def is_card(digits: str) -> bool:
    """Whether 13 to 19 digits satisfy Luhn's formula."""
    if not 13 <= len(digits) <= 19 or not _varied(digits):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_inn(digits: str) -> bool:
    """Whether 10 digits (a firm) or 12 digits (a person) are a Russian taxpayer number; no region is 00."""
    if not _varied(digits) or digits.startswith("00"):
        return False
    if len(digits) == 10:
        return _weighted(digits, _INN_10) % 11 % 10 == int(digits[9])
    if len(digits) == 12:
        eleventh = _weighted(digits, _INN_11) % 11 % 10
        twelfth = _weighted(digits, _INN_12) % 11 % 10
        return eleventh == int(digits[10]) and twelfth == int(digits[11])
    return False


def is_snils(digits: str) -> bool:
    """Whether 11 digits are a Russian pension account number; those up to 001-001-998 have no check."""
    if len(digits) != 11 or not _varied(digits) or digits[:9] <= "001001998":
        return False
    total = _weighted(digits, range(9, 0, -1))
    return total % 101 % 100 == int(digits[9:])


def is_pesel(digits: str) -> bool:
    """Whether 11 digits are a Polish personal number: a date of birth, a series and a check digit.

    The century is added to the month: 80 for 1800, 0 for 1900, 20, 40, 60 for the ones after.
    """
    if len(digits) != 11:
        return False
    month, day = int(digits[2:4]) % 20, int(digits[4:6])
    if not 1 <= month <= 12 or not 1 <= day <= _MONTH_DAYS[month - 1]:
        return False
    return -_weighted(digits, _PESEL) % 10 == int(digits[10])


def is_nip(digits: str) -> bool:
    """Whether 10 digits are a Polish taxpayer number; none begins with 0 or leaves ten."""
    if len(digits) != 10 or not _varied(digits) or digits.startswith("0"):
        return False
    return _weighted(digits, _NIP) % 11 == int(digits[9])


def is_iban(code: str) -> bool:
    """Whether an account code with its two letters of country satisfies mod 97."""
    code = code.upper()
    if not 15 <= len(code) <= 34 or not code[:2].isalpha() or not code[2:4].isdigit():
        return False
    moved = code[4:] + code[:4]
    if not (moved.isascii() and moved.isalnum()):
        return False
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def is_nrb(digits: str) -> bool:
    """Whether 26 digits are a Polish account number: an IBAN without its PL."""
    return len(digits) == 26 and is_iban("PL" + digits)
