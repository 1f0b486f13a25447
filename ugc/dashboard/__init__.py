"""The dashboard: pages over the insight functions, in Russian, English and Polish.

Pages hold no SQL and no arithmetic: figures come from `ugc.insight`, words from `words`, their
shape from `formats`, colours from `theme`. HTML is made in `markup` alone.
"""

from __future__ import annotations

__all__: list[str] = []
