"""By which way a notice leaves, what was tried, and a list of what a person must do; short words for chats and SMS."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns of the outbox and of the words of notices; the index of tasks knows those done by hand."""

    dependencies = (("records", "0015_carrying"),)

    operations = (
        migrations.AddField(
            model_name="outbox",
            name="account",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="records.channelaccount",
            ),
        ),
        migrations.AddField(
            model_name="outbox", name="tried", field=models.CharField(blank=True, max_length=120, default="")
        ),
        migrations.AddField(model_name="outbox", name="worded", field=models.BooleanField(default=False)),
        migrations.AddField(
            model_name="noticetemplate", name="short", field=models.TextField(blank=True, default="")
        ),
        migrations.RemoveIndex(model_name="outbox", name="outbox_trouble"),
        migrations.AddIndex(
            model_name="outbox",
            index=models.Index(
                condition=models.Q(("state__in", ("failed", "poison", "by_hand"))), fields=["institution", "state"],
                name="outbox_tasks",
            ),
        ),
    )  # fmt: skip
