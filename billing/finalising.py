"""Makes a drafted document final: number, hash, rows and journal entry, all in one transaction or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction

from billing import chain, editions, journal, numbers
from billing.documents import Document
from billing.journal import Side
from billing.models import IncomingInvoice, Invoice, InvoiceLine, JournalEntry
from billing.numbers import Prefix
from billing.snapshots import frozen
from billing.totals import Totals, totals
from marketplace.core import money


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where an amount of the document comes from; becomes an `InvoiceLine`."""

    charge: InvoiceLine.Charge
    quantity: Decimal
    net: Decimal
    gross: Decimal
    vat_rate: Decimal
    order_line_id: int | None = None
    fee_id: int | None = None
    credit_id: int | None = None
    deposit_return_id: int | None = None
    discount_id: int | None = None
    producer_fee_id: int | None = None
    #: the commission on it, of a credit note to a producer
    percent: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A document that lacks only its number, whom it concerns, and how it is booked."""

    region: Any
    prefix: Prefix
    document: Document
    period: tuple[date, date]
    sources: tuple[Source, ...]
    sides: tuple[Side, ...]
    entry_kind: JournalEntry.Kind
    part: int = 1
    account_id: int | None = None
    order_id: int | None = None
    partner_id: int | None = None
    #: the producer in whose name it is written (agency)
    seller_id: int | None = None
    replaces: Invoice | None = None
    corrects: Invoice | None = None
    #: the cancelled document that is drawn anew
    reissues: Invoice | None = None
    #: the other side's own invoice that takes the place of a document of ours
    settled_by: IncomingInvoice | None = None


@transaction.atomic
def finalise(*, draft: Draft, at: datetime) -> Invoice:
    """Give the draft its number and its place in the hash chain, save it and book it. What is saved never changes again.

    Documents of one region wait for one another here, so whatever takes long has to happen before.
    """
    numbers.lock_books(region=draft.region)
    year = draft.document.issued_on.year
    drawn = numbers.draw(region=draft.region, prefix=draft.prefix, year=year, seller_id=draft.seller_id)
    document = replace(draft.document, number=drawn.number)
    sums = totals(document)
    invoice = Invoice(
        region=draft.region,
        kind=document.type_code.value,
        number=drawn.number,
        series=drawn.series,
        counter=drawn.counter,
        issued_on=document.issued_on,
        due_on=document.due_on,
        period_from=draft.period[0],
        period_until=draft.period[1],
        part=draft.part,
        account_id=draft.account_id,
        order_id=draft.order_id,
        partner_id=draft.partner_id,
        seller_id=draft.seller_id,
        replaces=draft.replaces,
        corrects=draft.corrects,
        origin_id=editions.origin_of(draft.reissues) if draft.reissues else None,
        edition=draft.reissues.edition + 1 if draft.reissues else 1,
        settled_by=draft.settled_by,
        net=sums.net,
        tax=sums.tax,
        gross=sums.gross,
        content=frozen(document),
        previous_sha256=chain.last_hash(region=draft.region),
        finalised_at=at,
    )
    counted = editions.of_lines(kind=invoice.kind, lines=draft.sources)
    numbered = enumerate(zip(draft.sources, counted, strict=True), 1)
    lines = [_row(invoice, position, source, edition) for position, (source, edition) in numbered]
    invoice.sha256 = chain.digest(invoice=invoice, lines=lines)
    invoice.save(force_insert=True)
    InvoiceLine.objects.bulk_create(lines)
    _book(draft, invoice, at)
    return invoice


def by_charge(sources: Iterable[Source]) -> dict[tuple[str, Decimal], Decimal]:
    """The nets summed by charge and VAT rate, as the journal wants them."""
    found: dict[tuple[str, Decimal], Decimal] = {}
    for source in sources:
        key = (str(source.charge), source.vat_rate)
        found[key] = found.get(key, money.ZERO) + source.net
    return found


def taxes(sums: Totals) -> dict[Decimal, Decimal]:
    """The VAT of the document by rate."""
    return {group.rate: group.tax for group in sums.vat}


def with_gross(*, sources: Iterable[Source], sums: Totals) -> tuple[Source, ...]:
    """The sources of a document priced net with their gross, so that the sources of a rate sum to the gross of its VAT group."""
    found = list(sources)
    for group in sums.vat:
        indices = [index for index, source in enumerate(found) if source.vat_rate == group.rate]
        exact = [Fraction(found[index].net) * (100 + Fraction(group.rate)) / 100 for index in indices]
        for index, gross in zip(indices, money.settle(exact, group.gross), strict=True):
            found[index] = replace(found[index], gross=gross)
    return tuple(found)


def _row(invoice: Invoice, position: int, source: Source, edition: int) -> InvoiceLine:
    return InvoiceLine(
        invoice=invoice,
        kind=invoice.kind,
        position=position,
        edition=edition,
        charge=source.charge,
        order_line_id=source.order_line_id,
        fee_id=source.fee_id,
        credit_id=source.credit_id,
        deposit_return_id=source.deposit_return_id,
        discount_id=source.discount_id,
        producer_fee_id=source.producer_fee_id,
        percent=source.percent,
        quantity=source.quantity,
        net=source.net,
        gross=source.gross,
        vat_rate=source.vat_rate,
    )


def _book(draft: Draft, invoice: Invoice, at: datetime) -> None:
    """A document that is worth nothing in all has nothing to book."""
    if not any(side.amount for side in draft.sides):
        return
    journal.post(
        region=draft.region,
        kind=draft.entry_kind,
        key=f"invoice:{invoice.pk}",
        day=invoice.issued_on,
        at=at,
        text=_text(draft, invoice),
        sides=draft.sides,
        invoice=invoice,
    )


def _text(draft: Draft, invoice: Invoice) -> str:
    if draft.settled_by is not None:
        return f"Eingangsrechnung {draft.settled_by.number} {draft.settled_by.seller_name}"
    return f"{invoice.get_kind_display()} {invoice.number}"
