"""Forms of Polish and English words by their endings alone, without a dictionary.

A word is cut to the stems that it may have, and each stem gets the endings of its language, with
the changes of sound that go with them: paczka, paczce, paczek; kurier, kurierze; samochód,
samochodu; stop, stopped. What follows no rule comes from a list of common words.
"""

from __future__ import annotations

__all__ = ["english", "polish"]

_SHORTEST = 3
"""Letters of a stem at least: a shorter one is a piece of too many words."""


def _listed(lines: str) -> dict[str, frozenset[str]]:
    """Each word of the lines with all words of its line."""
    found: dict[str, frozenset[str]] = {}
    for line in lines.strip().splitlines():
        together = frozenset(line.split())
        found |= {word: found.get(word, frozenset()) | together for word in together}
    return found


def _each(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


_NAMES = _each(
    "a ą e ę i o u y ie ia ią ię io iu ii ów owi owie em iem om iom ami iami ach iach mi "
    "ego iego emu iemu ej iej ym im ymi imi ych ich"
)
"""Endings of Polish nouns and adjectives."""

_ENDS = sorted(_NAMES, key=len, reverse=True)

_SOFT = (
    ("st", ("ście", "ści")),
    ("zd", ("ździe", "ździ")),
    ("sł", ("śle", "śli")),
    ("ch", ("sze", "si")),
    ("k", ("ce", "cy")),
    ("g", ("dze", "dzy")),
    ("r", ("rze", "rzy")),
    ("t", ("cie", "ci")),
    ("d", ("dzie", "dzi")),
    ("ł", ("le", "li")),
)
"""How a Polish stem ends, and what it becomes before -e and -i; the first that fits holds."""

_ACUTE = {"ń": "n", "ć": "c", "ś": "s", "ź": "z"}
_CLOSED = (("ó", "o"), ("ą", "ę"))
"""Vowels of a closed last syllable, and of the same syllable once an ending follows."""

_VOWELS = "aąeęioóuy"

_PAST = _each("ł ła ło li ły łem łam łeś łaś liśmy łyśmy liście łyście")


def _verbs(past: str, rest: str, signs: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A conjugation: all its endings, and those that give it away."""
    whole = [past + one for one in _PAST]
    return (*whole, *rest.split(), *signs.split()), (*whole, *signs.split())


_CONJUGATIONS = (
    _verbs("owa", "uje owana owane owany", "ować uję ujesz ujemy ujecie ują ując owano owanie owania"),
    _verbs("a", "a aj any ana ane ani", "ać am asz amy acie ają ając ano anie ania"),
    _verbs("i", "i ę ą iony iona ione ony ona one", "ić ię isz imy icie ią iąc ono enie enia"),
    _verbs("y", "y ę ą ony ona one", "yć ysz ymy ycie yło"),
    _verbs("nę", "nie nął", "nąć nę niesz niemy niecie ną nąłem nąłam"),
    _verbs("ia", "i", "ieć ię isz imy icie ią ieli ieliśmy"),
)

_POLISH = _listed(
    """
    być jest są był była było byli były będzie będą byłem byłam
    mieć mam masz ma mamy macie mają miał miała miało mieli miały miałem miałam
    iść idzie idą szedł szła szło szli szły idę
    przyjść przyjdzie przyjdą przyszedł przyszła przyszło przyszli przyszły przyszedłem przyszłam
    dojść dojdzie dojdą doszedł doszła doszło doszli doszły
    móc mogę możesz może możemy możecie mogą mógł mogła mogło mogli mogły mogłem mogłam
    chcieć chcę chcesz chce chcemy chcą chciał chciała chciało chcieli chciały chciałem chciałam
    wziąć wezmę weźmie wezmą wziął wzięła wzięło wzięli wzięły wziąłem wzięłam
    brać biorę bierze biorą brał brała brali brały brałem brałam
    wiedzieć wiem wie wiemy wiedzą wiedział wiedziała wiedzieli wiedziały wiedziałem wiedziałam
    dać dam da dadzą dał dała dało dali dały dałem dałam
    pies psa psu psem psie psy psów psom psami psach
    dzień dnia dniu dniem dni dniom dniami dniach
    tydzień tygodnia tygodniu tygodniem tygodnie tygodni tygodniom tygodniami tygodniach
    człowiek człowieka człowiekowi człowiekiem człowieku ludzie ludzi ludziom ludźmi ludziach
    dziecko dziecka dziecku dzieckiem dzieci dzieciom dziećmi dzieciach
    pieniądze pieniędzy pieniądzom pieniędzmi pieniądzach pieniądz
    miasto miasta miastu miastem mieście miast miastom miastami miastach
    rok roku rokiem lata lat latom latami latach
    ręka ręki ręce rękę ręką rąk rękom rękami rękach
    """
)


def _stems(word: str) -> set[str]:
    """What a Polish noun or adjective may be without its ending, as it is before the endings."""
    found = {word}
    for end in _ENDS:
        if not word.endswith(end) or len(word) - len(end) < _SHORTEST:
            continue
        found.add(word[: -len(end)])
        break
    for hard, softs in _SOFT:
        for soft in softs:
            if word.endswith(soft) and len(word) - len(soft) + len(hard) >= _SHORTEST:
                found.add(word.removesuffix(soft) + hard)
    last = word[-1]
    if last in _ACUTE:
        found.add(word[:-1] + _ACUTE[last])
    if len(word) > _SHORTEST and word[-2] == "e" and last in "kcnł" and word[-3] not in _VOWELS:
        found.add(word[:-2] + last)  # paczek, paczk-
    for closed, opened in _CLOSED:
        for one in tuple(found):
            if len(one) > 1 and one[-2] == closed and one[-1] not in _VOWELS:
                found.add(one[:-2] + opened + one[-1])
    return {one for one in found if one[-1] not in _VOWELS or one[-1] == "i"}


def _declined(stem: str) -> set[str]:
    """The forms of a Polish noun or adjective with this stem."""
    found = {stem, *(stem + end for end in _NAMES)}
    for hard, softs in _SOFT:
        if stem.endswith(hard):
            found |= {stem.removesuffix(hard) + soft for soft in softs}
            break
    last, before = stem[-1], stem[-2:-1]
    found |= {stem[:-1] + acute for acute, plain in _ACUTE.items() if plain == last}
    if last in "kcnł" and before not in _VOWELS:
        found.add(f"{stem[:-1]}e{last}")
    found |= {stem[:-2] + closed + last for closed, opened in _CLOSED if before == opened}
    return found


def polish(word: str) -> set[str]:
    """Forms that a Polish word in small letters may have, itself among them."""
    found = {word, *_POLISH.get(word, ())}
    if word in _POLISH or len(word) <= _SHORTEST:
        return found
    for stem in _stems(word):
        found |= _declined(stem)
    for ends, signs in _CONJUGATIONS:
        for sign in signs:
            stem = word.removesuffix(sign)
            if stem != word and len(stem) >= _SHORTEST - 1:
                found |= {stem + end for end in ends}
    return found


_ENGLISH = _listed(
    """
    be am is are was were been being
    have has had having
    do does did done doing
    go goes went gone going
    get gets got gotten getting
    buy buys bought buying
    pay pays paid paying
    send sends sent sending
    say says said saying
    tell tells told telling
    take takes took taken taking
    give gives gave given giving
    come comes came coming
    make makes made making
    find finds found finding
    keep keeps kept keeping
    lose loses lost losing
    leave leaves left leaving
    break breaks broke broken breaking
    bring brings brought bringing
    feel feels felt feeling
    know knows knew known knowing
    think thinks thought thinking
    write writes wrote written writing
    speak speaks spoke spoken speaking
    spend spends spent spending
    sell sells sold selling
    hold holds held holding
    see sees saw seen seeing
    understand understands understood understanding
    good better best
    bad worse worst
    man men man's men's
    woman women woman's women's
    child children child's children's
    person people person's people's
    news
    thing things thing's
    need needs needed needing
    speed speeds speeding
    """
)

_SINGLE = frozenset("aeiouy")


def _bases(word: str) -> set[str]:
    """What an English word may be without its ending."""
    bare = word.replace("’", "'").removesuffix("'s")
    found = {bare}

    def cut(end: str, *instead: str) -> None:
        stem = bare.removesuffix(end)
        whole = end in ("ies", "ied") or _SINGLE & set(stem)
        if stem == bare or len(stem) < _SHORTEST - (end != "s") or not whole:
            return
        found.update(stem + one for one in instead)
        if end in ("ed", "ing") and stem[-1] == stem[-2:-1]:
            found.add(stem[:-1])

    if bare.endswith("ies"):
        cut("ies", "y")
    elif bare.endswith(("ses", "xes", "zes", "ches", "shes", "oes")):
        cut("es", "", "e")
    elif bare.endswith("s") and not bare.endswith(("ss", "us", "is")):
        cut("s", "")
    if bare.endswith("ied"):
        cut("ied", "y")
    elif not bare.endswith("eed"):
        cut("ed", "", "e")
    cut("ing", "", "e")
    return found


def _inflected(base: str) -> set[str]:
    """The regular forms of an English noun or verb."""
    found = {base, f"{base}'s", f"{base}s'", f"{base}’s"}
    soft = base.endswith("y") and base[-2:-1] not in _SINGLE
    if soft:
        return found | {base[:-1] + end for end in ("ies", "ied")} | {base + "ing"}
    found.add(base + ("es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else "s"))
    if base.endswith("o"):
        found.add(base + "s")
    if base.endswith("e"):
        return found | {base + "d", base[:-1] + "ing", base + "ing"}
    found |= {base + "ed", base + "ing"}
    if len(base) >= _SHORTEST and base[-2] in _SINGLE and base[-1] not in "aeiouywx":
        found |= {base + base[-1] + end for end in ("ed", "ing")}
    return found


def english(word: str) -> set[str]:
    """Forms that an English word in small letters may have, itself among them."""
    if word in _ENGLISH:
        return set(_ENGLISH[word])
    found = {word}
    if len(word) < _SHORTEST:
        return found
    for base in _bases(word):
        found |= _ENGLISH.get(base, frozenset()) | _inflected(base)
    return found
