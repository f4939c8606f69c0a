"""The small vocabulary of the templates."""
