"""Raises the fences round what must never change; see :mod:`tanggap.records.fences`."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tanggap.records.fences import lower_fences, raise_fences


def _up(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    raise_fences(schema_editor.connection)


def _down(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    lower_fences(schema_editor.connection)


class Migration(migrations.Migration):
    """The triggers of the event log, of looks at identities, and of approved SOP texts."""

    dependencies = (("records", "0001_first"),)
    operations = (migrations.RunPython(_up, _down),)
