"""Shows the months of a region at a glance: rounds that go, rounds still to come, and what holidays and exceptions change."""

from calendar import Calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Q

from logistics import round_days
from logistics.models import Delivery, DeliveryRound, RoundRule
from logistics.round_days import Placed
from marketplace.regions.models import Region

MONTHS = 3
WEEK = 7


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A round on a day: announced (`round`), still to come by a plan, or left out or moved away (`reason` says why)."""

    day: date
    rule: RoundRule
    round: DeliveryRound | None = None
    orders: int = 0
    is_out: bool = False
    moved_to: date | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Day:
    """A square of the calendar; those of other months are empty."""

    day: date
    is_inside: bool
    is_today: bool
    holiday: str
    entries: list[Entry]


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month in weeks from Monday on, its entries in a row, and its public holidays."""

    first: date
    weeks: list[list[Day]]
    entries: list[Entry]
    holidays: list[Day]


def months(*, region: Region, first: date, today: date) -> list[Month]:
    """Three months from that of `first` on. Three queries."""
    begin = first.replace(day=1)
    end = begin + relativedelta(months=MONTHS) - timedelta(days=1)
    found: dict[date, list[Entry]] = defaultdict(list)
    for entry in _entries(region, begin, end):
        found[entry.day].append(entry)
    return [_month(region, begin + relativedelta(months=number), found, today) for number in range(MONTHS)]


def _entries(region: Region, begin: date, end: date) -> list[Entry]:
    booked = Count("deliveries", filter=~Q(deliveries__status=Delivery.Status.CANCELLED))
    rows = DeliveryRound.objects.filter(region=region, delivery_day__range=(begin, end)).exclude(status="cancelled")
    counts = dict(rows.annotate(number=booked).values_list("pk", "number"))
    announced = list(rows.select_related("rule").order_by("delivery_day", "pk"))
    entries = [Entry(day=row.delivery_day, rule=row.rule, round=row, orders=counts[row.pk]) for row in announced]
    known = {(row.rule_id, row.rule_day) for row in announced}
    rules = RoundRule.objects.filter(region=region, is_active=True).select_related("region").prefetch_related("exceptions")
    for rule in rules.order_by("pk"):
        for placed in _by_plan(rule, begin, end):
            entries += _planned(rule, placed, is_known=(rule.pk, placed.rule_day) in known)
    return sorted(entries, key=lambda entry: (entry.day, entry.rule.pk))


def _by_plan(rule: RoundRule, begin: date, end: date) -> list[Placed]:
    days = round_days.by_rule(rule=rule, first=begin, last=end)
    exceptions = {row.day: (row.moved_to, row.reason) for row in rule.exceptions.all()}
    return round_days.placed(rule=rule, days=days, exceptions=exceptions)


def _planned(rule: RoundRule, placed: Placed, *, is_known: bool) -> list[Entry]:
    """What the calendar shows of a day by the rule besides the round itself."""
    away = placed.delivery_day != placed.rule_day
    found = []
    if away:
        found.append(Entry(day=placed.rule_day, rule=rule, is_out=True, moved_to=placed.delivery_day, reason=placed.reason))
    if placed.delivery_day and not is_known:
        found.append(Entry(day=placed.delivery_day, rule=rule, reason=placed.reason if away else ""))
    return found


def _month(region: Region, first: date, found: dict[date, list[Entry]], today: date) -> Month:
    days = [
        Day(
            day=day,
            is_inside=day.month == first.month,
            is_today=day == today,
            holiday=round_days.holiday(state=region.state, day=day),
            entries=found.get(day, []) if day.month == first.month else [],
        )
        for day in Calendar().itermonthdates(first.year, first.month)
    ]
    weeks = [days[begin : begin + WEEK] for begin in range(0, len(days), WEEK)]
    return Month(
        first=first,
        weeks=weeks,
        entries=[entry for day in days for entry in day.entries],
        holidays=[day for day in days if day.is_inside and day.holiday],
    )
