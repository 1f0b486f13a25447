"""Collectors of public reviews: one module a site, each polite and honest about what it misses."""
