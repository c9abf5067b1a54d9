"""Keeps account of the search for a plan: asked for, at work with how much done, called off, over; one at a time for a round."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from logistics import rounds
from logistics.models import DeliveryRound, PlanningRun
from marketplace.users.models import User

Outcome = PlanningRun.Outcome
PLANNABLE = (DeliveryRound.Status.CLOSED, DeliveryRound.Status.PLANNED)
#: a worker that says nothing for so long has died
SILENCE = timedelta(seconds=90)
#: after so many workers have died over a search the simple way is taken, and after so many it is given up
DEADLY, HOPELESS = 2, 5


def is_running(*, run: PlanningRun | None, at: datetime) -> bool:
    """Whether a plan is being searched for, or waits for a worker."""
    return run is not None and run.ended_at is None and (run.seen_at or run.asked_at) > at - SILENCE


@transaction.atomic
def ask(*, delivery_round: DeliveryRound, at: datetime, by: User | None) -> bool:
    """Have a plan searched for; False when that is going on already."""
    rounds.lock(round_id=delivery_round.pk)
    if is_running(run=PlanningRun.objects.filter(round=delivery_round).first(), at=at):
        return False
    PlanningRun.objects.update_or_create(
        round=delivery_round,
        defaults={
            "asked_at": at,
            "by": by,
            "begun_at": None,
            "seen_at": None,
            "attempts": 0,
            "percent": 0,
            "is_called_off": False,
            "ended_at": None,
            "outcome": "",
            "note": "",
        },
    )
    return True


def begin(*, round_id: int, at: datetime) -> PlanningRun | None:
    """Take the search on; None when there is none to take on, or another worker is at it."""
    waiting = Q(seen_at__isnull=True) | Q(seen_at__lte=at - SILENCE)
    mine = PlanningRun.objects.filter(waiting, round=round_id, ended_at__isnull=True)
    if not mine.update(begun_at=at, seen_at=at, attempts=F("attempts") + 1):
        return None
    return PlanningRun.objects.select_related("by").get(round=round_id)


def note(*, round_id: int, percent: int, at: datetime) -> bool:
    """Write down how much is done; False when it was called off."""
    running = PlanningRun.objects.filter(round=round_id, ended_at__isnull=True, is_called_off=False)
    return bool(running.update(percent=percent, seen_at=at))


def call_off(*, delivery_round: DeliveryRound, at: datetime) -> bool:
    """Stop the search; the plan that counts stays. False when it was over already."""
    open_run = PlanningRun.objects.filter(round=delivery_round, ended_at__isnull=True)
    stopped = open_run.filter(begun_at__isnull=False).update(is_called_off=True)
    waiting = open_run.filter(begun_at__isnull=True)
    return bool(stopped + waiting.update(is_called_off=True, ended_at=at, outcome=Outcome.CANCELLED))


def end(*, round_id: int, outcome: str, at: datetime, note: str = "") -> None:
    """The search is over."""
    PlanningRun.objects.filter(round=round_id, ended_at__isnull=True).update(
        ended_at=at, outcome=outcome, percent=100, note=note[:300]
    )


def due(*, at: datetime) -> QuerySet[DeliveryRound]:
    """Closed rounds for which nobody has searched yet, and searches over which a worker has died or that none has taken on."""
    never = Q(status=DeliveryRound.Status.CLOSED, planning_run__isnull=True)
    silent = Q(planning_run__seen_at__isnull=True) | Q(planning_run__seen_at__lte=at - SILENCE)
    died = silent & Q(planning_run__isnull=False, planning_run__ended_at__isnull=True)
    return DeliveryRound.objects.filter(never | died, status__in=PLANNABLE).order_by("pk")
