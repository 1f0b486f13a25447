"""Errors, notes and reasons in the reader's language: complete, exact, safe from names of files."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from tests.dashboard.shop import everything
from ugc.dashboard.look.messages import catalogue, shown, translated

ROOT = Path(__file__).parents[2]
OTHERS = ("ru", "pl")
PLACE = re.compile(r"\{\d?\}")

ON_PAGES = (
    "ugc/ingest/readers",
    "ugc/ingest/plan.py",
    "ugc/ingest/columns.py",
    "ugc/ingest/normalise.py",
    "ugc/ingest/job.py",
    "ugc/ingest/export_columns.py",
    "ugc/ingest/wording.py",
    "scrapers/saved/__init__.py",
    "scrapers/fetch.py",
    "scrapers/visits.py",
    "ugc/insight/cost/volumes.py",
    "ugc/insight/satisfaction/weights.py",
    "ugc/insight/whereabouts/coordinates.py",
    "ugc/dashboard/setting",
)
"""Modules whose errors, notes and reasons are shown on pages."""

ELSEWHERE = {
    "An import needs a lake.",
    "Open one with Lake.open, or make it a dry run.",
    "--map {} cannot be understood.",
    "Write --map FIELD=COLUMN, where FIELD is one of: {}.",
    "--map names {} twice.",
    "Keep one of them.",
    "Collecting needs a contact that the sites can reach.",
    'Put contact = "you@company.example" into ugc.toml, or set UGC_CONTACT.',
    "{} needs {}.",
    "Put it into the variable UGC_SOURCES__{}__KEY.",
    "a retry loop ends with an answer or an error",
    "{} is a secret and is not written into {}.",
    "Set the variable {} instead.",
}
"""What only the command line or a programmer can meet, or a page says in words of its own before."""

PARTLY = {"{} {}.", "{} has no column {}: {}.", "The volumes file {} {}.", "Write {}."}
"""Texts put together from others: what they become is in the catalogues part by part."""


def template(node: ast.expr) -> str | None:
    """A text of the code with bare places; `None` where it is put together elsewhere."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
    return None


def said_by(path: Path) -> Iterator[str]:
    """What a module gives to errors, to notes and to reasons of rejected rows."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        noted = name == "append" and "notes" in ast.dump(node.func)
        if name.endswith("Error") or name in ("Rejected", "TooLong") or noted:
            yield from filter(None, map(template, node.args))


def modules() -> Iterator[Path]:
    for name in ON_PAGES:
        place = ROOT / name
        yield from sorted(place.rglob("*.py")) if place.is_dir() else [place]


def bare(text: str) -> str:
    """A template without the numbers of its places, two of them beside each other as one."""
    return re.sub(r"\{\}(?: ?\{\}|://\{\})+", "{}", PLACE.sub("{}", text))


@pytest.mark.parametrize("language", OTHERS)
def test_everything_that_can_come_to_a_page_is_translated(language: str) -> None:
    known = {bare(one) for one in catalogue(language)}
    said = {text for path in modules() for text in said_by(path)} - ELSEWHERE - PARTLY
    assert len(said) > 80
    assert {text for text in said if bare(text) not in known} == set()


def test_both_languages_say_the_same_with_the_same_places() -> None:
    assert set(catalogue("ru")) == set(catalogue("pl"))
    for language in OTHERS:
        for english, own in catalogue(language).items():
            assert set(PLACE.findall(own)) <= set(PLACE.findall(english)), english
            places = PLACE.findall(english)
            assert places == [f"{{{number}}}" for number in range(len(places))], english
    lost = {
        english
        for language in OTHERS
        for english, own in catalogue(language).items()
        if set(PLACE.findall(own)) != set(PLACE.findall(english))
    }
    assert lost == set()


def test_values_stand_where_they_belong_and_sentences_follow_each_other() -> None:
    text = "3 of 10 rows of a. b.csv cannot be read; 2 times it holds no text."
    told = translated(f"{text} Mend or export the file anew and import it again. Nothing was imported.", "ru")
    assert told is not None
    assert told.startswith("Не читаются 3 из 10 строк файла a. b.csv; чаще всего (2): it holds no text.")
    assert told.endswith("Ничего не загружено.")
    assert translated("reviews.csv is empty. Something new.", "ru") is None
    assert translated("reviews.csv is empty.", "en") is None
    assert translated("", "pl") is None
    assert shown("reviews.csv is empty.", "pl") == "<bdi>Plik reviews.csv jest pusty.</bdi>"
    assert shown("Some <b>new</b> error.", "pl") == '<bdi lang="en">Some &lt;b&gt;new&lt;/b&gt; error.</bdi>'


@given(st.text(max_size=60))
def test_whatever_a_file_is_called_stays_as_it_is(name: str) -> None:
    told = translated(f"{name} is empty. Export the reviews anew and import that file.", "ru")
    assert told is None or name in told or "is empty" in name


@pytest.mark.parametrize(
    "name", ["{0}", "{1} is empty.", "is empty. is empty. ", "<script>", "\u202ecsv", "a" * 900]
)
def test_hostile_names_do_nothing(name: str) -> None:
    said = shown(f"{name} is empty.", "ru")
    assert "<script>" not in said
    assert str(shown(name, "pl")).startswith("<bdi")


def test_a_long_text_is_answered_at_once() -> None:
    begun = time.perf_counter()
    assert translated(" of  rows of  cannot be read;  times " * 3_000, "ru") is None
    assert translated(" of  rows of  cannot be read;  times " * 50, "ru") is None
    assert time.perf_counter() - begun < 0.5


@pytest.mark.parametrize(
    ("language", "told"), [("ru", "Файл reviews.csv пуст."), ("pl", "Plik reviews.csv jest pusty.")]
)
def test_the_page_says_it_in_the_language_of_the_reader(
    visit: Callable[..., AppTest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    app = visit("usual", "sources", ui=language)
    (box,) = app.get("file_uploader")
    box.set_value([("reviews.csv", b"", "text/csv")]).run()
    assert told in everything(app)
