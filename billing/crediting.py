"""Decides what a producer's credit note says: goods by day and article at the customers' net price, deposits, less commission.

The net is what the customers paid without the operator's VAT; on it comes the VAT of the producer's own status. Articles are
summed over all customers of a day, because whom they went to is not the producer's business.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from billing import finalising, journal, parties
from billing.documents import FLAT_RATE_NOTE, SELF_BILLING_NOTE, Allowance, DocLine, Document, TypeCode, percent_text
from billing.documents import Payment as DocPayment
from billing.finalising import Draft, Source
from billing.models import InvoiceLine, JournalEntry
from billing.numbers import Prefix
from billing.supplies import Article, Supplied
from billing.totals import Totals, totals
from marketplace.core import money, vat
from marketplace.partner.models import Partner

PAYOUT_DAYS = 14  # time to object; well within the 30 days that perishable food allows (section 11 AgrarOLkG)
Charge = InvoiceLine.Charge
#: deposits pass through: no commission is taken on them
PASSING = (Charge.DEPOSIT, Charge.RETURN)


class Commissioned(NamedTuple):
    """What is summed into one commission: the agreed percentage and the tax on the goods it comes off."""

    percent: Decimal
    rate: Decimal
    category: str


def draft(
    *,
    partner: Partner,
    supplied: Sequence[Supplied],
    period: tuple[date, date],
    part: int,
    today: date,
) -> Draft:
    """The credit note for what a producer supplied in a period, less what comes off it."""
    nets = _nets(supplied)
    allowances = _commissions(supplied, nets)
    notes = (SELF_BILLING_NOTE, *((FLAT_RATE_NOTE,) if any(item.at_flat_rate for item in supplied) else ()))
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


def worth(*, drawn: Draft) -> Decimal:
    """What the credit note comes to, in euro including tax; negative when more came off than was supplied."""
    return totals(drawn.document).gross


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
        again = item.once is not None and (item.article, item.once) in counted
        if item.once is not None:
            counted.add((item.article, item.once))
        quantities[item.article] = quantities.get(item.article, Decimal(0)) + (Decimal(0) if again else item.quantity)
        amounts[item.article] = amounts.get(item.article, money.ZERO) + net
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
        for position, article in enumerate(sorted(quantities, key=_place), 1)
    )


def _place(article: Article) -> tuple[date, bool, Article]:
    """Vouchers come after the goods of their day."""
    return article.day, article.kind == "allowance", article


def _commissions(supplied: Sequence[Supplied], nets: Sequence[Decimal]) -> tuple[Allowance, ...]:
    """Commission is taken on the goods, less vouchers that the producer bears; deposits pass through."""
    bases: dict[Commissioned, Decimal] = {}
    for item, net in zip(supplied, nets, strict=True):
        if item.charge not in PASSING:
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


def _sources(
    supplied: Sequence[Supplied], nets: Sequence[Decimal], allowances: Sequence[Allowance], sums: Totals
) -> tuple[Source, ...]:
    """One row for each of what was supplied or came off, one for each commission; their gross amounts sum to the document's."""
    rows = [
        Source(
            charge=item.charge,
            quantity=item.quantity,
            net=net,
            gross=money.ZERO,
            vat_rate=item.bought.rate,
            order_line_id=item.order_line_id,
            discount_id=item.discount_id,
            credit_id=item.credit_id,
            deposit_return_id=item.deposit_return_id,
        )
        for item, net in zip(supplied, nets, strict=True)
    ]
    rows += [
        Source(charge=Charge.COMMISSION, quantity=Decimal(1), net=-item.amount, gross=money.ZERO, vat_rate=item.vat_rate)
        for item in allowances
    ]
    return finalising.with_gross(sources=rows, sums=sums)
