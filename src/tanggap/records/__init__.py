"""The database: tables, the event log, queries. The only Django app with models."""
