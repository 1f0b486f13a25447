"""The words: the same keys, places and forms in every language, and no key that is missing."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

import ugc.dashboard
from ugc import taxonomy
from ugc.dashboard.look.words import FORMS, LANGUAGES, words

FOLDER = Path(ugc.dashboard.__file__).parent


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def shape(entry: object) -> object:
    """What must be alike: places of a text, length of a list, places of all forms of a plural."""
    if isinstance(entry, list):
        return len(entry)
    if isinstance(entry, dict):
        found = {frozenset(places(text)) for text in entry.values()}
        assert len(found) == 1, entry
        return "plural", found.pop()
    return frozenset(places(str(entry)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_and_places_are_the_same_everywhere(language: str) -> None:
    ours, theirs = words(language).entries, words("en").entries
    assert set(ours) == set(theirs)
    assert {key: shape(entry) for key, entry in ours.items()} == {
        key: shape(entry) for key, entry in theirs.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_all_forms_and_nothing_is_empty(language: str) -> None:
    for key, entry in words(language).entries.items():
        if isinstance(entry, dict):
            assert tuple(entry) == FORMS[language], key
        texts = entry.values() if isinstance(entry, dict) else entry if isinstance(entry, list) else [entry]
        assert all(text.strip() for text in texts), key


@pytest.mark.parametrize(
    ("language", "n", "text"),
    [
        ("ru", 1, "1 отзыв"),
        ("ru", 2, "2 отзыва"),
        ("ru", 5, "5 отзывов"),
        ("ru", 11, "11 отзывов"),
        ("ru", 12, "12 отзывов"),
        ("ru", 21, "21 отзыв"),
        ("ru", 104, "104 отзыва"),
        ("ru", 111, "111 отзывов"),
        ("ru", 0, "0 отзывов"),
        ("en", 1, "1 review"),
        ("en", 0, "0 reviews"),
        ("en", 21, "21 reviews"),
        ("pl", 1, "1 opinia"),
        ("pl", 2, "2 opinie"),
        ("pl", 5, "5 opinii"),
        ("pl", 12, "12 opinii"),
        ("pl", 21, "21 opinii"),
        ("pl", 22, "22 opinie"),
        ("pl", 112, "112 opinii"),
    ],
)
def test_plurals(language: str, n: int, text: str) -> None:
    assert words(language)("scope.reviews", n=n, count=str(n)) == text


def _keys_named() -> set[str]:
    """Constant keys that the dashboard asks for: `word("…")`, `self.word("…")`, `words(x)("…")`."""
    found = set()
    for file in [*FOLDER.rglob("*.py"), FOLDER.parents[1] / "app.py"]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            first = node.args[0]
            asks = isinstance(node.func, ast.Call) and ast.unparse(node.func.func) == "words"
            asks |= ast.unparse(node.func).split(".")[-1] in ("word", "rich", "many")
            if asks and isinstance(first, ast.Constant):
                found.add(str(first.value))
    return found


def test_every_key_asked_for_exists() -> None:
    named = _keys_named() - set(LANGUAGES)
    assert len(named) > 60
    assert named <= set(words("en").entries)


def test_names_of_labels_and_values() -> None:
    say = words("pl")
    assert say.name("themes", "speed") == taxonomy.label("themes", "speed").name("pl")
    assert say.name("themes", "<b>own</b>") == "<b>own</b>"
    assert say.name("themes", None) == ""
    assert say.called("source", "banki_ru") == "Banki.ru"
    assert say.called("source", "my file.csv") == "my file.csv"
    assert say.called("language", "ru") == "rosyjski"
    assert say.called("city", None) == say.called("city", "") == "nie podano"
    assert say.called("city", "Kraków") == "Kraków"


def test_an_unknown_language_falls_back_to_english() -> None:
    assert words("xx") is not None
    assert words("xx")("overview.title") == "Overview"


def test_rich_text_escapes_values_and_sets_them_in_bold() -> None:
    said = words("en").rich("story.mood", share="<i>1%</i>", bounds="{x}", n="3")
    assert said.startswith("<b>&lt;i&gt;1%&lt;/i&gt;</b> of the writers")
    assert "<b>{x}</b>" in said
