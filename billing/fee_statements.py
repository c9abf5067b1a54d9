"""Credits receivers of fees with what was taken of producers for them: once a month, by a self-billed credit note (389).

What a closed document took for somebody is owed to them from then on (ledger `fees_due`, without VAT). The credit note adds
the VAT of their own status. Without an agreement on self-billing it waits for their own invoice (`billing.supplier_invoices`).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Case, DecimalField, Exists, F, Max, OuterRef, QuerySet, Sum, When
from django.db.models.functions import TruncMonth

from billing import charges, crediting, finalising, numbers, periods, supplies
from billing.documents import SELF_BILLING_NOTE, DocLine, percent_text
from billing.finalising import Draft, Source
from billing.models import Invoice, InvoiceLine, JournalEntry, PassedFee, ProducerFee, SupplyContract
from billing.numbers import Prefix
from billing.rates import RateTable
from billing.settlements import Hindrance, Settled, unfit
from billing.totals import Totals, totals
from marketplace.core import money
from marketplace.core.models import VatCategory
from marketplace.partner.models import Partner

log = logging.getLogger(__name__)
Charge = InvoiceLine.Charge
MONEY = DecimalField(max_digits=12, decimal_places=2)


@dataclass(frozen=True, kw_only=True)
class Month:
    """What waits for a receiver of fees at the end of a month, what it lacks, and what a document on it comes to.

    `draft` is None where no document can be reckoned: without terms for that month, or when less than nothing is owed.
    """

    payee: Partner
    first: date
    last: date
    net: Decimal
    hindrance: Hindrance
    draft: Draft | None

    @property
    def sums(self) -> Totals | None:
        """Net, VAT by rate and gross of the document."""
        return totals(self.draft.document) if self.draft is not None else None


def taken() -> QuerySet[Any]:
    """The lines by which fees were taken for somebody else, with `owed`: euro without VAT, below zero once cancelled."""
    owed = Case(When(kind=Invoice.Kind.INVOICE, then=F("net")), default=-F("net"), output_field=MONEY)
    rows = InvoiceLine.objects.filter(charge=Charge.FEE, producer_fee__payee__isnull=False, invoice__partner__isnull=False)
    return rows.exclude(net=0).annotate(owed=owed)


def waiting() -> QuerySet[Any]:
    """Those that no statement counts, or only one that was cancelled."""
    counted = PassedFee.objects.filter(line=OuterRef("pk"), statement__replaced_by__isnull=True)
    return taken().filter(~Exists(counted))


def waiting_sums(*, region: Any) -> dict[int, Decimal]:
    """What waits for each receiver (by key), in euro without VAT. One query."""
    rows = waiting().filter(invoice__region=region).values_list("producer_fee__payee")
    return dict(rows.annotate(sum=Sum("owed")).order_by("producer_fee__payee"))


def due_months(*, today: date, region: Any = None) -> list[tuple[int, date]]:
    """Receivers (by key) and first days of past months with lines that wait, the oldest first. One query."""
    rows = waiting().filter(invoice__period_until__lt=periods.month_of(today)[0])
    rows = rows.filter(invoice__region=region) if region is not None else rows
    months = rows.annotate(month=TruncMonth("invoice__period_from")).values_list("producer_fee__payee", "month")
    return list(months.distinct().order_by("month", "producer_fee__payee"))


def settle_due(*, today: date, at: datetime) -> list[Settled]:
    """Credit every past month that waits, however many were missed; one that cannot be drawn is logged and tried again."""
    pairs = due_months(today=today)
    payees = Partner.objects.in_bulk({payee for payee, _month in pairs})
    return [_tried(payees[payee], *periods.month_of(month), today, at) for payee, month in pairs]


@transaction.atomic
def settle(*, partner: Partner, first: date, last: date, today: date, at: datetime) -> Settled:
    """Credit a receiver of fees for all that waits until the end of a past month.

    What comes to less than nothing is carried into the next month. With nothing to settle it gives back the month's latest
    document. Raises `periods.PeriodNotOver`.
    """
    periods.check(first=first, last=last, today=today)
    payee = lock(payee=partner)
    found = of_month(payee=payee, first=first, last=last, today=today)
    told: dict[str, Any] = {"partner": payee, "first": first, "last": last}
    if found.draft is not None and not found.hindrance:
        return Settled(**told, invoice=keep(draft=found.draft, payee=payee, last=last, at=at))
    drawn = Invoice.objects.filter(partner=payee, passed_fees__isnull=False, period_from=first, period_until=last)
    latest = drawn.order_by("-part").first() if not found.net else None
    return Settled(**told, invoice=latest, hindrance=found.hindrance if found.net else Hindrance.NONE)


def lock(*, payee: Partner) -> Partner:
    """Let one transaction at a time count what waits for a receiver."""
    locked = Partner.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=payee.pk)
    numbers.lock_books(region=locked.region)
    return locked


def of_month(*, payee: Partner, first: date, last: date, today: date) -> Month:
    """What waits for a receiver at the end of a month. Five queries."""
    lines = _lines(payee, last)
    net = sum((line.owed for line in lines), money.ZERO)
    contracts = list(SupplyContract.objects.filter(partner=payee).order_by("valid_from"))
    contract = supplies.contract_on(contracts=contracts, day=last)
    told: dict[str, Any] = {"payee": payee, "first": first, "last": last, "net": net}
    if contract is None:
        return Month(**told, hindrance=Hindrance.NO_CONTRACT, draft=None)
    hindrance = unfit(partner=payee, contracts=[contract], today=today)
    return Month(**told, hindrance=hindrance, draft=_draft(payee, contract, lines, (first, last), today) if net > 0 else None)


def keep(*, draft: Draft, payee: Partner, last: date, at: datetime) -> Invoice:
    """Make a draft of `of_month` final, and count every line of it; the caller holds the lock of the books."""
    lines = _lines(payee, last)
    invoice = finalising.finalise(draft=draft, at=at)
    before = dict(PassedFee.objects.filter(line__in=lines).values_list("line").annotate(last=Max("edition")).order_by("line"))
    PassedFee.objects.bulk_create(
        PassedFee(statement=invoice, line=line, edition=before.get(line.pk, 0) + 1, amount=line.owed) for line in lines
    )
    return invoice


def _lines(payee: Partner, last: date) -> list[Any]:
    rows = waiting().filter(producer_fee__payee=payee, invoice__period_until__lte=last)
    return list(rows.select_related("producer_fee").order_by("producer_fee", "pk"))


def _draft(payee: Partner, contract: SupplyContract, lines: Sequence[Any], period: tuple[date, date], today: date) -> Draft:
    """A line for each fee: what producers bore of it in all."""
    told: dict[ProducerFee, list[Any]] = {}
    for line in lines:
        told.setdefault(line.producer_fee, []).append(line)
    sums = [
        (fee, sum((line.owed for line in mine), money.ZERO), len({line.invoice_id for line in mine}))
        for fee, mine in told.items()
    ]
    kept = [row for row in sums if row[1]]
    taxed = RateTable.load().of_producer(status=contract.vat_status, category=VatCategory.STANDARD, day=period[1])
    code, label, _each = charges.UNITS["service"]
    document = crediting.credit_note(
        partner=payee,
        lines=tuple(
            DocLine(
                position=position,
                kind="fee",
                text=_text(fee, documents),
                quantity=Decimal(1 if net > 0 else -1),
                unit_code=code,
                unit_label=label,
                vat_rate=taxed.rate,
                vat_category=taxed.category,
                net=net,
                delivered_on=period[1],
            )
            for position, (fee, net, documents) in enumerate(kept, 1)
        ),
        notes=(SELF_BILLING_NOTE,),
        period=period,
        today=today,
    )
    summed = totals(document)
    sources = finalising.with_gross(
        sources=[
            Source(
                charge=Charge.SERVICE,
                quantity=Decimal(1 if net > 0 else -1),
                net=net,
                gross=money.ZERO,
                vat_rate=taxed.rate,
                producer_fee_id=fee.pk,
            )
            for fee, net, _documents in kept
        ],
        sums=summed,
    )
    drawn = Invoice.objects.filter(partner=payee, kind=Invoice.Kind.SELF_BILLED, period_from=period[0], period_until=period[1])
    return Draft(
        region=payee.region,
        prefix=Prefix.SELF_BILLED,
        document=document,
        period=period,
        part=(drawn.aggregate(last=Max("part"))["last"] or 0) + 1,
        sources=sources,
        sides=tuple(crediting.bought(sources=sources, sums=summed, partner=payee)),
        entry_kind=JournalEntry.Kind.SETTLEMENT,
        partner_id=payee.pk,
    )


def _text(fee: ProducerFee, documents: int) -> str:
    """What it is for, how it is reckoned, and of how many documents; in German, as the document is."""
    if fee.basis == ProducerFee.Basis.PERCENT:
        how = f"{percent_text(fee.amount)} % der Waren"
    else:
        how = f"{fee.amount:.2f} Euro je Bestellung".replace(".", ",")
    return f"{fee.name} ({how}), aus {documents} {'Abrechnung' if documents == 1 else 'Abrechnungen'} mit Betrieben"


def _tried(payee: Partner, first: date, last: date, today: date, at: datetime) -> Settled:
    try:
        return settle(partner=payee, first=first, last=last, today=today, at=at)
    except Exception:
        log.exception("No statement on fees for %s in %s", payee.pk, f"{first:%Y-%m}")
        return Settled(partner=payee, first=first, last=last, hindrance=Hindrance.ERROR)
