from django.db import migrations

from billing import triggers


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_later_parts")]

    operations = [migrations.RunSQL(triggers.FIRST, triggers.DROP)]
