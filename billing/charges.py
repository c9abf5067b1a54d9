"""Decides what is charged for a delivery: what was handed over, the deposits on it, and the fee, each from the row it comes from.

Amounts are gross euros, exactly what the customer was told; only what was delivered costs anything. The wording is German, as the
documents' is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from billing import agencies, allowances
from billing.documents import DocLine
from billing.models import InvoiceLine
from billing.rates import RateTable
from logistics.models import Delivery, PackedLine
from marketplace.catalogue import prices
from marketplace.core import money, vat
from marketplace.core.models import VatCategory
from marketplace.order import amounts
from marketplace.order.discounts import Given
from marketplace.order.models import Fee, Line

#: sales unit → UN/ECE code, German label, how many of them one is
UNITS: dict[str, tuple[str, str, Decimal]] = {
    "piece": ("H87", "Stück", Decimal(1)),
    "bunch": ("H87", "Bund", Decimal(1)),
    "bottle": ("XBO", "Flasche", Decimal(1)),
    "jar": ("XJR", "Glas", Decimal(1)),
    "pack": ("XPA", "Packung", Decimal(1)),
    "kg": ("KGM", "kg", Decimal(1)),
    "litre": ("LTR", "l", Decimal(1)),
    "box": ("XBX", "Kiste", Decimal(1)),
    "hundred_grams": ("KGM", "kg", Decimal("0.1")),
    "service": ("E48", "Auftrag", Decimal(1)),
}
FEE = InvoiceLine.Charge.FEE
FEES = {Fee.Kind.DELIVERY: "Lieferung", Fee.Kind.PICKUP: "Bereitstellung an der Abholstelle"}


@dataclass(frozen=True)
class Charged:
    """One line of a document and the row for which it is charged."""

    line: DocLine
    charge: InvoiceLine.Charge
    order_line_id: int | None = None
    fee_id: int | None = None
    credit_id: int | None = None
    deposit_return_id: int | None = None
    discount_id: int | None = None
    #: of a voucher's discount: how much of it (negative) is off which order line
    shares: tuple[tuple[int, Decimal], ...] = ()

    @property
    def gross(self) -> Decimal:
        """What the customer pays for it."""
        return self.line.amount


@dataclass(frozen=True)
class Measured:
    """How much of a line was delivered, as the documents say it."""

    quantity: Decimal
    code: str
    label: str


def delivered() -> QuerySet[PackedLine]:
    """Every line of which something was handed over."""
    return PackedLine.objects.filter(delivery__status=Delivery.Status.COMPLETED, delivered__gt=0)


def unbilled() -> QuerySet[PackedLine]:
    """The delivered lines that are on no invoice yet."""
    return delivered().filter(~Exists(_lines_of("380")))


def unsettled() -> QuerySet[PackedLine]:
    """The delivered lines that no producer has had credited yet, or only on a document that was cancelled."""
    return delivered().filter(~agencies.in_own_name()).filter(~Exists(_lines_of("389").filter(invoice__replaced_by__isnull=True)))


def of(*, packed: QuerySet[PackedLine], rates: RateTable, seller_id: int | None = None) -> tuple[Charged, ...]:
    """The charges of these lines and the unbilled fees of their orders, less vouchers: by day, order, producer; numbered.

    A producer that sells in its own name (`seller_id`) has no part in the fees, and only those vouchers lower its prices that it
    bears itself. Three queries, a few more where there are vouchers.
    """
    rows = list(
        packed.select_related("delivery__order", "order_line__partner").order_by(
            "delivery__completed_at", "delivery__order__number", "order_line__partner_name", "order_line__pk"
        )
    )
    fees: dict[int, list[Fee]] = {}
    orders = {row.delivery.order_id for row in rows}
    bearing = orders if seller_id is None else ()
    for fee in Fee.objects.filter(order__in=bearing).exclude(invoice_lines__kind="380").order_by("kind"):
        fees.setdefault(fee.order_id, []).append(fee)
    given = allowances.given(orders=orders) if orders else {}
    if seller_id is not None:
        given = {order: tuple(one for one in some if one.granted.bearer_id == seller_id) for order, some in given.items()}
    found: list[Charged] = []
    for order, members in groupby(rows, key=lambda row: row.delivery.order_id):
        found += _of_delivery(list(members), fees.get(order, ()), given.get(order, ()), rates)
    return tuple(replace(item, line=replace(item.line, position=position)) for position, item in enumerate(found, 1))


def fees_alone(*, days: Mapping[int, date], rates: RateTable) -> tuple[Charged, ...]:
    """The unbilled fees of orders of which the operator sold nothing, less vouchers: then delivery is a service of its own.

    `days` says by order (key) when it was delivered.
    """
    fees = Fee.objects.filter(order__in=days).exclude(invoice_lines__kind="380").select_related("order").order_by("pk")
    rows = list(fees)
    given = allowances.given(orders={fee.order_id for fee in rows}) if rows else {}
    found = []
    for fee in rows:
        day, number = days[fee.order_id], fee.order.number
        found.append(Charged(_fee_line(FEES[Fee.Kind(fee.kind)], fee.gross, number, day, rates), FEE, fee_id=fee.pk))
        for one in given.get(fee.order_id, ()):
            if one.fee:
                text = f"{allowances.voucher_text(given=one)}: Lieferung frei"
                found.append(Charged(_fee_line(text, -one.fee, number, day, rates), FEE, discount_id=one.granted.discount_id))
    return tuple(found)


def _fee_line(text: str, gross: Decimal, number: str, day: date, rates: RateTable) -> DocLine:
    code, label, _each = UNITS["service"]
    taxed = rates.on(category=VatCategory.STANDARD, day=day)
    return DocLine(
        position=0,
        kind="fee",
        text=text,
        quantity=Decimal(1 if gross > 0 else -1),
        unit_code=code,
        unit_label=label,
        vat_rate=taxed.rate,
        vat_category=taxed.category,
        gross=money.to_cents(gross),
        delivery_note=number,
        delivered_on=day,
    )


def day_of(delivery: Delivery) -> date:
    """The day of supply: when the goods were handed over, by the clock of the region."""
    if delivery.completed_at is None:
        raise ValueError(f"Delivery {delivery.code} is not completed.")
    return timezone.localdate(delivery.completed_at)


def measured(*, row: PackedLine) -> Measured:
    """The delivered quantity in the unit of the documents: catch weight in kilograms, three decimals, else what it is sold by."""
    pieces = row.delivered or 0
    if row.order_line.catch_weight and row.delivered_weight_g:
        return Measured(Decimal(row.delivered_weight_g) / amounts.GRAMS_PER_KILOGRAM, "KGM", "kg")
    code, label, each = UNITS.get(row.order_line.sales_unit, UNITS["piece"])
    return Measured(pieces * each, code, label)


def goods_gross(*, row: PackedLine) -> Decimal:
    """What the customer pays for the delivered goods of a line."""
    return amounts.goods_gross(line=row.order_line, quantity=row.delivered or 0, weight_g=row.delivered_weight_g)


def deposit_gross(*, row: PackedLine) -> Decimal:
    """What the customer pays as deposit on the delivered goods of a line."""
    return amounts.deposit_gross(line=row.order_line, quantity=row.delivered or 0)


def article_text(line: Line) -> str:
    """The trade name of an order line with its unit, e.g. "Rapshonig, Glas 500 g"."""
    return f"{line.title}, {line.unit_text}" if line.unit_text and line.unit_text not in line.title else line.title


def deposit_text(line: Line) -> str:
    """What a deposit line is called."""
    return f"Pfand {line.title}"


def _lines_of(kind: str) -> Any:
    return InvoiceLine.objects.filter(kind=kind, charge=InvoiceLine.Charge.GOODS, order_line=OuterRef("order_line"))


def _of_delivery(rows: list[PackedLine], fees: Sequence[Fee], given: Sequence[Given], rates: RateTable) -> Iterator[Charged]:
    charged = {row.order_line_id: _goods(row, rates) for row in rows}
    goods = {key: item.line for key, item in charged.items()}
    ordered = sorted(rows, key=lambda row: (goods[row.order_line_id].producer, row.order_line_id))
    for producer, members in groupby(ordered, key=lambda row: goods[row.order_line_id].producer):
        for row in members:
            yield charged[row.order_line_id]
            if deposit_gross(row=row):
                yield _deposit(row, charged[row.order_line_id])
        yield from map(_off, allowances.of_one_producer(given=given, goods=goods, producer=producer))
    yield from map(_off, allowances.of_several(given=given, goods=goods))
    if any(line.amount for line in goods.values()):
        yield from _fees(fees, given if fees else (), goods.values())


def _goods(row: PackedLine, rates: RateTable) -> Charged:
    line, amount, day = row.order_line, measured(row=row), day_of(row.delivery)
    taxed = rates.on(category=line.vat_category, day=day)
    partner = line.partner
    return Charged(
        DocLine(
            position=0,
            text=article_text(line),
            quantity=amount.quantity,
            unit_code=amount.code,
            unit_label=amount.label,
            vat_rate=taxed.rate,
            vat_category=taxed.category,
            gross=goods_gross(row=row),
            sku=line.partner_sku,
            note=f"bestellt: {row.ordered}" if row.delivered != row.ordered else "",
            base_price=_base_price(line),
            producer=", ".join(word for word in (line.partner_name, partner.city if partner else "") if word),
            organic_code=line.organic_code,
            delivery_note=row.delivery.order.number,
            delivered_on=day,
        ),
        InvoiceLine.Charge.GOODS,
        order_line_id=line.pk,
    )


def _base_price(line: Line) -> str:
    """What a kilogram or litre costs, where the price is not for that already (section 4 PAngV)."""
    if line.catch_weight:
        return ""
    found = prices.base_price(product=line, price=line.unit_price_incl_tax or money.ZERO)
    return f"{found.amount:.2f}\u00a0€/{found.unit}".replace(".", ",") if found else ""


def _deposit(row: PackedLine, goods: Charged) -> Charged:
    """Packaging that is sold with its content shares the content's rate."""
    code, label, _each = UNITS["piece"]
    line = replace(
        goods.line,
        kind="deposit",
        text=deposit_text(row.order_line),
        quantity=Decimal(row.delivered or 0),
        unit_code=code,
        unit_label=label,
        gross=deposit_gross(row=row),
        sku="",
        note="",
        base_price="",
        organic_code="",
    )
    return Charged(line, InvoiceLine.Charge.DEPOSIT, order_line_id=goods.order_line_id)


