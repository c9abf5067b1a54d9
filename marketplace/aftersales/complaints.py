"""Decides who can complain about what, and what comes of it: a credit, or a reason why not. A decision stands.

A customer complains about a delivered line within fourteen days, about no more than came, and once at a time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.db import IntegrityError, transaction
from django.db.models import Case, QuerySet, Sum, When
from django.utils.translation import gettext as _

from billing import corrections, credits, worth
from billing.models import Credit
from marketplace.aftersales import deadlines, signals
from marketplace.aftersales.models import Complaint, ComplaintPhoto
from marketplace.core import audit, money, wording
from marketplace.core.transitions import lock_for
from marketplace.order.models import Line, Order
from marketplace.pictures import cleaning
from marketplace.users.models import User

Reason, Status = Complaint.Reason, Complaint.Status
#: a bottle that came and was emptied is given back for its deposit; what never came, or broke, is not
WITH_DEPOSIT = (Reason.DAMAGED, Reason.MISSING, Reason.WRONG)
LONGEST_SIDE = 1600
MEDIA_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


class ComplaintRefused(Exception):
    """It cannot be complained about, or not decided like that; the message is fit for the person who tried."""


@dataclass(frozen=True, kw_only=True)
class Value:
    """What the pieces of a complaint are worth, gross euro, as far as it was not credited before."""

    goods: Decimal
    deposit: Decimal

    @property
    def total(self) -> Decimal:
        """The most that can be credited."""
        return self.goods + self.deposit


def open_pieces(*, order: Order, today: date) -> dict[int, int]:
    """Of how many pieces of each delivered line (by key) a customer can complain on a day; lines without any are left out."""
    received = deadlines.received_on(order=order)
    if received is None or not received <= today <= deadlines.complaint_ends(received_on=received):
        return {}
    rows = Complaint.objects.filter(order_line__order=order)
    busy = set(rows.filter(status=Status.OPEN).values_list("order_line", flat=True))
    told = dict(rows.values_list("order_line").annotate(sum=Sum("quantity")))
    delivered = order.lines.filter(packed_line__delivered__gt=0).values_list("pk", "packed_line__delivered")
    return {pk: number - told.get(pk, 0) for pk, number in delivered if pk not in busy and number > told.get(pk, 0)}


@transaction.atomic
def report(
    *, order_line: Line, quantity: int, reason: str, text: str, photo: IO[bytes] | None, today: date, at: datetime
) -> Complaint:
    """Take a complaint in; producer and office learn of it. Raises `ComplaintRefused`, or `cleaning.BadPicture` for the photo."""
    left = open_pieces(order=order_line.order, today=today).get(order_line.pk, 0)
    if not left:
        raise ComplaintRefused(_("You cannot complain about this article here (any more). Please write to us or call us."))
    if not 1 <= quantity <= left:
        raise ComplaintRefused(_("You can complain about %(most)s at most.") % {"most": left})
    if reason not in Reason.values:
        raise ComplaintRefused(_("Please choose what was wrong."))
    cleaned = cleaning.clean(file=photo, name="foto", longest_side=LONGEST_SIDE) if photo else None
    try:
        with transaction.atomic():
            made = Complaint.objects.create(
                order_line=order_line, quantity=quantity, reason=reason, text=text.strip()[:1000], reported_at=at
            )
    except IntegrityError:
        raise ComplaintRefused(_("We have your complaint about this article already.")) from None
    if cleaned is not None:
        ending = cleaned.name[cleaned.name.rindex(".") :] if cleaned.name else ".jpg"
        ComplaintPhoto.objects.create(complaint=made, content=cleaned.read(), media_type=MEDIA_TYPES[ending])
    audit.record(action="complaint.reported", target=made, at=at, new={"reason": reason, "quantity": quantity})
    transaction.on_commit(lambda: signals.mail_due.send(sender=Complaint), robust=True)
    return made


def of_region(*, region: Any) -> QuerySet[Complaint]:
    """All complaints of a region, those that wait first, then the newest."""
    related = ("order_line__order__delivery__round", "order_line__partner", "photo", "decided_by")
    rows = Complaint.objects.filter(order_line__order__region=region)
    waiting = Case(When(status=Status.OPEN, then=0), default=1)
    return rows.select_related(*related).defer("photo__content").order_by(waiting, "-reported_at", "-pk")


def of_producer(*, partner: Any) -> QuerySet[Complaint]:
    """The complaints about a producer's goods."""
    return of_region(region=partner.region_id).filter(order_line__partner=partner)


def value(*, complaint: Complaint) -> Value:
    """What can be credited for a complaint; with the deposit unless the goods came and were only poor."""
    line = complaint.order_line
    known = worth.of(order=line.order).lines.get(line.pk)
    if known is None:
        return Value(goods=money.ZERO, deposit=money.ZERO)
    with_deposit = complaint.reason in WITH_DEPOSIT
    return Value(
        goods=known.goods_of(pieces=complaint.quantity),
        deposit=known.deposit_of(pieces=complaint.quantity) if with_deposit else money.ZERO,
    )


@transaction.atomic
def credit(
    *,
    complaint: Complaint,
    amount: Decimal | None,
    at_producers_cost: bool,
    answer: str,
    today: date,
    at: datetime,
    by: User | None,
) -> Complaint:
    """Credit `amount` (gross euro, deposit included), or all that the pieces are worth when it is None; the customer is told.

    Raises `ComplaintRefused`, or `ForbiddenTransition` when somebody has decided before.
    """
    row = lock_for(row=complaint, to=Status.CREDITED)
    line = row.order_line
    credits.hold(order=line.order)
    most = value(complaint=row)
    wanted = most.total if amount is None else money.to_cents(amount)
    if not money.ZERO < wanted <= most.total:
        raise ComplaintRefused(
            _("Please choose an amount between %(least)s and %(most)s.")
            % {"least": wording.euro(money.CENT), "most": wording.euro(most.total)}
        )
    goods = min(wanted, most.goods)
    try:
        credits.on_line(
            order_line=line,
            pieces=row.quantity,
            goods=goods,
            deposit=wanted - goods,
            bearer=line.partner if at_producers_cost else None,
            cause=Credit.Cause.COMPLAINT,
            key=f"complaint:{row.pk}",
            at=at,
        )
    except credits.CreditRefused as refusal:
        raise ComplaintRefused(str(refusal)) from refusal
    _decide(row, Status.CREDITED, wanted, answer, at, by)
    corrections.draw(order=line.order, today=today, at=at)
    return row


@transaction.atomic
def refuse(*, complaint: Complaint, answer: str, at: datetime, by: User | None) -> Complaint:
    """Credit nothing and say why. Raises `ComplaintRefused` without a reason, `ForbiddenTransition` once it is decided."""
    row = lock_for(row=complaint, to=Status.REFUSED)
    if not answer.strip():
        raise ComplaintRefused(_("Please tell the customer why."))
    _decide(row, Status.REFUSED, money.ZERO, answer, at, by)
    return row


def _decide(row: Complaint, to: str, amount: Decimal, answer: str, at: datetime, by: User | None) -> None:
    old, row.status = row.status, to
    row.credit, row.answer, row.decided_at, row.decided_by = amount, answer.strip()[:1000], at, by
    row.save(update_fields=["status", "credit", "answer", "decided_at", "decided_by"])
    new = {"status": to, "credit": str(amount)}
    audit.record(action=f"complaint.{to}", target=row, at=at, by=by, old={"status": old}, new=new)
    transaction.on_commit(lambda: signals.mail_due.send(sender=Complaint), robust=True)
