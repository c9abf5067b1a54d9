"""Draws the letters: each overdue invoice reaches each level once, and what that costs is charged and booked with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from billing import base_rates, dunning, dunning_paper, editions, interest, numbers, surcharges
from billing.base_rates import BaseRates
from billing.dunning import Proposal, Step
from billing.interest import Change
from billing.models import DunnedInvoice, DunningLetter, Invoice, Offset, Payment, PaymentReturn, Surcharge
from marketplace.core import audit, money
from marketplace.regions.models import Region
from marketplace.users.models import User

Kind = Surcharge.Kind


class LetterRefused(Exception):
    """The letters cannot be drawn; the message is for the office."""


@dataclass(frozen=True)
class _Charge:
    invoice: Invoice
    kind: Kind
    amount: Decimal
    until: date | None = None


@transaction.atomic
def draw(
    *, region: Region, keys: Collection[str], today: date, at: datetime, by: User | None, disputed: Mapping[int, str]
) -> list[DunningLetter]:
    """Draw the letters to the customers of these keys (`dunning.due`). What was paid meanwhile is left out.

    Drawing them again finds nothing due. Raises `LetterRefused` when none is left.
    """
    numbers.lock_books(region=region)
    due = dunning.due(region=region, today=today, disputed=disputed)
    chosen = [one for one in due if one.key in keys and not one.stopped and not one.over]
    if not chosen:
        raise LetterRefused(_("Nobody is left to be reminded. Please look at the list again."))
    known, rates = dunning.steps(region=region), base_rates.load()
    return [_draw(region, one, known[one.level], rates, today, at, by) for one in chosen]


def preview(*, proposal: Proposal, region: Region, today: date) -> Decimal:
    """What a letter would charge, in euro."""
    charges = _charges(proposal, dunning.steps(region=region)[proposal.level], base_rates.load(), today)
    return sum((one.amount for one in charges), money.ZERO)


def _draw(
    region: Region, proposal: Proposal, step: Step, rates: BaseRates, today: date, at: datetime, by: User | None
) -> DunningLetter:
    charges = _charges(proposal, step, rates, today)
    first = proposal.items[0].invoice
    letter = DunningLetter(
        region=region,
        account_id=first.account_id,
        order_id=None if first.account_id else first.order_id,
        number=_number(region, today.year),
        level=step.level,
        day=today,
        pay_by=today + timedelta(days=step.days_to_pay),
        total=proposal.left + sum((one.amount for one in charges), money.ZERO),
        made_at=at,
        made_by=by,
    )
    added = [(one.invoice.pk, str(one.kind), one.amount) for one in charges]
    letter.content = dunning_paper.content(letter=letter, proposal=proposal, charges=added)
    letter.save(force_insert=True)
    DunnedInvoice.objects.bulk_create(
        DunnedInvoice(letter=letter, invoice=item.invoice, level=item.level, left=item.left)
        for item in proposal.items
        if item.is_due
    )
    for one in charges:
        surcharges.charge(
            invoice=one.invoice,
            kind=one.kind,
            amount=one.amount,
            key=f"letter:{letter.pk}:{one.invoice.pk}:{one.kind}",
            day=today,
            at=at,
            letter=letter,
            until=one.until,
        )
    told = {"level": step.level, "total": str(letter.total)}
    audit.record(action="dunning_letter.drawn", target=letter, at=at, by=by, new=told)
    return letter


def _charges(proposal: Proposal, step: Step, rates: BaseRates, today: date) -> list[_Charge]:
    """Interest and the lump sum of each invoice, or else the fee once, on the oldest."""
    if step.level < 2:
        return []
    found: list[_Charge] = []
    reached = [item.invoice for item in proposal.items if item.is_due and item.level > 1]
    for invoice in reached:
        found += _interest(invoice, rates, today, business=proposal.is_business)
    if not proposal.is_business:
        return found + ([_Charge(reached[0], Kind.FEE, step.fee)] if step.fee else [])
    paid_before = set(Surcharge.objects.filter(invoice__in=reached, kind=Kind.LUMP_SUM).values_list("invoice", flat=True))
    return found + [_Charge(invoice, Kind.LUMP_SUM, interest.LUMP_SUM) for invoice in reached if invoice.pk not in paid_before]


def _interest(invoice: Invoice, rates: BaseRates, today: date, *, business: bool) -> list[_Charge]:
    """What came about since the last letter that charged it; a hole in the table waits for the next one."""
    before = Surcharge.objects.filter(invoice=invoice, kind=Kind.INTEREST).aggregate(day=Max("until"))["day"]
    reminded = invoice.dunned.aggregate(day=Min("letter__day"))["day"]
    start = dunning.default_from(invoice=invoice, reminded_on=reminded, is_business=business)
    if start is None:
        return []
    first = max(start, before + timedelta(days=1)) if before else start
    until = rates.known_until(first=first, last=today) if first <= today else None
    if until is None:
        return []
    amount = interest.accrued(changes=_changes(invoice), first=first, last=until, business=business, rates=rates)
    return [_Charge(invoice, Kind.INTEREST, amount, until)] if amount > 0 else []


def _changes(invoice: Invoice) -> list[Change]:
    """What was owed for the goods themselves, day by day; interest bears none (section 289 BGB)."""
    found = [Change(invoice.issued_on, invoice.gross)]
    paid = Payment.objects.filter(editions.of(invoice=invoice, name="invoice"))
    back = PaymentReturn.objects.filter(editions.of(invoice=invoice, name="payment__invoice"))
    if invoice.order_id:
        paid = paid | Payment.objects.filter(order_id=invoice.order_id)
        back = back | PaymentReturn.objects.filter(payment__order_id=invoice.order_id)
    found += [Change(day, -amount) for day, amount in paid.values_list("received_on", "amount")]
    found += [Change(day, amount) for day, amount in back.values_list("day", "amount")]
    corrected = Invoice.objects.filter(editions.of(invoice=invoice, name="corrects"))
    found += [Change(day, -amount) for day, amount in corrected.values_list("issued_on", "gross")]
    return found + [Change(row.day, -row.amount) for row in Offset.objects.filter(target=invoice)]


def _number(region: Region, year: int) -> str:
    return f"MA-{year}-{DunningLetter.objects.filter(region=region, day__year=year).count() + 1:06d}"
