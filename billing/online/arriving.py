"""Books what the provider transferred when the bank's statement shows it: then the money is with the bank."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from billing import open_items
from billing.models import BankLine, ProviderPayout
from billing.online import bookings
from billing.open_items import OpenItem
from billing.payments import PaymentRefused
from marketplace.core import money
from marketplace.regions.models import Region

#: how the provider calls itself on statements
NAME = "Stripe"


def awaited(*, region: Region, incoming: bool) -> list[OpenItem]:
    """Payouts that the bank has not shown yet, the oldest first; none among what goes out."""
    if not incoming:
        return []
    rows = ProviderPayout.objects.filter(region=region, entry__isnull=True).order_by("arrives_on", "pk")
    kind = open_items.PROVIDER_PAYOUT
    return [OpenItem(kind=kind, pk=row.pk, number=row.number, whom=NAME, left=row.amount, day=row.arrives_on) for row in rows]


@transaction.atomic
def arrive(*, payout_id: int, line: BankLine, amount: Decimal, at: datetime) -> Decimal:
    """This booking of the bank is that payout, in one sum; says how much. Raises `payments.PaymentRefused`."""
    payout = ProviderPayout.objects.select_for_update(of=("self",)).select_related("region").get(pk=payout_id)
    if payout.entry_id is not None:
        raise PaymentRefused(_("This payout has arrived already."))
    if amount != payout.amount:
        raise PaymentRefused(_("A payout of the provider comes in one sum. Please compare the amounts."))
    payout.entry, payout.bank_line = bookings.arrival(payout=payout, day=line.booked_on, at=at), line
    payout.save(update_fields=["entry", "bank_line"])
    return payout.amount


def booked(*, line: BankLine) -> Decimal:
    """What of a booking was a payout of the provider, in euro."""
    found: Decimal | None = line.provider_payouts.aggregate(sum=Sum("amount"))["sum"]
    return found or money.ZERO
