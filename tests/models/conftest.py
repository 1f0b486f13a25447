"""The real bundle, loaded once, and the invented labelled reviews."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.labelled import Labelled, read_labelled
from models.tagger import Tagger

LABELLED = Path(__file__).with_name("labelled.jsonl")


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return Tagger.load(threads=2)


@pytest.fixture
def labelled_file() -> Path:
    return LABELLED


@pytest.fixture(scope="session")
def labelled() -> list[Labelled]:
    return read_labelled(LABELLED)
