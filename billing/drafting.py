"""Decides what a customer's invoice says around its lines: parties, dates, what was paid already, how the rest is paid.

The wording is German whatever the reader's language: these are German tax documents.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db.models import Sum
from django.utils import translation

from billing import collection, finalising, journal, parties, shortfalls
from billing.charges import Charged
from billing.documents import FLAT_RATE_NOTE, Document, Party, Syntax, TypeCode
from billing.documents import Payment as DocPayment
from billing.finalising import Draft, Source
from billing.models import Account, JournalEntry, OrderTerms, Payment
from billing.numbers import Prefix
from billing.selling import Bill
from billing.totals import Totals, totals
from logistics.models import Delivery
from marketplace.core import money, vat, wording
from marketplace.order.models import Order
from marketplace.regions.models import Region

TRANSFER_DAYS = 7
AT_ONCE = (OrderTerms.Method.HANDOVER, OrderTerms.Method.DEBIT)
COMMISSION_NOTE = (
    "Verkauf durch {seller} im eigenen Namen (Kommission). Leistungsdatum jeder Position ist der Tag ihrer Lieferung."
)
AGENCY_NOTE = (
    "Verkauf durch {seller}. {operator} vermittelt, schreibt diese Rechnung im Namen und für Rechnung von {seller} "
    "und nimmt die Zahlung entgegen. Leistungsdatum jeder Position ist der Tag ihrer Lieferung."
)
VOUCHER_NOTE = "Ihr Gutschein von {operator} über {amount} ist als Zahlung abgezogen."
CREDIT_NOTE = "Ihr Guthaben von {amount} ist als Zahlung abgezogen."


def received(*, order: Order) -> Decimal:
    """What came in for an order before it is billed, in euro."""
    found: Decimal | None = Payment.objects.filter(order=order).aggregate(sum=Sum("amount"))["sum"]
    return found or money.ZERO


def for_order(
    order: Order,
    delivery: Delivery,
    account: Account | None,
    bill: Bill,
    today: date,
    prepaid: Decimal,
    *,
    whole: Decimal = money.ZERO,
) -> Document:
    """The invoice of one seller of an order; `prepaid` is what of the money received counts for it.

    `whole` is what all sellers of the order together still get, where there are several.
    """
    payments = Payment.objects.filter(order=order)
    due = bill.due - prepaid
    method = order.terms.method if hasattr(order, "terms") else OrderTerms.Method.TRANSFER
    paid_by = payments.order_by("-pk").values_list("method", flat=True).first()
    debit = collection.agreed(order=order, account=account, method=method, today=today) if due > 0 else None
    days = account.payment_days if account else 0 if method in AT_ONCE else TRANSFER_DAYS
    due_on = collection.due_on(debit=debit, today=today, days=days) if due > 0 else None
    payment = collection.told(debit=debit) if debit else _payment(order.region, method, paid_by)
    together = (order.number, whole) if 0 < due < whole and payment.code == "58" else None
    return Document(
        type_code=TypeCode.INVOICE,
        number="-",
        issued_on=today,
        due_on=due_on,
        **_selling(order.region, bill),
        buyer=parties.account_holder(account) if account else parties.orderer(order, delivery),
        delivered_to=_place(delivery),
        lines=tuple(item.line for item in bill.charged),
        prepaid=prepaid + bill.vouchers,
        payment=payment,
        terms=collection.words(debit=debit, due=due, due_on=due_on)
        if debit and due_on
        else _order_terms(method, due, due_on) + _together(together),
        together=together,
        buyer_reference=order.number,
        leitweg_id=account.leitweg_id if account else "",
        syntax=syntax_of(account),
        notes=_notes(order.region, bill),
        missing=shortfalls.of_orders(numbers={order.number}, several=False, seller_id=_seller_id(bill)),
        shows_net=bool(account and account.is_business),
    )


def consolidated(
    region: Region,
    account: Account,
    bill: Bill,
    period: tuple[date, date],
    today: date,
    credit: Decimal = money.ZERO,
) -> Document:
    """The invoice of a period; `credit` is the account's balance in its favour, euro: as much as fits is paid out of it."""
    prepaid = max(min(credit, bill.due), money.ZERO)
    due = bill.due - prepaid
    debit = collection.agreed(order=None, account=account, method=OrderTerms.Method.ACCOUNT, today=today) if due > 0 else None
    due_on = collection.due_on(debit=debit, today=today, days=account.payment_days)
    return Document(
        type_code=TypeCode.INVOICE,
        number="-",
        issued_on=today,
        due_on=due_on,
        **_selling(region, bill),
        buyer=parties.account_holder(account),
        period=period,
        lines=tuple(item.line for item in bill.charged),
        payment=collection.told(debit=debit) if debit else _payment(region, OrderTerms.Method.ACCOUNT, None),
        terms=collection.words(debit=debit, due=due, due_on=due_on)
        if debit
        else _order_terms("", due, due_on if due > 0 else None),
        prepaid=prepaid + bill.vouchers,
        leitweg_id=account.leitweg_id,
        syntax=syntax_of(account),
        notes=(*_notes(region, bill), *((CREDIT_NOTE.format(amount=_euro(prepaid)),) if prepaid else ())),
        missing=shortfalls.of_orders(
            numbers={item.line.delivery_note for item in bill.charged} - {""}, several=True, seller_id=_seller_id(bill)
        ),
        shows_net=account.is_business,
    )


