"""The reviews that the project ships: three invented companies, written by hand."""

from __future__ import annotations

from pathlib import Path

__all__ = ["files"]


def files() -> list[Path]:
    """Paths of the sample's files, one a company."""
    import ugc.sample

    return sorted(Path(str(ugc.sample.__file__)).parent.glob("*.jsonl"))
