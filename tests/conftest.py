"""What all tests share: tests that read data beside the checkout run only where it lies."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out `shared` tests where there is no shared folder beside the checkout."""
    if SHARED.is_dir():
        return
    left_out = [item for item in items if item.get_closest_marker("shared")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not item.get_closest_marker("shared")]


@pytest.fixture
def shared() -> Path:
    """Folder of the data beside the checkout; only for tests marked `shared`."""
    return SHARED


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps tests away from the developer's own salt and settings."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
    for name in ("UGC_LAKE", "UGC_MODEL", "UGC_LANGUAGE", "UGC_SALT", "UGC_CONTACT"):
        monkeypatch.delenv(name, raising=False)
