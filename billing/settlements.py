"""Decides what producers are credited for: once a month, what was delivered of their goods, less commission (self-billing, 389).

The operator writes the document (section 14(2) UStG), so it needs the producer's agreement on file; without one the producer is
named with the reason instead. An objection stops the payout.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet, TextChoices
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import allowances, charges, crediting, deductions, finalising, payables, periods, supplies
from billing.commissions import CommissionTable
from billing.finalising import Draft
from billing.models import Invoice, InvoiceLine, PayoutItem, SupplyContract
from billing.rates import RateTable
from billing.supplies import Agreed, Supplied
from logistics.models import PackedLine
from marketplace.core import audit
from marketplace.partner.models import Partner

log = logging.getLogger(__name__)


class Hindrance(TextChoices):
    """Why a producer gets no credit note although goods were delivered; the label is fit for the office."""

    NONE = "", ""
    NO_CONTRACT = "no_contract", gettext_lazy("no supply contract for those days")
    NO_AGREEMENT = "no_agreement", gettext_lazy("no agreement on file")
    NOT_COMMISSION = "not_commission", gettext_lazy("does not sell on commission")
    NO_TAX_NUMBER = "no_tax_number", gettext_lazy("neither VAT id nor tax number")
    ERROR = "error", gettext_lazy("could not be drawn")


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What became of one producer's month: a document, or why there is none; neither when nothing was delivered."""

    partner: Partner
    first: date
    last: date
    invoice: Invoice | None = None
    hindrance: Hindrance = Hindrance.NONE


@dataclass(frozen=True, kw_only=True)
class Month:
    """What a producer's month comes to: the credit note, None where none can be reckoned, and what hinders it."""

    hindrance: Hindrance
    draft: Draft | None


class ObjectionRefused(Exception):
    """The document cannot be objected to any more; the message is fit for the producer."""


def for_partner(partner: Partner) -> QuerySet[Invoice]:
    """A producer's credit notes and their cancellations, the newest first; files and payments are at hand."""
    return (
        Invoice.objects.filter(partner=partner)
        .select_related("file", "replaced_by", "replaces", "agency_statement")
        .defer("file__xml", "file__pdf")
        .prefetch_related("payments")
        .order_by("-issued_on", "-pk")
    )


def to_pay_out(*, region: Any) -> QuerySet[Invoice]:
    """The credit notes of a region that wait for their payout, the oldest first."""
    waiting = payables.owed_on(Invoice.objects.filter(region=region))
    open_ones = waiting.filter(objected_at__isnull=True, payments__isnull=True, replaced_by__isnull=True)
    return open_ones.select_related("partner").order_by("issued_on", "pk")


def settle_due(*, today: date, at: datetime) -> list[Settled]:
    """Settle every past month with delivered goods that are not settled, the oldest first, however many were missed."""
    this_month = periods.starts(periods.month_of(today)[0])
    waiting = charges.unsettled().filter(delivery__completed_at__lt=this_month, order_line__partner__isnull=False)
    months = waiting.annotate(month=TruncMonth("delivery__completed_at")).values_list("order_line__partner", "month")
    pairs = list(months.distinct().order_by("month", "order_line__partner"))
    partners = Partner.objects.in_bulk({partner for partner, _month in pairs})
    return [_tried(partners[partner], *periods.month_of(month.date()), today, at) for partner, month in pairs]


@transaction.atomic
def settle(*, partner: Partner, first: date, last: date, today: date, at: datetime) -> Settled:
    """Credit a producer for what was delivered in a past period within one month and is not settled yet.

    With nothing left to settle it gives back the period's latest document. Goods reported later make a further part of the month.
    Raises `periods.PeriodNotOver`.
    """
    periods.check(first=first, last=last, today=today)
    partner = Partner.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=partner.pk)
    found = of_month(partner=partner, first=first, last=last, today=today)
    if found.draft is not None and not found.hindrance:
        return Settled(partner=partner, first=first, last=last, invoice=finalising.finalise(draft=found.draft, at=at))
    if found.hindrance:
        return Settled(partner=partner, first=first, last=last, hindrance=found.hindrance)
    drawn = _drawn(partner, (first, last)).filter(passed_fees__isnull=True)
    return Settled(partner=partner, first=first, last=last, invoice=drawn.order_by("-part").first())


def of_month(*, partner: Partner, first: date, last: date, today: date) -> Month:
    """What a past month of a producer comes to as far as nothing settles it, and what hinders the credit note."""
    rows = list(_of_partner(partner, first, last))
    if not rows:
        return Month(hindrance=Hindrance.NONE, draft=None)
    contracts = list(SupplyContract.objects.filter(partner=partner).select_related("partner").order_by("valid_from"))
    hindrance = _hindrance(partner, rows, contracts, today)
    if hindrance in (Hindrance.NO_CONTRACT, Hindrance.NOT_COMMISSION):
        return Month(hindrance=hindrance, draft=None)
    part = (_drawn(partner, (first, last)).aggregate(last=Max("part"))["last"] or 0) + 1
    return Month(hindrance=hindrance, draft=_draft(partner, rows, contracts, (first, last), part, today))


def _drawn(partner: Partner, period: tuple[date, date]) -> QuerySet[Invoice]:
    kind = Invoice.Kind.SELF_BILLED
    return Invoice.objects.filter(partner=partner, kind=kind, period_from=period[0], period_until=period[1])


