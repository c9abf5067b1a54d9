"""Settles with producers that sell in their own names: what was held for them, less the operator's commission, is paid out.

Once a month the operator writes an invoice on its commission (380, its own service at the usual rate), and a statement that
counts every document in the producer's name once. What the statement says is owed to the producer from then on.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Case, DecimalField, F, Max, QuerySet, Sum, When
from django.db.models.functions import TruncMonth
from django.utils import translation

from billing import charges, finalising, journal, parties, periods, supplies, takings
from billing.commissions import CommissionTable
from billing.documents import DocLine, Document, TypeCode, percent_text
from billing.finalising import Draft, Source
from billing.models import (
    AgencyItem,
    AgencyStatement,
    Invoice,
    InvoiceLine,
    JournalEntry,
    ProducerFee,
    SupplyContract,
)
from billing.numbers import Prefix
from billing.rates import RateTable, Taxed
from billing.totals import totals
from marketplace.core import money, wording
from marketplace.core.models import VatCategory
from marketplace.partner.models import Partner

log = logging.getLogger(__name__)
Charge = InvoiceLine.Charge
#: what commission is taken on; deposits pass through
GOODS = (Charge.GOODS, Charge.DISCOUNT)
MONEY = DecimalField(max_digits=12, decimal_places=2)


def signed(documents: QuerySet[Invoice]) -> QuerySet[Any]:
    """Documents with `worth`: what they say, below zero for a correction; euro."""
    worth = Case(When(kind=Invoice.Kind.CREDIT, then=-F("gross")), default=F("gross"), output_field=MONEY)
    found: QuerySet[Any] = documents.annotate(worth=worth)
    return found


def waiting() -> QuerySet[Invoice]:
    """The documents in producers' names that no statement counts."""
    return Invoice.objects.filter(seller__isnull=False, agency_item__isnull=True)


def due_months(*, today: date) -> list[tuple[int, date]]:
    """Producers (by key) and first days of past months with such documents, the oldest first. One query."""
    rows = waiting().filter(period_until__lt=periods.month_of(today)[0]).annotate(month=TruncMonth("period_from"))
    return list(rows.values_list("seller", "month").distinct().order_by("month", "seller"))


def settle_due(*, today: date, at: datetime) -> list[AgencyStatement]:
    """Draw every statement that is due; one that cannot be drawn is logged and tried again next time."""
    found = []
    for partner_id, month in due_months(today=today):
        first, last = periods.month_of(month)
        try:
            made = settle(partner=Partner.objects.get(pk=partner_id), first=first, last=last, today=today, at=at)
        except Exception:
            log.exception("No statement for producer %s in %s", partner_id, f"{month:%Y-%m}")
        else:
            found += [made] if made is not None else []
    return found


@transaction.atomic
def settle(*, partner: Partner, first: date, last: date, today: date, at: datetime) -> AgencyStatement | None:
    """The statement over all documents of a past month that none counts yet, with the invoice on the commission.

    With nothing left it gives back the month's latest one, or None. Raises `periods.PeriodNotOver`.
    """
    periods.check(first=first, last=last, today=today)
    partner = Partner.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=partner.pk)
    drawn = AgencyStatement.objects.filter(partner=partner, period_from=first, period_until=last)
    documents = list(
        signed(waiting().filter(seller=partner, period_from__gte=first, period_until__lte=last)).defer("content").order_by("pk")
    )
    if not documents:
        return drawn.order_by("-part").first()
    entrusted = sum((row.worth for row in documents), money.ZERO)
    lines, fees = _lines(partner, documents, last)
    document = _document(partner, lines, (first, last), today, entrusted)
    part = (drawn.aggregate(last=Max("part"))["last"] or 0) + 1
    invoice = finalising.finalise(draft=_draft(partner, document, fees, (first, last), part, entrusted), at=at)
    statement = AgencyStatement.objects.create(
        region=partner.region,
        partner=partner,
        commission=invoice,
        period_from=first,
        period_until=last,
        part=part,
        entrusted=entrusted,
        amount=entrusted - invoice.gross,
        made_at=at,
    )
    AgencyItem.objects.bulk_create(AgencyItem(statement=statement, invoice=row, gross=row.worth) for row in documents)
    return statement


def held(*, region: Any) -> dict[int, Decimal]:
    """What is held for each producer (by key) by the documents that no statement counts; euro. One query."""
    rows = signed(waiting().filter(region=region))
    return dict(rows.values_list("seller").annotate(sum=Sum("worth")).order_by("seller"))


