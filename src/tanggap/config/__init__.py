"""Settings and wiring: what an installation may choose, and how the rooms are joined."""
