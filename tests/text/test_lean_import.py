"""A package that is left out of an import is there before, after, and for everybody else."""

from __future__ import annotations

import subprocess
import sys
import threading
from importlib import import_module

import pytest

from ugc.text.lean_import import without

PACKAGE = "wave"
"""A module of the standard library that nothing here needs."""


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, PACKAGE, raising=False)


@pytest.mark.usefixtures("unloaded")
def test_a_package_is_out_of_reach_only_within() -> None:
    with without(PACKAGE), pytest.raises(ModuleNotFoundError, match=PACKAGE):
        import_module(PACKAGE)
    assert import_module(PACKAGE).__name__ == PACKAGE
    with without(PACKAGE):
        assert import_module(PACKAGE).__name__ == PACKAGE


@pytest.mark.usefixtures("unloaded")
def test_other_packages_and_other_threads_are_not_concerned() -> None:
    found: list[str] = []
    with without(PACKAGE):
        thread = threading.Thread(target=lambda: found.append(import_module(PACKAGE).__name__))
        thread.start()
        thread.join()
        assert import_module("colorsys").__name__ == "colorsys"
    assert found == [PACKAGE]


def test_clauses_do_not_load_torch_and_leave_it_to_others() -> None:
    program = (
        "import sys; from ugc.text.clauses import split;"
        "assert split('Быстро доставили, но коробка была мятой.', 'ru');"
        "assert 'spacy' in sys.modules and 'torch' not in sys.modules;"
        "import torch; assert torch.ones(2).sum() == 2;"
        "assert split('The room was clean, but breakfast was cold.', 'en')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
