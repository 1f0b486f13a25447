"""`ugc models`: bundles side by side, chosen and compared."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from models import DEFAULT_BUNDLE
from models.bundle import open_bundle
from models.library import Library
from tests.tiny import write_silent
from ugc import settings
from ugc.cli import program
from ugc.errors import InputError, ModelError


def run(*words: object) -> Result:
    result = CliRunner().invoke(program, ["models", *map(str, words)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def another(bundle: Path, folder: Path, name: str) -> str:
    """Puts a bundle that never shows a theme beside the others; its version."""
    version = write_silent(bundle, folder / "making", name)
    (folder / "making").rename(folder / version)
    return version


@pytest.fixture
def versions(tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Two bundles of the user: the tiny one, and one that shows no theme."""
    monkeypatch.chdir(tmp_path)
    folder = settings.models_home()
    first = open_bundle(tiny_bundle).version
    shutil.copytree(tiny_bundle, folder / first)
    return first, another(tiny_bundle, folder, "shy")


def test_the_shipped_bundle_is_listed_without_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = run("list").stdout
    version = open_bundle(DEFAULT_BUNDLE).version
    assert f"* default ({version})" in found
    (row,) = json.loads(run("list", "--json").stdout)["models"]
    assert (row["name"], row["version"], row["in_use"]) == ("default", version, True)
    assert row["labelled"] > 0
    assert row["size"] > 1_000_000


def test_the_bundle_in_use_is_the_one_that_is_scored(versions: tuple[str, str], world: Path) -> None:
    labels = world / "labels.jsonl"
    for version in versions:
        run("use", version)
        scored = CliRunner().invoke(program, ["eval", str(labels), "--json", "-"])
        assert scored.exit_code == 0, scored.output
        assert json.loads(scored.stdout)["model"] == version


def test_figures_stand_with_what_they_were_measured_on(versions: tuple[str, str]) -> None:
    path = settings.models_home() / versions[0] / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    own = {"n": 240, "theme+polarity micro-F1": 0.7215, "sentiment accuracy": None}
    manifest["measured"] = {"held_out": {"model": {"all": own}}}
    manifest["training"] |= {"file": "my.jsonl", "corrections": 12, "started_from": "ugc-1@abc"}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    found = run("list").stdout
    assert "theme+polarity micro-F1 0.722, sentiment accuracy –; on 240 held-out reviews of my.jsonl" in found
    assert "12 corrections, from ugc-1@abc" in found
    rows = {row["name"]: row for row in json.loads(run("list", "--json").stdout)["models"]}
    assert rows[versions[0]]["measured_on"] == {"reviews": 240, "of": "my.jsonl"}
    assert rows[versions[0]]["figures"]["theme+polarity micro-F1"] == 0.7215
    assert rows[versions[1]]["measured_on"] is None


def test_own_bundles_stand_beside_it(versions: tuple[str, str]) -> None:
    rows = {row["name"]: row for row in json.loads(run("list", "--json").stdout)["models"]}
    assert set(rows) == {"default", *versions}
    assert [name for name, row in rows.items() if row["in_use"]] == ["default"]
    run("use", versions[1])
    shown = run("list").stdout
    assert f"* {versions[1]}" in shown
    assert f"  {versions[0]}" in shown
    assert "not measured" in shown


def test_a_bundle_is_chosen_and_given_back(versions: tuple[str, str]) -> None:
    folder = settings.models_home()
    assert "ugc tag" in run("use", versions[0]).stdout
    assert settings.load().model == folder / versions[0]
    run("use", "shy-1")
    assert settings.load().model == folder / versions[1]
    run("use", versions[0].split("@")[1])
    assert settings.load().model == folder / versions[0]
    assert open_bundle(DEFAULT_BUNDLE).version in run("use", "default").stdout
    assert settings.load().model is None


def test_a_setting_goes_before_the_choice(versions: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UGC_MODEL", str(DEFAULT_BUNDLE))
    found = run("use", versions[0])
    assert "goes before it" in found.stdout
    assert settings.load().model == DEFAULT_BUNDLE
    monkeypatch.delenv("UGC_MODEL")
    assert settings.load().model == settings.models_home() / versions[0]


def test_the_folder_of_models_can_be_set(
    tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    version = open_bundle(tiny_bundle).version
    shutil.copytree(tiny_bundle, tmp_path / "elsewhere" / version)
    monkeypatch.setenv("UGC_MODELS_FOLDER", str(tmp_path / "elsewhere"))
    run("use", "tiny")
    assert settings.load().model == tmp_path / "elsewhere" / version


def test_names_that_are_none_or_several(versions: tuple[str, str], tiny_bundle: Path) -> None:
    with pytest.raises(ModelError, match=r"no model nothing.*Known are: default"):
        run("use", "nothing")
    another(tiny_bundle, settings.models_home(), "tiny2")
    with pytest.raises(ModelError, match="Several models begin with tiny"):
        run("use", "tiny")
    with pytest.raises(ModelError, match="lies outside"):
        run("use", tiny_bundle)


def test_a_damaged_bundle_is_listed_as_such(versions: tuple[str, str]) -> None:
    (settings.models_home() / versions[0] / "model.onnx").unlink()
    found = run("list").stdout
    assert "cannot be used" in found
    assert "model.onnx" in found
    with pytest.raises(ModelError, match=r"model\.onnx"):
        run("use", versions[0])


def test_a_chosen_bundle_that_is_gone_is_shown(versions: tuple[str, str]) -> None:
    run("use", versions[0])
    shutil.rmtree(settings.models_home() / versions[0])
    assert "cannot be used" in run("list").stdout
    run("use", "default")
    assert settings.load().model is None


def test_an_unfinished_bundle_is_not_listed(versions: tuple[str, str]) -> None:
    folder = settings.models_home()
    shutil.copytree(folder / versions[0], folder / "own-1.making" / "bundle")
    assert "making" not in run("list").stdout
    assert {one.name for one in Library(folder).own()} == set(versions)


def test_two_bundles_are_compared(versions: tuple[str, str], world: Path) -> None:
    found = run("compare", *versions, "--labels", world / "labels.jsonl")
    assert "theme+polarity micro-F1" in found.stdout
    assert "…" in found.stdout
    assert all(version in found.stdout for version in versions)
    assert "Warning" in found.stderr
    assert "were in the training set" in found.stderr


def test_a_comparison_for_a_machine(versions: tuple[str, str], world: Path, tiny_bundle: Path) -> None:
    words = ("--labels", world / "labels.jsonl", "--held-out", "--json")
    found = run("compare", tiny_bundle, "shy", *words)
    assert "Warning" not in found.stderr
    written = json.loads(found.stdout)
    assert [one["version"] for one in written["models"]] == list(versions)
    assert [one["in_training_set"] for one in written["models"]] == [[], []]
    one = written["differences"]["theme micro-F1"]
    first, second = (model["figures"]["all"]["theme micro-F1"] for model in written["models"])
    assert one["value"] == pytest.approx(second - first)
    assert one["low"] <= one["value"] <= one["high"]
    assert one["value"] < 0
    same = json.loads(run("compare", versions[0], versions[0], *words).stdout)["differences"]
    assert {value for difference in same.values() for value in list(difference.values())[:3]} == {0.0}


def test_a_file_without_held_out_reviews(versions: tuple[str, str], tmp_path: Path, world: Path) -> None:
    from models.labelled import residue

    lines = (world / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if residue(json.loads(line)["text"]) != 0]
    (tmp_path / "apart.jsonl").write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(InputError, match="held-out tenth"):
        run("compare", *versions, "--labels", tmp_path / "apart.jsonl", "--held-out")
