"""`ugc train` on a user's own reviews, with a tiny model in use."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from models.bundle import open_bundle
from models.library import Library
from models.tagger import Tagger
from models.training.progress import Moment
from tests.tiny import invented, write_lines, write_silent
from ugc import settings
from ugc.cli import program
from ugc.cli.watch import Watch
from ugc.errors import InputError, LakeError
from ugc.lake import Lake
from ugc.tagging.corrected import read_corrected
from ugc.tagging.corrected_lines import lines

pytestmark = pytest.mark.usefixtures("quick_card")

GOOD = ["душевный персонал", "сияющий номер", "мгновенная доставка", "шикарное качество", "милый сервис"]
BAD = ["гадкий персонал", "вонючий номер", "вечная доставка", "убогое качество", "мерзкий сервис"]


def run(*words: object) -> Result:
    result = CliRunner().invoke(program, ["train", "--threads", "1", *map(str, words)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def library(tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A library in which the tiny bundle is in use."""
    monkeypatch.chdir(tmp_path)
    folder = settings.models_home()
    version = open_bundle(tiny_bundle).version
    shutil.copytree(tiny_bundle, folder / version)
    library = Library(folder)
    library.use(version)
    return library


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Reviews in words that the tiny model does not know; some thirty of them are held out."""
    return write_lines(tmp_path / "my.jsonl", invented(300, seed=7, good=GOOD, bad=BAD))


def test_a_better_bundle_is_taken_into_use(library: Library, labels: Path) -> None:
    before = library.in_use()
    found = run("--labels", labels, "--epochs", 20)
    assert found.exit_code == 0, found.output
    assert f"starting from {before}" in found.stdout
    assert "training the heads" in found.stdout
    assert "Held-out reviews" in found.stdout
    assert "95 % interval" in found.stdout
    assert "ugc tag" in found.stdout
    now = library.in_use()
    assert now is not None
    assert now.startswith("own-1@")
    assert settings.load().model == library.folder / now
    assert Tagger.load(settings.load().model).version == now
    assert not list(library.folder.glob("*.making"))
    assert {one.name for one in library.own()} == {before, now}


def test_a_worse_bundle_is_kept_beside_and_not_used(
    library: Library, world: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    before = library.in_use()
    write_silent(tiny_bundle, tmp_path / "silent", "silent")
    labels = write_lines(tmp_path / "many.jsonl", invented(300))
    command = ("--labels", labels, "--base", tmp_path / "silent", "--epochs", 1)
    found = run(*command)
    assert found.exit_code == 3, found.output
    assert "It is worse" in found.stdout
    assert library.in_use() == before
    (made,) = [one.name for one in library.own() if one.name != before]
    assert f"ugc models use {made}" in found.stdout
    forced = run(*command, "--force")
    assert forced.exit_code == 0
    assert str(library.in_use()).startswith("own-2@")


def test_a_better_bundle_at_a_place_is_not_replaced(
    library: Library, tiny_bundle: Path, tmp_path: Path
) -> None:
    write_silent(tiny_bundle, tmp_path / "silent", "silent")
    labels = write_lines(tmp_path / "many.jsonl", invented(300))
    out = tmp_path / "models" / "mine"
    shutil.copytree(tiny_bundle, out)
    there = open_bundle(out).version
    command = ("--labels", labels, "--base", tmp_path / "silent", "--epochs", 1, "--out", out)
    found = run(*command, "--name", "second")
    assert found.exit_code == 3
    assert open_bundle(out).version == there
    (beside,) = [path for path in out.parent.iterdir() if path != out]
    assert beside.name.startswith("second-1@")
    assert open_bundle(beside).version == beside.name
    assert run(*command, "--name", "third", "--force").exit_code == 0
    assert open_bundle(out).version.startswith("third-1@")


def test_a_run_that_was_stopped_goes_on(
    library: Library, labels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("--labels", labels, "--epochs", 3, "--checkpoint", 0, "--force")
    with monkeypatch.context() as stopping:

        def tell(self: Watch, moment: Moment) -> None:
            if (moment.stage, moment.done) == ("heads", 15):
                raise KeyboardInterrupt

        stopping.setattr(Watch, "tell", tell)
        stopped = run(*command)
    assert stopped.exit_code == 130
    assert "same command" in stopped.stderr
    assert "--restart" in stopped.stderr
    assert (library.folder / "own-1.making" / "checkpoint.pt").is_file()
    other = run("--labels", labels, "--epochs", 2, "--checkpoint", 0, "--name", "own", "--force")
    assert "is of another run" in other.stdout
    assert "own-1@" in other.stdout


def test_going_on_gives_the_same_bundle(
    library: Library, labels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = ("--labels", labels, "--epochs", 3, "--base", library.folder / str(library.in_use()))
    whole = run(*base, "--out", "whole")
    assert whole.exit_code == 0, whole.output
    with monkeypatch.context() as stopping:

        def tell(self: Watch, moment: Moment) -> None:
            if (moment.stage, moment.done) == ("heads", 15):
                raise KeyboardInterrupt

        stopping.setattr(Watch, "tell", tell)
        assert run(*base, "--out", "broken", "--checkpoint", 0).exit_code == 130
    again = run(*base, "--out", "broken", "--checkpoint", 0)
    assert "going on from the checkpoint" in again.stdout
    assert open_bundle(Path("whole")).manifest["hash"] == open_bundle(Path("broken")).manifest["hash"]


def test_corrections_are_learnt_and_never_judge(
    library: Library, plant: Callable[..., Lake], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = library.in_use()
    lake = plant(*({"text": f"Какой сервис номер {i}.", "language": "ru"} for i in range(30)))
    monkeypatch.setenv("UGC_LAKE", lake.address)
    with lake.snapshot() as snapshot:
        ids = snapshot.sql("SELECT id FROM reviews")["id"].to_pylist()
    for one in ids:
        lake.add_correction(one, "sentiment", "negative")
    found = run("--corrections", "--epochs", 2)
    assert found.exit_code == 3, found.output
    assert "corrections cannot stand in" in found.stdout
    assert "corrected things that were held out" in found.stdout
    assert library.in_use() == before
    (made,) = [one for one in library.own() if one.name != before]
    assert made.bundle is not None
    training = made.bundle.manifest["training"]
    assert 0 < training["corrections"] < len(ids)
    assert f"{training['corrections']} corrections" in (made.folder / "README.md").read_text(encoding="utf-8")


def test_exported_corrections_are_learnt_without_their_lake(
    library: Library, plant: Callable[..., Lake], tmp_path: Path
) -> None:
    lake = plant(*({"text": f"Какой сервис номер {i}.", "language": "ru"} for i in range(12)))
    with lake.snapshot() as snapshot:
        for one in snapshot.sql("SELECT id FROM reviews")["id"].to_pylist():
            lake.add_correction(one, "sentiment", "negative")
    with lake.snapshot() as snapshot:
        written = tmp_path / "corrections.jsonl"
        written.write_text("".join(lines(read_corrected(snapshot))), encoding="utf-8")
    found = run("--corrected", written, "--epochs", 1)
    assert "corrections to train on" in found.output
    kept = [one.bundle.manifest["training"].get("corrections") for one in library.own() if one.bundle]
    assert any(kept)


@pytest.mark.parametrize("content", [b"{}", b"\xff", b'{"claims": 1}', None])
def test_a_file_that_is_no_export_is_named(library: Library, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "other.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match="ugc export corrections"):
        run("--corrected", file)


def test_without_corrections(library: Library, plant: Callable[..., Lake], tmp_path: Path) -> None:
    lake = plant({"text": "Долго"})
    with pytest.raises(InputError, match="Nobody has corrected"):
        run("--corrections", "--lake", lake.address)
    with pytest.raises(LakeError, match="no lake"):
        run("--corrections", "--lake", tmp_path / "none")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing to learn"),
        (("--labels", "my.jsonl", "--train", "half"), "heads or all"),
        (("--labels", "my.jsonl", "--teacher", "bundle"), "--data FOLDER"),
        (("--labels", "my.jsonl", "--data", "sets", "--train", "heads"), "Leave --train out"),
        (("--labels", "my.jsonl", "--name", "../up"), "cannot be the name"),
        (("--labels", "my.jsonl", "--bundle-version", "1/2"), "cannot be the version"),
        (("--labels", "absent.jsonl"), "no file"),
        (("--labels", "my.jsonl", "--base", "encoder", "--train", "heads"), "Leave --train out"),
    ],
)
def test_what_cannot_be_done_is_said_first(
    library: Library, labels: Path, words: tuple[str, ...], said: str
) -> None:
    assert labels.name == "my.jsonl"
    with pytest.raises(InputError) as error:
        run(*words)
    assert said in str(error.value)
    assert not list(library.folder.glob("*.making"))


def test_other_files_are_never_replaced(library: Library, labels: Path, tmp_path: Path) -> None:
    full = tmp_path / "documents"
    full.mkdir()
    (full / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="left alone"):
        run("--labels", labels, "--out", full)
    assert (full / "letter.txt").read_text() == "dear"


def test_plain_lines_say_how_far_it_is_and_how_long_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    with Watch(every=0) as watch:
        watch.say("begun")
        watch.tell(Moment("read", 32, 100))
        watch.tell(Moment("heads", 1, 40, 0.5))
        watch.tell(Moment("heads", 3, 40, 0.25))
    lines = capsys.readouterr().out.splitlines()
    assert "begun" in lines[0]
    assert "Reading texts: 32 of 100 texts" in lines[1]
    assert "Training the heads: 3 of 40 steps, loss 0.250, about" in lines[3]
    assert lines[3].endswith("left")


def test_a_terminal_gets_a_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with Watch() as watch:
        watch.tell(Moment("read", 32, 100))
        watch.tell(Moment("all", 10, 40, 0.25))
        watch.say("[done]")
    shown = capsys.readouterr()
    assert "10/40" in shown.err
    assert "loss 0.250" in shown.err
    assert "Training all" in shown.err
    assert "[done]" in shown.out
