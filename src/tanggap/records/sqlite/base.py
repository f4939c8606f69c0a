"""The backend: as Django's own, but without functions in CHECK constraints.

SQLite before 3.41 calls ``JSON_VALID`` in a table's own words unsafe once ``trusted_schema`` is off (Debian 12 has
3.40), so a JSON column would refuse every insert. What is written there is JSON by construction.
"""

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """See the module."""

    data_type_check_constraints = {
        name: words for name, words in base.DatabaseWrapper.data_type_check_constraints.items() if name != "JSONField"
    }
