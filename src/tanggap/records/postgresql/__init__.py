"""Django's PostgreSQL backend, made to tell the truth about a commit that was not replicated."""
