"""Decides what a producer's credit note says: goods by day and article at the customers' net price, deposits, less commission.

The net is what the customers paid without the operator's VAT; on it comes the VAT of the producer's own status. Articles are
summed over all customers of a day, because whom they went to is not the producer's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from billing import charges, finalising, journal, parties
from billing.documents import FLAT_RATE_NOTE, SELF_BILLING_NOTE, Allowance, DocLine, Document, TypeCode
from billing.documents import Payment as DocPayment
from billing.finalising import Draft, Source
from billing.models import InvoiceLine, JournalEntry, SupplyContract
from billing.numbers import Prefix
from billing.rates import RateTable, Taxed
from billing.totals import Totals, totals
from logistics.models import PackedLine
from marketplace.core import money, vat
from marketplace.partner.models import Partner

PAYOUT_DAYS = 14  # time to object; well within the 30 days that perishable food allows (section 11 AgrarOLkG)
Charge = InvoiceLine.Charge


@dataclass(frozen=True, kw_only=True)
class Supplied:
    """Goods or deposit of one order line: what the customer paid and how the producer's supply is taxed."""

    row: PackedLine
    charge: InvoiceLine.Charge
    day: date
    gross: Decimal
    sold: Taxed
    bought: Taxed
    contract: SupplyContract


class Article(NamedTuple):
    """What is summed into one line of the credit note."""

    day: date
    text: str
    deposit: bool
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
    period: tuple[date, date],
    part: int,
    today: date,
) -> Draft:
    """The credit note for these lines; each of their days has a contract."""
    supplied = [item for row in rows for item in _supplied(row, contracts, rates)]
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


def _supplied(row: PackedLine, contracts: Sequence[SupplyContract], rates: RateTable) -> list[Supplied]:
    day = charges.day_of(row.delivery)
    contract = contract_on(contracts=contracts, day=day)
    if contract is None:
        raise ValueError(f"No contract on {day:%Y-%m-%d}.")
    category = row.order_line.vat_category
    sold = rates.on(category=category, day=day)
    bought = rates.of_producer(status=contract.vat_status, category=category, day=day)
    amounts = {Charge.GOODS: charges.goods_gross(row=row), Charge.DEPOSIT: charges.deposit_gross(row=row)}
    return [
        Supplied(row=row, charge=charge, day=day, gross=gross, sold=sold, bought=bought, contract=contract)
        for charge, gross in amounts.items()
        if gross or charge == Charge.GOODS
    ]


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
    quantities: dict[Article, Decimal] = {}
    amounts: dict[Article, Decimal] = {}
    for item, net in zip(supplied, nets, strict=True):
        quantity, article = _article(item)
        quantities[article] = quantities.get(article, Decimal(0)) + quantity
        amounts[article] = amounts.get(article, money.ZERO) + net
    return tuple(
        DocLine(
            position=position,
            kind="deposit" if article.deposit else "goods",
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
    line, deposit = item.row.order_line, item.charge == Charge.DEPOSIT
    amount = charges.measured(row=item.row)
    code, label, _each = charges.UNITS["piece"]
    return (
        Decimal(item.row.delivered or 0) if deposit else amount.quantity,
        Article(
            day=item.day,
            text=charges.deposit_text(line) if deposit else charges.article_text(line),
            deposit=deposit,
            sku="" if deposit else line.partner_sku,
            code=code if deposit else amount.code,
            label=label if deposit else amount.label,
            rate=item.bought.rate,
            category=item.bought.category,
            percent=item.contract.commission_percent,
        ),
    )


def _commissions(supplied: Sequence[Supplied], nets: Sequence[Decimal]) -> tuple[Allowance, ...]:
    """Commission is taken on goods alone; deposits pass through."""
    bases: dict[Commissioned, Decimal] = {}
    for item, net in zip(supplied, nets, strict=True):
        if item.charge == Charge.GOODS:
            key = Commissioned(item.contract.commission_percent, item.bought.rate, item.bought.category)
            bases[key] = bases.get(key, money.ZERO) + net
    return tuple(
        Allowance(
            reason=f"Kommissionsprovision {charges.percent_text(key.percent)} %",
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
