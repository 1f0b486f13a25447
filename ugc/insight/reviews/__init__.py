"""The reviews themselves: found, quoted, as a buyer sees them, and how completely they were read."""
