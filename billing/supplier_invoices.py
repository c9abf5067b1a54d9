"""Decides how an invoice that came in is booked: against what is owed to its seller, to the cent, or as an expense.

A producer or receiver of fees without an agreement on self-billing writes its own invoice (section 14(1) UStG). It has to say
just what the market's own reckoning comes to; then it takes the place of the credit note. The input VAT is that of the invoice,
by rate.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from billing import charges, fee_statements, finalising, periods, settlements
from billing.finalising import Draft
from billing.journal import Side
from billing.models import IncomingInvoice, Invoice, ManualEntry, Posting
from billing.numbers import Prefix
from billing.settlements import Hindrance
from billing.totals import Totals, totals
from marketplace.core import money, wording
from marketplace.partner.models import Partner

Ledger = Posting.Ledger
#: invoices, partial and final ones; corrections and credit notes by the customer are something else
KINDS = ("380", "326", "386", "875", "876", "877")
#: VAT categories of which the seller owes the VAT, or nobody does
PLAIN = ("S", "E", "Z", "O")
#: why no credit note is written, so that their own invoice settles it
OWN_INVOICE = (Hindrance.NO_AGREEMENT, Hindrance.NO_TAX_NUMBER)


@dataclass(frozen=True, kw_only=True)
class Owed:
    """What is owed to a business for a month and waits for its own invoice: for goods (`payable`) or fees (`fees_due`)."""

    ledger: Posting.Ledger
    first: date
    last: date
    draft: Draft

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.ledger}:{self.first}"

    @property
    def sums(self) -> Totals:
        """Net, VAT by rate and gross."""
        return totals(self.draft.document)


def owed(*, partner: Partner | None, today: date) -> list[Owed]:
    """What is owed to a business for past months and waits for its own invoice, the oldest first; to None nothing is."""
    if partner is None:
        return []
    found = [*_for_goods(partner, today), *_for_fees(partner, today)]
    return sorted(found, key=lambda one: (one.first, one.key))


def problem(*, invoice: IncomingInvoice) -> str:
    """Why it cannot be booked at all, as a sentence for the office; "" when it can."""
    if invoice.kind not in KINDS:
        return _("Only invoices are booked here, no corrections or credit notes. Please let your tax adviser book it.")
    if invoice.gross <= 0:
        return _("The invoice asks for nothing.")
    if invoice.due != invoice.gross:
        return _("A part of the invoice is paid already by what it says. Please let your tax adviser book it.")
    rows = list(_vat(invoice))
    if any(category not in PLAIN for category, _rate, _net, _tax in rows):
        return _("The buyer owes the VAT of this invoice, or it is from abroad. Please let your tax adviser book it.")
    net = sum((net for _category, _rate, net, _tax in rows), money.ZERO)
    tax = sum((tax for _category, _rate, _net, tax in rows), money.ZERO)
    if (net, tax, net + tax) != (invoice.net, invoice.tax, invoice.gross):
        return _("The sums of the invoice contradict one another. Please refuse it and ask for a right one.")
    return ""


def difference(*, invoice: IncomingInvoice, owed: Owed) -> str:
    """What the invoice asks other than is owed, as a sentence; "" when it is the same to the cent, VAT included."""
    asked, right = invoice.gross, owed.sums.gross
    told = {"asked": wording.euro(asked), "owed": wording.euro(right), "difference": wording.euro(abs(asked - right))}
    if asked > right:
        return _("The invoice asks %(difference)s too much: %(asked)s instead of %(owed)s.") % told
    if asked < right:
        return _("The invoice asks %(difference)s too little: %(asked)s instead of %(owed)s.") % told
    theirs = {rate: (net, tax) for rate, (net, tax) in _by_rate(invoice).items() if net}
    ours = {group.rate: (group.net, group.tax) for group in owed.sums.vat if group.net}
    if theirs != ours:
        names = {"told": _named(theirs), "owed": _named(ours)}
        return _("The sum fits, but the VAT does not: the invoice says %(told)s, right would be %(owed)s.") % names
    return ""


def settle(*, invoice: IncomingInvoice, key: str, today: date, at: datetime) -> Invoice | None:
    """Let the invoice settle what is owed; None when it is not the same any more. The caller holds the lock of the books."""
    found = next((one for one in owed(partner=invoice.partner, today=today) if one.key == key), None)
    if found is None or invoice.partner is None or problem(invoice=invoice) or difference(invoice=invoice, owed=found):
        return None
    draft = replace(found.draft, prefix=Prefix.SETTLED, settled_by=invoice)
    if found.ledger == Ledger.FEES_DUE:
        return fee_statements.keep(draft=draft, payee=invoice.partner, last=found.last, at=at)
    return finalising.finalise(draft=draft, at=at)


def expense(*, invoice: IncomingInvoice, cost: str) -> list[Side]:
    """Expense and input VAT by rate to what is owed to the supplier."""
    sides = [Side(ledger=Ledger.SUPPLIERS, amount=-invoice.gross, partner_id=invoice.partner_id)]
    for rate, (net, tax) in _by_rate(invoice).items():
        sides.append(Side(ledger=Ledger.EXPENSE, amount=net, vat_rate=rate, cost=cost))
        sides.append(Side(ledger=Ledger.VAT_IN, amount=tax, vat_rate=rate))
    return sides


def booked(*, region: Any) -> QuerySet[IncomingInvoice]:
    """Those that are booked as expenses."""
    entries = ManualEntry.objects.filter(kind=ManualEntry.Kind.INCOMING, status=ManualEntry.Status.BOOKED).exclude(cost="")
    rows = IncomingInvoice.objects.filter(region=region, pk__in=entries.values("incoming"))
    return rows.defer("original", "content", "findings")


def unpaid(*, region: Any) -> QuerySet[IncomingInvoice]:
    """Of these the ones that are not paid."""
    return booked(region=region).filter(payments__isnull=True)


def open_sum(*, region: Any) -> Decimal:
    """What all of those come to, in euro."""
    found: Decimal | None = unpaid(region=region).aggregate(sum=Sum("gross"))["sum"]
    return found or money.ZERO


def standing(*, invoice: IncomingInvoice) -> ManualEntry | None:
    """The booking of an invoice that is proposed or stands."""
    rows = invoice.manual_entries.filter(Q(status=ManualEntry.Status.PROPOSED) | Q(status=ManualEntry.Status.BOOKED))
    return rows.select_related("entry__invoice", "proposed_by").first()


def _for_goods(partner: Any, today: date) -> Iterator[Owed]:
    waiting = charges.unsettled().filter(
        order_line__partner=partner, delivery__completed_at__lt=periods.starts(periods.month_of(today)[0])
    )
    months = waiting.annotate(month=TruncMonth("delivery__completed_at")).values_list("month", flat=True)
    for month in months.distinct().order_by("month"):
        first, last = periods.month_of(month.date())
        found = settlements.of_month(partner=partner, first=first, last=last, today=today)
        if found.draft is not None and found.hindrance in OWN_INVOICE:
            yield Owed(ledger=Ledger.PAYABLE, first=first, last=last, draft=found.draft)


def _for_fees(payee: Any, today: date) -> Iterator[Owed]:
    months = fee_statements.due_months(today=today, region=payee.region_id)
    for month in (day for pk, day in months if pk == payee.pk):
        first, last = periods.month_of(month)
        found = fee_statements.of_month(payee=payee, first=first, last=last, today=today)
        if found.draft is not None and found.hindrance in OWN_INVOICE:
            yield Owed(ledger=Ledger.FEES_DUE, first=first, last=last, draft=found.draft)


def _by_rate(invoice: IncomingInvoice) -> dict[Decimal, tuple[Decimal, Decimal]]:
    """Net and VAT by rate; without VAT the rate is zero."""
    found: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for _category, rate, net, tax in _vat(invoice):
        before = found.get(rate, (money.ZERO, money.ZERO))
        found[rate] = (before[0] + net, before[1] + tax)
    return found


def _vat(invoice: IncomingInvoice) -> Iterator[tuple[str, Decimal, Decimal, Decimal]]:
    """Category, rate, net and VAT of each row of its VAT table."""
    for row in invoice.content.get("BG-23", ()):
        rate, net, tax = (_number(row.get(term)) for term in ("BT-119", "BT-116", "BT-117"))
        yield str(row.get("BT-118", "")), rate, net, tax


def _number(told: Any) -> Decimal:
    """Zero for what is no number: then the sums contradict one another."""
    try:
        found = Decimal(str(told or 0))
    except InvalidOperation:
        return money.ZERO
    return money.to_cents(found) if found.is_finite() else money.ZERO


def _named(sums: Mapping[Decimal, tuple[Decimal, Decimal]]) -> str:
    parts = (
        _("%(tax)s VAT at %(rate)s on %(net)s")
        % {"tax": wording.euro(tax), "rate": wording.quantity(rate, unit="%"), "net": wording.euro(net)}
        for rate, (net, tax) in sorted(sums.items())
    )
    return ", ".join(parts) or _("none")
