"""Takes in bank statements, each booking once, and books what they say on what it was for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _

from billing import bank_files, bank_matches, debit_banking, numbers, open_items, payments, payouts
from billing.bank_files import StatementRefused, Told
from billing.models import BankLine, IncomingInvoice, Invoice, Payment, PaymentReturn, PayoutRun
from billing.online import arriving
from billing.open_items import OpenItem
from billing.payments import PaymentRefused
from marketplace.core import audit, money
from marketplace.core.models import AuditEntry
from marketplace.order.models import Order
from marketplace.regions.models import Region
from marketplace.users.models import User

Status = BankLine.Status
#: what may be paid too much
OF_CUSTOMERS = (open_items.INVOICE, open_items.ORDER)


class LineRefused(Exception):
    """The booking cannot be assigned like that; the message is for the office."""


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """How many bookings of a statement are new, how many were known, and how many of those that waited left no doubt."""

    new: int
    known: int
    assigned: int


def take_in(*, region: Region, content: bytes, at: datetime, by: User | None) -> TakenIn:
    """Store what a statement tells, all or nothing, and book what leaves no doubt. Raises `bank_files.StatementRefused`.

    A statement sent twice, or one that overlaps another, adds only what is new; where the first run broke off, it goes on.
    """
    told = bank_files.read(content)
    _refuse_foreign(region, told)
    with transaction.atomic():
        before = BankLine.objects.filter(region=region, key__in=[row.key for row in told])
        known = set(before.values_list("key", flat=True))
        BankLine.objects.bulk_create(
            (_row(region, row, at, by) for row in told if row.key not in known), ignore_conflicts=True, batch_size=500
        )
    waiting = BankLine.objects.filter(region=region, key__in=[row.key for row in told], status=Status.OPEN)
    assigned = _assign_certain(region, _untouched(waiting), at)
    new = sum(row.key not in known for row in told)
    return TakenIn(new=new, known=len(told) - new, assigned=assigned)


@transaction.atomic
def assign(*, line: BankLine, item_key: str, at: datetime, by: User | None, whole: bool = False) -> OpenItem:
    """Book what is left of a line on an open item, as much as it takes; what remains can be assigned to another.

    With `whole` all of it is booked on what a customer owes; what is too much is a credit balance then. Returns the item.
    Again books nothing twice. Raises `LineRefused`.
    """
    numbers.lock_books(region=line.region)
    locked = BankLine.objects.select_for_update(of=("self",)).select_related("region").get(pk=line.pk)
    if locked.status != Status.OPEN:
        raise LineRefused(_("This booking has been dealt with already."))
    incoming = locked.amount > 0
    item = _expected_one(locked.region, incoming, item_key)
    if item is None:
        raise LineRefused(_("That is not open any more. Please look at the list again."))
    left = bank_matches.left_of(line=locked, booked=_booked(locked))
    try:
        too_much = whole and item.kind in OF_CUSTOMERS
        booked = (
            _come_in(locked, item, left if too_much else min(left, item.left), at)
            if incoming
            else _go_out(locked, item, left, at)
        )
    except (PaymentRefused, debit_banking.ReceiptRefused) as refusal:
        raise LineRefused(str(refusal)) from refusal
    if left == booked:
        _decide(locked, Status.BOOKED, "", at, by)
    return item


def expected(*, region: Region, incoming: bool) -> list[OpenItem]:
    """All that a booking may be for: what customers owe, debits and payouts of the provider; or what is to go out."""
    items = open_items.to_come_in(region=region) if incoming else open_items.to_go_out(region=region)
    items += open_items.together(region=region) if incoming else []
    items += debit_banking.awaited(region=region, incoming=incoming)
    return items + arriving.awaited(region=region, incoming=incoming)


def _expected_one(region: Region, incoming: bool, key: str) -> OpenItem | None:
    """The same, one alone; of thousands of invoices and orders the others are not read."""
    if incoming and key.partition(":")[0] in (open_items.INVOICE, open_items.ORDER):
        return open_items.one_to_come_in(region=region, key=key)
    return next((item for item in expected(region=region, incoming=incoming) if item.key == key), None)


@transaction.atomic
def set_aside(*, line: BankLine, note: str, at: datetime, by: User | None) -> None:
    """This booking is none of the market's, e.g. the bank's fee; says why. Raises `LineRefused`."""
    locked = BankLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if locked.status != Status.OPEN:
        raise LineRefused(_("This booking has been dealt with already."))
    if not note.strip():
        raise LineRefused(_("Please say in a few words what it was."))
    _decide(locked, Status.SET_ASIDE, note.strip()[:200], at, by)


@transaction.atomic
def take_back(*, line: BankLine, at: datetime, by: User | None) -> None:
    """What was set aside is open again. Raises `LineRefused`."""
    locked = BankLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if locked.status != Status.SET_ASIDE:
        raise LineRefused(_("Only what was set aside can be opened again."))
    old, locked.status = locked.status, Status.OPEN
    locked.note, locked.decided_at, locked.decided_by = "", None, None
    locked.save(update_fields=["status", "note", "decided_at", "decided_by"])
    audit.record(action="bank_line.open", target=locked, at=at, by=by, old={"status": old}, new={"status": locked.status})


@transaction.atomic
def close_by_hand(*, line: BankLine, note: str, at: datetime, by: User | None) -> None:
    """A manual booking has dealt with the whole of it."""
    locked = BankLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    _decide(locked, Status.BOOKED, note[:200], at, by)


@transaction.atomic
def open_again(*, line: BankLine, at: datetime, by: User | None) -> None:
    """What it was booked on was taken back: it can be assigned anew."""
    locked = BankLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    old, locked.status = locked.status, Status.OPEN
    locked.note, locked.decided_at, locked.decided_by = "", None, None
    locked.save(update_fields=["status", "note", "decided_at", "decided_by"])
    audit.record(action="bank_line.open", target=locked, at=at, by=by, old={"status": old}, new={"status": locked.status})


def left(*, line: BankLine) -> Decimal:
    """What of a line is not assigned yet, as a positive sum of euro."""
    return bank_matches.left_of(line=line, booked=_booked(line))


def _refuse_foreign(region: Region, told: Iterable[Told]) -> None:
    own = region.iban.replace(" ", "").upper()
    for row in told:
        if row.account and own and row.account != own:
            text = _("The statement is of the account %(iban)s, not of the market's own.")
            raise StatementRefused(text % {"iban": row.account})


def _untouched(lines: QuerySet[BankLine]) -> QuerySet[BankLine]:
    """Those that nobody has dealt with; what the office opened again, or assigned a part of, is left to it."""
    dealt_with = AuditEntry.objects.filter(target_type=BankLine._meta.label_lower, target_id=OuterRef("pk"))
    return lines.filter(~Exists(dealt_with), payments__isnull=True, manual_entries__isnull=True)


def _row(region: Region, told: Told, at: datetime, by: User | None) -> BankLine:
    return BankLine(
        region=region,
        key=told.key,
        booked_on=told.booked_on,
        amount=told.amount,
        name=told.name,
        iban=told.iban,
        purpose=told.purpose,
        return_reason=told.return_reason,
        end_to_end=told.end_to_end,
        charges=told.charges,
        imported_at=at,
        imported_by=by,
    )


def _assign_certain(region: Region, lines: QuerySet[BankLine], at: datetime) -> int:
    """What names one open item and brings just what is open on it."""
    done = 0
    coming = bank_matches.Index(expected(region=region, incoming=True))
    going = bank_matches.Index(open_items.to_go_out(region=region))
    back = debit_banking.awaited(region=region, incoming=False)
    for line in lines.order_by("booked_on", "pk"):
        returned = debit_banking.certain(line=line, items=back)
        found = [returned] if returned else bank_matches.certain(line=line, items=coming if line.amount > 0 else going)
        done += _assign_all(line, found, at)
    return done


def _assign_all(line: BankLine, items: Sequence[OpenItem], at: datetime) -> bool:
    """Book a line on all of these or on none; False when there are none, or one was paid by the line before."""
    try:
        with transaction.atomic():
            for item in items:
                assign(line=line, item_key=item.key, at=at, by=None)
    except LineRefused:
        return False
    return bool(items)


def _come_in(line: BankLine, item: OpenItem, amount: Decimal, at: datetime) -> Decimal:
    """Book what came in; returns how much."""
    if item.kind == open_items.DEBIT_RUN:
        return debit_banking.credit(run_id=item.pk, line=line, amount=amount, at=at)
    if item.kind == open_items.PROVIDER_PAYOUT:
        return arriving.arrive(payout_id=item.pk, line=line, amount=amount, at=at)
    payment = payments.receive(
        invoice=Invoice.objects.get(pk=item.pk) if item.kind == open_items.INVOICE else None,
        order=Order.objects.get(pk=item.pk) if item.kind == open_items.ORDER else None,
        amount=amount,
        method=Payment.Method.TRANSFER,
        received_on=line.booked_on,
        at=at,
        reference=f"{line.name[:100]} · {line.key[:8]}",
        bank_line=line,
    )
    return payment.amount


def _go_out(line: BankLine, item: OpenItem, left: Decimal, at: datetime) -> Decimal:
    """Book what went out, for one credit note or for all of a run; returns how much."""
    if item.kind == open_items.DEBIT_ITEM:
        return debit_banking.come_back(item_id=item.pk, line=line, left=left, at=at)
    if left != item.left:
        raise LineRefused(_("A credit note or invoice is paid in one sum. Please compare the amounts."))
    if item.kind == open_items.SUPPLIER:
        bought = IncomingInvoice.objects.get(pk=item.pk)
        payments.pay_supplier(incoming=bought, paid_on=line.booked_on, at=at, reference=line.key[:8], bank_line=line)
        return left
    if item.kind == open_items.PAYOUT_RUN:
        settled = [one.settlement for one in payouts.unpaid(run=PayoutRun.objects.get(pk=item.pk))]
    else:
        settled = [Invoice.objects.get(pk=item.pk)]
    for settlement in settled:
        payments.pay_out(settlement=settlement, paid_on=line.booked_on, at=at, reference=line.key[:8], bank_line=line)
    return left


def _booked(line: BankLine) -> Decimal:
    found: Decimal | None = line.payments.aggregate(sum=Sum("amount"))["sum"]
    taken_back: Decimal | None = PaymentReturn.objects.filter(payment__bank_line=line).aggregate(sum=Sum("amount"))["sum"]
    return (found or money.ZERO) - (taken_back or money.ZERO) + debit_banking.booked(line=line) + arriving.booked(line=line)


def _decide(locked: BankLine, to: str, note: str, at: datetime, by: User | None) -> None:
    old, locked.status = locked.status, to
    locked.note, locked.decided_at, locked.decided_by = note, at, by
    locked.save(update_fields=["status", "note", "decided_at", "decided_by"])
    audit.record(action=f"bank_line.{to}", target=locked, at=at, by=by, old={"status": old}, new={"status": to, "note": note})
