"""Reviews of three invented companies, written by hand: a bank, an online shop, a hotel chain."""

from __future__ import annotations
