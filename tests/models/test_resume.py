"""Training that is killed goes on from its checkpoint and ends with the same weights."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import nn

from models.training.checkpoint import Keeper, Place, run_key
from models.training.progress import Moment
from models.training.recipe import key_of, train_network
from tests.models.train_worker import PLAN, material_of
from ugc.errors import ModelError

WORKER = Path(__file__).with_name("train_worker.py")


def kill_at(world: Path, out: Path, stage: str, step: int) -> list[str]:
    """Runs the worker up to a step and kills it there; what it said until then."""
    command = [sys.executable, str(WORKER), str(world), str(out), stage, str(step)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            if line == "here\n":
                break
            said.append(line.strip())
        process.kill()
    assert process.returncode == -9, said
    return said


@pytest.fixture
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("_one_thread")
def test_a_run_killed_in_both_stages_ends_with_the_same_weights(world: Path, tmp_path: Path) -> None:
    material, base = material_of(world), str(world / "tiny")
    whole, _ = train_network(material, base, PLAN, lambda line: None)
    out = tmp_path / "broken"
    kill_at(world, out, "heads", 7)
    said = kill_at(world, out, "all", 9)
    assert any("going on" in line and "heads, epoch 2, 2 steps into it" in line for line in said)
    told: list[str] = []
    moments: list[Moment] = []
    keeper = Keeper(out / "checkpoint.pt", key_of(material, base, PLAN), told.append, every=0)
    broken, _ = train_network(material, base, PLAN, told.append, keeper=keeper, tell=moments.append)
    assert "encoder and heads" in told[0]
    assert {one.stage for one in moments} == {"all"}
    assert moments[0].done == 10
    assert moments[-1].done == moments[-1].total
    ours, theirs = whole.state_dict(), broken.state_dict()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


class Two:
    """A network and an optimiser, as small as can be."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.network = nn.Linear(2, 1)
        self.optimiser = torch.optim.AdamW(self.network.parameters())

    def keep(self, keeper: Keeper, place: Place, *, now: bool = True) -> None:
        keeper.keep("heads", place, self.network, self.optimiser, frozen="encoder.", now=now)


@pytest.fixture
def two() -> Two:
    return Two()


def test_a_checkpoint_gives_back_place_weights_and_dice(two: Two, tmp_path: Path) -> None:
    path = tmp_path / "new" / "checkpoint.pt"
    two.network.weight.data.fill_(7)
    two.keep(Keeper(path, "key"), Place(1, 5, 2.5))
    expected = torch.rand(3)
    said: list[str] = []
    keeper, other = Keeper(path, "key", said.append), Two()
    assert "heads, epoch 2, 5 steps into it" in said[0]
    assert not keeper.past("heads")
    assert keeper.take_up("heads", other.network, other.optimiser) == Place(1, 5, 2.5)
    assert (other.network.weight == 7).all()
    assert torch.equal(torch.rand(3), expected)
    assert keeper.take_up("heads", other.network, other.optimiser) == Place()


def test_a_checkpoint_of_another_run_is_named_and_left(two: Two, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    two.keep(Keeper(path, run_key("these labels", 1)), Place(1))
    said: list[str] = []
    keeper = Keeper(path, run_key("other labels", 1), said.append)
    assert keeper.take_up("heads", two.network, two.optimiser) == Place()
    assert "another run" in said[0]


def test_a_restart_is_asked_for(two: Two, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    two.keep(Keeper(path, "key"), Place(1))
    assert Keeper(path, "key", restart=True).take_up("heads", two.network, two.optimiser) == Place()


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"PK\x03\x04 broken"])
def test_a_damaged_checkpoint_starts_anew(two: Two, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "checkpoint.pt"
    path.write_bytes(content)
    said: list[str] = []
    assert Keeper(path, "key", said.append).take_up("heads", two.network, two.optimiser) == Place()
    assert "cannot be read" in said[0]


def test_an_interrupted_write_leaves_the_last_checkpoint(two: Two, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    two.keep(Keeper(path, "key"), Place(1))
    path.with_name("checkpoint.pt.new").write_bytes(b"half a che")
    assert Keeper(path, "key").take_up("heads", two.network, two.optimiser) == Place(1)


def test_checkpoints_wait_for_their_time(two: Two, tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "checkpoint.pt", "key", every=3600)
    two.keep(keeper, Place(0, 1), now=False)
    assert not keeper.path.exists()
    two.keep(keeper, Place(1))
    assert keeper.path.exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelError, match="cannot be written"):
        Keeper(tmp_path / "file" / "checkpoint.pt", "key")


def test_a_failed_write_is_named(two: Two, tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "checkpoint.pt", "key")
    keeper.path.with_name("checkpoint.pt.new").mkdir()
    with pytest.raises(ModelError, match="cannot be written"):
        two.keep(keeper, Place(1))
