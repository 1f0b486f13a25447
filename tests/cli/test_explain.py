"""`ugc explain` with the shipped model, as a user runs it."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys

import pytest
from rich.console import Console
from typer.testing import CliRunner

from models.explain import explain
from models.tagger import Tagger
from ugc.cli import explanation, program
from ugc.errors import InputError, LakeError, ModelError
from ugc.review import review_id

POLITE = "Персонал очень вежливый, но ждали заказ два часа."
STEERING = "\x1b[2J[red]курьер[/red] \u202eприехал через неделю :boom:\nи не извинился"
WEIGHT = re.compile(r"\S+ [+-][01]\.\d\d")


def run(*words):
    result = CliRunner().invoke(program, ["explain", *map(str, words)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def key(place):
    return review_id("otzovik", str(place))


@pytest.fixture
def lake(plant, monkeypatch):
    made = plant(
        {"text": POLITE, "language": "ru", "date": "2026-06-10", "stars": 3.0, "company": "Lumbi",
         "city": "Казань", "sentiment": "mixed"},
        {"text": STEERING, "language": "ru", "company": "\x1b[31mLumbi", "sentiment": "negative"},
        {"text": "", "stars": 5.0},
        *({"text": f"Отзыв номер {place}", "stars": 5.0} for place in range(3, 24)),
    )  # fmt: skip
    monkeypatch.setenv("UGC_LAKE", made.address)
    return made


def test_a_review_with_its_clauses_themes_and_words(lake):
    result = run(key(0))
    assert result.exit_code == 0
    out = result.stdout
    assert f"Review {key(0)} · 2026-06-10 · ★ 3 · Lumbi · Казань · otzovik" in out
    assert "  1  Персонал очень вежливый,\n  2  но ждали заказ два часа." in out
    assert "Sentiment: " in out
    block = out[out.index("\nPoliteness, praise ") + 1 :].splitlines()
    assert re.fullmatch(r"Politeness, praise >?0\.\d\d \(shown from 0\.\d\d\)", block[0])
    assert block[1] == "  «Персонал очень вежливый»"
    assert re.match(r"  theme >?0\.\d\d: вежливый \+0\.", block[2])
    assert block[3].startswith("  praise ")
    assert len(WEIGHT.findall(out)) > 5
    assert "Method: occlusion." in out
    assert "Readings: 8." in out


def test_the_beginning_of_an_id_is_enough(lake):
    ids = [key(place) for place in range(24)]
    length = next(n for n in range(1, 20) if sum(one.startswith(key(0)[:n]) for one in ids) == 1)
    assert f"Review {key(0)}" in run(f" {key(0)[:length].upper()} ").stdout
    first = next(one[0] for one in ids if sum(other[0] == one[0] for other in ids) > 1)
    with pytest.raises(InputError, match=f"Several reviews have an id that begins with '{first}'") as caught:
        run(first)
    assert next(one for one in sorted(ids) if one[0] == first) in caught.value.what
    assert "Give more of it" in caught.value.mend
    with pytest.raises(InputError, match=r"and more\."):
        run("")


@pytest.mark.parametrize("given", ["nonsense", "%", "'; DROP", "\udcff", "\x1b[2J"])
def test_an_unknown_id_says_where_ids_stand(lake, given):
    with pytest.raises(InputError, match="holds no review whose id begins with") as caught:
        run("--", given)
    assert caught.value.exit_code == 2
    assert "\x1b" not in str(caught.value)
    assert "ugc reasons --json" in caught.value.mend
    assert "--text" in caught.value.mend


def test_tags_by_another_model_and_none_at_all(lake):
    assert "The tags in the lake are by hand@1 and may differ." in run(key(0)).stdout
    assert "The lake has no tags of this text yet. Run: ugc tag" in run(key(3)).stdout
    assert CliRunner().invoke(program, ["tag"]).exit_code == 0
    out = run(key(0)).stdout
    assert "in the lake" not in out
    assert "ugc tag" not in out


def test_corrections_are_named_and_not_explained(lake):
    lake.add_correction(key(0), "sentiment", "negative")
    lake.add_correction(key(0), "sentiment", "neutral")
    lake.add_correction(key(0), "theme", "promises", start=25, end=48, theme="speed")
    lake.add_correction(key(0), "removed", "removed", start=0, end=23, theme="politeness")
    out = run(key(0)).stdout
    assert (
        "A person has corrected this review in the lake (sentiment: neutral; "
        "speed in «но ждали заказ два часа» theme: promises; "
        "politeness in «Персонал очень вежливый» removed); below is what the model says."
    ) in out
    assert "\nPoliteness, praise " in out
    fixes = json.loads(run(key(0), "--json").stdout)["review"]["corrections"]
    assert [one["field"] for one in fixes] == ["sentiment", "theme", "removed"]


def test_any_text(lake, tmp_path, monkeypatch):
    monkeypatch.setenv("UGC_LAKE", str(tmp_path / "none"))
    out = run("--text", "Great hotel, very friendly staff!").stdout
    assert out.startswith("Text\nModel: ")
    assert "Language: en." in out
    assert "friendly +0." in out
    assert "in the lake" not in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The model can read nothing in this text: empty."),
        ("123", "The model can read nothing in this text: no words."),
        ("👍", "Pleased 0.68: there are no words; the sentiment follows from the emoji by a fixed list."),
    ],
)
def test_what_has_no_words_is_told_plainly(text, said):
    out = run("--text", text).stdout
    assert said in out
    assert "Method" not in out


def test_nothing_steers_the_terminal(lake):
    out = run(key(1)).stdout
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "[red]курьер[/red]" in out
    assert ":boom:" in out


def test_a_terminal_shows_texts_as_they_are():
    drawn = io.StringIO()
    console = Console(file=drawn, force_terminal=True, width=90, highlight=False, emoji=False, markup=False)
    for line in explanation.lines(explain(Tagger.load(threads=1), STEERING), "Text", []):
        console.print(line)
    shown = drawn.getvalue()
    assert "[red]" in shown
    assert ":boom:" in shown
    assert "\x1b[2J" not in shown
    assert "\x1b[1m" in shown


def test_bytes_that_are_no_text():
    assert run("--text", "плохой банк \udcff").exit_code == 0


def test_a_long_text_says_what_was_left_out():
    out = run("--text", "Номер чистый, но завтрак холодный и невкусный. " * 60).stdout
    assert re.search(r"The text is long: \d+ of its words were not taken out\.", out)
    assert "  … and " in out


def test_json(lake):
    document = json.loads(run(key(0), "--json").stdout)
    assert document["version"] == 1
    assert document["review"] == {"id": key(0), "tagged_by": "hand@1", "corrections": []}
    assert document["text"] == POLITE
    assert (document["method"], document["language"]) == ("occlusion", "ru")
    polite = next(one for one in document["mentions"] if one["theme"] == "politeness")
    assert polite["probability"] >= polite["confidence"] >= polite["threshold"]
    for word in polite["words"]:
        assert POLITE[word["start"] : word["end"]] == word["text"]
    assert json.loads(run("--text", "Супер", "--json").stdout)["review"] is None


def test_an_id_or_a_text(lake):
    with pytest.raises(InputError, match="Neither an id nor a text"):
        run()
    with pytest.raises(InputError, match="Both an id and a text"):
        run(key(0), "--text", "x")


def test_no_lake_and_no_model(lake, tmp_path):
    with pytest.raises(LakeError, match="no lake"):
        run(key(0), "--lake", tmp_path / "none")
    with pytest.raises(ModelError, match="no model bundle"):
        run(key(0), "--model", tmp_path)


def test_help_is_light():
    """Asking for help loads none of the heavy packages."""
    ask = (
        "import sys; from typer.testing import CliRunner; from ugc.cli import program;"
        "assert '--text' in CliRunner().invoke(program, ['explain', '--help']).stdout;"
        "print(sorted({'duckdb', 'pyarrow', 'onnxruntime', 'numpy', 'tokenizers'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
