"""Kinds of report that an institution named itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A list on the institution."""

    dependencies = [
        ("records", "0013_closed_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="institution",
            name="kinds",
            field=models.JSONField(
                default=list, help_text="Jenis laporan lembaga sendiri: key, label, dan as (jenis baku)."
            ),
        ),
    ]
