"""What is done with the text of a review: language, clauses, cleaning, personal data."""
