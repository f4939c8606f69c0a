"""By what the same matter, or the same person, is recognised in another case."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A table of marks; cases from before have none, and are found by hand."""

    dependencies = (("records", "0005_stand_ins"),)
    operations = (
        migrations.CreateModel(
            "CaseMark",
            (
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=8)),
                ("value", models.CharField(max_length=32)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="marks", to="records.case"
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.institution",
                    ),
                ),
            ),
            {
                "indexes": (models.Index(fields=["institution", "kind", "value"], name="mark_value"),),
                "constraints": (models.UniqueConstraint(fields=("case", "kind", "value"), name="one_mark"),),
            },
        ),
    )
