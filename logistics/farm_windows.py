"""Decides when a producer's goods can be fetched at the farm: which windows the rounds offer, those that are open already too."""

from datetime import datetime, time

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from logistics import daytime, rounds
from logistics.models import DeliveryRound, DeliveryWindow, RoundRule, RuleWindow
from marketplace.core import audit
from marketplace.partner.models import Partner
from marketplace.users.models import User

MOST_PLACES = 200


class BadWindow(Exception):
    """The hours cannot be offered; the message is for the producer."""


def offered(*, partner: Partner) -> QuerySet[RuleWindow]:
    """The producer's hours, round plan by round plan."""
    return RuleWindow.objects.filter(partner=partner).select_related("rule").order_by("rule__name", "rule", "starts", "pk")


def rules_of(*, partner: Partner) -> QuerySet[RoundRule]:
    """The round plans for which hours can be offered."""
    return RoundRule.objects.filter(region=partner.region_id, is_active=True).order_by("name", "pk")


@transaction.atomic
def offer(
    *, partner: Partner, rule: RoundRule, starts: time, ends: time, capacity: int, at: datetime, by: User | None
) -> RuleWindow:
    """Let customers fetch goods at the farm in these hours of every delivery day of a plan, the days already announced included.

    Raises `BadWindow` for hours that cross others of the farm, or that make no sense.
    """
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner.pk)
    if ends <= starts:
        raise BadWindow(_("The hours end before they begin."))
    if not 1 <= capacity <= MOST_PLACES:
        raise BadWindow(_("Please enter a number of orders from 1 to %(most)s.") % {"most": MOST_PLACES})
    if RuleWindow.objects.filter(partner=partner, rule=rule, starts__lt=ends, ends__gt=starts).exists():
        raise BadWindow(_("These hours cross others that you offer already."))
    hours = RuleWindow.objects.create(partner=partner, rule=rule, starts=starts, ends=ends, capacity=capacity)
    for delivery_round in _still_open(rule, at):
        if not _windows(hours, delivery_round).update(capacity=Greatest(F("taken"), capacity)):
            DeliveryWindow.objects.create(
                round=delivery_round,
                partner=partner,
                starts_at=daytime.on(delivery_round.delivery_day, starts),
                ends_at=daytime.on(delivery_round.delivery_day, ends),
                capacity=capacity,
            )
    audit.record(action="farm_window.offered", target=partner, at=at, by=by, new=_told(hours))
    return hours


@transaction.atomic
def withdraw(*, hours: RuleWindow, at: datetime, by: User | None) -> int:
    """Offer these hours no longer; says in how many rounds they stay, because somebody has booked them."""
    stay = 0
    for delivery_round in _still_open(hours.rule, at):
        stay += not _take_back(hours, rounds.lock(round_id=delivery_round.pk))
    if hours.partner is not None:
        audit.record(action="farm_window.withdrawn", target=hours.partner, at=at, by=by, old=_told(hours))
    hours.delete()
    return stay


def _still_open(rule: RoundRule, at: datetime) -> list[DeliveryRound]:
    rows = DeliveryRound.objects.filter(rule=rule, status=DeliveryRound.Status.OPEN, cutoff_at__gt=at)
    return list(rows.order_by("pk"))


def _windows(hours: RuleWindow, delivery_round: DeliveryRound) -> QuerySet[DeliveryWindow]:
    start = daytime.on(delivery_round.delivery_day, hours.starts)
    end = daytime.on(delivery_round.delivery_day, hours.ends)
    return DeliveryWindow.objects.filter(round=delivery_round, partner=hours.partner_id, starts_at=start, ends_at=end)


def _take_back(hours: RuleWindow, delivery_round: DeliveryRound) -> bool:
    """Whether nothing of it is left in the round. Nobody can book while the round is locked."""
    window = _windows(hours, delivery_round).select_for_update(of=("self",)).first()
    if window is None:
        return True
    if window.taken or window.deliveries.exists() or window.reservations.exists():
        DeliveryWindow.objects.filter(pk=window.pk).update(capacity=F("taken"))
        return not window.taken
    window.delete()
    return True


def _told(hours: RuleWindow) -> dict[str, str]:
    return {"rule": hours.rule.name, "hours": str(hours), "places": str(hours.capacity)}
