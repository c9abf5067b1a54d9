"""Decides what becomes of rounds that are announced already when the office enters or changes a round plan.

Rounds that nobody has booked follow the plan at once. Those that somebody has booked keep their day (`rescheduling` asks the
office what becomes of them); they get new windows and a later cut-off, never an earlier one, and nobody's place is taken away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from logistics import daytime, limits, round_days, rounds, tariffs
from logistics.models import DeliveryRound, DeliveryWindow, PickupPoint, RoundException, RoundRule, RuleArea, RuleWindow
from marketplace.core import audit, wording
from marketplace.regions.models import Municipality
from marketplace.users.models import User

Status = DeliveryRound.Status
#: no holiday moves a round further than that
NEAR = timedelta(days=7)


class BadPlan(Exception):
    """The plan makes no sense; the message is for the office."""


@dataclass(frozen=True, kw_only=True)
class PlanWindow:
    """A stretch of time which each round of a plan offers: at the door, or at a pickup point."""

    pickup_point: PickupPoint | None
    starts: time
    ends: time
    capacity: int
    fee: Decimal
    crates: int | None = None


@dataclass(frozen=True, kw_only=True)
class PlanArea:
    """Villages and postal codes to which a plan drives; gross euro. `fee` is on top of the window's, no `free_from` is never."""

    name: str
    municipalities: Sequence[Municipality]
    postal_codes: Sequence[str]
    fee: Decimal
    minimum: Decimal
    free_from: Decimal | None


def windows_of(*, rule: RoundRule) -> QuerySet[RuleWindow]:
    """The windows that the office keeps; those at farms are their producers'."""
    rows = RuleWindow.objects.filter(rule=rule, partner__isnull=True).select_related("pickup_point")
    return rows.order_by(F("pickup_point__name").asc(nulls_first=True), "starts", "pk")


@transaction.atomic
def save(
    *, rule: RoundRule, windows: Sequence[PlanWindow], at: datetime, by: User | None, areas: Sequence[PlanArea] | None = None
) -> RoundRule:
    """Keep a plan, new or changed, with its windows and areas (None: as they are); announce its rounds, and let those follow.

    Raises `BadPlan` for a plan without windows, with windows that cross at one place, with what ends before it begins, with a
    village or a postal code in two areas, or an area without any.
    """
    _check(rule, windows)
    _check_areas(areas or ())
    is_new = rule.pk is None
    rule.save()
    windows_of(rule=rule).delete()
    RuleWindow.objects.bulk_create(
        RuleWindow(
            rule=rule,
            pickup_point=window.pickup_point,
            starts=window.starts,
            ends=window.ends,
            capacity=window.capacity,
            capacity_crates=window.crates,
            fee=window.fee,
        )
        for window in windows
    )
    if areas is not None:
        _write_areas(rule, areas)
    audit.record(action="plan.created" if is_new else "plan.changed", target=rule, at=at, by=by, new=_told(rule, windows))
    _follow(rule, at)
    return rule


@transaction.atomic
def except_day(
    *, rule: RoundRule, day: date, moved_to: date | None, reason: str, at: datetime, by: User | None
) -> RoundException:
    """Move the round of a day by the rule to another day, or leave it out (None). Again for the same day, the last word counts.

    Raises `BadPlan` for a day on which the plan has no round, or to which another of its rounds goes already.
    """
    if not round_days.by_rule(rule=rule, first=day, last=day):
        raise BadPlan(_("The plan has no round on %(day)s.") % {"day": wording.weekday_date(day)})
    if moved_to is not None and moved_to != day and _is_taken(rule, day, moved_to):
        raise BadPlan(
            _("On %(day)s the plan has a round already. Please choose another day.") % {"day": wording.weekday_date(moved_to)}
        )
    told = {"moved_to": moved_to, "reason": reason}
    row, _new = RoundException.objects.update_or_create(rule=rule, day=day, defaults=told)
    new = {"day": day.isoformat(), "moved_to": moved_to.isoformat() if moved_to else "", "reason": reason}
    audit.record(action="plan.exception", target=rule, at=at, by=by, new=new)
    _follow(rule, at)
    return row


@transaction.atomic
def drop_exception(*, exception: RoundException, at: datetime, by: User | None) -> None:
    """The day goes by the rule again."""
    audit.record(action="plan.exception_dropped", target=exception.rule, at=at, by=by, old={"day": exception.day.isoformat()})
    exception.delete()
    _follow(exception.rule, at)


def _is_taken(rule: RoundRule, day: date, moved_to: date) -> bool:
    """Whether another round of the plan goes on that day, be it announced, by the rule, or moved there."""
    there = DeliveryRound.objects.filter(rule=rule, delivery_day=moved_to).exclude(rule_day=day).exclude(status=Status.CANCELLED)
    around = rounds.planned(rule=rule, first=moved_to - NEAR, last=moved_to + NEAR)
    exceptions = RoundException.objects.filter(rule=rule, moved_to=moved_to).exclude(day=day)
    return there.exists() or exceptions.exists() or any(to == moved_to for by_rule, to in around.items() if by_rule != day)


