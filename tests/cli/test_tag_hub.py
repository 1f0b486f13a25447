"""`ugc tag` with models of the hub, in a real lake: whose tags they are, labels, settings, refusals."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest
from typer.testing import CliRunner

from tests.models.hub.tiny import FELT, OPINIONS, make
from ugc.cli import program
from ugc.errors import InputError, MissingExtra, ModelError

ROWS = """
SELECT text, sentiment, p_mixed, emotions, contact, untaggable, model
FROM tags JOIN reviews r ON r.id = review_id ORDER BY text
"""


def run(*words):
    result = CliRunner().invoke(program, ["tag", *map(str, words)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def numbered(tmp_path_factory):
    return make(
        tmp_path_factory.mktemp("hub") / "numbered", OPINIONS, labels=["LABEL_0", "LABEL_1", "LABEL_2"]
    )


@pytest.fixture(scope="module")
def felt(tmp_path_factory):
    return make(tmp_path_factory.mktemp("hub") / "felt", FELT, problem_type="multi_label_classification")


@pytest.fixture
def lake(plant, monkeypatch):
    made = plant(
        {"text": "Ужасный банк, очень грубый персонал, бесит!", "language": "ru"},
        {"text": "Great hotel, очень вежливый персонал", "language": "en"},
        {"text": "", "stars": 5.0},
    )
    monkeypatch.setenv("UGC_LAKE", made.address)
    return made


def rows(lake):
    with lake.snapshot() as snapshot:
        return snapshot.sql(ROWS).to_pylist()


def test_their_sentiment_and_emotions_in_the_lake(lake, numbered, felt):
    labels = "LABEL_0=positive,LABEL_1=negative,LABEL_2=neutral"
    done = run("--sentiment-model", numbered, "--emotion-model", felt, "--labels", labels)
    assert "Tagged 3 reviews" in done.stdout
    assert "never says: mixed" in done.stderr
    assert "dropped: curiosity" in done.stderr
    empty, glad, sorry = rows(lake)
    assert (glad["sentiment"], sorry["sentiment"]) == ("positive", "negative")
    assert (glad["p_mixed"], sorry["p_mixed"]) == (0, 0)
    assert (glad["emotions"], sorry["emotions"]) == ([], ["anger"])
    assert glad["contact"]
    assert sorry["contact"]
    assert empty["untaggable"] == "empty"
    assert all("+sentiment:numbered@" in one["model"] for one in (empty, glad, sorry))
    again = run("--sentiment-model", numbered, "--emotion-model", felt, "--labels", labels)
    assert "Nothing to do" in again.stdout


def test_tags_of_other_models_or_labels_are_read_again(lake, numbered):
    assert json.loads(run("--json").stdout)["tagged"] == 3
    one = "LABEL_0=positive,LABEL_1=negative,LABEL_2=neutral"
    assert json.loads(run("--sentiment-model", numbered, "--labels", one, "--json").stdout)["tagged"] == 3
    other = one.replace("neutral", "mixed")
    assert json.loads(run("--sentiment-model", numbered, "--labels", other, "--json").stdout)["tagged"] == 3
    assert len({one["model"] for one in rows(lake)}) == 1
    assert json.loads(run("--json").stdout)["tagged"] == 3
    assert all("+" not in one["model"] for one in rows(lake))


def test_the_settings_name_them_for_every_run(lake, numbered, felt, tmp_path):
    (tmp_path / "labels.toml").write_text(
        '[sentiment]\nLABEL_0 = "positive"\nLABEL_1 = "negative"\nLABEL_2 = "neutral"\n', encoding="utf-8"
    )
    (tmp_path / "ugc.toml").write_text(
        f'[hub]\nsentiment = "{numbered}"\nlabels = "labels.toml"\n', encoding="utf-8"
    )
    assert "+sentiment:numbered@" in json.loads(run("--json").stdout)["model"]
    model = json.loads(run("--emotion-model", felt, "--json").stdout)["model"]
    assert "+emotion:felt@" in model
    assert "+sentiment" not in model
    assert "+" not in json.loads(run("--sentiment-model", "", "--json").stdout)["model"]


def test_numbers_without_labels_are_refused_with_what_to_write(lake, numbered):
    version = lake.version()
    with pytest.raises(ModelError) as caught:
        run("--sentiment-model", numbered)
    assert '--labels "LABEL_0=…,LABEL_1=…,LABEL_2=…"' in caught.value.mend
    assert lake.version() == version


def test_labels_of_no_model(lake):
    with pytest.raises(InputError, match="no model of the hub"):
        run("--labels", "LABEL_0=negative")


def test_no_such_folder(lake):
    with pytest.raises(ModelError, match="There is no folder"):
        run("--sentiment-model", "./nowhere")


def test_without_the_extra(lake, numbered, monkeypatch):
    monkeypatch.setattr(
        "models.hub.tagger.find_spec", lambda name: None if name == "torch" else find_spec(name)
    )
    with pytest.raises(MissingExtra, match=r"ugc\[train\]"):
        run("--emotion-model", numbered)
