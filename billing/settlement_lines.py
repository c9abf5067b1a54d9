"""Reads every line of a producer's credit note: what went to which order on which day, and what was taken of it.

The sums are those of the document, to the cent: the commission of the document is spread over the goods that it was taken on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from billing import charges, reductions
from billing.models import Invoice, InvoiceLine
from logistics.models import Delivery
from marketplace.core import money

Charge = InvoiceLine.Charge
TAKEN = (Charge.COMMISSION, Charge.FEE)
PASSING = (Charge.DEPOSIT, Charge.RETURN)


class Group(NamedTuple):
    """What one commission is taken on."""

    rate: Decimal
    percent: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing supplied, or that came off. Euro without VAT; `commission` is not positive unless something came off.

    `customers` is what they paid for it, VAT of the sale included; None where that is not said any more.
    """

    charge: InvoiceLine.Charge
    day: date | None
    code: str
    text: str
    quantity: Decimal
    customers: Decimal | None
    net: Decimal
    commission: Decimal
    percent: Decimal | None
    vat_rate: Decimal

    @property
    def left(self) -> Decimal:
        """What is left for the producer, without VAT."""
        return self.net + self.commission


@dataclass(frozen=True, kw_only=True)
class Fee:
    """A fee that came off, and who receives it."""

    text: str
    recipient: str
    net: Decimal


@dataclass(frozen=True, kw_only=True)
class Tax:
    """The VAT of one rate that is put on top."""

    rate: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, kw_only=True)
class Lines:
    """All lines of a credit note with its sums."""

    rows: tuple[Row, ...]
    fees: tuple[Fee, ...]
    taxes: tuple[Tax, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal

    @property
    def goods(self) -> Decimal:
        """Goods less what came off them."""
        return sum((row.net for row in self.rows if row.charge not in PASSING), money.ZERO)

    @property
    def deposits(self) -> Decimal:
        """Deposits less those of empties that came back."""
        return sum((row.net for row in self.rows if row.charge in PASSING), money.ZERO)

    @property
    def commission(self) -> Decimal:
        """What the operator keeps as commission; not positive."""
        return sum((row.commission for row in self.rows), money.ZERO)

    @property
    def fee(self) -> Decimal:
        """All fees; not positive."""
        return sum((fee.net for fee in self.fees), money.ZERO)


def read(*, settlement: Invoice) -> Lines:
    """The lines of a credit note, by day and order. One query."""
    found = list(
        settlement.lines.select_related(
            "order_line__packed_line__delivery",
            "credit__order_line__packed_line__delivery",
            "credit__order",
            "deposit_return__delivery",
            "discount",
            "producer_fee",
        ).order_by("position")
    )
    told = [line for line in found if line.charge not in TAKEN]
    commissions = _spread(told, [line for line in found if line.charge == Charge.COMMISSION])
    rows = [_row(line, commission) for line, commission in zip(told, commissions, strict=True)]
    return Lines(
        rows=tuple(sorted(rows, key=lambda row: (row.day or date.min, row.code))),
        fees=tuple(_fees(found)),
        taxes=tuple(_taxes(found)),
        net=settlement.net,
        tax=settlement.tax,
        gross=settlement.gross,
    )


def _spread(told: Sequence[InvoiceLine], taken: Iterable[InvoiceLine]) -> list[Decimal]:
    """The commission on each line; what lines of older documents were taken at is told by their rate alone."""
    found = [money.ZERO] * len(told)
    sums: dict[Group, Decimal] = {}
    for line in taken:
        key = Group(line.vat_rate, line.percent)
        sums[key] = sums.get(key, money.ZERO) + line.net
    for key, total in sums.items():
        places = [
            place for place, line in enumerate(told) if line.charge not in PASSING and Group(line.vat_rate, line.percent) == key
        ]
        base = sum((told[place].net for place in places), money.ZERO)
        exact = [Fraction(told[place].net) * Fraction(total) / Fraction(base) for place in places] if base else []
        for place, part in zip(places, money.settle(exact, total) if exact else [], strict=False):
            found[place] = part
    return found


def _row(line: InvoiceLine, commission: Decimal) -> Row:
    delivery, day = _delivery(line), None
    if line.deposit_return is not None:
        day = timezone.localdate(line.deposit_return.noted_at)
    elif line.credit is not None:
        day = timezone.localdate(line.credit.granted_at)
    elif delivery is not None:
        day = charges.day_of(delivery)
    return Row(
        charge=Charge(line.charge),
        day=day,
        code=delivery.code if delivery is not None else "",
        text=_text(line),
        quantity=line.quantity,
        customers=_customers(line),
        net=line.net,
        commission=commission,
        percent=line.percent,
        vat_rate=line.vat_rate,
    )


def _delivery(line: InvoiceLine) -> Delivery | None:
    """The delivery that it concerns; its code is on the labels."""
    if line.deposit_return is not None:
        found: Delivery | None = line.deposit_return.delivery
        return found
    order_line = line.credit.order_line if line.credit is not None else line.order_line
    packed = getattr(order_line, "packed_line", None)
    return packed.delivery if packed is not None else None


def _text(line: InvoiceLine) -> str:
    """What it is, in the reader's language as far as it is not a name."""
    if line.deposit_return is not None:
        return _("Deposit given back: %(what)s") % {"what": line.deposit_return.text}
    order_line = line.credit.order_line if line.credit is not None else line.order_line
    if line.charge == Charge.SERVICE and line.producer_fee is not None:
        return line.producer_fee.name
    article = charges.article_text(order_line) if order_line is not None else ""
    if line.discount is not None:
        return _("Voucher that you bear: %(article)s") % {"article": article}
    if line.charge == Charge.DEPOSIT:
        article = charges.deposit_text(order_line) if order_line is not None else ""
    return f"{reductions.cause_text(credit=line.credit)}: {article}" if line.credit is not None else article


def _customers(line: InvoiceLine) -> Decimal | None:
    """What customers paid, or got back."""
    if line.credit is not None:
        return money.to_cents(-line.credit.borne)
    packed = getattr(line.order_line, "packed_line", None)
    if packed is None or line.discount_id is not None:
        return None
    return charges.deposit_gross(row=packed) if line.charge == Charge.DEPOSIT else charges.goods_gross(row=packed)


def _fees(lines: Iterable[InvoiceLine]) -> Iterable[Fee]:
    """Each fee once, over all rates."""
    sums: dict[int, Fee] = {}
    for line in lines:
        fee = line.producer_fee
        if fee is not None and line.charge != Charge.SERVICE:
            known = sums.get(fee.pk)
            net = line.net + (known.net if known is not None else money.ZERO)
            sums[fee.pk] = Fee(text=fee.name, recipient=fee.recipient, net=net)
    return sums.values()


def _taxes(lines: Iterable[InvoiceLine]) -> Iterable[Tax]:
    """Net and VAT by rate."""
    sums: dict[Decimal, Tax] = {}
    for line in lines:
        known = sums.get(line.vat_rate, Tax(rate=line.vat_rate, net=money.ZERO, tax=money.ZERO))
        sums[line.vat_rate] = Tax(rate=line.vat_rate, net=known.net + line.net, tax=known.tax + line.gross - line.net)
    return [sums[rate] for rate in sorted(sums)]
