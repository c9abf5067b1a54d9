"""Decides what becomes of a round that people have ordered for when its plan was changed: it stays, is moved, or is cancelled.

Nothing happens by itself: `differing` says which rounds are meant, the office chooses. A choice is kept as an exception of the
plan, so that it is not asked for again. Customers are told by `rescheduling_mails` (moved) and `order.mails` (cancelled).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from logistics import calling_off, daytime, rounds, spaces, stock, windows
from logistics.models import Delivery, DeliveryRound, RoundException, RoundRule
from marketplace.core import audit, wording
from marketplace.order import progress
from marketplace.order.models import Line, Order
from marketplace.users.models import User
from marketplace.vouchers import usage

Status = DeliveryRound.Status
MOVED = "round.moved"
#: the trail's word for why an order was cancelled
REASON = "round"


class NotRescheduled(Exception):
    """The round cannot be moved or cancelled like that; the message is for the office."""


@dataclass(frozen=True, kw_only=True)
class Differing:
    """An open round which is not where its plan has it now, how many ordered, and where the plan has it (None: nowhere)."""

    round: DeliveryRound
    orders: int
    planned_day: date | None


def differing(*, rule: RoundRule, at: datetime) -> list[Differing]:
    """The rounds for which the office has to choose, the next first. The same number of queries for any number of them."""
    rows = DeliveryRound.objects.filter(rule=rule, status=Status.OPEN, cutoff_at__gt=at)
    known = list(rows.order_by("delivery_day", "pk"))
    if not known:
        return []
    here = Delivery.objects.filter(round__in=known, status=Delivery.Status.BOOKED)
    booked = dict(here.order_by().values_list("round").annotate(Count("pk")))
    days = [row.rule_day for row in known]
    plan = rounds.planned(rule=rule, first=min(days), last=max(days)) if rule.is_active else {}
    plan |= dict(RoundException.objects.filter(rule=rule, day__in=days).values_list("day", "moved_to"))
    return [
        Differing(round=row, orders=booked.get(row.pk, 0), planned_day=plan.get(row.rule_day))
        for row in known
        if plan.get(row.rule_day) != row.delivery_day
    ]


@transaction.atomic
def keep(*, delivery_round: DeliveryRound, at: datetime, by: User | None) -> None:
    """The round takes place on its day, whatever the plan says."""
    locked = _lock(delivery_round)
    _except(locked, locked.delivery_day, _("stays as ordered"))
    audit.record(action="round.kept", target=locked, at=at, by=by, new={"delivery_day": locked.delivery_day.isoformat()})


@transaction.atomic
def move(*, delivery_round: DeliveryRound, to: date, reason: str, at: datetime, by: User | None) -> DeliveryRound:
    """Deliver on another day, in the same windows by the clock, with the cut-off that the plan has for that day.

    Places, stock and prices stay as they are. Raises `NotRescheduled` for a round that is closed, for a day whose cut-off has
    passed, and for a day on which a round of the same plan goes that somebody has booked.
    """
    locked = _lock(delivery_round)
    if to == locked.delivery_day:
        raise NotRescheduled(_("That is the day on which the round goes already."))
    cutoff = rounds.cutoff_of(rule=locked.rule, delivery_day=to)
    if cutoff <= at:
        raise NotRescheduled(_("The cut-off for that day has passed. Please choose a later day."))
    taken_over = _make_room(locked, to)
    if taken_over is None:
        _except(locked, to, reason)
    before, shift = locked.delivery_day, to - locked.delivery_day
    locked.rule_day = taken_over or locked.rule_day
    locked.delivery_day, locked.cutoff_at = to, cutoff
    locked.opens_at = min(locked.opens_at, cutoff - timedelta(days=1))
    locked.save(update_fields=["rule_day", "delivery_day", "cutoff_at", "opens_at"])
    for window in locked.windows.order_by("pk"):
        window.starts_at, window.ends_at = (_shifted(moment, shift) for moment in (window.starts_at, window.ends_at))
        window.save(update_fields=["starts_at", "ends_at"])
    old, new = {"delivery_day": before.isoformat()}, {"delivery_day": to.isoformat(), "reason": reason}
    audit.record(action=MOVED, target=locked, at=at, by=by, old=old, new=new)
    return locked


@transaction.atomic
def cancel(*, delivery_round: DeliveryRound, reason: str, at: datetime, by: User | None) -> int:
    """The round does not take place: its orders are cancelled, stock, places and vouchers are given back. Says how many orders.

    The same number of queries for any number of orders. Raises `NotRescheduled` when the round is closed.
    """
    locked = _lock(delivery_round)
    rows = Delivery.objects.filter(round=locked, status=Delivery.Status.BOOKED).order_by("pk")
    booked = {order_id: (pk, window) for order_id, pk, window in rows.values_list("order_id", "pk", "window_id")}
    lines = Line.objects.filter(order__in=booked.keys()).order_by("pk")
    told = {pk: {"reason": REASON, "why": reason} for pk in booked}
    progress.cancel_all(told=told, was=Order.Status.PLACED, at=at, by=by)
    stock.give_back_all(delivery_round=locked, quantities=calling_off.promised(lines=lines))
    windows.release_places(places=Counter(window for _pk, window in booked.values()))
    spaces.release_all(delivery_ids=[pk for pk, _window in booked.values()])
    calling_off.end(delivery_ids=[pk for pk, _window in booked.values()], at=at, by=by)
    usage.give_back_all(order_ids=sorted(booked))
    _except(locked, None, reason)
    rounds.step(locked, to=Status.CANCELLED, at=at, by=by)
    return len(booked)


def _lock(delivery_round: DeliveryRound) -> DeliveryRound:
    locked = rounds.lock(round_id=delivery_round.pk)
    if locked.status != Status.OPEN:
        status = {"status": locked.get_status_display()}
        raise NotRescheduled(_("This step is not possible: the round is already “%(status)s”.") % status)
    return locked


def _make_room(locked: DeliveryRound, to: date) -> date | None:
    """Take back an unbooked round of the same plan on that day; its day by the rule, None when there was none."""
    there = DeliveryRound.objects.filter(rule=locked.rule_id, delivery_day=to).exclude(pk=locked.pk)
    other = there.exclude(status=Status.CANCELLED).select_for_update(of=("self",)).first()
    if other is None:
        return None
    if other.status != Status.OPEN or rounds.is_booked(delivery_round=other):
        day = {"day": wording.weekday_date(to)}
        raise NotRescheduled(_("On %(day)s there is a round of this plan already that people have ordered for.") % day)
    other.delete()
    return other.rule_day


def _except(locked: DeliveryRound, to: date | None, reason: str) -> None:
    told = {"moved_to": to, "reason": reason}
    RoundException.objects.update_or_create(rule_id=locked.rule_id, day=locked.rule_day, defaults=told)


def _shifted(moment: datetime, shift: timedelta) -> datetime:
    """The same time by the clock on the wall, so many days on."""
    return moment.astimezone(daytime.ZONE) + shift