def _lines(
    partner: Partner, documents: Sequence[Invoice], last: date
) -> tuple[tuple[DocLine, ...], tuple[ProducerFee | None, ...]]:
    """The commission by percentage, then the fees, and of each line the fee; a document needs a line, if only of nothing."""
    contracts = list(SupplyContract.objects.filter(partner=partner).select_related("partner").order_by("valid_from"))
    rows = list(
        InvoiceLine.objects.filter(invoice__in=documents, charge__in=GOODS)
        .select_related("order_line__packed_line__delivery", "credit__order_line__packed_line__delivery")
        .order_by("invoice", "position")
    )
    table = CommissionTable.load(partners=[partner.pk], products={_order_line(row).product_id for row in rows})
    bases: dict[Decimal, Decimal] = {}
    fees: dict[ProducerFee, Decimal] = {}
    orders: dict[ProducerFee, set[int]] = {}
    for row in rows:
        line, net = _order_line(row), -row.net if row.kind == Invoice.Kind.CREDIT else row.net
        day = charges.day_of(line.packed_line.delivery)
        contract = supplies.contract_on(contracts=contracts, day=day)
        if contract is None:
            raise ValueError(f"No contract on {day:%Y-%m-%d}.")
        percent = table.on(contract=contract, product_id=line.product_id, day=day).percent
        bases[percent] = bases.get(percent, money.ZERO) + net
        for fee in table.fees_on(partner=partner, day=day):
            if fee.basis == ProducerFee.Basis.PERCENT:
                fees[fee] = fees.get(fee, money.ZERO) + net
            elif row.kind == Invoice.Kind.INVOICE and row.credit_id is None:
                orders.setdefault(fee, set()).add(line.order_id)
    told: list[tuple[str, Decimal, ProducerFee | None]] = [
        (f"Vermittlungsprovision {percent_text(percent)} % vom Nettoumsatz", _share(base, percent), None)
        for percent, base in sorted(bases.items())
    ]
    told += [
        (f"{fee.name} {percent_text(fee.amount)} %, erhält: {fee.recipient}", _share(base, fee.amount), fee)
        for fee, base in fees.items()
    ]
    told += [(f"{fee.name}, erhält: {fee.recipient}", fee.amount * len(mine), fee) for fee, mine in orders.items()]
    taxed = RateTable.load().on(category=VatCategory.STANDARD, day=last)
    kept = [item for item in told if item[1]] or [("Vermittlungsprovision", money.ZERO, None)]
    lines = tuple(_line(position, text, amount, taxed, last) for position, (text, amount, _fee) in enumerate(kept, 1))
    return lines, tuple(fee for _text, _amount, fee in kept)


def _order_line(row: InvoiceLine) -> Any:
    return row.credit.order_line if row.credit is not None else row.order_line


def _share(base: Decimal, percent: Decimal) -> Decimal:
    return money.to_cents(Fraction(base) * Fraction(percent) / 100)


def _line(position: int, text: str, amount: Decimal, taxed: Taxed, last: date) -> DocLine:
    code, label, _each = charges.UNITS["service"]
    return DocLine(
        position=position,
        kind="fee",
        text=text,
        quantity=Decimal(1 if amount >= 0 else -1),
        unit_code=code,
        unit_label=label,
        vat_rate=taxed.rate,
        vat_category=taxed.category,
        net=amount,
        delivered_on=last,
    )


def _document(partner: Partner, lines: Iterable[DocLine], period: tuple[date, date], today: date, entrusted: Decimal) -> Document:
    """The operator's service, rendered by the end of the month; paid by what is held, so nothing is to be transferred for it."""
    document = Document(
        type_code=TypeCode.INVOICE,
        number="-",
        issued_on=today,
        seller=parties.operator(partner.region),
        buyer=parties.producer(partner),
        lines=tuple(lines),
        notes=(f"Provision für die Vermittlung Ihrer Verkäufe vom {period[0]:%d.%m.} bis {period[1]:%d.%m.%Y}.",),
    )
    gross = totals(document).gross
    left = entrusted - gross
    end = f"Auszahlung {_euro(left)}." if left >= 0 else f"{_euro(-left)} verrechnen wir mit dem nächsten Monat."
    terms = f"Für Sie eingenommen {_euro(entrusted)}, abzüglich dieser Rechnung {_euro(gross)}: {end}"
    return replace(document, prepaid=gross, terms=terms)


def _euro(amount: Decimal) -> str:
    """In German, as the document is."""
    with translation.override("de"):
        return wording.euro(amount)


def _draft(
    partner: Partner,
    document: Document,
    fees: Sequence[ProducerFee | None],
    period: tuple[date, date],
    part: int,
    entrusted: Decimal,
) -> Draft:
    sums = totals(document)
    sources = tuple(
        Source(
            charge=Charge.COMMISSION if fee is None else Charge.FEE,
            quantity=row.line.quantity,
            net=row.net,
            gross=money.ZERO,
            vat_rate=row.line.vat_rate,
            producer_fee_id=fee.pk if fee is not None else None,
        )
        for row, fee in zip(sums.lines, fees, strict=True)
    )
    passed = takings.for_others(taken=((fee, row.net) for row, fee in zip(sums.lines, fees, strict=True)))
    nets = {group.rate: group.net for group in sums.vat}
    taxes = finalising.taxes(sums)
    return Draft(
        region=partner.region,
        prefix=Prefix.COMMISSION,
        document=document,
        period=period,
        part=part,
        sources=finalising.with_gross(sources=sources, sums=sums),
        sides=(
            *journal.agency_payable(entrusted=entrusted, nets=nets, taxes=taxes, partner_id=partner.pk),
            *journal.passed_on(fees=passed),
        ),
        entry_kind=JournalEntry.Kind.COMMISSION,
        partner_id=partner.pk,
    )
