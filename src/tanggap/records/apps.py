"""The Django app of the tables."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Tables live under the label ``records``."""

    name = "tanggap.records"
    label = "records"
    verbose_name = "Catatan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks that refuse to start on an unsafe database or key directory."""
        from tanggap.records import checks  # noqa: F401
