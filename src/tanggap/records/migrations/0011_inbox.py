"""Accounts of channels, what arrives by them, and what the channels say became of what we sent."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """New tables, and three columns of the outbox."""

    dependencies = [
        ("records", "0010_organisation_acts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChannelAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=26, unique=True)),
                ("settings", models.JSONField(default=dict)),
                ("secrets", models.BinaryField(null=True)),
                ("epoch", models.PositiveSmallIntegerField(default=1)),
                ("active", models.BooleanField(default=True)),
                ("cursor", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("last_in_at", models.DateTimeField(null=True)),
                ("last_out_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                ("last_error_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("channel", "name"),
            },
        ),
        migrations.CreateModel(
            name="Inbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("delivery", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("raw", models.BinaryField(null=True)),
                ("file", models.CharField(blank=True, max_length=40)),
                ("epoch", models.PositiveSmallIntegerField(default=1)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("state", models.CharField(default="stored", max_length=12)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("found", models.PositiveIntegerField(default=0)),
                ("known", models.PositiveIntegerField(default=0)),
                ("why", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ("received_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="InboxAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="InboxItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("kind", models.CharField(max_length=12)),
                ("mark", models.CharField(max_length=64)),
                ("external", models.CharField(max_length=64)),
                ("about", models.CharField(blank=True, max_length=64)),
                ("sender", models.CharField(blank=True, max_length=64)),
                ("sent_at", models.DateTimeField(null=True)),
                ("at", models.DateTimeField()),
                ("state", models.CharField(max_length=12)),
                ("message", models.CharField(blank=True, max_length=40)),
                ("words", models.BinaryField(null=True)),
                ("epoch", models.PositiveSmallIntegerField(default=1)),
                ("tags", models.JSONField(default=list)),
                ("faults", models.JSONField(default=list)),
                ("decision", models.CharField(blank=True, max_length=10)),
                ("decided_by", models.CharField(blank=True, max_length=40)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("at", "pk"),
            },
        ),
        migrations.AddField(
            model_name="outbox",
            name="external",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="outbox",
            name="reached",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name="outbox",
            name="reached_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="outbox",
            index=models.Index(
                condition=models.Q(("external", ""), _negated=True), fields=["external"], name="outbox_external"
            ),
        ),
        migrations.AddField(
            model_name="channelaccount",
            name="institution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="accounts", to="records.institution"
            ),
        ),
        migrations.AddField(
            model_name="channelaccount",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="accounts",
                to="records.unit",
            ),
        ),
        migrations.AddField(
            model_name="inbox",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="records.channelaccount",
            ),
        ),
        migrations.AddField(
            model_name="inbox",
            name="case",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quarantined_deliveries",
                to="records.case",
            ),
        ),
        migrations.AddField(
            model_name="inboxitem",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="records.channelaccount",
            ),
        ),
        migrations.AddField(
            model_name="inboxitem",
            name="case",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="inbox_items", to="records.case"
            ),
        ),
        migrations.AddField(
            model_name="inboxitem",
            name="delivery",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="records.inbox"
            ),
        ),
        migrations.AddField(
            model_name="inboxanswer",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="records.inboxitem"
            ),
        ),
        migrations.AddConstraint(
            model_name="channelaccount",
            constraint=models.UniqueConstraint(fields=("institution", "channel", "name"), name="one_account_name"),
        ),
        migrations.AddIndex(
            model_name="inbox",
            index=models.Index(
                condition=models.Q(("state", "stored")), fields=["attempts", "next_at"], name="inbox_due"
            ),
        ),
        migrations.AddIndex(
            model_name="inbox",
            index=models.Index(fields=["account", "received_at"], name="inbox_account"),
        ),
        migrations.AddConstraint(
            model_name="inbox",
            constraint=models.UniqueConstraint(fields=("account", "delivery"), name="one_delivery"),
        ),
        migrations.AddIndex(
            model_name="inboxitem",
            index=models.Index(fields=["mark"], name="item_mark"),
        ),
        migrations.AddIndex(
            model_name="inboxitem",
            index=models.Index(fields=["external"], name="item_external"),
        ),
        migrations.AddIndex(
            model_name="inboxitem",
            index=models.Index(condition=models.Q(("about", ""), _negated=True), fields=["about"], name="item_about"),
        ),
        migrations.AddIndex(
            model_name="inboxitem",
            index=models.Index(fields=["account", "sender", "at"], name="item_sender"),
        ),
        migrations.AddIndex(
            model_name="inboxitem",
            index=models.Index(condition=models.Q(("state", "review")), fields=["account", "at"], name="item_review"),
        ),
        migrations.AddConstraint(
            model_name="inboxitem",
            constraint=models.UniqueConstraint(fields=("account", "mark"), name="one_item"),
        ),
        migrations.AddIndex(
            model_name="inboxanswer",
            index=models.Index(fields=["external"], name="answer_external"),
        ),
        migrations.AddConstraint(
            model_name="inboxanswer",
            constraint=models.UniqueConstraint(fields=("item", "external"), name="one_inbox_answer"),
        ),
    ]
