"""The page of actions: what to do first, what was done and what came of it, noting an action."""
