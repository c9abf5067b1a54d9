"""Takes declarations of withdrawal (section 356a BGB): anybody may make one, it is kept as made, and its receipt is sent at once.

A declaration that only names an order is not checked against it here, so that nobody learns which orders exist. Who comes by the
link of an order sees its lines; what can be withdrawn from is decided line by line, by the ground that was agreed and the period.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from logistics.models import PackedLine
from marketplace.aftersales import deadlines, signals
from marketplace.aftersales.models import Withdrawal, WithdrawalLine
from marketplace.catalogue import withdrawal
from marketplace.core import wording
from marketplace.order.models import Line, Order
from marketplace.regions.models import Region


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """Who withdraws from what: `goods` in the customer's words, or `lines` by key with pieces; neither: the whole contract."""

    name: str
    number: str
    email: str
    goods: str = ""
    lines: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A line of an order as its customer sees it when withdrawing: `most` pieces, or why not."""

    line: Line
    delivered: int
    most: int
    why_not: str


@transaction.atomic
def declare(*, region: Region, declaration: Declaration, at: datetime, order: Order | None = None) -> Withdrawal:
    """Keep the declaration with its moment. `order` is told only when the customer has shown to hold it."""
    made = Withdrawal.objects.create(
        region=region,
        order=order,
        name=declaration.name,
        number=declaration.number,
        email=declaration.email,
        goods=declaration.goods,
        declared_at=at,
    )
    if order is not None:
        known = set(order.lines.values_list("pk", flat=True))
        WithdrawalLine.objects.bulk_create(
            WithdrawalLine(withdrawal=made, order_line_id=pk, quantity=pieces)
            for pk, pieces in declaration.lines.items()
            if pk in known and pieces > 0
        )
    transaction.on_commit(lambda: signals.mail_due.send(sender=Withdrawal), robust=True)
    return made


def choices(*, order: Order, today: date) -> list[Choice]:
    """The lines of an order that came, or are on their way, with what can be withdrawn from on a day. Two queries."""
    declared = dict(
        WithdrawalLine.objects.filter(order_line__order=order)
        .exclude(withdrawal__status=Withdrawal.Status.REFUSED)
        .values_list("order_line")
        .annotate(sum=Sum("quantity"))
    )
    received = deadlines.received_on(order=order)
    late = _too_late(received, today)
    found = []
    for line in order.lines.select_related("packed_line").order_by("partner_name", "pk"):
        here = _pieces(line)
        left = here - declared.get(line.pk, 0)
        why_not = _why_not(line, here, left) or late
        found.append(Choice(line=line, delivered=here, most=0 if why_not else left, why_not=why_not))
    return found


def waiting(*, region: Region) -> QuerySet[Withdrawal]:
    """What the office has to settle, the oldest first."""
    return Withdrawal.objects.filter(region=region, status=Withdrawal.Status.DECLARED).order_by("declared_at", "pk")


def is_consumer(*, order: Order) -> bool:
    """Whether the right exists at all: businesses have none (section 355 with section 13 BGB)."""
    terms = getattr(order, "terms", None)
    return not (terms is not None and terms.account is not None and terms.account.is_business)


def _pieces(line: Line) -> int:
    """How many came, or are to come."""
    packed: PackedLine | None = getattr(line, "packed_line", None)
    known = [packed.delivered, packed.packed] if packed is not None else []
    return next((number for number in known if number is not None), int(line.quantity))


def _too_late(received: date | None, today: date) -> str:
    if received is None:
        return ""
    last = deadlines.withdrawal_ends(received_on=received)
    return _("The period ended on %(day)s.") % {"day": wording.weekday_date(last)} if today > last else ""


def _why_not(line: Line, here: int, left: int) -> str:
    if line.withdrawal_ground:
        return withdrawal.sentence(ground=line.withdrawal_ground)
    if not here:
        return _("You did not receive it, so you do not pay for it.")
    return _("You have withdrawn from it already.") if left < 1 else ""
