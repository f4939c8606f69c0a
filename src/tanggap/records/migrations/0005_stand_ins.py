"""Whom a Plh. stands in for."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A column of holders."""

    dependencies = (("records", "0004_notices"),)
    operations = (
        migrations.AddField(
            "holder",
            "instead_of",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stand_ins",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    )
