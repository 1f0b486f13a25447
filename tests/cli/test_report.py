from __future__ import annotations

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from ugc.cli import program
from ugc.errors import InputError

runner = CliRunner()


@pytest.fixture
def lake(plant):
    text = "Курьер опоздал на два часа"
    mentions = [(text, "speed", "negative")]
    return plant(
        {"text": text, "sentiment": "negative", "mentions": mentions, "company": "Lumbi"},
        {"text": "Не прочитано", "company": "Ясень Банк"},
    ).address


def run(*args):
    return runner.invoke(program, ["report", *args], catch_exceptions=False)


def test_a_workbook(lake, tmp_path):
    out = tmp_path / "r.xlsx"
    result = run(str(out), "--lake", lake, "--lang", "pl")
    assert result.exit_code == 0
    assert f"{out}: 2 reviews, 1 of them read by the model." in result.stdout
    assert "1 of these 2 reviews have not been read by the model yet. Run: ugc tag" in result.stderr
    assert "Podsumowanie" in load_workbook(out).sheetnames


def test_a_page_of_one_company(lake, tmp_path):
    out = tmp_path / "r.html"
    assert run(str(out), "--lake", lake, "--company", "lumbi").exit_code == 0
    page = out.read_text(encoding="utf-8")
    assert "Курьер опоздал на два часа" in page
    assert "Компания: Lumbi" in page


def test_what_cannot_be_done(lake, tmp_path):
    with pytest.raises(InputError, match="docx"):
        run(str(tmp_path / "r.docx"), "--lake", lake)
    with pytest.raises(InputError, match="Nearest: Lumbi"):
        run(str(tmp_path / "r.html"), "--lake", lake, "--company", "Lumby")
    assert not (tmp_path / "r.html").exists()
