"""Decides what a withdrawal comes to, and settles it: what was received back is credited, with its share of the delivery.

The outward delivery goes back when nothing of the order is kept (section 357 (2) BGB). Goods that come back are no supply of
their producer any more, so the producer's next credit note is lowered; the operator bears the delivery.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from billing import corrections, credits, worth
from billing.models import Credit, Invoice
from billing.worth import OrderWorth
from marketplace.aftersales import signals
from marketplace.aftersales.models import Withdrawal, WithdrawalLine
from marketplace.core import audit, money
from marketplace.core.transitions import lock_for
from marketplace.order.models import Line, Order
from marketplace.users.models import User

Status = Withdrawal.Status


class SettlingRefused(Exception):
    """The withdrawal cannot be settled like that; the message is fit for the office."""


@dataclass(frozen=True, kw_only=True)
class Returned:
    """A line of which `pieces` come back: gross euro of goods and deposit, and its share of the delivery."""

    line: Line
    pieces: int
    goods: Decimal
    deposit: Decimal
    delivery: Decimal

    @property
    def total(self) -> Decimal:
        """All that goes back for it."""
        return self.goods + self.deposit + self.delivery


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What goes back to the customer; `is_whole` when nothing of the order is kept."""

    lines: tuple[Returned, ...]
    delivery: Decimal
    is_whole: bool

    @property
    def total(self) -> Decimal:
        """All together."""
        return sum((line.total for line in self.lines), money.ZERO)


def candidate(*, withdrawal: Withdrawal) -> Order | None:
    """The order of the region that the declaration names, however its number was typed; None when there is none."""
    if withdrawal.order_id:
        return withdrawal.order
    return find_order(withdrawal=withdrawal, number=withdrawal.number)


def find_order(*, withdrawal: Withdrawal, number: str) -> Order | None:
    """An order of the same region by its number, without regard to case, spaces and dash."""
    letters = "".join(letter for letter in number.upper() if letter.isalnum())
    typed = {number.strip().upper(), letters, f"{letters[:4]}-{letters[4:]}"}
    return Order.objects.filter(region=withdrawal.region_id, number__in=typed).order_by("pk").first()


@transaction.atomic
def match(*, withdrawal: Withdrawal, order: Order, at: datetime, by: User | None) -> Withdrawal:
    """Say to which order of the region a declaration belongs, as long as it is not settled."""
    row = Withdrawal.objects.select_for_update(of=("self",)).get(pk=withdrawal.pk)
    if row.status != Status.DECLARED or order.region_id != row.region_id:
        raise SettlingRefused(_("This withdrawal cannot be assigned to that order any more."))
    if row.order_id != order.pk:
        row.lines.all().delete()
        old, row.order = row.order_id, order
        row.save(update_fields=["order"])
        audit.record(action="withdrawal.matched", target=row, at=at, by=by, old={"order": old}, new={"order": order.pk})
    return row


def propose(*, order: Order, pieces: Mapping[int, int]) -> Proposal:
    """What goes back when so many pieces of each line (by key) come back."""
    worths = worth.of(order=order)
    lines = {line.pk: line for line in order.lines.select_related("partner").order_by("partner_name", "pk")}
    wanted = {pk: number for pk, number in pieces.items() if number > 0 and pk in worths.lines and pk in lines}
    goods = {pk: worths.lines[pk].goods_of(pieces=number) for pk, number in wanted.items()}
    is_whole = _nothing_kept(order, worths, wanted)
    fee = max(worths.fee_left, money.ZERO) if is_whole else money.ZERO
    shares = _shares(fee, goods)
    return Proposal(
        lines=tuple(
            Returned(
                line=lines[pk],
                pieces=number,
                goods=goods[pk],
                deposit=worths.lines[pk].deposit_of(pieces=number),
                delivery=shares[pk],
            )
            for pk, number in sorted(wanted.items())
        ),
        delivery=fee,
        is_whole=is_whole,
    )


