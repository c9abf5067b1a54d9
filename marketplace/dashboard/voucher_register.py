"""Says how vouchers stand: what they take off of which goods, how often they were used, and what that has cost so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet, Sum, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import InvoiceLine
from marketplace.core import money, wording
from marketplace.order.models import Order, OrderDiscount
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.vouchers import selection
from marketplace.vouchers.models import VoucherTerms
from marketplace.vouchers.selection import Chosen


class Stand(TextChoices):
    """Whether a voucher holds now."""

    COMING = "coming", gettext_lazy("not yet")
    HOLDS = "holds", gettext_lazy("holds")
    USED_UP = "used_up", gettext_lazy("used up")
    ENDED = "ended", gettext_lazy("ended")


_TONES = {Stand.COMING: "info", Stand.HOLDS: "success", Stand.USED_UP: "warning", Stand.ENDED: "neutral"}


@dataclass(frozen=True, kw_only=True)
class VoucherRow:
    """A voucher in the list; `cost` is what customers paid less for it: by invoice, or as ordered where there is none yet."""

    chosen: Chosen
    stand: Stand
    cost: Decimal

    @property
    def terms(self) -> VoucherTerms:
        """The voucher itself."""
        return self.chosen.terms

    @property
    def conditions(self) -> str:
        """What it is for, and from when on: "goods of Beispielhof, from 15.00, first order"."""
        parts = [self.chosen.reach.text]
        if self.chosen.minimum:
            parts.append(_("from %(minimum)s") % {"minimum": wording.euro(self.chosen.minimum)})
        if self.terms.first_order_only:
            parts.append(_("first order"))
        return ", ".join(parts)

    @property
    def last_day(self) -> date:
        """On which it still holds, or held."""
        return timezone.localdate(self.terms.voucher.end_datetime - timedelta(seconds=1))

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return _TONES[self.stand]


def of_region(*, region: Region) -> QuerySet[VoucherTerms]:
    """All vouchers of a region, the newest first."""
    return VoucherTerms.objects.filter(region=region).order_by("-voucher__start_datetime", "-pk")


def of_producer(*, partner: Partner) -> QuerySet[VoucherTerms]:
    """The vouchers that a producer bears, the newest first."""
    return VoucherTerms.objects.filter(bearer=partner).order_by("-voucher__start_datetime", "-pk")


def rows(*, terms: Sequence[VoucherTerms], at: datetime) -> list[VoucherRow]:
    """The rows of these vouchers, in their order. Five queries for any number."""
    loaded = {one.terms.pk: one for one in selection.load(terms=VoucherTerms.objects.filter(pk__in=[row.pk for row in terms]))}
    costs = _costs([row.voucher_id for row in terms])
    return [
        VoucherRow(
            chosen=loaded[row.pk],
            stand=stand(terms=loaded[row.pk].terms, at=at),
            cost=costs.get(row.voucher_id, money.ZERO),
        )
        for row in terms
    ]


def stand(*, terms: VoucherTerms, at: datetime) -> Stand:
    """Whether a voucher holds at that moment."""
    if at >= terms.voucher.end_datetime:
        return Stand.ENDED
    if at < terms.voucher.start_datetime:
        return Stand.COMING
    return Stand.USED_UP if terms.uses_in_all is not None and terms.used >= terms.uses_in_all else Stand.HOLDS


def _costs(vouchers: Sequence[int]) -> dict[int, Decimal]:
    billed = InvoiceLine.objects.filter(kind="380", discount__voucher_id__in=vouchers, invoice__replaced_by__isnull=True)
    found = {pk: -gross for pk, gross in billed.values_list("discount__voucher_id").annotate(Sum("gross")).order_by()}
    on_invoice = InvoiceLine.objects.filter(kind="380", order_line__order=OuterRef("order"))
    waiting = OrderDiscount.objects.filter(~Exists(on_invoice), voucher_id__in=vouchers)
    waiting = waiting.exclude(order__status=Order.Status.CANCELLED)
    for pk, amount in waiting.values_list("voucher_id").annotate(Sum("amount")).order_by():
        found[pk] = found.get(pk, money.ZERO) + amount
    return found
