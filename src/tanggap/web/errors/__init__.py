"""Pages for what went wrong: what happened, what was kept, what to do."""
