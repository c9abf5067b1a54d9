"""What the addresses of the office's books are asked for."""

from datetime import UTC, date, datetime

from billing.models import Closing, Invoice, ManualEntry, PeriodExport
from marketplace.order.models import Order
from marketplace.regions.models import Region

AT = datetime(2020, 2, 1, tzinfo=UTC)


def arguments(*, region: Region, delivered: Order, invoice: Invoice) -> dict[str, list[object]]:
    """The arguments by the name of the address."""
    guest = Order.objects.filter(region=region, user__isnull=True).earliest("pk")
    proposed = ManualEntry.objects.get_or_create(
        region=region,
        kind=ManualEntry.Kind.WRITE_OFF,
        invoice=invoice,
        defaults={"amount": invoice.gross, "day": invoice.issued_on, "reason": "Probe", "proposed_at": AT},
    )[0]
    closed = Closing.objects.get_or_create(
        region=region, first=date(2020, 1, 1), defaults={"last": date(2020, 1, 31), "closed_at": AT}
    )[0]
    made = PeriodExport.objects.get_or_create(
        region=region,
        kind=PeriodExport.Kind.VAT,
        first=date(2020, 1, 1),
        last=date(2020, 1, 31),
        defaults={"content": b"x", "sha256": "", "size": 1, "made_at": AT},
    )[0]
    return {
        "office:handover_file": [made.pk],
        **{f"office:sellers{what}": [2025] for what in ("", "_make")},
        "office:person": [delivered.user_id],
        "office:guest": [guest.number],
        "office:propose": ["rechnung", invoice.pk],
        **{f"office:manual_{what}": [proposed.pk] for what in ("approve", "refuse")},
        "office:reopen_month": [closed.pk],
    }
