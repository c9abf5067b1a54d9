"""Decides what is taken of what a producer supplied: commission and fees, as allowances of its credit note.

Both are taken on the goods, less vouchers that the producer bears; deposits pass through. Commission and fees of a commission
agent lower what the producer's supply is worth (section 3(3) UStG), so they carry the VAT of the goods that they come off.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from billing.commissions import CommissionTable
from billing.documents import Allowance, percent_text
from billing.models import InvoiceLine, ProducerFee
from billing.supplies import Supplied
from marketplace.core import money
from marketplace.partner.models import Partner

Charge = InvoiceLine.Charge
#: deposits pass through: nothing is taken of them
PASSING = (Charge.DEPOSIT, Charge.RETURN)


class Taxation(NamedTuple):
    """The tax on the goods that something comes off."""

    rate: Decimal
    category: str


@dataclass(frozen=True, kw_only=True)
class Taking:
    """An allowance of the credit note: a commission, or the fee that names who receives it."""

    allowance: Allowance
    fee: ProducerFee | None = None

    @property
    def charge(self) -> InvoiceLine.Charge:
        """What kind of row it becomes."""
        return Charge.FEE if self.fee is not None else Charge.COMMISSION


def of(
    *,
    partner: Partner,
    supplied: Sequence[Supplied],
    nets: Sequence[Decimal],
    commissions: CommissionTable,
    known_orders: Collection[int],
) -> list[Taking]:
    """What comes off these goods; `known_orders` bore the fees for each order before. Fees never take more than is left."""
    found = list(_commissions(supplied, nets))
    left = _bases(supplied, nets)
    for taking in found:
        left[_taxation(taking.allowance)] -= taking.allowance.amount
    shares = _percentages(partner, supplied, nets, commissions)
    for fee, bases in shares.items():
        found += _taken(
            fee, {key: money.to_cents(Fraction(net) * Fraction(fee.amount) / 100) for key, net in bases.items()}, left
        )
    for fee, orders in _orders(partner, supplied, commissions, known_orders).items():
        whole = min(fee.amount * orders, sum((max(net, money.ZERO) for net in left.values()), money.ZERO))
        if whole > 0:
            weights = [max(net, money.ZERO) for net in left.values()]
            found += _taken(fee, dict(zip(left, money.spread(whole, weights), strict=True)), left)
    return found


def for_others(*, taken: Iterable[tuple[ProducerFee | None, Decimal]]) -> dict[int, Decimal]:
    """What fees were taken for somebody else than the operator, by who receives them (key); euro without VAT."""
    found: dict[int, Decimal] = {}
    for fee, amount in taken:
        if fee is not None and fee.payee_id is not None:
            found[fee.payee_id] = found.get(fee.payee_id, money.ZERO) + amount
    return found


def _bases(supplied: Sequence[Supplied], nets: Sequence[Decimal]) -> dict[Taxation, Decimal]:
    """The goods by their tax."""
    found: dict[Taxation, Decimal] = {}
    for item, net in zip(supplied, nets, strict=True):
        if item.charge not in PASSING:
            key = Taxation(item.bought.rate, item.bought.category)
            found[key] = found.get(key, money.ZERO) + net
    return found


def _commissions(supplied: Sequence[Supplied], nets: Sequence[Decimal]) -> Iterator[Taking]:
    bases: dict[tuple[Decimal, Taxation], Decimal] = {}
    for item, net in zip(supplied, nets, strict=True):
        if item.charge not in PASSING:
            key = (item.article.percent, Taxation(item.bought.rate, item.bought.category))
            bases[key] = bases.get(key, money.ZERO) + net
    for (percent, taxation), base in sorted(bases.items()):
        if amount := money.to_cents(Fraction(base) * Fraction(percent) / 100):
            yield Taking(
                allowance=_allowance(
                    f"Kommissionsprovision {percent_text(percent)} %", amount, taxation, percent=percent, base=base
                )
            )


def _percentages(
    partner: Partner, supplied: Sequence[Supplied], nets: Sequence[Decimal], commissions: CommissionTable
) -> dict[ProducerFee, dict[Taxation, Decimal]]:
    """Of each fee in percent the goods of the days on which it holds."""
    found: dict[ProducerFee, dict[Taxation, Decimal]] = {}
    for item, net in zip(supplied, nets, strict=True):
        if item.charge in PASSING:
            continue
        for fee in commissions.fees_on(partner=partner, day=item.article.day):
            if fee.basis == ProducerFee.Basis.PERCENT:
                bases = found.setdefault(fee, {})
                key = Taxation(item.bought.rate, item.bought.category)
                bases[key] = bases.get(key, money.ZERO) + net
    return found


def _orders(
    partner: Partner, supplied: Sequence[Supplied], commissions: CommissionTable, known: Collection[int]
) -> Mapping[ProducerFee, int]:
    """Of each fee for an order how many orders brought it: those with goods that were delivered."""
    found: dict[ProducerFee, set[int]] = {}
    for item in supplied:
        if item.order_line_id is None or item.charge != Charge.GOODS or item.order_id is None or item.order_id in known:
            continue
        for fee in commissions.fees_on(partner=partner, day=item.article.day):
            if fee.basis == ProducerFee.Basis.ORDER:
                found.setdefault(fee, set()).add(item.order_id)
    return {fee: len(orders) for fee, orders in found.items()}


def _taken(fee: ProducerFee, amounts: Mapping[Taxation, Decimal], left: dict[Taxation, Decimal]) -> Iterator[Taking]:
    text = f"{fee.name} {percent_text(fee.amount)} %" if fee.basis == ProducerFee.Basis.PERCENT else fee.name
    for taxation, asked in sorted(amounts.items()):
        amount = min(asked, left[taxation]) if left[taxation] > 0 else min(asked, money.ZERO)
        left[taxation] -= amount
        if amount:
            yield Taking(allowance=_allowance(f"{text}, erhält: {fee.recipient}", amount, taxation), fee=fee)


def _allowance(
    reason: str, amount: Decimal, taxation: Taxation, *, percent: Decimal | None = None, base: Decimal | None = None
) -> Allowance:
    return Allowance(
        reason=reason,
        amount=amount,
        percent=percent,
        base=base,
        vat_rate=taxation.rate,
        vat_category="E" if taxation.category == "E" else "S",
    )


def _taxation(allowance: Allowance) -> Taxation:
    return Taxation(allowance.vat_rate, allowance.vat_category)
