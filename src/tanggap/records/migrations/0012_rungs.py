"""Duties that climbed: how far, and to whom."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A column of duties, a table beside them, a part of a case; cases written before have climbed nowhere."""

    dependencies = (("records", "0011_inbox"),)
    operations = (
        migrations.AddField("duty", "level", models.PositiveSmallIntegerField(default=0)),
        migrations.CreateModel(
            name="DutyRung",
            fields=(
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField()),
                ("cause", models.CharField(max_length=12)),
                ("level", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rungs", to="records.duty"
                    ),
                ),
            ),
            options={"constraints": (models.UniqueConstraint(fields=("duty", "name"), name="one_duty_rung"),)},
        ),
    )
