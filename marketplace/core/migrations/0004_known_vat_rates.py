"""Germany's VAT rates, so that a new installation can sell on its first day."""

from datetime import timedelta
from decimal import Decimal

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange


def load(apps, schema_editor):
    from marketplace.core.rates import KNOWN_RATES

    rate = apps.get_model("core", "VatRate")
    for category, percent, first, last in KNOWN_RATES:
        rate.objects.create(category=category, percent=Decimal(percent), valid=DateRange(first, last and last + timedelta(days=1)))


class Migration(migrations.Migration):
    dependencies = [("core", "0003_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
