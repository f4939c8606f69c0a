"""Looks at who sent what waits in the inbox, fenced."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from tanggap.records.fences import lower_fences, raise_fences


def _up(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    lower_fences(schema_editor.connection)
    raise_fences(schema_editor.connection)


def _down(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    lower_fences(schema_editor.connection)


class Migration(migrations.Migration):
    """One table that is never changed."""

    dependencies = (("records", "0017_moved_by_units"),)
    operations = (
        migrations.CreateModel(
            name="SenderReveal",
            fields=(
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=40)),
                ("words", models.TextField(blank=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reveals", to="records.inboxitem"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ),
            options={"ordering": ("at", "pk")},
        ),
        migrations.RunPython(_up, _down),
    )
