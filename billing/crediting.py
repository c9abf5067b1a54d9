"""Decides what a producer's credit note says: goods by day and article at the customers' net price, deposits, less commission.

The net is what the customers paid without the operator's VAT; on it comes the VAT of the producer's own status. Articles are
summed over all customers of a day, because whom they went to is not the producer's business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from billing import allowances, charges, finalising, journal, parties
from billing.documents import FLAT_RATE_NOTE, SELF_BILLING_NOTE, Allowance, DocLine, Document, TypeCode, percent_text
from billing.documents import Payment as DocPayment
from billing.finalising import Draft, Source
from billing.models import InvoiceLine, JournalEntry, SupplyContract
from billing.numbers import Prefix
from billing.rates import RateTable, Taxed
from billing.totals import Totals, totals
from logistics.models import PackedLine
from marketplace.core import money, vat
from marketplace.order.discounts import Given
from marketplace.partner.models import Partner

PAYOUT_DAYS = 14  # time to object; well within the 30 days that perishable food allows (section 11 AgrarOLkG)
Charge = InvoiceLine.Charge


@dataclass(frozen=True, kw_only=True)
class Supplied:
    """Goods or deposit of one order line: what the customer paid and how the producer's supply is taxed.

    `voucher`: what a voucher that the producer bears took off the goods; its `gross` is negative.
    """

    row: PackedLine
    charge: InvoiceLine.Charge
    day: date
    gross: Decimal
    sold: Taxed
    bought: Taxed
    contract: SupplyContract
    voucher: Given | None = None


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


class Commissioned(NamedTuple):
    """What is summed into one commission: the agreed percentage and the tax on the goods it comes off."""

    percent: Decimal
    rate: Decimal
    category: str


def contract_on(*, contracts: Sequence[SupplyContract], day: date) -> SupplyContract | None:
    """The terms in force on a day."""
    held = [item for item in contracts if item.valid_from <= day and (item.valid_until is None or day <= item.valid_until)]
    return held[-1] if held else None


def draft(
    *,
    partner: Partner,
    rows: Sequence[PackedLine],
    contracts: Sequence[SupplyContract],
    rates: RateTable,
    given: Mapping[int, Sequence[Given]],
    period: tuple[date, date],
    part: int,
    today: date,
) -> Draft:
    """The credit note for these lines; each of their days has a contract. `given`: what vouchers took off, by order."""
    borne = {order: [one for one in vouchers if one.granted.bearer_id == partner.pk] for order, vouchers in given.items()}
    supplied = [item for row in rows for item in _supplied(row, borne.get(row.delivery.order_id, ()), contracts, rates)]
    nets = _nets(supplied)
    allowances = _commissions(supplied, nets)
    notes = (SELF_BILLING_NOTE, *((FLAT_RATE_NOTE,) if any(_at_flat_rate(item) for item in supplied) else ()))
    document = _document(partner, _lines(supplied, nets), allowances, notes, period, today)
    sums = totals(document)
    sources = _sources(supplied, nets, allowances, sums)
    return Draft(
        region=partner.region,
        prefix=Prefix.SELF_BILLED,
        document=document,
        period=period,
        part=part,
        sources=sources,
        sides=tuple(
            journal.purchase(
                nets=finalising.by_charge(sources), taxes=finalising.taxes(sums), gross=sums.gross, partner_id=partner.pk
            )
        ),
        entry_kind=JournalEntry.Kind.SETTLEMENT,
        partner_id=partner.pk,
    )


def _supplied(row: PackedLine, borne: Sequence[Given], contracts: Sequence[SupplyContract], rates: RateTable) -> list[Supplied]:
    day = charges.day_of(row.delivery)
    contract = contract_on(contracts=contracts, day=day)
    if contract is None:
        raise ValueError(f"No contract on {day:%Y-%m-%d}.")
    category = row.order_line.vat_category
    sold = rates.on(category=category, day=day)
    bought = rates.of_producer(status=contract.vat_status, category=category, day=day)
    goods = Supplied(
        row=row, charge=Charge.GOODS, day=day, gross=charges.goods_gross(row=row), sold=sold, bought=bought, contract=contract
    )
    found = [goods]
    if deposit := charges.deposit_gross(row=row):
        found.append(replace(goods, charge=Charge.DEPOSIT, gross=deposit))
    for one in borne:
        if share := one.shares.get(row.order_line_id):
            found.append(replace(goods, charge=Charge.DISCOUNT, gross=-share, voucher=one))
    return found


def _nets(supplied: Sequence[Supplied]) -> list[Decimal]:
    """The customers' prices without the operator's VAT, which is taken out of the sum of each rate; the cent left is spread."""
    nets = [money.ZERO] * len(supplied)
    for rate in {item.sold.rate for item in supplied}:
        indices = [index for index, item in enumerate(supplied) if item.sold.rate == rate]
        total = vat.from_gross(sum((supplied[index].gross for index in indices), money.ZERO), rate).net
        parts = money.settle([vat.exact_net(supplied[index].gross, rate) for index in indices], total)
        for index, part in zip(indices, parts, strict=True):
            nets[index] = part
    return nets


def _lines(supplied: Sequence[Supplied], nets: Sequence[Decimal]) -> tuple[DocLine, ...]:
    """The articles with what they come to; of a voucher is counted on how many orders it was."""
    quantities: dict[Article, Decimal] = {}
    amounts: dict[Article, Decimal] = {}
    counted: set[tuple[Article, int]] = set()
    for item, net in zip(supplied, nets, strict=True):
        quantity, article = _article(item)
        again = item.voucher is not None and (article, item.row.delivery_id) in counted
        counted.add((article, item.row.delivery_id))
        quantities[article] = quantities.get(article, Decimal(0)) + (Decimal(0) if again else quantity)
        amounts[article] = amounts.get(article, money.ZERO) + net
    return tuple(
        DocLine(
            position=position,
            kind=article.kind,
            text=article.text,
            quantity=quantities[article],
            unit_code=article.code,
            unit_label=article.label,
            vat_rate=article.rate,
            vat_category="E" if article.category == "E" else "S",
            net=amounts[article],
            sku=article.sku,
            delivered_on=article.day,
        )
        for position, article in enumerate(sorted(quantities), 1)
    )


def _article(item: Supplied) -> tuple[Decimal, Article]:
    line, amount = item.row.order_line, charges.measured(row=item.row)
    goods = Article(
        day=item.day,
        text=charges.article_text(line),
        kind="goods",
        sku=line.partner_sku,
        code=amount.code,
        label=amount.label,
        rate=item.bought.rate,
        category=item.bought.category,
        percent=item.contract.commission_percent,
    )
    if item.voucher is not None:
        return Decimal(-1), goods._replace(
            text=f"{allowances.voucher_text(given=item.voucher)}, von Ihnen getragen",
            kind="allowance",
            sku="",
            code=allowances.ONE,
            label="",
        )
    if item.charge == Charge.DEPOSIT:
        code, label, _each = charges.UNITS["piece"]
        text = charges.deposit_text(line)
        return Decimal(item.row.delivered or 0), goods._replace(text=text, kind="deposit", sku="", code=code, label=label)
    return amount.quantity, goods


def _commissions(supplied: Sequence[Supplied], nets: Sequence[Decimal]) -> tuple[Allowance, ...]:
    """Commission is taken on the goods, less vouchers that the producer bears; deposits pass through."""
    bases: dict[Commissioned, Decimal] = {}
    for item, net in zip(supplied, nets, strict=True):
        if item.charge != Charge.DEPOSIT:
            key = Commissioned(item.contract.commission_percent, item.bought.rate, item.bought.category)
            bases[key] = bases.get(key, money.ZERO) + net
    return tuple(
        Allowance(
            reason=f"Kommissionsprovision {percent_text(key.percent)} %",
            amount=amount,
            percent=key.percent,
            base=base,
            vat_rate=key.rate,
            vat_category="E" if key.category == "E" else "S",
        )
        for key, base in sorted(bases.items())
        if (amount := money.to_cents(Fraction(base) * Fraction(key.percent) / 100))
    )


def _document(
    partner: Partner,
    lines: tuple[DocLine, ...],
    allowances: tuple[Allowance, ...],
    notes: tuple[str, ...],
    period: tuple[date, date],
    today: date,
) -> Document:
    due_on = today + timedelta(days=PAYOUT_DAYS)
    iban = partner.iban.replace(" ", "")
    return Document(
        type_code=TypeCode.SELF_BILLED,
        number="-",
        issued_on=today,
        due_on=due_on,
        seller=parties.producer(partner),
        buyer=parties.operator(partner.region),
        period=period,
        lines=lines,
        allowances=allowances,
        payment=DocPayment(code="58", iban=iban, account_holder=partner.name) if iban else DocPayment(),
        notes=notes,
        terms=f"Auszahlung bis {due_on:%d.%m.%Y}, sofern Sie nicht widersprechen.",
    )


def _at_flat_rate(item: Supplied) -> bool:
    return item.contract.vat_status == SupplyContract.VatStatus.FLAT_RATE and item.bought != item.sold


def _sources(
    supplied: Sequence[Supplied], nets: Sequence[Decimal], allowances: Sequence[Allowance], sums: Totals
) -> tuple[Source, ...]:
    """One row for each order line's goods and deposit, one for each commission; their gross amounts sum to the document's."""
    rows = [
        Source(
            charge=item.charge,
            quantity=_article(item)[0],
            net=net,
            gross=money.ZERO,
            vat_rate=item.bought.rate,
            order_line_id=item.row.order_line_id,
        )
        for item, net in zip(supplied, nets, strict=True)
    ]
    rows += [
        Source(charge=Charge.COMMISSION, quantity=Decimal(1), net=-item.amount, gross=money.ZERO, vat_rate=item.vat_rate)
        for item in allowances
    ]
    return finalising.with_gross(sources=rows, sums=sums)
