"""Reviews without current tags, read by a model, batch by batch, into the lake."""

from __future__ import annotations

from ugc.tagging.arrow import to_arrow
from ugc.tagging.run import Progress, Reader, TagSummary, tag_lake
from ugc.tagging.vectors import VectorReader, add_vectors

__all__ = ["Progress", "Reader", "TagSummary", "VectorReader", "add_vectors", "tag_lake", "to_arrow"]