def restated(*, document: Document, today: date, prepaid: Decimal) -> Document:
    """An invoice drawn anew today: as many days to pay as before, and what was paid since is deducted."""
    due = totals(document).gross - prepaid
    days = document.due_on - document.issued_on if document.due_on else timedelta(TRANSFER_DAYS)
    due_on = today + days if due > 0 else None
    told = f"{document.due_on:%d.%m.%Y}" if document.due_on else ""
    if document.together is not None:
        terms = _order_terms("", due, due_on)
    elif due_on is not None and told in document.terms and told:
        terms = document.terms.replace(told, f"{due_on:%d.%m.%Y}")
    elif due_on is not None and document.due_on and document.terms:
        terms = document.terms
    else:
        terms = _order_terms("", due, due_on)
    return replace(
        document,
        type_code=TypeCode.INVOICE,
        number="-",
        issued_on=today,
        due_on=due_on,
        prepaid=prepaid,
        terms=terms,
        together=None,
    )


def draft(
    region: Region,
    document: Document,
    bill: Bill,
    period: tuple[date, date],
    prefix: Prefix,
    *,
    account_id: int | None,
    order: Order | None,
    part: int = 1,
) -> Draft:
    """An invoice concerns its order, or else its account; the receivable names both where there are both."""
    sums = totals(document)
    sources = tuple(source for item, total in zip(bill.charged, sums.lines, strict=True) for source in _sources(item, total.net))
    order_id = order.pk if order else None
    return Draft(
        region=region,
        prefix=prefix,
        document=document,
        period=period,
        part=part,
        sources=sources,
        sides=tuple(_sides(bill, sources, sums, account_id, order_id)),
        entry_kind=JournalEntry.Kind.INVOICE,
        account_id=None if order else account_id,
        order_id=order_id,
        seller_id=_seller_id(bill),
    )


def _seller_id(bill: Bill) -> int | None:
    return bill.seller.pk if bill.seller is not None else None


def _sides(
    bill: Bill, sources: tuple[Source, ...], sums: Totals, account_id: int | None, order_id: int | None
) -> list[journal.Side]:
    """The operator's own sale, or the producer's: that money is only held for it."""
    if bill.seller is not None:
        return journal.agency_sale(gross=sums.gross, partner_id=bill.seller.pk, account_id=account_id, order_id=order_id)
    return journal.sale(
        nets=finalising.by_charge(sources),
        taxes=finalising.taxes(sums),
        gross=sums.gross,
        account_id=account_id,
        order_id=order_id,
    )


def _selling(region: Region, bill: Bill) -> dict[str, Any]:
    """Who sells and, when a producer does, who is paid: the operator collects for it."""
    operator = parties.operator(region)
    if bill.seller is None:
        return {"seller": operator}
    return {"seller": parties.producer(bill.seller), "payee": operator}


def _notes(region: Region, bill: Bill) -> tuple[str, ...]:
    if bill.seller is None:
        return (COMMISSION_NOTE.format(seller=region.legal_name),)
    note = AGENCY_NOTE.format(seller=bill.seller.name, operator=region.legal_name)
    if bill.vouchers:
        note += " " + VOUCHER_NOTE.format(amount=_euro(bill.vouchers), operator=region.legal_name)
    return (note, FLAT_RATE_NOTE) if bill.at_flat_rate else (note,)


def _sources(item: Charged, net: Decimal) -> list[Source]:
    """Where a line comes from: one row, or for a voucher one for each order line, whose nets sum to the line's."""
    rate = item.line.vat_rate
    whole = Source(
        charge=item.charge,
        quantity=item.line.quantity,
        net=net,
        gross=item.gross,
        vat_rate=rate,
        order_line_id=item.order_line_id,
        fee_id=item.fee_id,
        credit_id=item.credit_id,
        deposit_return_id=item.deposit_return_id,
        discount_id=item.discount_id,
    )
    if not item.shares:
        return [whole]
    nets = money.settle([vat.exact_net(gross, rate) for _line, gross in item.shares], net)
    return [
        replace(whole, order_line_id=line, gross=gross, net=part) for (line, gross), part in zip(item.shares, nets, strict=True)
    ]


def syntax_of(account: Account | None) -> Syntax:
    """How the customer wants its e-invoices written."""
    return cast("Syntax", account.document_format) if account else "zugferd"


def _place(delivery: Delivery) -> Party | None:
    """Where the goods went, if it was a door; a pickup point is the customer's own business."""
    if delivery.kind != Delivery.Kind.HOME:
        return None
    return Party(name=delivery.recipient, street=delivery.street, postal_code=delivery.postal_code, city=delivery.city)


def _payment(region: Region, method: str, paid_by: str | None) -> DocPayment:
    if method == OrderTerms.Method.HANDOVER:
        return DocPayment(code="48" if paid_by == Payment.Method.CARD else "10")
    return DocPayment(code="58", iban=region.iban.replace(" ", ""), account_holder=region.legal_name)


def _order_terms(method: str, due: Decimal, due_on: date | None) -> str:
    if due < 0:
        return f"Ihr Guthaben von {_euro(-due)} überweisen wir zurück."
    if due_on is None:
        return "Betrag dankend erhalten."
    if method == OrderTerms.Method.HANDOVER:
        return "Zahlbar bei Übergabe, bar oder mit Karte."
    if method == OrderTerms.Method.ONLINE:
        return f"Wir ziehen den Betrag von Ihrer Online-Zahlung ein. Gelingt das nicht, ist er zahlbar bis {due_on:%d.%m.%Y}."
    return f"Zahlbar bis {due_on:%d.%m.%Y} ohne Abzug."


def _together(told: tuple[str, Decimal] | None) -> str:
    if told is None:
        return ""
    return (
        f" Eine Überweisung genügt für alle Rechnungen dieser Bestellung: zusammen {_euro(told[1])}, Verwendungszweck {told[0]}."
    )


def _euro(amount: Decimal) -> str:
    with translation.override("de"):
        return wording.euro(amount)
