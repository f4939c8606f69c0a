"""The outbox of notices, their words, and confirmed addresses."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _begin_here(apps, schema_editor):
    """What was written before there were notices requires none."""
    apps.get_model("records", "Case").objects.update(notices_after=models.F("seq"))


class Migration(migrations.Migration):
    """New tables, and where in older cases the notices begin."""

    dependencies = [
        ("records", "0003_calendar_acts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConfirmedAddress",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="NoticeTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=5)),
                ("version", models.PositiveIntegerField()),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("kind", "language", "-version"),
            },
        ),
        migrations.CreateModel(
            name="Outbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("notice", models.CharField(max_length=160)),
                ("kind", models.CharField(max_length=20)),
                ("audience", models.CharField(max_length=12)),
                ("recipient", models.CharField(blank=True, max_length=40)),
                ("about", models.CharField(blank=True, max_length=80)),
                ("step", models.CharField(blank=True, max_length=160)),
                ("moment", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("state", models.CharField(default="queued", max_length=10)),
                ("why", models.CharField(blank=True, max_length=20)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("letter", models.CharField(blank=True, max_length=40)),
                ("channel", models.CharField(blank=True, max_length=12)),
                ("language", models.CharField(blank=True, max_length=5)),
                ("template", models.PositiveIntegerField(null=True)),
                ("address", models.CharField(blank=True, max_length=64)),
                ("reserved_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("handled_by", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "ordering": ("made_at", "pk"),
            },
        ),
        migrations.AddField(
            model_name="case",
            name="notices_after",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="duty",
            name="warned",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(condition=models.Q(("warned", False)), fields=["warn_at"], name="duty_to_warn"),
        ),
        migrations.AddField(
            model_name="noticetemplate",
            name="institution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notice_templates", to="records.institution"
            ),
        ),
        migrations.AddField(
            model_name="noticetemplate",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="outbox",
            name="case",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="outbox", to="records.case"
            ),
        ),
        migrations.AddField(
            model_name="outbox",
            name="institution",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outbox",
                to="records.institution",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticetemplate",
            constraint=models.UniqueConstraint(
                fields=("institution", "kind", "language", "version"), name="one_template"
            ),
        ),
        migrations.AddIndex(
            model_name="outbox",
            index=models.Index(condition=models.Q(("state", "queued")), fields=["next_at"], name="outbox_due"),
        ),
        migrations.AddIndex(
            model_name="outbox",
            index=models.Index(fields=["recipient", "made_at"], name="outbox_reader"),
        ),
        migrations.AddIndex(
            model_name="outbox",
            index=models.Index(
                condition=models.Q(("letter", ""), _negated=True), fields=["letter"], name="outbox_letter"
            ),
        ),
        migrations.AddIndex(
            model_name="outbox",
            index=models.Index(
                condition=models.Q(("address", ""), _negated=True),
                fields=["address", "reserved_at"],
                name="outbox_address",
            ),
        ),
        migrations.AddIndex(
            model_name="outbox",
            index=models.Index(
                condition=models.Q(("state__in", ("failed", "poison"))),
                fields=["institution", "state"],
                name="outbox_trouble",
            ),
        ),
        migrations.AddConstraint(
            model_name="outbox",
            constraint=models.UniqueConstraint(fields=("case", "notice", "recipient"), name="one_notice"),
        ),
        migrations.RunPython(_begin_here, migrations.RunPython.noop),
    ]