@transaction.atomic
def settle(
    *, withdrawal: Withdrawal, pieces: Mapping[int, int], answer: str, today: date, at: datetime, by: User | None
) -> Invoice | None:
    """Credit what came back, once, and correct the invoice; the customer is told.

    Gives back the correction; None when the order is not billed yet or was cancelled. Raises `SettlingRefused`, or
    `ForbiddenTransition` when somebody was faster.
    """
    row = lock_for(row=withdrawal, to=Status.SETTLED)
    order = row.order
    if order is None:
        raise SettlingRefused(_("Please say first to which order it belongs."))
    cancelled = order.status == Order.Status.CANCELLED
    proposal = propose(order=order, pieces=pieces)
    if not proposal.lines and not cancelled:
        raise SettlingRefused(_("Please say what came back."))
    _check(order, pieces)
    try:
        for line in proposal.lines:
            _credit(row, line, at)
        if proposal.is_whole:
            credits.on_fee(order=order, cause=Credit.Cause.WITHDRAWAL, key=f"withdrawal:{row.pk}", at=at)
    except credits.CreditRefused as refusal:
        raise SettlingRefused(str(refusal)) from refusal
    _decide(row, Status.SETTLED, answer, at, by)
    return corrections.draw(order=order, today=today, at=at)


@transaction.atomic
def refuse(*, withdrawal: Withdrawal, answer: str, at: datetime, by: User | None) -> Withdrawal:
    """Tell the customer why there is no right to withdraw. Raises `SettlingRefused` without a reason."""
    row = lock_for(row=withdrawal, to=Status.REFUSED)
    if not answer.strip():
        raise SettlingRefused(_("Please tell the customer why."))
    _decide(row, Status.REFUSED, answer, at, by)
    return row


def _nothing_kept(order: Order, worths: OrderWorth, wanted: Mapping[int, int]) -> bool:
    before = dict(
        WithdrawalLine.objects.filter(order_line__order=order, accepted__isnull=False)
        .values_list("order_line")
        .annotate(sum=Sum("accepted"))
    )
    return bool(wanted) and all(
        wanted.get(pk, 0) + before.get(pk, 0) >= line.pieces for pk, line in worths.lines.items() if line.pieces
    )


def _shares(fee: Decimal, goods: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """The delivery spread over the goods by what they cost."""
    if not fee or not any(goods.values()):
        return dict.fromkeys(goods, money.ZERO)
    return dict(zip(goods, money.spread(fee, list(goods.values())), strict=True))


def _check(order: Order, pieces: Mapping[int, int]) -> None:
    """No more comes back than came and did not come back before."""
    before = dict(
        WithdrawalLine.objects.filter(order_line__order=order, accepted__isnull=False)
        .values_list("order_line")
        .annotate(sum=Sum("accepted"))
    )
    delivered = dict(order.lines.values_list("pk", "packed_line__delivered"))
    for pk, number in pieces.items():
        if number and number > (delivered.get(pk) or 0) - before.get(pk, 0):
            raise SettlingRefused(_("No more can come back than was delivered."))


def _credit(row: Withdrawal, returned: Returned, at: datetime) -> None:
    WithdrawalLine.objects.update_or_create(
        withdrawal=row,
        order_line=returned.line,
        defaults={"accepted": returned.pieces},
        create_defaults={"accepted": returned.pieces, "quantity": returned.pieces},
    )
    if returned.goods or returned.deposit:
        credits.on_line(
            order_line=returned.line,
            pieces=returned.pieces,
            goods=returned.goods,
            deposit=returned.deposit,
            bearer=returned.line.partner,
            cause=Credit.Cause.WITHDRAWAL,
            key=f"withdrawal:{row.pk}:{returned.line.pk}",
            at=at,
        )


def _decide(row: Withdrawal, to: str, answer: str, at: datetime, by: User | None) -> None:
    old, row.status = row.status, to
    row.decided_at, row.decided_by, row.answer = at, by, answer.strip()
    row.save(update_fields=["status", "decided_at", "decided_by", "answer"])
    audit.record(action=f"withdrawal.{to}", target=row, at=at, by=by, old={"status": old}, new={"status": to})
    transaction.on_commit(lambda: signals.mail_due.send(sender=Withdrawal), robust=True)
