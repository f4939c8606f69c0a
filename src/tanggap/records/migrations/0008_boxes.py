"""Openings of suggestion boxes and the slips found in them, fenced."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tanggap.records.fences import lower_fences, raise_fences


def _up(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    lower_fences(schema_editor.connection)
    raise_fences(schema_editor.connection)


def _down(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    lower_fences(schema_editor.connection)


class Migration(migrations.Migration):
    """Two tables that are never changed."""

    dependencies = [
        ("records", "0007_worker_clock"),
    ]

    operations = [
        migrations.CreateModel(
            name="BoxOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("n", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=64, unique=True)),
                ("box", models.CharField(max_length=200)),
                ("opened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("opened_by", models.CharField(max_length=200)),
                ("witnesses", models.TextField(blank=True)),
                ("slips", models.PositiveSmallIntegerField()),
                ("notes", models.TextField(blank=True)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="box_openings",
                        to="records.institution",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-opened_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="BoxSlip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="slip", to="records.case"
                    ),
                ),
                (
                    "opening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="found", to="records.boxopening"
                    ),
                ),
            ],
            options={
                "ordering": ("opening", "position"),
            },
        ),
        migrations.AddConstraint(
            model_name="boxopening",
            constraint=models.UniqueConstraint(fields=("institution", "year", "n"), name="opening_number"),
        ),
        migrations.AddConstraint(
            model_name="boxslip",
            constraint=models.UniqueConstraint(fields=("opening", "position"), name="slip_position"),
        ),
        migrations.RunPython(_up, _down),
    ]
