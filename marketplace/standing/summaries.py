"""Decides that the office is told at the cut-off what standing orders of a round came to, once for each round.

What is due is found by a query on the trail; whoever sends locks the round first and writes the trail in the same transaction.
"""

from collections import Counter
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from logistics.models import DeliveryRound
from marketplace.core import audit, wording
from marketplace.core.models import AuditEntry
from marketplace.order.models import Order
from marketplace.standing import notes
from marketplace.standing.models import StandingPlacement

TOLD = "round.standing_told"
#: what was closed longer ago is no news any more
DAYS_OF_NEWS = 7
Outcome = StandingPlacement.Outcome
CANCELLED = "cancelled"


def due(*, at: datetime) -> list[int]:
    """Rounds that have closed with standing orders and of which the office was not told, the oldest first."""
    told = AuditEntry.objects.filter(action=TOLD, target_type=DeliveryRound._meta.label_lower, target_id=OuterRef("pk"))
    rows = DeliveryRound.objects.filter(closed_at__gte=at - timedelta(days=DAYS_OF_NEWS), closed_at__lte=at)
    rows = rows.filter(~Exists(told), Exists(StandingPlacement.objects.filter(round=OuterRef("pk"))))
    return list(rows.order_by("closed_at", "pk").values_list("pk", flat=True))


@transaction.atomic
def tell(*, round_id: int, at: datetime) -> bool:
    """Say how many came, and of each that differs from the wish, or does not come, why; False when that has happened."""
    locked = DeliveryRound.objects.select_for_update(of=("self",), no_key=True).select_related("region__site").get(pk=round_id)
    if round_id not in due(at=at):
        return False
    rows = list(_placements(locked))
    audit.record(action=TOLD, target=locked, at=at, new=dict(Counter(_outcome(row) for row in rows)))
    _message(locked, rows).send()
    return True


def _placements(delivery_round: DeliveryRound) -> list[StandingPlacement]:
    rows = StandingPlacement.objects.filter(round=delivery_round).select_related("standing__user", "order")
    return list(rows.order_by("standing__number", "pk"))


def _outcome(row: StandingPlacement) -> str:
    """How it went, and whether the order still stands."""
    return CANCELLED if row.order is not None and row.order.status == Order.Status.CANCELLED else row.outcome


def _message(delivery_round: DeliveryRound, rows: list[StandingPlacement]) -> EmailMultiAlternatives:
    region = delivery_round.region
    words = {**dict(Outcome.choices), Outcome.ADDED: _("added to an order that was there"), CANCELLED: _("cancelled")}
    counts = Counter(_outcome(row) for row in rows)
    subject = _("Standing orders of the round on %(day)s") % {"day": wording.weekday_date(delivery_round.delivery_day)}
    told = {
        "region": region,
        "subject": subject,
        "counts": [(words[outcome], counts[outcome]) for outcome in words if counts[outcome]],
        "differing": [(row, words[_outcome(row)], notes.sentences(report=row.report)) for row in rows if _differs(row)],
        "link": region.site.root_url + reverse("office:round", args=[delivery_round.pk]),
    }
    body = render_to_string("standing/mails/summary.txt", told)
    message = EmailMultiAlternatives(subject=subject, body=body, to=[region.email])
    message.attach_alternative(render_to_string("standing/mails/summary.html", told), "text/html")
    return message


def _differs(row: StandingPlacement) -> bool:
    return bool(row.report) or _outcome(row) not in {Outcome.PLACED, Outcome.ADDED}
