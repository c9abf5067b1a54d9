"""Decides which lines lower a customer's document: credits that were granted, and deposits of empties that were given back.

On an invoice they are negative; a correction (381) says what is given back, so there they are positive. The wording is German, as
the documents' is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from billing import allowances, charges, worth
from billing.agencies import Agencies
from billing.charges import Charged
from billing.documents import DocLine
from billing.models import Credit, InvoiceLine
from billing.rates import RateTable
from logistics import empties
from logistics.models import Delivery, DepositReturn, PackedLine
from marketplace.core import money

Charge = InvoiceLine.Charge
CAUSES = {Credit.Cause.WITHDRAWAL: "Widerruf", Credit.Cause.COMPLAINT: "Reklamation"}
#: documents on which a credit is given; the credit note of the producer (389) is another matter
GIVING = ("380", "381")


def waiting(*, orders: Iterable[str]) -> QuerySet[Credit]:
    """Credits of the orders with these numbers that are on no document of the customer yet, the oldest first."""
    open_ones = Credit.objects.filter(order__number__in=set(orders)).exclude(invoice_lines__kind__in=GIVING)
    return open_ones.select_related("order_line__partner", "order__delivery", "fee").order_by("granted_at", "pk")


def billable(
    *,
    packed: QuerySet[PackedLine],
    returns: Iterable[DepositReturn],
    rates: RateTable,
    seller_id: int | None = None,
    fees_alone: Sequence[Charged] = (),
    everybody: bool = False,
) -> tuple[Charged, ...]:
    """All lines of an invoice over these deliveries: what is charged, less what was credited or given back; numbered.

    `seller_id` is the producer in whose name it is written; then only what came of its goods is credited. With `everybody` it is
    all that the customer pays, whoever sells. Empty when nothing was delivered: what is only given back waits for the next.
    """
    charged = (*charges.of(packed=packed, rates=rates, seller_id=seller_id), *fees_alone)
    if not charged:
        return ()
    granted = waiting(orders=(item.line.delivery_note for item in charged))
    credits = list(granted) if everybody else sold_by(credits=granted, seller_id=seller_id)
    fees = worth.fee_parts(charged=charged)
    found = [
        *charged,
        *of_credits(credits=credits, rates=rates, fees=fees, sign=-1),
        *of_returns(returns=returns, rates=rates, sign=-1),
    ]
    return tuple(replace(item, line=replace(item.line, position=position)) for position, item in enumerate(found, 1))


def sold_by(*, credits: QuerySet[Credit], seller_id: int | None) -> list[Credit]:
    """Of credits those for what a producer sold in its own name, or (None) for what the operator sold. Two queries."""
    some = list(credits)
    held = Agencies.load(partners={one.order_line.partner_id for one in some if one.order_line is not None})

    def seller(one: Credit) -> int | None:
        return held.seller_of_line(line=one.order_line, order=one.order) if one.order_line is not None else None

    return [one for one in some if seller(one) == seller_id]


def owed(*, delivery: Delivery) -> Decimal:
    """What is to be paid for a completed delivery in all, in euro including VAT; zero when nothing arrived or it is billed."""
    lines = billable(
        packed=charges.unbilled().filter(delivery=delivery),
        returns=empties.waiting(customers=[empties.customer_of(delivery.order)], region=delivery.order.region_id),
        rates=RateTable.load(),
        everybody=True,
    )
    return sum((item.gross for item in lines), money.ZERO)


def owed_each(*, deliveries: Sequence[Delivery]) -> dict[str, Decimal]:
    """The same for many completed deliveries, by number of their order; those that are billed are left out. Six queries."""
    packed = charges.unbilled().filter(delivery__in=[row.pk for row in deliveries])
    found: dict[str, Decimal] = {}
    for item in charges.of(packed=packed, rates=RateTable.load()):
        found[item.line.delivery_note] = found.get(item.line.delivery_note, money.ZERO) + item.gross
    for credit in waiting(orders=found):
        found[credit.order.number] -= credit.gross
    open_ones = {row.pk: row.order.number for row in deliveries if row.order.number in found}
    for pk, amount in empties.coming_off(deliveries=[row for row in deliveries if row.pk in open_ones]).items():
        found[open_ones[pk]] -= amount
    return found


def cause_text(*, credit: Credit) -> str:
    """Why something is credited, as documents say it."""
    return CAUSES[Credit.Cause(credit.cause)]


def of_credits(
    *, credits: Sequence[Credit], rates: RateTable, fees: Mapping[str, Mapping[Decimal, Decimal]], sign: int
) -> Iterator[Charged]:
    """The lines of credits; `sign` is -1 on an invoice, 1 on a correction. `fees`: by order number and rate."""
    for credit in credits:
        day = charges.day_of(credit.order.delivery)
        if credit.fee_id:
            yield from _of_fee(credit, day, fees[credit.order.number], sign)
        else:
            yield _of_line(credit, day, rates, sign)


def _of_line(credit: Credit, day: date, rates: RateTable, sign: int) -> Charged:
    line = credit.order_line
    if line is None:
        raise ValueError(f"Credit {credit.key} is for no line.")
    taxed = rates.on(category=line.vat_category, day=day)
    deposit = credit.charge == Charge.DEPOSIT
    text = charges.deposit_text(line) if deposit else charges.article_text(line)
    code, label, _each = charges.UNITS["piece"]
    partner = line.partner
    document_line = DocLine(
        position=0,
        kind="deposit" if deposit else "goods",
        text=f"{cause_text(credit=credit)}: {text}",
        quantity=Decimal(sign * credit.quantity),
        unit_code=code,
        unit_label=label,
        vat_rate=taxed.rate,
        vat_category=taxed.category,
        gross=money.to_cents(sign * credit.gross),
        sku="" if deposit else line.partner_sku,
        producer=", ".join(word for word in (line.partner_name, partner.city if partner else "") if word),
        delivery_note=credit.order.number,
        delivered_on=day,
    )
    return Charged(document_line, Charge(credit.charge), credit_id=credit.pk)


def _of_fee(credit: Credit, day: date, fees: Mapping[Decimal, Decimal], sign: int) -> Iterator[Charged]:
    """The fee goes back at the rates at which it was charged."""
    code, label, _each = charges.UNITS["piece"]
    rates = sorted(rate for rate, part in fees.items() if part > 0)
    parts = money.spread(credit.gross, [fees[rate] for rate in rates])
    for rate, part in zip(rates, parts, strict=True):
        if not part:
            continue
        line = DocLine(
            position=0,
            kind="fee",
            text=f"{cause_text(credit=credit)}: Lieferung" + allowances.share_text(rate=rate, rates=len(rates)),
            quantity=Decimal(sign),
            unit_code=code,
            unit_label=label,
            vat_rate=rate,
            vat_category="S" if rate else "E",
            gross=money.to_cents(sign * part),
            delivery_note=credit.order.number,
            delivered_on=day,
        )
        yield Charged(line, Charge.FEE, credit_id=credit.pk)


def of_returns(*, returns: Iterable[DepositReturn], rates: RateTable, sign: int) -> Iterator[Charged]:
    """The lines of empties; a deposit that is paid back lowers the turnover at the rate of its content. `sign` as above."""
    code, label, _each = charges.UNITS["piece"]
    for row in returns:
        day = timezone.localdate(row.noted_at)
        taxed = rates.on(category=row.vat_category, day=day)
        line = DocLine(
            position=0,
            kind="deposit",
            text=f"Pfandrückgabe {row.text}",
            quantity=Decimal(sign * row.quantity),
            unit_code=code,
            unit_label=label,
            vat_rate=taxed.rate,
            vat_category=taxed.category,
            gross=money.to_cents(sign * row.deposit_each * row.quantity),
            delivered_on=day,
        )
        yield Charged(line, Charge.RETURN, deposit_return_id=row.pk)
