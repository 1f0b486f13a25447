"""Where and who: the groups in which something differs from the rest."""
