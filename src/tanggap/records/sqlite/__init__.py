"""Django's SQLite backend, made to live with ``trusted_schema=OFF``."""
