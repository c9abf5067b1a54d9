"""Decides every sum of a billing document: VAT per rate, the net of each line and the totals that are printed and sent.

On customers' documents tax is taken out of the gross sum of each rate, so the gross is exactly what the customer was told; on
self-billed credit notes tax is put on the net sum. Either way the cent left by rounding is spread over the nets, never lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from billing.documents import Adjustment, DocLine, Document
from marketplace.core import money, vat


@dataclass(frozen=True)
class LineTotal:
    """A line with its net in whole cents and a unit price (four decimals, per ``per`` units) that multiplies back to that net."""

    line: DocLine
    net: Decimal
    price: Decimal
    per: int


@dataclass(frozen=True)
class AdjustmentTotal:
    """An allowance or charge with its net amount and net base in whole cents."""

    adjustment: Adjustment
    net: Decimal
    base: Decimal | None


@dataclass(frozen=True)
class VatGroup:
    """One row of the VAT table."""

    category: str
    rate: Decimal
    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        """Net and tax together."""
        return self.net + self.tax


@dataclass(frozen=True)
class Totals:
    """All sums of a document; every identity of EN 16931 (BR-CO-10 to BR-CO-16) holds to the cent."""

    lines: tuple[LineTotal, ...]
    allowances: tuple[AdjustmentTotal, ...]
    charges: tuple[AdjustmentTotal, ...]
    vat: tuple[VatGroup, ...]
    prepaid: Decimal

    @property
    def line_net(self) -> Decimal:
        """BT-106."""
        return sum((line.net for line in self.lines), money.ZERO)

    @property
    def allowance_net(self) -> Decimal:
        """BT-107."""
        return sum((item.net for item in self.allowances), money.ZERO)

    @property
    def charge_net(self) -> Decimal:
        """BT-108."""
        return sum((item.net for item in self.charges), money.ZERO)

    @property
    def net(self) -> Decimal:
        """BT-109."""
        return self.line_net - self.allowance_net + self.charge_net

    @property
    def tax(self) -> Decimal:
        """BT-110."""
        return sum((group.tax for group in self.vat), money.ZERO)

    @property
    def gross(self) -> Decimal:
        """BT-112: on customers' documents exactly the sum of the amounts they were told."""
        return self.net + self.tax

    @property
    def due(self) -> Decimal:
        """BT-115."""
        return self.gross - self.prepaid


def totals(document: Document) -> Totals:
    """Compute VAT per rate and spread the cent over the net amounts, so that nothing is lost or found."""
    parts: list[tuple[DocLine | Adjustment, int]] = [(line, 1) for line in document.lines]
    parts += [(item, -1) for item in document.allowances] + [(item, 1) for item in document.charges]
    groups: dict[tuple[str, Decimal], list[int]] = {}
    for index, (part, _) in enumerate(parts):
        groups.setdefault((part.vat_category, part.vat_rate), []).append(index)
    nets: dict[int, Decimal] = {}
    table = []
    for (category, rate), indices in sorted(groups.items()):
        amounts = [parts[index][0].amount * parts[index][1] for index in indices]
        price = _group_price(amounts, rate, gross=document.priced_gross)
        table.append(VatGroup(category, rate, price.net, price.tax))
        exact = [vat.exact_net(amount, rate) if document.priced_gross else Fraction(amount) for amount in amounts]
        nets |= {
            index: money.to_cents(net * parts[index][1])
            for index, net in zip(indices, money.settle(exact, price.net), strict=True)
        }
    first, second = len(document.lines), len(document.lines) + len(document.allowances)
    return Totals(
        lines=tuple(_line_total(line, nets[index]) for index, line in enumerate(document.lines)),
        allowances=_adjusted(document.allowances, [nets[index] for index in range(first, second)], document.priced_gross),
        charges=_adjusted(document.charges, [nets[index] for index in range(second, len(parts))], document.priced_gross),
        vat=tuple(table),
        prepaid=document.prepaid,
    )


def _group_price(amounts: Sequence[Decimal], rate: Decimal, *, gross: bool) -> vat.TaxedPrice:
    total = money.to_cents(sum(amounts, money.ZERO))
    return vat.from_gross(total, rate) if gross else vat.from_net(total, rate)


def _line_total(line: DocLine, net: Decimal) -> LineTotal:
    """Four decimals of a net price give back the net exactly up to 100 units; above, the price is for 10, 100, ... units."""
    per = 1
    while True:
        price = money.to_unit_price(Fraction(net) * per / Fraction(line.quantity))
        if money.to_cents(Fraction(price) * Fraction(line.quantity) / per) == net:
            return LineTotal(line, net, price, per)
        per *= 10


def _adjusted(items: Sequence[Adjustment], nets: Sequence[Decimal], gross: bool) -> tuple[AdjustmentTotal, ...]:
    def base(item: Adjustment) -> Decimal | None:
        if item.base is None or not gross:
            return item.base
        return money.to_cents(vat.exact_net(item.base, item.vat_rate))

    return tuple(AdjustmentTotal(item, net, base(item)) for item, net in zip(items, nets, strict=True))