def _check(rule: RoundRule, windows: Sequence[PlanWindow]) -> None:
    if not windows:
        raise BadPlan(_("Please enter at least one time window, otherwise nobody can order."))
    if rule.last_day and rule.last_day < rule.first_day:
        raise BadPlan(_("The last delivery day lies before the first."))
    if rule.hub_sorted_by <= rule.hub_open_from:
        raise BadPlan(_("The goods are sorted at the hub before it opens."))
    if rule.collect_from and rule.collect_until and rule.collect_until <= rule.collect_from:
        raise BadPlan(_("Fetching goods from the farms ends before it begins."))
    order = sorted(windows, key=lambda window: (_place(window), window.starts))
    for window in order:
        if window.ends <= window.starts:
            raise BadPlan(_("A time window ends before it begins."))
    for one, other in pairwise(order):
        if _place(one) == _place(other) and other.starts < one.ends:
            name = one.pickup_point.name if one.pickup_point else _("to your door")
            raise BadPlan(_("Two time windows cross: %(name)s.") % {"name": name})


def _check_areas(areas: Sequence[PlanArea]) -> None:
    seen: set[object] = set()
    for area in areas:
        places = [area.name, *(village.name for village in area.municipalities), *area.postal_codes]
        if len(places) == 1:
            raise BadPlan(_("%(name)s: please choose villages or enter postal codes.") % {"name": area.name})
        for key, place in zip([("", area.name), *area.municipalities, *area.postal_codes], places, strict=True):
            if key in seen:
                raise BadPlan(_("%(place)s stands in two areas.") % {"place": place})
            seen.add(key)


def _write_areas(rule: RoundRule, areas: Sequence[PlanArea]) -> None:
    rule.areas.all().delete()
    for area in areas:
        row = RuleArea.objects.create(
            rule=rule,
            name=area.name,
            postal_codes=sorted(area.postal_codes),
            fee=area.fee,
            minimum_order=area.minimum,
            free_from=area.free_from,
        )
        row.municipalities.set(area.municipalities)


def _place(window: PlanWindow) -> int:
    return window.pickup_point.pk if window.pickup_point else 0


def _follow(rule: RoundRule, at: datetime) -> None:
    """Let the announced rounds follow the plan as far as they may."""
    rounds.announce(rule=rule, today=daytime.day_of(at))
    wanted = list(windows_of(rule=rule))
    announced = {name: getattr(rule, name) for name in ("customers_may_change", "customers_may_cancel")}
    announced["areas"] = tariffs.announced(rule=rule)
    for row in DeliveryRound.objects.filter(rule=rule, status=Status.OPEN, cutoff_at__gt=at).order_by("pk"):
        locked = rounds.lock(round_id=row.pk)
        later = rounds.cutoff_of(rule=rule, delivery_day=locked.delivery_day)
        if later > locked.cutoff_at and not locked.cutoff_is_set:
            DeliveryRound.objects.filter(pk=locked.pk).update(cutoff_at=later)
        differs = any(getattr(locked, name) != value for name, value in announced.items())
        if differs and not rounds.is_booked(delivery_round=locked):
            DeliveryRound.objects.filter(pk=locked.pk).update(**announced)
        _sync(locked, wanted)
    followers = DeliveryRound.objects.filter(rule=rule, status=Status.OPEN, cutoff_at__gt=at)
    followers.exclude(is_direct=rule.is_direct).update(is_direct=rule.is_direct)
    limits.refit(region=rule.region)


def _sync(locked: DeliveryRound, wanted: Sequence[RuleWindow]) -> None:
    """Give a locked round the windows of the plan; what is taken or held in one that is gone stays, without further places."""
    there = DeliveryWindow.objects.filter(round=locked, partner__isnull=True)
    left = set(there.select_for_update(of=("self",)).values_list("pk", flat=True))
    for window in wanted:
        span = daytime.on(locked.delivery_day, window.starts), daytime.on(locked.delivery_day, window.ends)
        same = there.filter(pickup_point=window.pickup_point_id, starts_at=span[0], ends_at=span[1])
        found = list(same.values_list("pk", flat=True))
        if found:
            same.update(capacity=Greatest(F("taken"), window.capacity))
            same.filter(taken=0).update(fee=window.fee)  # who has ordered keeps the fee that was told
            left -= set(found)
        else:
            DeliveryWindow.objects.create(
                round=locked,
                pickup_point_id=window.pickup_point_id,
                starts_at=span[0],
                ends_at=span[1],
                capacity=window.capacity,
                fee=window.fee,
            )
    gone = there.filter(pk__in=left)
    gone.filter(taken=0, deliveries__isnull=True, reservations__isnull=True).delete()
    there.filter(pk__in=left).update(capacity=F("taken"))


def _told(rule: RoundRule, windows: Sequence[PlanWindow]) -> dict[str, str]:
    return {
        "name": rule.name,
        "frequency": str(rule.frequency),
        "first_day": rule.first_day.isoformat(),
        "last_day": rule.last_day.isoformat() if rule.last_day else "",
        "cutoff_hours": str(rule.cutoff_hours),
        "windows": str(len(windows)),
        "is_direct": str(rule.is_direct),
        "customers_may_change": str(rule.customers_may_change),
        "customers_may_cancel": str(rule.customers_may_cancel),
        "is_active": str(rule.is_active),
    }
