"""Links: where they stand in a text, which of them carry personal data, what of one may be kept."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

__all__ = ["LINK", "is_personal", "public_address"]

LINK = re.compile(
    r"(?:https?://|(?<![\w@.])www\.|(?<![\w@./])(?:vk\.com|vk\.ru|ok\.ru|t\.me|wa\.me|facebook\.com|fb\.com)/)"
    r"[^\s<>\"«»‹›\[\]]*[^\s<>\"«»‹›.,;:!?)\[\]}']",
    re.IGNORECASE,
)
"""A link in running text, with or without its scheme, without the sentence's own punctuation."""

_KEYS = frozenset(
    (
        "token",
        "accesstoken",
        "refreshtoken",
        "idtoken",
        "authtoken",
        "auth",
        "authorization",
        "authkey",
        "bearer",
        "jwt",
        "ticket",
        "otp",
        "pin",
        "secret",
        "clientsecret",
        "password",
        "passwd",
        "pwd",
        "pass",
        "key",
        "apikey",
        "sig",
        "sign",
        "signature",
        "hash",
        "code",
        "confirm",
        "confirmation",
        "sid",
        "session",
        "sessionid",
        "sessid",
        "phpsessid",
        "jsessionid",
        "email",
        "mail",
        "emailaddress",
        "phone",
        "phonenumber",
        "tel",
        "msisdn",
        "mobile",
        "user",
        "userid",
        "username",
        "uid",
        "login",
        "account",
        "accountid",
        "accountnumber",
        "client",
        "clientid",
        "customer",
        "customerid",
        "member",
        "memberid",
        "profile",
        "profileid",
        "lk",
        "inn",
        "snils",
        "pesel",
        "passport",
        "card",
        "cardnumber",
        "iban",
        "fio",
        "firstname",
        "lastname",
        "surname",
        "invite",
        "unsubscribe",
    )
)
"""Names of parameters that say who somebody is or let one in, without their strokes."""

_PERSON = re.compile(
    r"/(?:users?|profiles?|people|members?|accounts?|customers?|clients?|u|lk|uzytkownik|profil)/[^/]*\d{3,}"
    r"|^/(?:id|profile)\d+|^/profile\.php|/profiles?/[^/]+"
    r"|;jsessionid=",
    re.IGNORECASE,
)
"""A path that leads to somebody's own page."""

_KEY_LIKE = re.compile(r"/(?=[^/]*\d)(?=[^/]*[a-z])[0-9a-z]{32,}/?$", re.IGNORECASE)
"""A path that ends in a key and no word: long, letters and digits, no strokes."""

_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")


def _split(link: str) -> SplitResult | None:
    """A link in its parts; `None` when it cannot be read as one."""
    try:
        return urlsplit(link if "://" in link else f"https://{link}")
    except ValueError:
        return None


def _telling(name: str, value: str) -> bool:
    """Whether a parameter says who somebody is: by its name, or by a mail address in its value."""
    return bool(value) and (
        re.sub(r"[-_.\[\]]", "", name.casefold()) in _KEYS or _MAIL.search(value) is not None
    )


def _person_in_path(parts: SplitResult) -> bool:
    """Whether the part before the question mark names a person or holds a key."""
    path = unquote(parts.path)
    host = parts.netloc.casefold()
    return (
        "@" in host
        or host.endswith(("wa.me", "api.whatsapp.com"))
        or _PERSON.search(path) is not None
        or _KEY_LIKE.search(path) is not None
        or _MAIL.search(path) is not None
    )


def is_personal(link: str) -> bool:
    """Whether a link carries a token, a login, a mail address or a user's own page."""
    parts = _split(link)
    if parts is None:
        return True
    pairs = parse_qsl(parts.query) + parse_qsl(parts.fragment)
    return _person_in_path(parts) or any(_telling(name, value) for name, value in pairs)


def public_address(url: str) -> tuple[str | None, bool]:
    """What may be kept of the address of a review, and whether something personal was taken out.

    Telling parameters are dropped; an address that leads through somebody's own page is dropped
    whole, as is anything that is not http or https.
    """
    parts = _split(url.strip())
    if parts is None or parts.scheme not in {"http", "https"} or "." not in parts.netloc.split("@")[-1]:
        return None, False
    if _person_in_path(parts):
        return None, True
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _telling(name, value)]
    telling_end = any(_telling(name, value) for name, value in parse_qsl(parts.fragment))
    if len(kept) == len(pairs) and not telling_end:
        return urlunsplit(parts), False
    end = "" if telling_end else parts.fragment
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), end)), True
