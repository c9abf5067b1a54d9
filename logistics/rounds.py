"""Decides when rounds are announced, how long one can order for them, and what happens when they close.

The row of a round is the parent of everything in it: whoever changes the round, its tours or its deliveries locks it first
(`lock`), whoever takes stock or a place in it holds it open first (`hold_open`).
"""

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from logistics import closing, daytime, limits, purchases, round_days, tariffs, unread
from logistics.models import Delivery, DeliveryRound, DeliveryWindow, Reservation, RoundRule, RuleWindow
from marketplace.core import audit, wording
from marketplace.core.transitions import ForbiddenTransition
from marketplace.regions.models import Region
from marketplace.users.models import User

logger = logging.getLogger(__name__)
Status = DeliveryRound.Status
#: who began the last step of an order before the cut-off may finish it so much later; rounds are closed after that
GRACE = timedelta(minutes=10)
#: how long after the grace orders that are about to be paid keep their round open
WAITS_FOR_MONEY = timedelta(minutes=15)
#: nobody takes longer for the last step; who comes back later begins anew
LAST_STEP = timedelta(hours=1)
ENDED = (Delivery.Status.COMPLETED, Delivery.Status.FAILED, Delivery.Status.CANCELLED)


class RoundClosed(Exception):
    """One can no longer, or not yet, order for this round."""


@transaction.atomic
def announce(*, rule: RoundRule, today: date) -> int:
    """Create the rounds of `rule` from `today` on, as far ahead as it announces, and say how many are new.

    A round that exists is left as it is; only one that nobody has booked follows when the plan was changed later. What becomes of
    those that are booked is the office's choice: see `rescheduling`.
    """
    if not rule.is_active:
        _withdraw(rule, {}, today)
        return 0
    wanted = planned(rule=rule, first=today, last=today + timedelta(days=rule.announce_days))
    days = list(wanted)
    _withdraw(rule, wanted, today)
    known = set(DeliveryRound.objects.filter(rule=rule, rule_day__in=days).values_list("rule_day", flat=True))
    begin, areas = daytime.midnight(today), tariffs.announced(rule=rule)
    new = [
        _round(rule, day, delivery_day, areas)
        for day, delivery_day in wanted.items()
        if delivery_day is not None and day not in known and cutoff_of(rule=rule, delivery_day=delivery_day) > begin
    ]
    windows = list(rule.windows.all())
    made = DeliveryRound.objects.bulk_create(new, ignore_conflicts=True)
    rounds = DeliveryRound.objects.filter(rule=rule, rule_day__in=[row.rule_day for row in made], windows__isnull=True)
    fresh = list(rounds)
    DeliveryWindow.objects.bulk_create(_window(row, window) for row in fresh for window in windows)
    limits.fit(rounds=DeliveryRound.objects.filter(pk__in=[row.pk for row in fresh]))
    return len(new)


def open_rounds(*, region: Region, at: datetime) -> list[DeliveryRound]:
    """The rounds for which one can order now, the next delivery day first."""
    return list(DeliveryRound.objects.open_at(at).filter(region=region).select_related("rule").defer(*unread.OF_ROUNDS))


def next_open(*, region: Region, at: datetime) -> DeliveryRound | None:
    """The first of them."""
    return DeliveryRound.objects.open_at(at).filter(region=region).select_related("rule").first()


def hold_open(*, round_id: int, at: datetime) -> DeliveryRound:
    """Keep the round from closing until the transaction ends. Raises `RoundClosed` if it is too late (or too early).

    Buyers share this lock, closing waits for them. Take it before any stock, so that a buyer never waits for a closer that
    waits for him.
    """
    columns = ", ".join(f'"{field.column}"' for field in DeliveryRound._meta.concrete_fields)
    sql = f'SELECT {columns} FROM "{DeliveryRound._meta.db_table}" WHERE id = %s FOR SHARE'  # noqa: S608 - names of our own
    held = next(iter(DeliveryRound.objects.raw(sql, [round_id])), None)
    if held is None or held.status != Status.OPEN or not held.opens_at <= at < held.cutoff_at:
        raise RoundClosed(_closed(held, at))
    return held


