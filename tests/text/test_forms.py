from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ugc.text.forms import LONGEST, MOST, forms

RUSSIAN = {
    "курьер": "курьера курьеру курьером курьеры курьеров курьерами",
    "доставкой": "доставка доставки доставку доставок",
    "ждать": "ждал ждала ждем ждут жди",
    "ёлка": "елка елки елкой елок",
    "хороший": "хорошая хорошего хорошими лучше",
    "стали": "стать стал стало",
    "человек": "люди людей человека",
}
POLISH = {
    "paczka": "paczki paczce paczek paczkę paczkami",
    "paczek": "paczka paczki",
    "kurierzy": "kurier kurierem kurierowi kurierów",
    "bankiem": "bank banku banki bankach",
    "obsłudze": "obsługa obsługi obsługę",
    "samochodu": "samochód samochody",
    "błąd": "błędy błędu błędem",
    "jakość": "jakości jakością",
    "opinii": "opinia opinie opinię",
    "szybki": "szybko szybka szybkiego szybkie",
    "klientów": "klient klienci klienta",
    "zamówienie": "zamówienia zamówień zamówieniem",
    "czekałam": "czekać czekam czekał czekają",
    "dostarczyć": "dostarczył dostarczyła dostarczą",
    "polecam": "polecać poleca polecają",
    "reklamować": "reklamuję reklamowała",
    "kupić": "kupiłem kupi kupione",
    "miasto": "mieście miasta",
}
ENGLISH = {
    "delivery": "deliveries delivery's",
    "delivered": "deliver delivers delivering",
    "stop": "stopped stopping stops",
    "loved": "love loves loving",
    "boxes": "box",
    "prices": "price priced",
    "cancelled": "cancel cancels",
    "arrive": "arrived arriving arrives",
    "paid": "pay pays paying",
    "tried": "try tries trying",
    "people": "person",
}


@pytest.mark.parametrize(
    ("word", "language", "others"),
    [
        (word, language, others.split())
        for language, listed in (("ru", RUSSIAN), ("pl", POLISH), ("en", ENGLISH))
        for word, others in listed.items()
    ],
)
def test_a_word_has_its_forms_whatever_form_is_given(word, language, others):
    assert set(others) <= forms(word, language)
    assert set(others) <= forms(word)
    assert word.replace("ё", "е") in forms(word, language)


@pytest.mark.parametrize(
    ("word", "strangers"),
    [
        ("банк", "банкет кабан банкомат"),
        ("ждать", "обождать жданов"),
        ("стали", "сталью"),
        ("paczka", "paczkomat paczkowy"),
        ("cena", "cenny centrum"),
        ("bank", "banquet bankrupt"),
        ("late", "lat latach lata"),
    ],
)
def test_other_words_are_no_forms(word, strangers):
    language = "en" if word == "late" else None
    assert not set(strangers.split()) & forms(word, language)


def test_polish_forms_are_not_sought_in_english_reviews():
    assert "paczkami" not in forms("paczka", "en")
    assert "delivered" not in forms("deliver", "pl")
    assert {"banks", "bankiem"} <= forms("bank")


@pytest.mark.parametrize("word", ["5.2.0", "100%", "ok!", "я", "x", "ґанок", "a1", "ж" * (LONGEST + 1)])
def test_what_is_no_plain_word_has_no_other_forms(word):
    assert forms(word) == {word}


@given(
    st.one_of(
        st.text(max_size=50), st.text("aąbcćeęłnńoósśziyk", max_size=12), st.text("абвёжйьы-", max_size=12)
    )
)
def test_any_text_is_taken_and_its_forms_are_bounded(word):
    found = forms(word.lower())
    assert word.lower().replace("ё", "е") in found
    assert len(found) <= MOST
    assert all("ё" not in one for one in found)
