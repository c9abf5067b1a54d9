"""Lists the files that were made for the bank, and how far it has carried them out."""

from dataclasses import dataclass

from django.db.models import Count, Q

from billing.models import PayoutRun
from marketplace.regions.models import Region

MOST = 30


@dataclass(frozen=True)
class Row:
    """A run: how many credit notes, and how many of them the bank has paid."""

    run: PayoutRun
    items: int
    paid: int

    @property
    def is_dropped(self) -> bool:
        """Whether it never went to the bank."""
        return self.run.dropped_at is not None

    @property
    def is_done(self) -> bool:
        """Whether all of it is paid."""
        return self.paid >= self.items and not self.is_dropped


def runs(*, region: Region) -> list[Row]:
    """The newest first. One query."""
    paid = Count("items", filter=Q(items__settlement__payments__isnull=False), distinct=True)
    rows = PayoutRun.objects.filter(region=region).defer("message").select_related("made_by")
    rows = rows.annotate(number_of=Count("items", distinct=True), number_paid=paid).order_by("-made_at", "-pk")
    return [Row(row, row.number_of, row.number_paid) for row in rows[:MOST]]
