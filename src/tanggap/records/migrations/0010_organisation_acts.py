"""What people who arrange an institution did, fenced like the log; links for a first password."""

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
    """Two tables, and a fence round the first."""

    dependencies = (("records", "0009_periodic_duties"),)
    operations = (
        migrations.CreateModel(
            name="SignInLink",
            fields=(
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ),
        ),
        migrations.CreateModel(
            name="OrganisationAct",
            fields=(
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("data", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(blank=True, max_length=40)),
                ("why", models.CharField(blank=True, max_length=200)),
                ("alone", models.BooleanField(default=False)),
                ("key", models.CharField(blank=True, max_length=64)),
                ("seal", models.CharField(max_length=64)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="records.institution"
                    ),
                ),
            ),
            options={"ordering": ("pk",)},
        ),
        migrations.AddConstraint(
            "organisationact",
            models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True),
                fields=("institution", "key"),
                name="one_organisation_act",
            ),
        ),
        migrations.RunPython(_up, _down),
    )
