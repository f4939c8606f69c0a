"""When accounts are looked into, what testing one said, and files that platforms keep for us."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0014_own_kinds"),
    ]

    operations = [
        migrations.AddField(
            model_name="channelaccount",
            name="failures",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="channelaccount",
            name="next_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="channelaccount",
            name="test_asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="channelaccount",
            name="tested_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="channelaccount",
            name="tested_says",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="channelaccount",
            name="tested_well",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="channelaccount",
            name="turn",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="RemoteFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("words", models.BinaryField(null=True)),
                ("made_at", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=8)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, max_length=40)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="remote_files", to="records.case"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="remote_files", to="records.inboxitem"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["next_at"], name="remote_due")
                ],
                "constraints": [models.UniqueConstraint(fields=("item", "position"), name="one_remote_file")],
            },
        ),
    ]
