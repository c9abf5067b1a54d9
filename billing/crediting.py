"""Decides what a producer's credit note says: goods by day and article at the customers' net price, deposits, less commission.

The net is what the customers paid without the operator's VAT; on it comes the VAT of the producer's own status. Articles are
summed over all customers of a day, because whom they went to is not the producer's business.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal

from billing import finalising, journal, parties, takings
from billing.commissions import CommissionTable
from billing.documents import FLAT_RATE_NOTE, SELF_BILLING_NOTE, Allowance, DocLine, Document, TypeCode
from billing.documents import Payment as DocPayment
from billing.finalising import Draft, Source
from billing.journal import Side
from billing.models import InvoiceLine, JournalEntry
from billing.numbers import Prefix
from billing.supplies import Article, Supplied
from billing.takings import Taking
from billing.totals import Totals, totals
from marketplace.core import money, vat
from marketplace.partner.models import Partner

PAYOUT_DAYS = 14  # time to object; well within the 30 days that perishable food allows (section 11 AgrarOLkG)
Charge = InvoiceLine.Charge


def draft(
    *,
    partner: Partner,
    supplied: Sequence[Supplied],
    period: tuple[date, date],
    part: int,
    today: date,
    commissions: CommissionTable,
    known_orders: Collection[int] = (),
) -> Draft:
    """The credit note for what a producer supplied in a period, less what comes off it.

    `known_orders` were credited in part before and bore the fees for each order then.
    """
    nets = _nets(supplied)
    taken = takings.of(partner=partner, supplied=supplied, nets=nets, commissions=commissions, known_orders=known_orders)
    allowances = tuple(taking.allowance for taking in taken)
    notes = (SELF_BILLING_NOTE, *((FLAT_RATE_NOTE,) if any(item.at_flat_rate for item in supplied) else ()))
    document = credit_note(
        partner=partner, lines=_lines(supplied, nets), allowances=allowances, notes=notes, period=period, today=today
    )
    sums = totals(document)
    sources = _sources(supplied, nets, taken, sums)
    return Draft(
        region=partner.region,
        prefix=Prefix.SELF_BILLED,
        document=document,
        period=period,
        part=part,
        sources=sources,
        sides=(
            *bought(sources=sources, sums=sums, partner=partner),
            *journal.passed_on(fees=takings.for_others(taken=((one.fee, one.allowance.amount) for one in taken))),
        ),
        entry_kind=JournalEntry.Kind.SETTLEMENT,
        partner_id=partner.pk,
    )


def bought(*, sources: Sequence[Source], sums: Totals, partner: Partner) -> list[Side]:
    """How a credit note is booked: what was supplied, its VAT, and what is owed for it."""
    nets, taxes = finalising.by_charge(sources), finalising.taxes(sums)
    return journal.purchase(nets=nets, taxes=taxes, gross=sums.gross, partner_id=partner.pk)


def credit_note(
    *,
    partner: Partner,
    lines: tuple[DocLine, ...],
    notes: tuple[str, ...],
    period: tuple[date, date],
    today: date,
    allowances: tuple[Allowance, ...] = (),
) -> Document:
    """What the operator writes for a business that supplied it (section 14(2) UStG), by these lines; amounts are net."""
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


def _sources(supplied: Sequence[Supplied], nets: Sequence[Decimal], taken: Sequence[Taking], sums: Totals) -> tuple[Source, ...]:
    """One row for each of what was supplied or came off, one for each commission and fee; in gross they sum to the document."""
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
            percent=None if item.charge in takings.PASSING else item.article.percent,
        )
        for item, net in zip(supplied, nets, strict=True)
    ]
    rows += [
        Source(
            charge=taking.charge,
            quantity=Decimal(1),
            net=-taking.allowance.amount,
            gross=money.ZERO,
            vat_rate=taking.allowance.vat_rate,
            producer_fee_id=taking.fee.pk if taking.fee is not None else None,
            percent=taking.allowance.percent,
        )
        for taking in taken
    ]
    return finalising.with_gross(sources=rows, sums=sums)
