"""What came of it: actions and their effect."""
