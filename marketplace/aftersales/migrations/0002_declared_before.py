"""Withdrawals that were kept in the audit trail become rows of their own; the trail stays as it is."""

from django.db import migrations


def take_over(apps, schema_editor):
    entries = apps.get_model("core", "AuditEntry").objects
    receipts = dict(entries.filter(action="order.withdrawal_receipted").values_list("target_id", "at"))
    made = apps.get_model("market_aftersales", "Withdrawal").objects
    for entry in entries.filter(action="order.withdrawal_declared").order_by("pk"):
        told = entry.new
        made.create(
            region_id=entry.target_id,
            name=told["name"],
            number=told["number"],
            email=told["email"],
            goods=told.get("goods", ""),
            declared_at=entry.at,
            receipted_at=receipts.get(entry.pk),
        )


class Migration(migrations.Migration):
    dependencies = [("market_aftersales", "0001_initial"), ("core", "0003_initial")]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
