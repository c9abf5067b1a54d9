"""Reads the sums of VAT of the last months from the journal."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from billing import periods
from billing.models import Posting
from marketplace.core import money
from marketplace.regions.models import Region

Ledger = Posting.Ledger
MONTHS = 4


@dataclass
class Month:
    """VAT of a month in euro by rate: what is owed for sales, and what comes off for purchases."""

    first: date
    owed: dict[Decimal, Decimal] = field(default_factory=dict)
    input: dict[Decimal, Decimal] = field(default_factory=dict)

    @property
    def left(self) -> Decimal:
        """What is to be paid to the tax office; below zero it comes back."""
        return sum(self.owed.values(), money.ZERO) - sum(self.input.values(), money.ZERO)


def by_month(*, region: Region, today: date) -> list[Month]:
    """The last months with bookings, the newest first. One query."""
    first = periods.month_of(today)[0]
    for _turn in range(MONTHS - 1):
        first = periods.month_of(first - timedelta(days=1))[0]
    rows = Posting.objects.filter(entry__region=region, entry__day__gte=first, ledger__in=(Ledger.VAT_OUT, Ledger.VAT_IN))
    sums = rows.annotate(month=TruncMonth("entry__day")).values_list("month", "ledger", "vat_rate").annotate(sum=Sum("amount"))
    found: Mapping[date, Month] = defaultdict(lambda: Month(first))
    for month, ledger, rate, amount in sums.order_by("vat_rate"):
        row = found[month]
        row.first = month
        if ledger == Ledger.VAT_OUT:
            row.owed[rate] = -amount
        else:
            row.input[rate] = amount
    return sorted(found.values(), key=lambda row: row.first, reverse=True)
