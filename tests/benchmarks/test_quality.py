"""The script that turns the scores of `ugc eval` into the tables of the documentation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.quality import BEGIN, END, fill, main
from ugc.cli.eval import app

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scores") / "scores.json"
    labelled = ROOT / "tests/models/labelled.jsonl"
    result = CliRunner().invoke(app, [str(labelled), "--json", str(path), "--threads", "2"])
    assert result.exit_code == 0, result.output
    return path


def test_tables_take_the_place_between_the_marks(scores: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Before\n{BEGIN}\nold figures\n{END}\nafter\n", encoding="utf-8")
    main([str(scores), str(page)])
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# Before\n{BEGIN}\n`")
    assert text.endswith(f"{END}\nafter\n")
    assert "old figures" not in text
    accuracy = json.loads(scores.read_text(encoding="utf-8"))["figures"]["all"]["sentiment accuracy"]
    assert f"| sentiment accuracy | {accuracy:.3f} |" in text
    main([str(scores), str(page)])
    assert page.read_text(encoding="utf-8") == text


def test_without_a_page_the_tables_are_printed(scores: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(scores)])
    printed = capsys.readouterr().out
    for section in ("By language", "By theme", "Sentiment: what is taken for what", "Calibration of themes"):
        assert f"### {section}" in printed


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no marks"):
        fill("# Nothing here", "tables")


def test_the_page_of_the_project_has_the_marks() -> None:
    page = (ROOT / "docs/concepts/quality.md").read_text(encoding="utf-8")
    assert fill(page, "x\n").count(BEGIN) == 1
