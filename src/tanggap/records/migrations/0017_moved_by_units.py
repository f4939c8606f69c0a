"""The due moments that a change of the organisation moved, kept with its act for good."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tanggap.records.fences import lower_fences, raise_fences


def _down(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    lower_fences(schema_editor.connection)


def _up(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    lower_fences(schema_editor.connection)
    raise_fences(schema_editor.connection)


class Migration(migrations.Migration):
    """One table, and a fence round it."""

    dependencies = (("records", "0016_ways_out"),)
    operations = (
        migrations.CreateModel(
            name="OrganisationMove",
            fields=(
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clock", models.CharField(max_length=80)),
                ("no", models.CharField(blank=True, max_length=20)),
                ("what", models.TextField(blank=True)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("before", models.DateTimeField(null=True)),
                ("after", models.DateTimeField(null=True)),
                ("breached", models.BooleanField(default=False)),
                (
                    "act",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="records.organisationact"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="organisation_moves",
                        to="records.case",
                    ),
                ),
            ),
            options={"ordering": ("act", "before", "pk")},
        ),
        migrations.AddConstraint(
            "organisationmove",
            models.UniqueConstraint(fields=("act", "case", "clock"), name="one_organisation_move"),
        ),
        migrations.RunPython(_up, _down),
    )  # fmt: skip
