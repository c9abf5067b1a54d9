"""Decides on which delivery days a standing order comes, and when it is due to be ordered: a few days before the cut-off.

Until then nothing is promised to anybody. From then on the customer has an order like any other, which he can still change.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, QuerySet

from logistics import daytime, round_days
from logistics.models import DeliveryRound, RoundException
from marketplace.order.models import Order
from marketplace.standing import rhythms
from marketplace.standing.models import StandingLine, StandingOrder, StandingPlacement, StandingSkip

#: so long before the cut-off it is ordered, so that there is time to change it
AHEAD = timedelta(days=4)
#: how many delivery days are looked through for those on which something comes
HORIZON = 14


@dataclass(frozen=True)
class Occurrence:
    """One delivery day of a standing order. `day` is the day by the plan, `delivery_day` differs when the round is moved.

    `state` is "planned", "skipped", "paused", "dropped" (no round on that day) or the outcome of a placement.
    """

    day: date
    delivery_day: date
    lines: tuple[StandingLine, ...]
    state: str
    placement: StandingPlacement | None = None
    reason: str = ""


def due(*, at: datetime) -> list[tuple[int, int]]:
    """Standing orders and rounds (by key) for which it is time to order, the next cut-off first. Five queries, however many."""
    rounds = list(DeliveryRound.objects.open_at(at).order_by("cutoff_at", "pk"))
    if not rounds:
        return []
    by_rule: dict[int, list[StandingOrder]] = {}
    for standing in with_lines(StandingOrder.objects.running().filter(rule__in={row.rule_id for row in rounds})):
        by_rule.setdefault(standing.rule_id, []).append(standing)
    settled = _settled(rounds=rounds)
    skipped = set(StandingSkip.objects.filter(day__in={row.rule_day for row in rounds}).values_list("standing_id", "day"))
    return [
        (standing.pk, row.pk)
        for row in rounds
        for standing in by_rule.get(row.rule_id, ())
        if (standing.pk, row.pk) not in settled
        and (standing.pk, row.rule_day) not in skipped
        and is_time(standing=standing, delivery_round=row, at=at)
    ]


def is_due(*, standing: StandingOrder, delivery_round: DeliveryRound, at: datetime) -> bool:
    """The same for one; the row of the standing order is locked, so the answer holds until the transaction ends."""
    if standing.ended_at is not None or delivery_round.rule_id != standing.rule_id:
        return False
    if (standing.pk, delivery_round.pk) in _settled(rounds=[delivery_round]):
        return False
    if StandingSkip.objects.filter(standing=standing, day=delivery_round.rule_day).exists():
        return False
    return is_time(standing=standing, delivery_round=delivery_round, at=at)


def is_time(*, standing: StandingOrder, delivery_round: DeliveryRound, at: datetime) -> bool:
    """Whether something comes on that day and can and should be ordered by now; needs lines, articles and plan at hand."""
    if delivery_round.status != DeliveryRound.Status.OPEN or standing.is_paused_on(delivery_round.delivery_day):
        return False
    lines = lines_on(standing=standing, day=delivery_round.rule_day)
    return bool(lines) and ordered_from(delivery_round=delivery_round, lines=lines) <= at < delivery_round.cutoff_at


def lines_on(*, standing: StandingOrder, day: date) -> tuple[StandingLine, ...]:
    """The lines that come on a day of the plan, by their own rhythms."""
    before = round_days.before(rule=standing.rule, day=day)
    found = sorted(standing.lines.all(), key=lambda line: line.pk)
    return tuple(line for line in found if rhythms.falls_on(rhythm=line.rhythm, day=day, first=line.from_day, before=before))


def ordered_from(*, delivery_round: DeliveryRound, lines: Iterable[StandingLine]) -> datetime:
    """When the lines are ordered for the round: earlier where an article wants more notice, never before the round opens."""
    notice = max((line.product.lead_time_days for line in lines if line.product), default=0)
    in_time = daytime.midnight(delivery_round.delivery_day - timedelta(days=notice + 1))
    return max(delivery_round.opens_at, min(delivery_round.cutoff_at - AHEAD, in_time))


def coming(*, standing: StandingOrder, today: date, count: int) -> list[Occurrence]:
    """The next days on which something comes, or would if it were not skipped or paused; four queries."""
    days = round_days.coming(rule=standing.rule, after=today - timedelta(days=rhythms.FORTNIGHT), count=HORIZON)
    rows = DeliveryRound.objects.filter(rule=standing.rule_id, rule_day__in=days).exclude(status=DeliveryRound.Status.CANCELLED)
    known = {row.rule_day: row for row in rows}
    exceptions = {row.day: row for row in RoundException.objects.filter(rule=standing.rule_id, day__in=days)}
    placed = placements(standing=standing, round_ids=[row.pk for row in known.values()])
    skipped = set(standing.skips.filter(day__in=days).values_list("day", flat=True))
    found: list[Occurrence] = []
    for day in days:
        row, exception, lines = known.get(day), exceptions.get(day), lines_on(standing=standing, day=day)
        moved = row.delivery_day if row else exception.moved_to if exception else day
        placement = placed.get(row.pk) if row else None
        if (moved or day) < today or not (lines or placement):
            continue
        if placement is not None:
            state = str(placement.outcome)
        elif moved is None:
            state = "dropped"
        else:
            state = "paused" if standing.is_paused_on(moved) else "skipped" if day in skipped else "planned"
        reason = exception.reason if exception else ""
        found.append(Occurrence(day, moved or day, lines, state, placement, reason))
    return found[:count]


def placements(*, standing: StandingOrder, round_ids: Collection[int]) -> dict[int, StandingPlacement]:
    """What became of it in these rounds, by round, with the orders."""
    rows = standing.placements.filter(round__in=round_ids).select_related("order__delivery__round")
    return {row.round_id: row for row in rows}


def still_open(*, standing: StandingOrder, at: datetime) -> list[Order]:
    """Orders that were placed by it and can still be changed by hand; what changes in the standing order leaves them alone."""
    rows = standing.placements.filter(order__status=Order.Status.PLACED, round__in=DeliveryRound.objects.open_at(at).order_by())
    related = rows.select_related("order__delivery__round").order_by("round__delivery_day", "pk")
    return [row.order for row in related if row.order is not None]


def with_lines(rows: QuerySet[StandingOrder]) -> list[StandingOrder]:
    """Standing orders with lines, articles and plan at hand."""
    lines = Prefetch("lines", queryset=StandingLine.objects.select_related("product").order_by("pk"))
    return list(rows.select_related("rule").prefetch_related(lines).order_by("pk"))


def _settled(*, rounds: Sequence[DeliveryRound]) -> set[tuple[int, int]]:
    done = StandingPlacement.objects.filter(round__in=rounds).exclude(outcome__in=StandingPlacement.OPEN_OUTCOMES)
    return set(done.values_list("standing_id", "round_id"))
