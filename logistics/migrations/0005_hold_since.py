"""A reservation knows when it began, and which offer of the waiting list it uses."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("logistics", "0004_shopping")]

    operations = [
        migrations.AddField(
            model_name="reservation",
            name="since",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reservation",
            name="offer",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="reservation",
                to="logistics.waitingentry",
            ),
        ),
    ]