@transaction.atomic
def objection(*, settlement: Invoice, at: datetime, by: Any, text: str) -> Invoice:
    """The producer does not accept the document: it stops being one (section 14(2) sentence 3 UStG); nothing is paid out on it.

    What was paid out already stays with the producer until the office cancels it and settles anew; the difference is set off. A
    second objection changes nothing. Raises `ObjectionRefused` once it was cancelled, or while its money is on its way.
    """
    locked = Invoice.objects.select_for_update(of=("self",)).get(pk=settlement.pk, kind=Invoice.Kind.SELF_BILLED)
    if locked.settled_by_id is not None:
        raise ObjectionRefused(_("%(number)s was settled by your own invoice.") % {"number": locked.number})
    if Invoice.objects.filter(replaces=locked).exists():
        raise ObjectionRefused(_("%(number)s was cancelled already.") % {"number": locked.number})
    if not locked.payments.exists() and PayoutItem.objects.filter(settlement=locked, stands=True).exists():
        raise ObjectionRefused(
            _("The money of %(number)s is on its way. Please object once it has come.") % {"number": locked.number}
        )
    if locked.objected_at is None:
        locked.objected_at = at
        locked.save(update_fields=["objected_at"])
        audit.record(action="billing.objection", target=locked, at=at, by=by, new={"text": text})
    return locked


def _draft(
    partner: Partner,
    rows: list[PackedLine],
    contracts: list[SupplyContract],
    period: tuple[date, date],
    part: int,
    today: date,
) -> Draft:
    """The credit note for these lines, less what came off since as far as it does not fall below zero."""
    table = CommissionTable.load(partners=[partner.pk], products={row.order_line.product_id for row in rows})
    agreed = Agreed(contracts=contracts, commissions=table, rates=RateTable.load())
    known = _credited_before(partner, {row.delivery.order_id for row in rows})
    given = allowances.given(orders={row.delivery.order_id for row in rows})
    borne = {order: [one for one in vouchers if one.granted.bearer_id == partner.pk] for order, vouchers in given.items()}
    supplied = [
        item for row in rows for item in supplies.of_row(row=row, borne=borne.get(row.delivery.order_id, ()), agreed=agreed)
    ]

    def drawn(off: Sequence[Supplied]) -> Draft:
        return crediting.draft(
            partner=partner,
            supplied=[*supplied, *off],
            period=period,
            part=part,
            today=today,
            commissions=table,
            known_orders=known,
        )

    off = deductions.of(partner=partner, rows=rows, agreed=agreed, period=period)
    return drawn(deductions.fitting(off=off, worth=lambda some: crediting.worth(drawn=drawn(some))))


def _credited_before(partner: Partner, orders: Collection[int]) -> set[int]:
    """Which of these orders are on an earlier credit note of the producer, because a part was reported later."""
    lines = InvoiceLine.objects.filter(kind="389", invoice__partner=partner, order_line__order__in=orders)
    return set(lines.filter(invoice__replaced_by__isnull=True).values_list("order_line__order", flat=True))


def _tried(partner: Partner, first: date, last: date, today: date, at: datetime) -> Settled:
    try:
        return settle(partner=partner, first=first, last=last, today=today, at=at)
    except Exception:
        log.exception("No settlement for producer %s in %s", partner.pk, f"{first:%Y-%m}")
        return Settled(partner=partner, first=first, last=last, hindrance=Hindrance.ERROR)


def _of_partner(partner: Partner, first: date, last: date) -> QuerySet[PackedLine]:
    return (
        charges.unsettled()
        .filter(
            order_line__partner=partner,
            delivery__completed_at__gte=periods.starts(first),
            delivery__completed_at__lt=periods.starts(last + timedelta(days=1)),
        )
        .select_related("order_line", "delivery")
        .order_by("delivery__completed_at", "order_line__title", "order_line__pk")
    )


def _hindrance(partner: Partner, rows: list[PackedLine], contracts: list[SupplyContract], today: date) -> Hindrance:
    days = {charges.day_of(row.delivery) for row in rows}
    held = [supplies.contract_on(contracts=contracts, day=day) for day in days]
    known = [contract for contract in held if contract is not None]
    if len(known) < len(held):
        return Hindrance.NO_CONTRACT
    if any(contract.mode in (SupplyContract.Mode.OWN, SupplyContract.Mode.FEES) for contract in known):
        return Hindrance.NOT_COMMISSION
    return unfit(partner=partner, contracts=known, today=today)


def unfit(*, partner: Partner, contracts: Sequence[SupplyContract], today: date) -> Hindrance:
    """What forbids a credit note to a business on these terms: no agreement on it, or no number for the tax office."""
    if any(contract.self_billing_agreed_on is None or contract.self_billing_agreed_on > today for contract in contracts):
        return Hindrance.NO_AGREEMENT
    return Hindrance.NONE if partner.vat_id or partner.tax_number else Hindrance.NO_TAX_NUMBER


def without_document(*, region: Any, before: date) -> QuerySet[Partner]:
    """The producers of a region with goods delivered before a day that nobody has settled; the office asks what they lack."""
    waiting = charges.unsettled().filter(delivery__completed_at__lt=periods.starts(before))
    return Partner.objects.filter(Q(pk__in=waiting.values("order_line__partner")), region=region).order_by("name", "pk")
