"""Decides what becomes of a round that people have ordered for: it stays, is moved, closes at another moment, or is cancelled.

Nothing happens by itself: `differing` says which rounds are meant, the office chooses. A choice is kept as an exception of the
plan, so that it is not asked for again. Customers are told by `rescheduling_mails` (moved) and `order.mails` (cancelled), farms
and drivers by `cancellation_mails`. Of two of the office who do it at once, the second is told so.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from logistics import calling_off, daytime, purchases, rounds, spaces, stock, windows
from logistics.models import Collection, Delivery, DeliveryRound, PackedLine, Reservation, RoundException, RoundRule, Tour
from marketplace.core import audit, wording
from marketplace.core.models import AuditEntry
from marketplace.order import progress
from marketplace.order.models import Line, Order
from marketplace.users.models import User
from marketplace.vouchers import usage

Status = DeliveryRound.Status
MOVED = "round.moved"
CANCELLED = "round.called_off"
CUTOFF_EARLIER, CUTOFF_LATER = "round.cutoff_earlier", "round.cutoff_later"
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
def move(
    *, delivery_round: DeliveryRound, to: date, reason: str, at: datetime, by: User | None, seen: date | None = None
) -> DeliveryRound:
    """Deliver on another day, in the same windows by the clock, with the cut-off that the plan has for that day.

    Places, stock and prices stay as they are. `seen` is the day that whoever moves it saw. Raises `NotRescheduled` for a round
    that is closed or was moved meanwhile, for a day whose cut-off has passed, and for one on which a round of the same plan goes
    that somebody has booked.
    """
    locked = _lock(delivery_round)
    if seen is not None and seen != locked.delivery_day:
        day = {"day": wording.weekday_date(locked.delivery_day)}
        raise NotRescheduled(_("Somebody has just moved this round to %(day)s. Please look at it once more.") % day)
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
    locked.delivery_day, locked.cutoff_at, locked.cutoff_is_set = to, cutoff, False
    locked.opens_at = min(locked.opens_at, cutoff - timedelta(days=1))
    # the new day suits not everybody who has ordered for the old one
    locked.customers_may_change = locked.customers_may_cancel = True
    fields = ["rule_day", "delivery_day", "cutoff_at", "cutoff_is_set", "opens_at"]
    locked.save(update_fields=[*fields, "customers_may_change", "customers_may_cancel"])
    for window in locked.windows.order_by("pk"):
        window.starts_at, window.ends_at = (_shifted(moment, shift) for moment in (window.starts_at, window.ends_at))
        window.save(update_fields=["starts_at", "ends_at"])
    old, new = {"delivery_day": before.isoformat()}, {"delivery_day": to.isoformat(), "reason": reason}
    audit.record(action=MOVED, target=locked, at=at, by=by, old=old, new=new)
    return locked


@transaction.atomic
def set_cutoff(
    *, delivery_round: DeliveryRound, to: datetime, at: datetime, by: User | None, seen: datetime | None = None
) -> DeliveryRound:
    """Let people order until another moment, earlier or later; from then on this round does not follow its plan in that.

    What is kept in a checkout is not kept longer than that. Who orders at that moment is in before, or told. `seen` is the one
    that whoever moves it saw. Raises `NotRescheduled` for a moment that is over, or later than the hub opens, and when it was
    moved meanwhile.
    """
    locked = _lock(delivery_round)
    if seen is not None and seen != locked.cutoff_at:
        raise NotRescheduled(_("Somebody has just moved the end of orders to %(when)s.") % {"when": _moment(locked.cutoff_at)})
    if to <= at:
        raise NotRescheduled(_("The end of orders has to lie in the future. To end them now, please close the round."))
    if to > daytime.on(locked.delivery_day, locked.rule.hub_open_from) or to <= locked.opens_at:
        raise NotRescheduled(_("Orders have to end before the goods come to the hub on the delivery day."))
    old, locked.cutoff_at, locked.cutoff_is_set = locked.cutoff_at, to, True
    locked.save(update_fields=["cutoff_at", "cutoff_is_set"])
    kept = Reservation.objects.filter(window__round=locked, expires_at__gt=to + rounds.GRACE)
    kept.update(expires_at=to + rounds.GRACE)
    action = CUTOFF_EARLIER if to < old else CUTOFF_LATER
    told = {"old": {"cutoff_at": old.isoformat()}, "new": {"cutoff_at": to.isoformat()}}
    audit.record(action=action, target=locked, at=at, by=by, **told)
    return locked


@transaction.atomic
def cancel(*, delivery_round: DeliveryRound, reason: str, at: datetime, by: User | None) -> int:
    """The round does not take place: its orders are cancelled, stock, places and vouchers are given back. Says how many orders.

    Possible until the first vehicle starts; the tours that were planned go. The same number of queries for any number of orders.
    Raises `NotRescheduled` when it is too late, or when goods were handed over already.
    """
    locked = rounds.lock(round_id=delivery_round.pk)
    was_open = locked.status == Status.OPEN
    if not was_open:
        _refuse_unless_cancellable(locked)
    rows = Delivery.objects.filter(round=locked, status=Delivery.Status.BOOKED).order_by("pk")
    booked = {order_id: (pk, window) for order_id, pk, window in rows.values_list("order_id", "pk", "window_id")}
    told = {pk: {"reason": REASON, "why": reason} for pk in booked}
    progress.cancel_all(told=told, was=Order.Status.PLACED if was_open else Order.Status.CLOSED, at=at, by=by)
    if was_open:
        lines = Line.objects.filter(order__in=booked.keys()).order_by("pk")
        stock.give_back_all(delivery_round=locked, quantities=calling_off.promised(lines=lines))
    else:
        _unpack(locked, at, by)
    windows.release_places(places=Counter(window for _pk, window in booked.values()))
    spaces.release_all(delivery_ids=[pk for pk, _window in booked.values()])
    calling_off.end(delivery_ids=[pk for pk, _window in booked.values()], at=at, by=by)
    usage.give_back_all(order_ids=sorted(booked))
    _except(locked, None, reason)
    drivers = _drop_tours(locked)
    rounds.step(locked, to=Status.CANCELLED, at=at, by=by)
    purchases.reckon_locked(locked=locked, at=at)
    audit.record(action=CANCELLED, target=locked, at=at, by=by, new={"reason": reason, "drivers": drivers})
    return len(booked)


def is_cancellable(*, delivery_round: DeliveryRound) -> bool:
    """Whether the office may still cancel it: nothing has started."""
    return delivery_round.status in (Status.OPEN, Status.CLOSED, Status.PLANNED)


def _refuse_unless_cancellable(locked: DeliveryRound) -> None:
    if not is_cancellable(delivery_round=locked):
        status = {"status": locked.get_status_display()}
        raise NotRescheduled(_("This step is not possible: the round is already “%(status)s”.") % status)
    if Tour.objects.filter(round=locked).exclude(status=Tour.Status.PLANNED).exists():
        raise NotRescheduled(_("A vehicle of this round has started already."))
    if Delivery.objects.filter(round=locked).exclude(status__in=(Delivery.Status.BOOKED, Delivery.Status.CANCELLED)).exists():
        raise NotRescheduled(_("Goods of this round were handed over already, so it cannot be cancelled as a whole."))


def _unpack(locked: DeliveryRound, at: datetime, by: User | None) -> None:
    """What the farms had for the round is theirs again; nobody packs any more."""
    collections = Collection.objects.filter(round=locked).exclude(status=Collection.Status.CALLED_OFF)
    lines = PackedLine.objects.filter(collection__in=collections, order_line__stockrecord__isnull=False)
    back: Counter[int] = Counter()
    for line in lines.select_related("order_line").order_by("pk"):
        back[line.order_line.stockrecord_id] += line.coming
    stock.bring_back(quantities=back)
    ended = list(collections.select_for_update(of=("self",)).order_by("pk"))
    Collection.objects.filter(pk__in=[row.pk for row in ended]).update(status=Collection.Status.CALLED_OFF)
    label, new = Collection._meta.label_lower, {"status": str(Collection.Status.CALLED_OFF), "reason": REASON}
    about = {"at": at, "by": by, "action": "collection.round_cancelled", "target_type": label, "new": new}
    AuditEntry.objects.bulk_create(AuditEntry(**about, target_id=row.pk, old={"status": row.status}) for row in ended)


def _drop_tours(locked: DeliveryRound) -> list[int]:
    """Take the planned tours back; whose they were (user ids)."""
    tours = Tour.objects.filter(round=locked)
    drivers = sorted(set(tours.filter(driver__isnull=False).values_list("driver_id", flat=True)))
    tours.delete()
    return drivers


def _moment(moment: datetime) -> str:
    local = moment.astimezone(daytime.ZONE)
    return f"{wording.weekday_date(local.date())}, {wording.clock(local)}"


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
