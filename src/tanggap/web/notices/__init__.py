"""Pages on notices: one's own, the words they are made of, and how the outbox stands."""
