"""Decides what the pages of standing orders say: the next day, the state of each, and what has to be decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from logistics import round_days
from logistics.models import Delivery
from marketplace.core import money
from marketplace.partner.models import StockRecord
from marketplace.regions.models import Region
from marketplace.standing import notes, occurrences, supply
from marketplace.standing.models import StandingLine, StandingOrder
from marketplace.standing.occurrences import Occurrence

#: so many days are shown ahead
AHEAD = 6
#: how many plan days are looked through for the next one
SOON = 8
TONES = {
    "planned": "info",
    "placed": "success",
    "added": "success",
    "skipped": "neutral",
    "paused": "neutral",
    "dropped": "neutral",
}


@dataclass(frozen=True, kw_only=True)
class Card:
    """One standing order in the list. `next_day` is None while it is paused, or when nothing comes any more."""

    standing: StandingOrder
    titles: str
    next_day: date | None
    tone: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Dearer:
    """An article that became so much dearer that the customer is asked."""

    line: StandingLine
    price: Decimal


def of_customer(*, user: Any, region: Region, today: date) -> list[Card]:
    """All standing orders of a person in a region, the running ones first; four queries, however many."""
    mine = StandingOrder.objects.filter(user=user, region=region).prefetch_related("skips")
    rows = sorted(occurrences.with_lines(mine), key=lambda row: (row.ended_at is not None, -row.pk))
    return [_card(row, today) for row in rows]


def days(*, standing: StandingOrder, today: date) -> list[dict[str, Any]]:
    """The next days with their state in words, for the page of one."""
    found = occurrences.coming(standing=standing, today=today, count=AHEAD)
    return [
        {
            "occurrence": row,
            "total": goods_total(lines=row.lines),
            "state": _state(row),
            "tone": TONES.get(row.state, "warning"),
            "notes": notes.sentences(report=row.placement.report) if row.placement else [],
            "can_skip": row.state == "planned" and standing.ended_at is None,
            "can_come": row.state == "skipped" and standing.ended_at is None,
        }
        for row in found
    ]


def dearer(*, standing: StandingOrder) -> list[Dearer]:
    """Articles that are left out until the customer says yes to their price; one query."""
    lines = {line.product_id: line for line in standing.lines.all() if line.product_id is not None}
    offers = StockRecord.objects.filter(product__in=lines, product__partner=F("partner")).order_by("pk")
    prices = {offer.product_id: offer.price for offer in offers}
    return [
        Dearer(line=line, price=prices[pk])
        for pk, line in lines.items()
        if pk in prices and prices[pk] > line.agreed_price * supply.ASKED_ABOVE
    ]


def place(*, standing: StandingOrder) -> str:
    """`Abholstelle Dorfladen Haby`, or the address at home."""
    where = standing.pickup_point or standing.partner
    if where is not None:
        return where.name
    if standing.kind != Delivery.Kind.HOME:
        return _("The place is no longer offered. Please choose another one.")
    village = standing.municipality.name if standing.municipality else ""
    return f"{standing.street}, {standing.postal_code} {village}"


def goods_total(*, lines: Sequence[StandingLine]) -> Decimal:
    """What the goods of one delivery come to at the prices that the customer said yes to."""
    return sum((line.told_price * line.quantity for line in lines), money.ZERO)


def _card(standing: StandingOrder, today: date) -> Card:
    lines = sorted(standing.lines.all(), key=lambda line: line.pk)
    titles = ", ".join(f"{line.quantity} × {line.title}" for line in lines)
    if standing.ended_at is not None:
        return Card(standing=standing, titles=titles, next_day=None, tone="neutral", state=_("ended"))
    out = {skip.day for skip in standing.skips.all()}
    soon = [day for day in round_days.coming(rule=standing.rule, after=today, count=SOON) if day not in out]
    coming = (day for day in soon if occurrences.lines_on(standing=standing, day=day) and not standing.is_paused_on(day))
    next_day = next(coming, None)
    if standing.pause_reason == StandingOrder.PauseReason.PAYMENT:
        return Card(standing=standing, titles=titles, next_day=None, tone="warning", state=standing.get_pause_reason_display())
    if standing.is_paused_on(today) or next_day is None:
        return Card(standing=standing, titles=titles, next_day=next_day, tone="neutral", state=_("paused"))
    return Card(standing=standing, titles=titles, next_day=next_day, tone="success", state=_("running"))


def _state(row: Occurrence) -> str:
    texts = {
        "planned": _("planned"),
        "skipped": _("left out by you"),
        "paused": _("paused"),
        "dropped": _("no delivery on that day"),
    }
    return texts.get(row.state) or (str(row.placement.get_outcome_display()) if row.placement else row.state)