def _closed(held: DeliveryRound | None, at: datetime) -> str:
    """Why nobody can order; who was about to is told when the office has moved the end."""
    if held is not None and held.status == Status.OPEN and held.cutoff_is_set and at >= held.cutoff_at:
        local = held.cutoff_at.astimezone(daytime.ZONE)
        when = {"when": f"{wording.weekday_date(local.date())}, {wording.clock(local)}"}
        return _("The end of orders for this delivery day was moved to %(when)s. Please choose another day.") % when
    return _("Orders for this delivery day are no longer possible. Please choose another one.")


def moment_for(*, delivery_round: DeliveryRound, at: datetime, began_at: datetime | None) -> datetime:
    """The moment that counts for the cut-off of a round: within the grace after it, the one at which the last step was begun.

    `began_at` must be known for sure, e.g. from the session; None is nobody who began anything.
    """
    cutoff = delivery_round.cutoff_at
    in_grace = began_at is not None and cutoff - LAST_STEP <= began_at < cutoff <= at < cutoff + GRACE
    return began_at if in_grace and began_at is not None else at


def is_last_hour(*, delivery_round: DeliveryRound, at: datetime) -> bool:
    """Whether it is worth while to remember that somebody begins the last step now: it would count in the grace."""
    return delivery_round.cutoff_at - LAST_STEP <= at < delivery_round.cutoff_at


def lock(*, round_id: int) -> DeliveryRound:
    """The row of the round, locked for changes to it or to anything that belongs to it."""
    return DeliveryRound.objects.select_for_update(of=("self",), no_key=True).get(pk=round_id)


@transaction.atomic
def close(*, delivery_round: DeliveryRound, at: datetime, by: User | None = None) -> bool:
    """End ordering: orders are closed, every producer gets a collection, every order line a line to pack.

    True if it was still open; False, with nothing changed, if somebody had closed it before.
    The same number of queries for any number of orders.
    """
    locked = lock(round_id=delivery_round.pk)
    if locked.status != Status.OPEN:
        return False
    closing.hand_over(delivery_round=locked, at=at, by=by)
    step(locked, to=Status.CLOSED, at=at, by=by)
    purchases.reckon_locked(locked=locked, at=at)
    return True


