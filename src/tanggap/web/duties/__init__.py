"""Pages of the officer: duties, the case with its step card, desk entry, register, printed papers."""
