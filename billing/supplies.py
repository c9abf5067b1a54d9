"""Decides what a producer supplied, line by line: goods and deposits that were delivered, and what came off them later.

What comes off: vouchers that the producer bears, credits to customers at the producer's cost, deposits of empties that came back.
Each is worth what the customers paid without the operator's VAT, and carries the VAT of the producer's own status.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from django.utils import timezone

from billing import allowances, charges, reductions
from billing.commissions import CommissionTable
from billing.models import Credit, InvoiceLine, SupplyContract
from billing.rates import RateTable, Taxed
from logistics.models import DepositReturn, PackedLine
from marketplace.core import money
from marketplace.order.discounts import Given

Charge = InvoiceLine.Charge


class Article(NamedTuple):
    """What is summed into one line of the credit note."""

    day: date
    text: str
    kind: Literal["goods", "deposit", "allowance"]
    sku: str
    code: str
    label: str
    rate: Decimal
    category: str
    percent: Decimal


@dataclass(frozen=True, kw_only=True)
class Supplied:
    """One row of what a producer supplied; what comes off has a negative `quantity` and `gross` (what the customer paid)."""

    charge: InvoiceLine.Charge
    article: Article
    quantity: Decimal
    gross: Decimal
    sold: Taxed
    bought: Taxed
    contract: SupplyContract
    #: the order it is for; what came back empty is for none
    order_id: int | None = None
    order_line_id: int | None = None
    discount_id: int | None = None
    credit_id: int | None = None
    deposit_return_id: int | None = None
    #: rows of one article with the same value here are counted once: a voucher on several lines of a delivery
    once: int | None = None

    @property
    def at_flat_rate(self) -> bool:
        """Whether it is taxed as farmers are who reckon by averages (section 24 UStG)."""
        return self.contract.vat_status == SupplyContract.VatStatus.FLAT_RATE and self.bought != self.sold


def contract_on(*, contracts: Sequence[SupplyContract], day: date) -> SupplyContract | None:
    """The terms in force on a day."""
    held = [item for item in contracts if item.valid_from <= day and (item.valid_until is None or day <= item.valid_until)]
    return held[-1] if held else None


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """All that was agreed with a producer: its contracts in order, the rules and fees beside them, and the VAT rates."""

    contracts: Sequence[SupplyContract]
    commissions: CommissionTable
    rates: RateTable


def of_row(*, row: PackedLine, borne: Iterable[Given], agreed: Agreed) -> Iterator[Supplied]:
    """The goods of a delivered line, its deposit, and what the vouchers in `borne` took off. Its day has a contract."""
    line = row.order_line
    goods = _goods(row, charges.day_of(row.delivery), agreed)
    yield goods
    if deposit := charges.deposit_gross(row=row):
        yield replace(
            goods,
            charge=Charge.DEPOSIT,
            article=_in_pieces(goods.article, charges.deposit_text(line))._replace(kind="deposit"),
            quantity=Decimal(row.delivered or 0),
            gross=deposit,
        )
    for one in borne:
        if share := one.shares.get(line.pk):
            text = f"{allowances.voucher_text(given=one)}, von Ihnen getragen"
            yield replace(
                goods,
                charge=Charge.DISCOUNT,
                article=goods.article._replace(text=text, kind="allowance", sku="", code=allowances.ONE, label=""),
                quantity=Decimal(-1),
                gross=-share,
                discount_id=one.granted.discount_id,
                once=row.delivery_id,
            )


def of_credit(*, credit: Credit, day: date, agreed: Agreed) -> Supplied | None:
    """What a credit takes off on `day`, at the rate of the supply (section 17 UStG); None while that day has no contract."""
    line = credit.order_line
    if line is None:
        return None
    row: PackedLine = line.packed_line
    supplied_on = charges.day_of(row.delivery)
    if contract_on(contracts=agreed.contracts, day=supplied_on) is None:
        return None
    goods = _goods(row, supplied_on, agreed)
    deposit = credit.charge == Charge.DEPOSIT
    text = charges.deposit_text(line) if deposit else charges.article_text(line)
    article = _in_pieces(goods.article, f"{reductions.cause_text(credit=credit)}: {text}")
    return replace(
        goods,
        charge=Charge(credit.charge),
        article=article._replace(day=day, kind="deposit" if deposit else "goods"),
        quantity=Decimal(-credit.quantity),
        gross=-credit.borne,
        order_line_id=None,
        credit_id=credit.pk,
    )


def of_return(*, row: DepositReturn, day: date, agreed: Agreed) -> Supplied | None:
    """The deposit of empties that came back; None without a contract on the day they did."""
    noted_on = timezone.localdate(row.noted_at)
    contract = contract_on(contracts=agreed.contracts, day=noted_on)
    if contract is None:
        return None
    rates = agreed.rates
    code, label, _each = charges.UNITS["piece"]
    bought = rates.of_producer(status=contract.vat_status, category=row.vat_category, day=noted_on)
    return Supplied(
        charge=Charge.RETURN,
        article=Article(
            day=day,
            text=f"Pfandrückgabe {row.text}",
            kind="deposit",
            sku="",
            code=code,
            label=label,
            rate=bought.rate,
            category=bought.category,
            percent=contract.commission_percent,
        ),
        quantity=Decimal(-row.quantity),
        gross=money.to_cents(-row.deposit_each * row.quantity),
        sold=rates.on(category=row.vat_category, day=noted_on),
        bought=bought,
        contract=contract,
        deposit_return_id=row.pk,
    )


def _goods(row: PackedLine, day: date, agreed: Agreed) -> Supplied:
    line, amount = row.order_line, charges.measured(row=row)
    contract = contract_on(contracts=agreed.contracts, day=day)
    if contract is None:
        raise ValueError(f"No contract on {day:%Y-%m-%d}.")
    bought = agreed.rates.of_producer(status=contract.vat_status, category=line.vat_category, day=day)
    article = Article(
        day=day,
        text=charges.article_text(line),
        kind="goods",
        sku=line.partner_sku,
        code=amount.code,
        label=amount.label,
        rate=bought.rate,
        category=bought.category,
        percent=agreed.commissions.on(contract=contract, product_id=line.product_id, day=day).percent,
    )
    return Supplied(
        charge=Charge.GOODS,
        article=article,
        quantity=amount.quantity,
        gross=charges.goods_gross(row=row),
        sold=agreed.rates.on(category=line.vat_category, day=day),
        bought=bought,
        contract=contract,
        order_id=line.order_id,
        order_line_id=line.pk,
    )


def _in_pieces(article: Article, text: str) -> Article:
    code, label, _each = charges.UNITS["piece"]
    return article._replace(text=text, sku="", code=code, label=label)