def close_due(*, at: datetime) -> int:
    """Close every round whose cut-off and the grace after it have passed, however long ago; says how many.

    Each is closed in its own transaction. Rounds that another worker is closing are left to it. One that fails does not keep
    the others open.
    """
    closed = 0
    due = DeliveryRound.objects.due_to_close(at - GRACE).exclude(_waits_for_money(at))
    for pk in list(due.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                row = due.filter(pk=pk).select_for_update(of=("self",), no_key=True, skip_locked=True).first()
                closed += row is not None and close(delivery_round=row, at=at)
        except Exception:
            logger.exception("Round %s could not be closed; it stays due.", pk)
    return closed


def _waits_for_money(at: datetime) -> Exists:
    """An order whose customer is at the payment provider, and of which nobody knows yet: for a while the round waits for it."""
    unpaid = Delivery.objects.filter(round=OuterRef("pk"), status=Delivery.Status.BOOKED, order__status="placed")
    since = at - GRACE - WAITS_FOR_MONEY
    return Exists(unpaid.filter(order__terms__unpaid_until__isnull=False, round__cutoff_at__gt=since))


def step(locked: DeliveryRound, *, to: str, at: datetime, by: User | None) -> None:
    """Move a round that is locked to a status which its present one allows, with time and trail."""
    if to not in DeliveryRound.TRANSITIONS.get(Status(locked.status), frozenset()):
        status = {"status": locked.get_status_display()}
        raise ForbiddenTransition(_("This step is not possible: the round is already “%(status)s”.") % status)
    moment = {
        Status.CLOSED: "closed_at",
        Status.PLANNED: "planned_at",
        Status.UNDER_WAY: "started_at",
        Status.DONE: "done_at",
        Status.CANCELLED: "cancelled_at",
    }[Status(to)]
    old, locked.status = locked.status, to
    setattr(locked, moment, at)
    locked.save(update_fields=["status", moment])
    audit.record(action=f"round.{to}", target=locked, at=at, by=by, old={"status": old}, new={"status": locked.status})


def end_if_over(locked: DeliveryRound, *, at: datetime, by: User | None) -> bool:
    """Mark a locked round done once every delivery in it has ended one way or the other; says whether it is done now."""
    if locked.status not in {Status.CLOSED, Status.PLANNED, Status.UNDER_WAY}:
        return locked.status == Status.DONE
    if Delivery.objects.filter(round=locked).exclude(status__in=ENDED).exists():
        return False
    if locked.status == Status.PLANNED:
        step(locked, to=Status.UNDER_WAY, at=at, by=by)
    step(locked, to=Status.DONE, at=at, by=by)
    return True


def planned(*, rule: RoundRule, first: date, last: date) -> dict[date, date | None]:
    """Where the days by the rule from `first` to `last` lie, holidays and exceptions considered; None is no round."""
    exceptions = {row.day: (row.moved_to, row.reason) for row in rule.exceptions.all()}
    days = round_days.by_rule(rule=rule, first=first, last=last)
    return {row.rule_day: row.delivery_day for row in round_days.placed(rule=rule, days=days, exceptions=exceptions)}


def cutoff_of(*, rule: RoundRule, delivery_day: date) -> datetime:
    """Until when one can order for that day by the plan."""
    return daytime.hours_before(delivery_day, rule.cutoff_hours)


def is_booked(*, delivery_round: DeliveryRound) -> bool:
    """Whether somebody has ordered for the round, or is about to."""
    here = {"round": delivery_round}
    return Delivery.objects.filter(**here).exists() or Reservation.objects.filter(window__round=delivery_round).exists()


def _withdraw(rule: RoundRule, wanted: dict[date, date | None], today: date) -> None:
    """Take back rounds which the plan no longer has, or has otherwise, unless somebody has booked a place or is about to."""
    open_ones = DeliveryRound.objects.filter(
        rule=rule, rule_day__gte=today, cutoff_at__gt=daytime.midnight(today), status=Status.OPEN, deliveries__isnull=True
    )
    for row in open_ones.select_for_update(of=("self",)).order_by("pk"):
        day = wanted.get(row.rule_day)
        as_planned = day == row.delivery_day and (row.cutoff_is_set or cutoff_of(rule=rule, delivery_day=day) == row.cutoff_at)
        if not as_planned and not is_booked(delivery_round=row):
            row.delete()


def _round(rule: RoundRule, day: date, delivery_day: date, areas: list[dict[str, Any]]) -> DeliveryRound:
    cutoff = cutoff_of(rule=rule, delivery_day=delivery_day)
    opens = daytime.midnight(day - timedelta(days=rule.announce_days))
    return DeliveryRound(
        region_id=rule.region_id,
        rule=rule,
        rule_day=day,
        delivery_day=delivery_day,
        opens_at=min(opens, cutoff - timedelta(days=1)),
        cutoff_at=cutoff,
        areas=areas,
        is_direct=rule.is_direct,
        customers_may_change=rule.customers_may_change,
        customers_may_cancel=rule.customers_may_cancel,
    )


def _window(row: DeliveryRound, window: RuleWindow) -> DeliveryWindow:
    return DeliveryWindow(
        round=row,
        pickup_point_id=window.pickup_point_id,
        partner_id=window.partner_id,
        starts_at=daytime.on(row.delivery_day, window.starts),
        ends_at=daytime.on(row.delivery_day, window.ends),
        capacity=window.capacity,
        fee=window.fee,
    )
