"""Calendar versions say how they came about, are sealed, and carry the due moments they moved."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tanggap.records.calendars import facts_of, seal
from tanggap.records.fences import lower_fences, raise_fences


def _seal(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Seal what was frozen before there were seals."""
    version_model = apps.get_model("records", "CalendarVersion")
    for institution in apps.get_model("records", "Institution").objects.all():
        prev = ""
        for version in version_model.objects.filter(institution=institution).select_related("unit").order_by("pk"):
            unit = version.unit.key if version.unit is not None else ""
            prev = seal(facts_of(version, institution=institution.key, unit=unit), (), prev=prev)
            version_model.objects.filter(pk=version.pk).update(seal=prev)


def _nothing(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A seal needs no taking off."""


def _up(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    lower_fences(schema_editor.connection)
    raise_fences(schema_editor.connection)


def _down(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    lower_fences(schema_editor.connection)


class Migration(migrations.Migration):
    """Decree, act, seal and moves of calendar versions; fences round them."""

    dependencies = (("records", "0002_fences"),)
    operations = (
        migrations.AlterField("calendarversion", "hash", models.CharField(blank=True, max_length=64)),
        migrations.AddField("calendarversion", "decree", models.CharField(blank=True, max_length=200)),
        migrations.AddField(
            "calendarversion",
            "act_of",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="records.calendarversion",
            ),
        ),
        migrations.AddField("calendarversion", "moved", models.PositiveIntegerField(default=0)),
        migrations.AddField("calendarversion", "key", models.CharField(blank=True, max_length=64)),
        migrations.AddField("calendarversion", "seal", models.CharField(blank=True, max_length=64)),
        migrations.AddConstraint(
            "calendarversion",
            models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True), fields=("institution", "key"), name="one_calendar_act"
            ),
        ),
        migrations.CreateModel(
            name="CalendarMove",
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calendar_moves", to="records.case"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="records.calendarversion",
                    ),
                ),
            ),
            options={"ordering": ("version", "before", "pk")},
        ),
        migrations.AddConstraint(
            "calendarmove",
            models.UniqueConstraint(fields=("version", "case", "clock"), name="one_calendar_move"),
        ),
        migrations.RunPython(_seal, _nothing),
        migrations.RunPython(_up, _down),
    )