def _off(off: allowances.Off) -> Charged:
    return Charged(off.line, InvoiceLine.Charge.DISCOUNT, discount_id=off.discount_id, shares=off.shares)


def _fees(fees: Iterable[Fee], given: Iterable[Given], goods: Iterable[DocLine]) -> Iterator[Charged]:
    """A fee shares the rates of the goods, and so does the voucher that makes it free."""
    goods = list(goods)
    for fee in fees:
        for line in _shared(FEES[Fee.Kind(fee.kind)], fee.gross, goods):
            yield Charged(line, InvoiceLine.Charge.FEE, fee_id=fee.pk)
    for one in given:
        if one.fee:
            for line in _shared(f"{allowances.voucher_text(given=one)}: Lieferung frei", -one.fee, goods):
                yield Charged(line, InvoiceLine.Charge.FEE, discount_id=one.granted.discount_id)


def _shared(text: str, gross: Decimal, goods: Sequence[DocLine]) -> Iterator[DocLine]:
    """An amount split over the rates of the goods, a line for each."""
    bases: dict[Decimal, Decimal] = {}
    for line in goods:
        bases[line.vat_rate] = bases.get(line.vat_rate, money.ZERO) + line.amount
    categories = {line.vat_rate: line.vat_category for line in goods}
    code, label, _each = UNITS["piece"]
    parts = [part for part in vat.split_fee_by_rate(gross, bases).values() if part.gross]
    for part in parts:
        yield DocLine(
            position=0,
            kind="fee",
            text=text + allowances.share_text(rate=part.rate, rates=len(parts)),
            quantity=Decimal(1 if gross > 0 else -1),
            unit_code=code if gross > 0 else allowances.ONE,
            unit_label=label if gross > 0 else "",
            vat_rate=part.rate,
            vat_category=categories[part.rate],
            gross=part.gross,
            delivery_note=goods[0].delivery_note,
            delivered_on=goods[0].delivered_on,
        )
