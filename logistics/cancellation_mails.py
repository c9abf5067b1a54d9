"""Decides which farms and drivers are told that a round does not take place: each of them once.

Who is due is found by a query, the trail says who was told; whoever sends locks the round first, in the same transaction.
Customers are told by `order.mails`, callers by a letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from logistics import rounds
from logistics.models import DeliveryRound
from logistics.rescheduling import CANCELLED
from marketplace.core import audit, wording
from marketplace.core.models import AuditEntry
from marketplace.order.models import Line
from marketplace.partner.models import Partner
from marketplace.users.models import User

TOLD = "round.cancellation_told"
FARM, DRIVER = "farm", "driver"
#: what nobody was told of for so long is no news any more
DAYS_OF_NEWS = 7


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Notice:
    """Somebody who has to know: a farm (partner's key) or a driver (user's key)."""

    round_id: int
    kind: str
    key: int


def untold(*, at: datetime) -> list[Notice]:
    """Who does not know yet. Four queries for any number of them."""
    entries = AuditEntry.objects.filter(action=CANCELLED, target_type=DeliveryRound._meta.label_lower)
    recent = entries.filter(at__gte=at - timedelta(days=DAYS_OF_NEWS))
    ids = list(recent.order_by("target_id").values_list("target_id", flat=True))
    return sorted(_due(ids) - _told(ids)) if ids else []


@transaction.atomic
def tell(*, notice: Notice, at: datetime) -> bool:
    """Say that there is nothing to pack, or to drive; False when that has happened."""
    locked = rounds.lock(round_id=notice.round_id)
    if notice not in untold(at=at):
        return False
    audit.record(action=TOLD, target=locked, at=at, new={"kind": notice.kind, "key": notice.key})
    to = _address(notice)
    if not to:
        return True
    (ending,) = _endings([locked.pk])
    day = wording.weekday_date(locked.delivery_day)
    subject = _("The round of %(day)s does not take place") % {"day": day}
    told: dict[str, Any] = {"subject": subject, "day": day, "why": ending.new["reason"], "kind": notice.kind}
    context = {**told, "region": locked.region}
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("emails/round_cancelled.txt", context),
        to=[to],
        reply_to=[locked.region.email],
    )
    message.attach_alternative(render_to_string("emails/round_cancelled.html", context), "text/html")
    message.send()
    return True


def reason_of(*, delivery_round: DeliveryRound) -> str:
    """Why a round does not take place, as the office said; "" where nobody did."""
    return "".join(entry.new["reason"] for entry in _endings([delivery_round.pk])[-1:])


def _due(round_ids: Sequence[int]) -> set[Notice]:
    """The farms of which something was ordered, and the drivers whose tours were planned."""
    ordered = Line.objects.filter(order__delivery__round__in=round_ids, partner__isnull=False).order_by()
    farms = {
        Notice(round_id=round_id, kind=FARM, key=partner_id)
        for round_id, partner_id in ordered.values_list("order__delivery__round", "partner").distinct()
    }
    return farms | {
        Notice(round_id=entry.target_id, kind=DRIVER, key=key)
        for entry in _endings(round_ids)
        for key in entry.new.get("drivers", ())
    }


def _told(round_ids: Sequence[int]) -> set[Notice]:
    label = DeliveryRound._meta.label_lower
    rows = AuditEntry.objects.filter(action=TOLD, target_type=label, target_id__in=round_ids)
    return {Notice(round_id=row.target_id, kind=row.new["kind"], key=row.new["key"]) for row in rows}


def _endings(round_ids: Sequence[int]) -> list[AuditEntry]:
    label = DeliveryRound._meta.label_lower
    return list(AuditEntry.objects.filter(action=CANCELLED, target_type=label, target_id__in=round_ids).order_by("pk"))


def _address(notice: Notice) -> str:
    if notice.kind == FARM:
        return str(Partner.objects.values_list("email", flat=True).get(pk=notice.key))
    return User.objects.filter(pk=notice.key).values_list("email", flat=True).first() or ""
