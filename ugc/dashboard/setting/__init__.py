"""The page of settings: what is in force and where it comes from, and what writes it into `ugc.toml`."""
