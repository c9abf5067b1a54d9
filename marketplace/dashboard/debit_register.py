"""Lists the files of direct debits that were made, how far the bank is with them, and the mandates of a market."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from billing import mandates
from billing.models import DebitItem, DebitRun, Mandate
from marketplace.regions.models import Region

MOST = 30
MONEY = DecimalField(max_digits=12, decimal_places=2)


@dataclass(frozen=True)
class Row:
    """A run: how many invoices, what the bank has credited, and how many came back."""

    run: DebitRun
    items: int
    credited: Decimal
    returned: int

    @property
    def is_dropped(self) -> bool:
        """Whether it never went to the bank."""
        return self.run.dropped_at is not None

    @property
    def is_known(self) -> bool:
        """Whether the bank's statement has said anything of it."""
        return bool(self.credited or self.returned)


@dataclass(frozen=True)
class Held:
    """A mandate, and why it cannot be used, if so."""

    mandate: Mandate
    whose: str
    hindrance: str


def runs(*, region: Region) -> list[Row]:
    """The newest first. Two queries."""
    rows = DebitRun.objects.filter(region=region).defer("message").select_related("made_by")
    back = Count("items", filter=Q(items__payment__returns__reason__gt=""), distinct=True)
    found = list(rows.annotate(number_of=Count("items", distinct=True), back=back).order_by("-made_at", "-pk")[:MOST])
    sums = DebitRun.objects.filter(pk__in=[run.pk for run in found])
    credited = dict(sums.values_list("pk").annotate(sum=Coalesce(Sum("receipts__amount"), Value(0), output_field=MONEY)))
    return [Row(run, run.number_of, credited[run.pk], run.back) for run in found]


def standing(*, region: Region, today: date) -> list[Held]:
    """The mandates that were not revoked, those with a hindrance first. One query."""
    rows = mandates.with_use(Mandate.objects.filter(region=region, revoked_at__isnull=True)).select_related("account", "user")
    found = [
        Held(row, row.account.name if row.account else str(row.user), mandates.hindrance(mandate=row, today=today))
        for row in rows.order_by(F("suspended_at").asc(nulls_last=True), "-signed_at", "-pk")[: MOST * 4]
    ]
    return sorted(found, key=lambda held: not held.hindrance)


def came_back(*, region: Region) -> QuerySet[DebitItem]:
    """Debits that came back, the newest first, with what the bank said of them."""
    rows = DebitItem.objects.filter(run__region=region, payment__returns__reason__gt="")
    return (
        rows.select_related("invoice", "mandate").prefetch_related("payment__returns").order_by("-payment__returns__day", "-pk")
    )
