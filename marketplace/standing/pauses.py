"""Decides when a standing order rests: on single days, for a while, until further notice, or until the payment is settled."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from logistics import daytime, leeway
from marketplace.core import audit
from marketplace.standing import occurrences
from marketplace.standing.models import StandingOrder, StandingPlacement, StandingSkip
from marketplace.users.models import User

Reason = StandingOrder.PauseReason


class NotPaused(Exception):
    """The pause or the skipped day is not possible; the message says why."""


@transaction.atomic
def pause(*, standing: StandingOrder, first: date, last: date | None, at: datetime, by: User | None) -> StandingOrder:
    """Nothing comes on delivery days from `first` to `last`, without `last` until further notice. Raises `NotPaused`.

    What is ordered already is not touched.
    """
    if last is not None and last < max(first, daytime.day_of(at)):
        raise NotPaused(_("The pause has to end after it begins, and not in the past."))
    return _set(standing=standing, first=first, last=last, reason=Reason.CUSTOMER, at=at, by=by)


def pause_for_payment(*, standing: StandingOrder, at: datetime) -> StandingOrder:
    """It rests until the customer says that the payment is settled; nothing is lost."""
    return _set(standing=standing, first=daytime.day_of(at), last=None, reason=Reason.PAYMENT, at=at, by=None)


@transaction.atomic
def resume(*, standing: StandingOrder, at: datetime, by: User | None) -> StandingOrder:
    """It goes on, with the next round that one can order for."""
    locked = lock(standing=standing)
    locked.paused_from = locked.paused_until = None
    locked.pause_reason = ""
    locked.save(update_fields=["paused_from", "paused_until", "pause_reason"])
    audit.record(action="standing.resumed", target=locked, at=at, by=by)
    return locked


@transaction.atomic
def skip(*, standing: StandingOrder, day: date, at: datetime, by: User | None) -> None:
    """Nothing comes on one day of the plan. Raises `NotPaused` when it is ordered already, with what can be done."""
    locked = lock(standing=standing)
    placed = StandingPlacement.objects.filter(standing=locked, round__rule_day=day, order__isnull=False)
    ordered = placed.select_related("order__delivery__round", "standing__region").first()
    if ordered is not None and ordered.order is not None:
        said, told = _("This delivery is ordered already."), ordered.order.delivery.round
        raise NotPaused(f"{said} {leeway.sentence(delivery_round=told, region=ordered.standing.region)}")
    known = occurrences.with_lines(StandingOrder.objects.filter(pk=locked.pk))[0]
    days = {row.day for row in occurrences.coming(standing=known, today=daytime.day_of(at), count=occurrences.HORIZON)}
    if day not in days:
        raise NotPaused(_("Nothing comes on that day."))
    StandingSkip.objects.get_or_create(standing=locked, day=day)
    audit.record(action="standing.skipped", target=locked, at=at, by=by, new={"day": day.isoformat()})


@transaction.atomic
def unskip(*, standing: StandingOrder, day: date, at: datetime, by: User | None) -> None:
    """It comes on that day after all."""
    locked = lock(standing=standing)
    if StandingSkip.objects.filter(standing=locked, day=day).delete()[0]:
        audit.record(action="standing.unskipped", target=locked, at=at, by=by, new={"day": day.isoformat()})


def lock(*, standing: StandingOrder) -> StandingOrder:
    """The row, loaded anew, that whoever orders or changes holds. Raises `NotPaused` when it has been ended."""
    locked = StandingOrder.objects.select_for_update(of=("self",), no_key=True).get(pk=standing.pk)
    if locked.ended_at is not None:
        raise NotPaused(_("This standing order has been ended."))
    return locked


def _set(
    *, standing: StandingOrder, first: date, last: date | None, reason: Reason, at: datetime, by: User | None
) -> StandingOrder:
    locked = lock(standing=standing)
    locked.paused_from, locked.paused_until, locked.pause_reason = first, last, reason
    locked.save(update_fields=["paused_from", "paused_until", "pause_reason"])
    audit.record(action="standing.paused", target=locked, at=at, by=by, new={"reason": str(reason)})
    return locked
