"""HTML has one door, and only constants and escaped values go through it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from markupsafe import Markup

import ugc.dashboard
from ugc.dashboard.look import markup

FOLDER = Path(ugc.dashboard.__file__).parent
FILES = [*sorted(FOLDER.rglob("*.py")), FOLDER.parents[1] / "app.py"]


def calls(file: Path) -> list[ast.Call]:
    return [
        node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda one: one.stem)
def test_markup_is_made_of_constants_alone(file: Path) -> None:
    for call in calls(file):
        if ast.unparse(call.func) == "Markup":
            assert len(call.args) == 1
            assert isinstance(call.args[0], ast.Constant), ast.unparse(call)
        assert all(word.arg not in ("unsafe_allow_html", "unsafe_allow_javascript") for word in call.keywords)


@pytest.mark.parametrize("file", FILES, ids=lambda one: one.stem)
def test_html_is_shown_in_one_module(file: Path) -> None:
    shown = [ast.unparse(call) for call in calls(file) if ast.unparse(call.func) in ("st.html", "st.iframe")]
    assert bool(shown) == (file.stem == "markup")


def test_a_plain_text_is_refused() -> None:
    with pytest.raises(TypeError, match="Only Markup"):
        markup.show("<b>bold</b>")
    with pytest.raises(TypeError, match="Only Markup"):
        markup.show("text")


def test_pages_hold_no_sql_and_stay_short() -> None:
    for file in (FOLDER / "views").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert len(text.splitlines()) < 150
        assert "SELECT" not in text
        assert ".sql(" not in text
    assert len((FOLDER.parents[1] / "app.py").read_text(encoding="utf-8").splitlines()) <= 80


def test_pages_hold_no_arithmetic() -> None:
    for file in (FOLDER / "views").glob("*.py"):
        sums = [
            ast.unparse(node)
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitOr)
        ]
        assert not sums, file.name


@pytest.mark.parametrize(
    "text",
    [
        "**a**",
        "_a_",
        "[a](b)",
        "`a`",
        "# a",
        "1. a",
        "- a",
        "$a$",
        ":smile:",
        ":red[a]",
        "<b>",
        "a | b",
        "~~a~~",
        "&lt;",
    ],
)
def test_plain_text_keeps_its_marks_from_markdown(text: str) -> None:
    said = markup.plain(text)
    assert said.replace("\\", "") == text
    for place, char in enumerate(said):
        if char in "*_[]()`#$:<>|~&":
            assert said[place - 1] == "\\"


def test_plain_text_stands_on_one_line() -> None:
    assert markup.plain("a\n\n# b\tc") == "a \\# b c"


def test_markup_escapes_what_is_put_into_it() -> None:
    assert Markup("<b>{}</b>").format("<i>") == "<b>&lt;i&gt;</b>"
