"""The installation itself: what ties this database to its key directory."""

from __future__ import annotations

from django.db import models


class Installation(models.Model):
    """One row. ``key_check`` tells a wrong key directory from the right one without telling the key."""

    key_check = models.CharField(max_length=32)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key_check
