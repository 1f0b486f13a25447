"""The language of a text: script first, then letters and small words, then py3langid.

Reviews are short («ок», "super", „polecam”), where statistics alone guess wildly: a text in
Cyrillic without foreign letters is Russian, Polish letters mean Polish, and py3langid decides among
the languages that reviews come in only when there is enough to decide on.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

__all__ = ["UNKNOWN", "detect"]

UNKNOWN = "und"
"""What `detect` answers when it cannot tell."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_CANDIDATES = _words(
    "ru en pl uk be bg sr kk de fr es it pt nl cs sk ro hu lt lv et fi sv da no tr hr sl vi id"
)
_CYRILLIC = frozenset({"ru", "uk", "be", "bg", "sr", "kk"})
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("hi", re.compile("[\u0900-\u097f]")),
)
_SAMPLE = 1000
"""Characters of a text that are looked at."""

_CYRILLIC_LETTER = re.compile("[\u0400-\u04ff]")
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
_WORD = re.compile(r"[^\W\d_]+")
_NOISE = re.compile(r"https?://\S+|\S+@\S+|[@#]\w+|‹\w+›")
_MAYBE_NOISE = re.compile("[/@#‹]")
_MAYBE_OTHER = re.compile("[\u0370-\u03ff\u0530-\u08ff\u0900-\u0fff\u10a0-\u10ff\u3040-\ud7af]")
"""Signs without which there is no noise, and no script but Latin and Cyrillic."""
_FOREIGN_LETTERS = {
    "uk": re.compile("[іїєґІЇЄҐ]"),
    "be": re.compile("[ўЎ]"),
    "kk": re.compile("[әғқңөұһӘҒҚҢӨҰҺ]"),
    "sr": re.compile("[ђћџљњјЂЋЏЉЊЈ]"),
}
_FOREIGN = re.compile("[іїєґІЇЄҐўЎәғқңөұһӘҒҚҢӨҰҺђћџљњјЂЋЏЉЊЈ]")
_POLISH_LETTERS = re.compile("[ąćęłńśźżĄĆĘŁŃŚŹŻ]")
_OTHER_LATIN = re.compile("[äöüßàâçèêëîïôùûñáíúãõčďěňřšťůžåæøőűğışțăâ]", re.IGNORECASE)
_SMALL = {
    "en": _words(
        """the a an and is was are were be it this that of to in for on with not no but very good bad great
        nice love best ok my i you we they have had has so all at as from would will never ever just really
        app service product quality delivery price recommend excellent perfect awesome worst terrible thanks
        thank hotel room staff bank card phone works work does doesn don money fast easy use game like
        amazing poor super cool wow top"""
    ),
    "pl": _words(
        """i w z na nie się jest to że do jak po za od o ale bardzo polecam dobry dobra dobre super jestem
        są był była było mam tak już tylko dla przez przy tym ten ta te jakość cena szybka szybko obsługa
        produkt zgodny opisem pokój hotel lekarz pan pani ok wszystko czy co ja mi mnie sobie bez oraz ze
        dostawa towar sklep działa kupiłam kupiłem zadowolona zadowolony świetny fajny fajna tragedia
            dramat"""
    ),
}


@cache
def _identifier() -> LanguageIdentifier:
    """py3langid restricted to the languages in use."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(_CANDIDATES))
    return identifier


def _latin(text: str, words: list[str]) -> str:
    """Language of a text in Latin letters."""
    if _POLISH_LETTERS.search(text) and not re.search("[šžčřěů]", text):
        return "pl"
    known = Counter({name: sum(word in small for word in words) for name, small in _SMALL.items()})
    (first, hits), (_, other) = known.most_common(2)
    plain = not _OTHER_LATIN.search(text)
    if plain and hits > other and hits >= max(1, len(words) / 6):
        return first
    guess, sure = _identifier().classify(text)
    if guess in _CYRILLIC:
        return UNKNOWN
    if guess in ("en", "pl") or (len(words) >= 5 and sure > 0.9 and hits < len(words) / 5):
        return str(guess)
    if plain and hits > other:
        return first
    return str(guess) if len(words) >= 5 and sure > 0.6 else UNKNOWN


def _cyrillic(text: str, words: list[str]) -> str:
    """Language of a text in Cyrillic letters."""
    for name, letters in _FOREIGN_LETTERS.items() if _FOREIGN.search(text) else ():
        if len(letters.findall(text)) >= max(1, len(text) / 150):
            return name
    if len(words) < 6 or re.search("[ыэёЫЭЁ]", text):
        return "ru"
    guess, sure = _identifier().classify(text)
    return "bg" if guess == "bg" and sure > 0.95 else "ru"


def detect(text: str) -> str:
    """Language of a text: "ru", "en", "pl", the ISO 639-1 code of another, or "und"."""
    sample = text[: 3 * _SAMPLE]
    if _MAYBE_NOISE.search(sample):
        sample = _NOISE.sub(" ", sample)
    sample = sample[:_SAMPLE]
    cyrillic = len(_CYRILLIC_LETTER.findall(sample))
    latin = len(_LATIN_LETTER.findall(sample))
    if _MAYBE_OTHER.search(sample):
        others = Counter({name: len(letters.findall(sample)) for name, letters in _SCRIPTS})
        name, most = others.most_common(1)[0]
        if others["ja"]:
            # Japanese mixes its own syllables with Chinese characters.
            name, most = "ja", others["ja"] + others["zh"]
        if most > max(cyrillic, latin):
            return name
    words = [word.lower() for word in _WORD.findall(sample)]
    if not words or not cyrillic + latin:
        return UNKNOWN
    # A Russian review names brands and apps in Latin letters, an English one hardly writes Cyrillic.
    return _cyrillic(sample, words) if 2 * cyrillic >= latin else _latin(sample, words)
