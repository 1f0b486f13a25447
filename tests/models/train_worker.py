"""A process that trains until a step and then waits to be killed: WORLD OUT STAGE STEP."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import torch

from models.training.checkpoint import Keeper
from models.training.fit import Plan
from models.training.material import Material, gather
from models.training.progress import Moment
from models.training.recipe import key_of, train_network

PLAN = Plan(head_epochs=2, epochs=2, batch=24, seed=4, bf16=False)


def material_of(world: Path) -> Material:
    """What the tests of resuming train on."""
    return gather(world / "labels.jsonl", world / "data", PLAN)


def main() -> None:
    """Trains with a checkpoint after each step."""
    world, out, stage, step = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    torch.set_num_threads(1)
    material, base = material_of(world), str(world / "tiny")

    def tell(moment: Moment) -> None:
        if (moment.stage, moment.done) == (stage, step):
            sys.stdout.write("here\n")
            sys.stdout.flush()
            time.sleep(600)

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    keeper = Keeper(out / "checkpoint.pt", key_of(material, base, PLAN), say, every=0)
    train_network(material, base, PLAN, say, keeper=keeper, tell=tell)


if __name__ == "__main__":
    main()
