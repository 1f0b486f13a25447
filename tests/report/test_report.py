from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from ugc.errors import InputError
from ugc.insight import Change, Filters
from ugc.report import gather, words, write_report

FORMULA = '=HYPERLINK("http://evil.example","Нажмите сюда, пожалуйста")'
SCRIPT = "<script>alert('привет')</script><img src=x onerror=alert(1)>"
STEERING = "\x1b[2J\u202eкурьер опоздал на два часа"


def said(text, theme, polarity, **more):
    sentiment = {"positive": "positive", "negative": "negative"}[polarity]
    return {"text": text, "sentiment": sentiment, "mentions": [(text, theme, polarity)], "stars": 2.0, **more}


@pytest.fixture
def snapshot(plant):
    lake = plant(
        said(FORMULA, "price", "negative", date="2026-03-01", url="javascript:alert(1)", company="=1+1"),
        said(SCRIPT, "safety", "negative", date="2026-03-09", city="<b>Казань</b>", company="Lumbi"),
        said(STEERING, "speed", "negative", date="2026-06-09", source="+otzovik", company="Lumbi"),
        said("+7 к настроению, очень вежливая девушка", "politeness", "positive", date="2026-06-10"),
        said(
            "@SUM(A1:A9) и прочие радости, спасибо",
            "resolution",
            "positive",
            url="https://x.example/?a=1&b=2",
        ),
        {"text": "", "stars": 5.0},
    )
    with lake.snapshot() as found:
        yield found


def cells(path):
    book = load_workbook(path)
    return {sheet.title: [cell for row in sheet.iter_rows() for cell in row] for sheet in book}


@pytest.mark.parametrize("language", ["ru", "en", "pl"])
def test_a_workbook_holds_figures_as_numbers_and_texts_as_texts(snapshot, tmp_path, language):
    path = tmp_path / "отчёт.xlsx"
    report = write_report(snapshot, Filters(), path, language=language)
    sheets = cells(path)
    assert len(sheets) == 5
    every = [cell for found in sheets.values() for cell in found if cell.value is not None]
    assert not [cell for cell in every if cell.data_type == "f"]
    assert not [cell for cell in every if cell.hyperlink]
    written = {cell.value for cell in every if cell.data_type == "s"}
    assert {FORMULA, SCRIPT, "=1+1", "@SUM(A1:A9) и прочие радости, спасибо"} <= written
    assert "https://x.example/?a=1&b=2" in written
    assert not any("javascript" in one or "\x1b" in one for one in written)
    complaints = sheets[words(language)("complain")[:31]]
    shares = [cell.value for cell in complaints if cell.data_type == "n" and cell.column == 3 and cell.value]
    assert shares == [pytest.approx(one.share) for one in report.complain.rows]
    with ZipFile(path) as archive:
        assert not [
            name for name in archive.namelist() if "external" in name.lower() or "vba" in name.lower()
        ]


@pytest.mark.parametrize("language", ["ru", "en", "pl"])
def test_a_page_is_self_contained_and_escapes_everything(snapshot, tmp_path, language):
    path = tmp_path / "report.html"
    write_report(snapshot, Filters(), path, language=language, made=date(2026, 11, 1))
    page = path.read_text(encoding="utf-8")
    soup = BeautifulSoup(page, "html.parser")
    assert soup.html["lang"] == language
    assert not soup.find_all(["script", "img", "iframe", "link", "b"])
    assert [one["href"] for one in soup.find_all("a")] == ["https://x.example/?a=1&b=2"]
    assert not [
        tag for tag in soup.find_all(True) if {"src", "srcset", "data", "xlink:href"} & set(tag.attrs)
    ]
    assert not re.search(r"url\(|@import", soup.style.get_text())
    assert "\x1b" not in page
    text = soup.get_text()
    for said_ in (FORMULA, SCRIPT, "курьер опоздал на два часа", "2026-11-01", "<b>Казань</b>"):
        assert said_ in text
    for name in ("report", "thank", "complain", "overview"):
        assert words(language)(name) in text
    assert len(soup.svg.find_all("polyline")) == 2  # March, then June; April and May are gaps
    assert "None" not in text
    assert "nan" not in text.lower().split()


@pytest.mark.parametrize("ending", ["xlsx", "html"])
def test_an_empty_lake_gives_an_honest_report(plant, tmp_path, ending):
    with plant().snapshot() as snapshot:
        path = tmp_path / f"report.{ending}"
        assert write_report(snapshot, Filters(), path, language="en").scores.reviews == 0
    if ending == "html":
        assert words("en")("none_found") in path.read_text(encoding="utf-8")
    else:
        assert "–" in {cell.value for cell in cells(path)["Overview"]}


def test_a_report_says_what_was_chosen(snapshot, tmp_path):
    chosen = Filters(companies=("Lumbi",), cities=(None,), since=date(2026, 6, 1), themes=("speed",))
    write_report(snapshot, chosen, tmp_path / "r.html", language="en")
    text = BeautifulSoup((tmp_path / "r.html").read_text(encoding="utf-8"), "html.parser").get_text()
    assert "Company: Lumbi; City: not given; Reason: Speed; from 2026-06-01" in text
    assert gather(snapshot, chosen, made=date(2026, 6, 30)).scores.reviews == 1


def test_files_that_cannot_be_written(snapshot, tmp_path):
    with pytest.raises(InputError, match="xlsx"):
        write_report(snapshot, Filters(), tmp_path / "report.docx")
    with pytest.raises(InputError, match="does not exist"):
        write_report(snapshot, Filters(), tmp_path / "nowhere" / "report.html")
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_report(snapshot, Filters(), tmp_path / "folder.html")


def test_words_are_the_same_in_every_language():
    from ugc.report.words import _entries

    entries = _entries()
    assert set(entries) == {"ru", "en", "pl"}
    assert set(entries["ru"]) == set(entries["en"]) == set(entries["pl"])
    for key in entries["en"]:
        places = {language: sorted(re.findall(r"\{(\w+)\}", one[key])) for language, one in entries.items()}
        assert places["ru"] == places["en"] == places["pl"], key


def test_a_change_says_whether_it_is_more_than_chance():
    sure = Change(4, 50, 0.08, 0.32, 0.15, 0.46, 0.0002, 0.0004, significant=True)
    assert words("en").change(sure) == "+32\u00a0pp"
    assert words("en").change(replace(sure, difference=-0.031, significant=False)) == (
        "−3.1\u00a0pp (not significant)"
    )
    assert words("en").change(None) == "nothing to compare with"


def test_figures_as_each_language_writes_them():
    assert words("en").percent(0.341) == "34%"
    assert words("en").percent(0.0512) == "5.1%"
    assert words("ru").percent(0.0512) == "5,1\u00a0%"
    assert words("pl").interval(0.02, 0.08) == "2,0–8,0%"
    assert words("en").interval(0.08, 0.12) == "8–12%"
    assert words("en").percent(0.0) == "0%"
    assert words("pl").number(-4.25, 1) == "−4,2"
    assert words("ru").percent(None) == words("ru").number(None) == words("ru").interval(None, 0.2) == "–"
    assert words("fr").language == "en"
    assert words("en").theme("of the user's own") == "of the user's own"
