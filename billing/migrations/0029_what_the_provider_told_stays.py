from django.db import migrations

from billing import online_triggers


class Migration(migrations.Migration):
    dependencies = [("billing", "0028_fees_and_suppliers")]

    operations = [migrations.RunSQL(online_triggers.CREATE, online_triggers.DROP)]
