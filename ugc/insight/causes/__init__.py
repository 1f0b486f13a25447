"""Why: reasons, drivers of the rating and moments of truth."""
