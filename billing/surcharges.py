"""Charges an invoice that was not paid: fees, interest and lump sums are damages, no supply, so they bear no VAT."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from billing import claims, journal
from billing.journal import Ledger, Side
from billing.models import DunningLetter, Invoice, JournalEntry, Surcharge
from marketplace.core import audit, money
from marketplace.users.models import User

TEXTS = {
    Surcharge.Kind.FEE: "Mahngebühr",
    Surcharge.Kind.INTEREST: "Verzugszinsen",
    Surcharge.Kind.LUMP_SUM: "Verzugspauschale",
    Surcharge.Kind.RETURN: "Rücklastschriftgebühr",
    Surcharge.Kind.LET_OFF: "Erlass Mahnkosten",
    Surcharge.Kind.RESTORED: "Storno Erlass Mahnkosten",
}


class LetOffRefused(Exception):
    """There is nothing to let off; the message is for the office."""


@transaction.atomic
def charge(
    *,
    invoice: Invoice,
    kind: Surcharge.Kind,
    amount: Decimal,
    key: str,
    day: date,
    at: datetime,
    letter: DunningLetter | None = None,
    until: date | None = None,
) -> Surcharge:
    """Book euro that an invoice costs on top; below zero to let off. The same `key` again books nothing."""
    known = Surcharge.objects.filter(key=key).first()
    if known is not None:
        return known
    terms = getattr(invoice.order, "terms", None) if invoice.order is not None else None
    owed = Side(
        ledger=Ledger.RECEIVABLE,
        amount=amount,
        account_id=invoice.account_id or (terms.account_id if terms else None),
        order_id=invoice.order_id,
    )
    entry = journal.post(
        region=invoice.region,
        kind=JournalEntry.Kind.DUNNING,
        key=f"surcharge:{key}",
        day=day,
        at=at,
        text=f"{TEXTS[kind]} {invoice.number}",
        sides=(owed, Side(ledger=Ledger.DUNNING, amount=-amount)),
        invoice=invoice,
    )
    return Surcharge.objects.create(
        key=key, invoice=invoice, letter=letter, kind=kind, amount=amount, day=day, until=until, entry=entry
    )


@transaction.atomic
def let_off(*, invoice: Invoice, today: date, at: datetime, by: User | None) -> Surcharge:
    """Give up all that was charged on an invoice and is not let off yet. Raises `LetOffRefused`."""
    locked = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)
    amount = claims.charged_on(invoice=locked)
    if amount <= 0:
        raise LetOffRefused(_("Nothing was charged on %(number)s.") % {"number": locked.number})
    key = f"let_off:{locked.pk}:{locked.surcharges.count()}"
    made = charge(invoice=locked, kind=Surcharge.Kind.LET_OFF, amount=-amount, key=key, day=today, at=at)
    audit.record(action="invoice.charges_let_off", target=locked, at=at, by=by, new={"amount": str(money.to_cents(amount))})
    return made


def restore(*, let_off: JournalEntry, entry: JournalEntry) -> Surcharge | None:
    """What was let off by mistake is asked for again: `entry` has the other signs. None where nothing was let off."""
    given_up = Surcharge.objects.filter(entry=let_off, kind=Surcharge.Kind.LET_OFF).first()
    if given_up is None:
        return None
    return Surcharge.objects.create(
        key=f"restored:{given_up.pk}",
        invoice=given_up.invoice,
        kind=Surcharge.Kind.RESTORED,
        amount=money.to_cents(-given_up.amount),
        day=entry.day,
        entry=entry,
    )
