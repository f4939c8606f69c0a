"""Files that say who sent them open with the identity alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column of attachments; those that are there are open, as they were."""

    dependencies = [
        ("records", "0012_rungs"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="closed",
            field=models.BooleanField(default=False),
        ),
    ]
