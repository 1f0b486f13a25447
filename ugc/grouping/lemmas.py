"""Words of a quote with their dictionary forms: Russian by pymorphy3, Polish and English by simplemma."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

__all__ = [
    "LANGUAGES",
    "Word",
    "is_mood",
    "is_negation",
    "is_small",
    "is_tie",
    "names_something",
    "reads_well",
    "words",
]

LANGUAGES = ("ru", "en", "pl")
"""Languages whose words have dictionary forms here."""

LONGEST = 24
"""Letters of a word; what is longer is no word that names anything."""

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_CYRILLIC = re.compile(r"[а-яё'’-]+")
_STRESS = re.compile("[\u0300\u0301]")


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEGATIONS = _listed("не нет без ни никакой никто ничего no not never without nie bez brak n't cannot")

_SMALL = {
    "ru": _listed(
        """и в во на с со к ко у о об от до из за по при про для над под через между а но да же ли бы б то
        что чтобы как так это этот тот такой весь сам самый свой мой твой наш ваш его её их он она оно они я
        ты вы мы мне меня себя кто который где когда если хотя тоже также ещё еще уже только лишь очень
        просто вообще быть есть стать мочь смочь суметь можно там тут здесь сейчас потом затем тогда или либо
        ведь вот ну ага раз даже именно пока уж бывать какой какой-то что-то кто-то где-то всё все другой один
        каждый любой нет ни не после перед около сразу всегда никогда более менее больше меньше поэтому
        потому чем зато однако кстати например лично теперь"""
    ),
    "en": _listed(
        """a an the and or but if of to in on at by for with from as into over about up out off than then so
        that this these those it its he she they we you i me my our your his her their them us him who which
        what when where how why is are was were be been being am do does did have has had having will would
        can could may might shall should must just very too also even still yet only there here again really
        some any all each every other more most much many such own same not no never one s t d ll re ve m
        because while after before always ever get got go"""
    ),
    "pl": _listed(
        """i a w we z ze na do od po o u za przy przez dla nad pod między lub albo ale że żeby aby jak tak to
        ten ta te tego tej tym tych taki co kto który gdzie kiedy jeśli jeżeli choć też także jeszcze już
        tylko bardzo po prostu być jest są był była było stać móc można tam tu teraz potem wtedy czy bo więc
        no nawet właśnie ja ty on ona ono oni one my wy mnie mi ci się siebie sobie mój twój nasz wasz swój
        jego jej ich go im nie bez wszystko wszyscy każdy inny jeden sam raz pan pani mieć zawsze nigdy"""
    ),
}

_MOOD = {
    "ru": _listed(
        """хороший хорошо отличный отлично прекрасный прекрасно замечательный замечательно великолепный
        супер класс классный классно круто нравиться понравиться довольный доволен плохой плохо ужас
        ужасный ужасно отвратительный отвратительно кошмар кошмарный худший лучший нормальный нормально
        приятный приятно неплохой неплохо спасибо благодарить благодарность большой огромный полный рад
        сказать говорить дать делать сделать просто нужный нужно удивить
        удивлённый удивленный человек банк компания магазин сервис"""
    ),
    "en": _listed(
        """good great excellent nice amazing awesome perfect wonderful fantastic lovely brilliant fine bad
        terrible awful horrible worst best poor okay ok better like love hate happy pleased satisfied thank
        thanks big really well badly absolutely totally quite say tell make take give want need thing way
        company shop service everything nothing anything something"""
    ),
    "pl": _listed(
        """dobry dobrze świetny świetnie super znakomity doskonały doskonale wspaniały fajny fajnie zły źle
        okropny okropnie fatalny fatalnie straszny strasznie najlepszy najgorszy zadowolony polecać dziękować
        dzięki miły duży wielki cały mówić powiedzieć dać zrobić robić chcieć firma sklep serwis rzecz"""
    ),
}
"""Words that tell how somebody liked it, or that any reason may hold: by themselves they name none."""

_TIES = {
    "ru": _listed(
        "и а но что то так да зато же ведь потому поэтому ну вот чтобы если когда хотя как причём также"
    ),
    "en": _listed("and but so that because or although though which while also plus"),
    "pl": _listed("i a ale że bo więc oraz lecz choć gdy też także no"),
}

_NAMING = frozenset({"NOUN", "VERB", "INFN", "PRTS", "PRED"})
_DANGLING = frozenset({"ADJF", "PRTF", "NUMR", "PREP", "CONJ", "PRCL", "NPRO", "COMP", "ADVB", "GRND"})


class Word(NamedTuple):
    """A word as it is written, in small letters, and its dictionary form."""

    surface: str
    lemma: str


def is_small(lemma: str, language: str) -> bool:
    """Whether a word names nothing by itself: a pronoun, a particle, a number, a single letter."""
    return lemma in _SMALL[language] or lemma.isnumeric() or len(lemma) < 2


def is_negation(lemma: str) -> bool:
    """Whether a word turns what follows it into its opposite, so that a name needs it."""
    return lemma in _NEGATIONS


def is_mood(lemma: str, language: str) -> bool:
    """Whether a word tells only that somebody liked it or not, or could stand in any reason."""
    return lemma in _MOOD[language]


def is_tie(word: str, language: str) -> bool:
    """Whether a word in small letters, at the beginning of a clause, only ties it to what was said before."""
    return word in _TIES[language]


def names_something(word: Word, language: str) -> bool:
    """Whether a word names a thing or a deed; outside Russian, any full word that tells no mood."""
    if is_small(word.lemma, language) or is_mood(word.lemma, language) or is_negation(word.lemma):
        return False
    return language != "ru" or _part(word.surface) in _NAMING


def reads_well(run: Sequence[str], language: str) -> bool:
    """Whether words in small letters, one after another, can stand alone as far as their forms tell.

    In Russian they do not end with what wants a noun, and without a verb they begin in the nominative.
    """
    if language != "ru":
        return True
    parts = [_part(one) for one in run]
    if parts[-1] in _DANGLING:
        return False
    deeds = any(part in ("VERB", "INFN", "PRTS", "PRED") for part in parts)
    return deeds or is_negation(_lemma(run[0], "ru")) or _nominative(run[0])


@lru_cache(maxsize=100_000)
def _part(word: str) -> str:
    """Part of speech of a Russian word in small letters, as OpenCorpora writes it; empty where unknown."""
    return str(_russian().parse(word)[0].tag.POS or "") if _CYRILLIC.fullmatch(word) else ""


@lru_cache(maxsize=100_000)
def _nominative(word: str) -> bool:
    """Whether a Russian word in small letters may be in the nominative, or has no case."""
    if not _CYRILLIC.fullmatch(word):
        return True
    return any(one.tag.case in (None, "nomn") for one in _russian().parse(word)[:2])


@cache
def _russian() -> MorphAnalyzer:
    """The Russian dictionary, opened once."""
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang="ru")


@lru_cache(maxsize=100_000)
def _lemma(word: str, language: str) -> str:
    """Dictionary form of a word in small letters."""
    if language == "ru":
        if not _CYRILLIC.fullmatch(word):  # pymorphy3 fails on letters that have no name, and knows no others
            return word
        return str(_russian().parse(word)[0].normal_form).replace("ё", "е")
    from simplemma import lemmatize

    return str(lemmatize(word, lang=language)).lower()


def words(text: str, language: str) -> list[Word]:
    """The words of a text in order; there is nothing but letters, digits, hyphens and apostrophes in them.

    Args:
        text: what a customer wrote; any string is taken.
        language: one of LANGUAGES.
    """
    plain = unicodedata.normalize("NFC", _STRESS.sub("", text)) if language == "ru" else text
    found = (match.group().lower() for match in _WORD.finditer(plain))
    return [Word(one, _lemma(one, language)) for one in found if len(one) <= LONGEST]
