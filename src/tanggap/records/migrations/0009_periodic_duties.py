"""When periodic duties are due, and a book of their own for their cases."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A table of schedules; numbers counted for each book."""

    dependencies = [
        ("records", "0008_boxes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sop_id", models.SlugField(max_length=100)),
                ("duty", models.CharField(max_length=140)),
                ("sop_hash", models.CharField(blank=True, max_length=64)),
                ("every", models.CharField(blank=True, max_length=80)),
                ("anchor", models.DateField(blank=True, null=True)),
                ("since", models.DateField(blank=True, null=True)),
                ("last", models.DateField(blank=True, null=True)),
                ("next", models.DateField(blank=True, null=True)),
                ("look_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("institution", "sop_id", "duty"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="register_number",
        ),
        migrations.RemoveConstraint(
            model_name="registercounter",
            name="one_counter",
        ),
        migrations.AddField(
            model_name="case",
            name="book",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AddField(
            model_name="registercounter",
            name="book",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.AlterField(
            model_name="case",
            name="procedure",
            field=models.CharField(max_length=140),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("book", "duty")), fields=["institution", "sop_id", "procedure"], name="case_duty"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("institution", "book", "year", "n"), name="register_number"),
        ),
        migrations.AddConstraint(
            model_name="registercounter",
            constraint=models.UniqueConstraint(fields=("institution", "book", "year"), name="one_counter"),
        ),
        migrations.AddField(
            model_name="schedule",
            name="institution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="schedules", to="records.institution"
            ),
        ),
        migrations.AddIndex(
            model_name="schedule",
            index=models.Index(condition=models.Q(("look_at__isnull", False)), fields=["look_at"], name="schedule_due"),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.UniqueConstraint(fields=("institution", "sop_id", "duty"), name="one_schedule"),
        ),
    ]
