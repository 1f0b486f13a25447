"""The tables of the lake: append, upsert, read; consistent snapshots queried with DuckDB."""

from __future__ import annotations

from ugc.lake.check import CheckReport, Problem, look_over
from ugc.lake.export import FORMATS
from ugc.lake.info import LakeInfo, TableInfo
from ugc.lake.labels import Edit
from ugc.lake.lake import Lake
from ugc.lake.reviews import UpsertCounts
from ugc.lake.snapshot import Snapshot
from ugc.lake.upkeep import CompactReport

__all__ = [
    "FORMATS",
    "CheckReport",
    "CompactReport",
    "Edit",
    "Lake",
    "LakeInfo",
    "Problem",
    "Snapshot",
    "TableInfo",
    "UpsertCounts",
    "look_over",
]
