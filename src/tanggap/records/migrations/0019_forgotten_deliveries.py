"""When the bytes of a delivery were erased."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = (("records", "0018_sender_reveals"),)
    operations = (migrations.AddField("inbox", "erased_at", models.DateTimeField(null=True)),)
