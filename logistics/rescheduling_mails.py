"""Decides who is told that a round was moved, or closes earlier: each customer once for each move.

What is due is found by a query, the trail says what was told; whoever sends locks the order first, in the same transaction.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from logistics.models import DeliveryRound
from logistics.rescheduling import CUTOFF_EARLIER, MOVED
from marketplace.core import audit
from marketplace.core.models import AuditEntry
from marketplace.order import mails
from marketplace.order.models import Order

TOLD = "order.move_told"
CUTOFF_TOLD = "order.cutoff_told"
#: what nobody was told of for so long is no news any more
DAYS_OF_NEWS = 14


def untold(*, at: datetime) -> list[int]:
    """Orders whose round was moved after they were placed and whose customers do not know, the oldest first."""
    return _untold(MOVED, TOLD, at)


def untold_cutoffs(*, at: datetime) -> list[int]:
    """The same for orders that can be changed for a shorter time than was told."""
    return _untold(CUTOFF_EARLIER, CUTOFF_TOLD, at)


@transaction.atomic
def tell_cutoff(*, order_id: int, at: datetime) -> bool:
    """Say until when the order can be changed or cancelled now; False when that has happened."""
    order = Order.objects.select_for_update(of=("self",), no_key=True).select_related("delivery").get(pk=order_id)
    if order_id not in untold_cutoffs(at=at):
        return False
    audit.record(action=CUTOFF_TOLD, target=order, at=at)
    subject = _("Changes possible for a shorter time: your order %(number)s") % {"number": order.number}
    mails.tell(order_id=order_id, name="emails/round_cutoff", subject=subject, told={}, at=at)
    return True


def _untold(action: str, said: str, at: datetime) -> list[int]:
    told = AuditEntry.objects.filter(action=said, target_type=Order._meta.label_lower)
    since_then = told.filter(target_id=OuterRef(OuterRef("pk")), at__gte=OuterRef("at"))
    moves = AuditEntry.objects.filter(
        ~Exists(since_then),
        action=action,
        target_type=DeliveryRound._meta.label_lower,
        target_id=OuterRef("delivery__round"),
        at__gte=OuterRef("date_placed"),
    )
    recent = moves.filter(at__gte=at - timedelta(days=DAYS_OF_NEWS))
    due = Order.objects.filter(Exists(recent), status=Order.Status.PLACED)
    return list(due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def tell(*, order_id: int, at: datetime) -> bool:
    """Say when the order comes now, why, and until when it can be changed or cancelled; False when that has happened."""
    order = Order.objects.select_for_update(of=("self",), no_key=True).select_related("delivery").get(pk=order_id)
    if order_id not in untold(at=at):
        return False
    first, last = _moves(order)
    audit.record(action=TOLD, target=order, at=at)
    subject = _("Another day: your order %(number)s") % {"number": order.number}
    told = {"before": date.fromisoformat(first.old["delivery_day"]), "reason": last.new["reason"]}
    mails.tell(order_id=order_id, name="emails/round_moved", subject=subject, told=told, at=at)
    return True


def _moves(order: Order) -> tuple[AuditEntry, AuditEntry]:
    """The first and the last move that the customer has not been told of."""
    label = DeliveryRound._meta.label_lower
    entries = AuditEntry.objects.filter(action=MOVED, target_type=label, target_id=order.delivery.round_id)
    told = AuditEntry.objects.filter(action=TOLD, target_type=Order._meta.label_lower, target_id=order.pk)
    before = told.order_by("-at").values_list("at", flat=True).first()
    since = entries.filter(at__gt=before) if before else entries.filter(at__gte=order.date_placed)
    mine = list(since.order_by("at", "pk"))
    return mine[0], mine[-1]
