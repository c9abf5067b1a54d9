"""Decides what is written to a customer about standing orders, and that it is sent once.

What is due is found by a query; whoever sends claims the row first, in the same transaction. Of an order that a standing order
has placed the mail "this comes on Saturday" is the confirmation: it holds the whole contract.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from logistics.models import DeliveryRound
from marketplace.core import wording
from marketplace.order import mails as order_mails
from marketplace.order.models import Order
from marketplace.standing import notes
from marketplace.standing.models import Ending, StandingOrder, StandingPlacement

Outcome = StandingPlacement.Outcome
#: what was closed longer ago is no news any more
DAYS_OF_NEWS = 7
#: what is told at the cut-off in any case: what comes, and that nothing comes because no place became free
FINAL = Q(order__status=Order.Status.CLOSED) | Q(outcome__in=StandingPlacement.OPEN_OUTCOMES, order__isnull=True)


def unconfirmed() -> list[int]:
    """Standing orders of which the customer has not been sent what was agreed, the oldest first."""
    rows = StandingOrder.objects.running().filter(confirmed_at__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def untold() -> list[int]:
    """Placements, or attempts, of which the customer does not know yet, the oldest first."""
    return list(StandingPlacement.objects.filter(told_at__isnull=True).order_by("pk").values_list("pk", flat=True))


def final_due(*, at: datetime) -> list[int]:
    """Placements whose round has closed and whose customers have to be told what comes in the end, the oldest first."""
    closed = DeliveryRound.objects.filter(closed_at__isnull=False, closed_at__gte=at - timedelta(days=DAYS_OF_NEWS))
    rows = StandingPlacement.objects.filter(FINAL, round__in=closed, final_told_at__isnull=True, told_at__isnull=False)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def send_agreement(*, standing_id: int, at: datetime) -> bool:
    """Confirm what was agreed, with the legal texts (section 312f BGB); False when that has happened."""
    if not StandingOrder.objects.filter(pk=standing_id, confirmed_at__isnull=True).update(confirmed_at=at):
        return False
    related = ("region__site", "user", "rule", "pickup_point", "partner", "municipality")
    standing = StandingOrder.objects.select_related(*related).prefetch_related("lines").get(pk=standing_id)
    subject = _("Your standing order %(number)s") % {"number": standing.number}
    _message(standing=standing, name="agreement", subject=subject, told={}).send()
    return True


@transaction.atomic
def tell(*, placement_id: int, at: datetime) -> bool:
    """Say what comes on the day and what differs from the wish, or that nothing comes and why; False when that has happened."""
    if not StandingPlacement.objects.filter(pk=placement_id, told_at__isnull=True).update(told_at=at):
        return False
    row = _load(placement_id)
    if row.order_id is not None:
        _contract(row=row, name="coming", subject=_("This comes on %(day)s")).send()
        return True
    subject = _("Nothing ordered for %(day)s") % {"day": wording.weekday_date(row.round.delivery_day)}
    _message(standing=row.standing, name="nothing", subject=subject, told=_told(row)).send()
    return True


@transaction.atomic
def tell_final(*, placement_id: int, at: datetime) -> bool:
    """Say at the cut-off how it stands; False when that has happened."""
    if not StandingPlacement.objects.filter(pk=placement_id, final_told_at__isnull=True).update(final_told_at=at):
        return False
    row = _load(placement_id)
    if row.order_id is not None:
        _contract(row=row, name="final", subject=_("It stays at that: your delivery on %(day)s")).send()
        return True
    subject = _("Nothing comes on %(day)s") % {"day": wording.weekday_date(row.round.delivery_day)}
    _message(standing=row.standing, name="nothing", subject=subject, told=_told(row) | {"is_over": True}).send()
    return True


@transaction.atomic
def send_receipt(*, ending_id: int, at: datetime) -> bool:
    """Send content, date and time of a declaration to who made it, and to the office; False when that has happened."""
    if not Ending.objects.filter(pk=ending_id, receipted_at__isnull=True).update(receipted_at=at):
        return False
    entry = Ending.objects.select_related("region__site").prefetch_related("ended").get(pk=ending_id)
    subject = _("Receipt: you have ended a contract")
    context = {"entry": entry, "ended": list(entry.ended.all()), "region": entry.region, "subject": subject}
    _rendered(name="ended", subject=subject, to=entry.email, context=context, copy_to_office=True).send()
    return True


def _load(placement_id: int) -> StandingPlacement:
    related = ("standing__region__site", "standing__user", "standing__rule", "round")
    return StandingPlacement.objects.select_related(*related).get(pk=placement_id)


def _told(row: StandingPlacement) -> dict[str, Any]:
    return {
        "placement": row,
        "round": row.round,
        "notes": notes.sentences(report=row.report),
        "asks": any(note.get("code") in notes.ASKING for note in row.report),
        "standing": row.standing,
        "standing_link": _link(row.standing),
    }


def _contract(*, row: StandingPlacement, name: str, subject: str) -> EmailMultiAlternatives:
    day = {"day": wording.weekday_date(row.round.delivery_day)}
    return order_mails.contract(order_id=row.order_id or 0, name=f"standing/mails/{name}", subject=subject % day, told=_told(row))


def _message(*, standing: StandingOrder, name: str, subject: str, told: dict[str, Any]) -> EmailMultiAlternatives:
    site = standing.region.site.root_url
    context = {
        "standing": standing,
        "region": standing.region,
        "subject": subject,
        "standing_link": _link(standing),
        "end_link": f"{site}{reverse('standing:end')}",
        **told,
    }
    return _rendered(name=name, subject=subject, to=standing.user.email, context=context)


def _rendered(
    *, name: str, subject: str, to: str, context: dict[str, Any], copy_to_office: bool = False
) -> EmailMultiAlternatives:
    region = context["region"]
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"standing/mails/{name}.txt", context),
        to=[to],
        bcc=[region.email] if copy_to_office else [],
        reply_to=[region.email],
    )
    message.attach_alternative(render_to_string(f"standing/mails/{name}.html", context), "text/html")
    return message


def _link(standing: StandingOrder) -> str:
    return f"{standing.region.site.root_url}{standing.get_absolute_url()}"
