"""Decides who is told that a round is open, and who that tomorrow is the last day to order for one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from logistics import daytime, rounds
from logistics.models import Delivery, DeliveryRound
from marketplace.core import wording
from marketplace.notices import choices
from marketplace.notices.items import Item, Reader, reader_of, told_of
from marketplace.notices.models import Kind
from marketplace.order.models import Order
from marketplace.regions.models import Region

#: news that is older is none; a mail shortly before the end is a nuisance
FRESH, TOO_LATE = timedelta(days=3), timedelta(hours=12)
#: the reminder goes out in the last day, not in the last hour
LAST_DAY, LAST_HOUR = timedelta(hours=24), timedelta(hours=1)

Due = list[tuple[Reader, Item]]


def opened(*, region: Region, at: datetime) -> Due:
    """Whom to tell that one can order for the next round: once a round, and only who said so before it became the next."""
    delivery_round = rounds.next_open(region=region, at=at)
    if delivery_round is None or delivery_round.cutoff_at - at < TOO_LATE:
        return []
    before = DeliveryRound.objects.filter(region=region, cutoff_at__lte=at).order_by("-cutoff_at")
    ended = before.values_list("cutoff_at", flat=True).first()
    since = max(delivery_round.opens_at, ended or delivery_round.opens_at)
    if at - since > FRESH:
        return []
    ordered = set(_orders(rounds_=[delivery_round]))
    due = [
        (reader_of(row.user), _item(Kind.ROUND_OPENS, delivery_round, row.user.pk))
        for row in choices.wanting(region=region, kind=Kind.ROUND_OPENS)
        if row.user and row.changed_at <= since and (delivery_round.pk, row.user.pk) not in ordered
    ]
    return _untold(Kind.ROUND_OPENS, due)


def closing(*, region: Region, at: datetime) -> Due:
    """Whom to remind that a round closes within a day: with an order, that it can be changed; without, to order."""
    last = [row for row in rounds.open_rounds(region=region, at=at) if LAST_HOUR < row.cutoff_at - at <= LAST_DAY]
    readers = choices.wanting(region=region, kind=Kind.ROUND_CLOSES) if last else []
    numbers = _orders(rounds_=last) if readers else {}
    people = [row.user for row in readers if row.user]
    due = [
        (reader_of(user), _item(Kind.ROUND_CLOSES, delivery_round, user.pk, numbers.get((delivery_round.pk, user.pk))))
        for delivery_round in last
        for user in people
    ]
    return _untold(Kind.ROUND_CLOSES, due)


def _untold(kind: Kind, due: Due) -> Due:
    told = told_of(kind=kind, keys=[item.key for _reader, item in due])
    return [(reader, item) for reader, item in due if item.key not in told]


def _orders(*, rounds_: Sequence[DeliveryRound]) -> dict[tuple[int, int], str]:
    """The number of each person's order by round and person."""
    placed = Delivery.objects.filter(round__in=rounds_, order__user__isnull=False, order__status=Order.Status.PLACED)
    rows = placed.values_list("round_id", "order__user_id", "order__number")
    return {(round_id, user_id): number for round_id, user_id, number in rows}


def _item(kind: Kind, delivery_round: DeliveryRound, user_id: int, number: str | None = None) -> Item:
    day = wording.weekday_date(delivery_round.delivery_day)
    moment = delivery_round.cutoff_at.astimezone(daytime.ZONE)
    until = f"{wording.weekday_date(moment.date())}, {wording.clock(moment)}"
    key = f"round:{delivery_round.pk}:{user_id}"
    if kind == Kind.ROUND_OPENS:
        title = _("You can order for %(day)s") % {"day": day}
        text = _("Order until %(until)s; we deliver on %(day)s.") % {"until": until, "day": day}
        return Item(kind, key, title, text, reverse("catalogue:index"), _("To the market"))
    title = _("Think of your round on %(day)s") % {"day": day}
    if number:
        text = _("You have ordered. Until %(until)s you can still change your order.") % {"until": until}
        return Item(kind, key, title, text, reverse("customer:order", args=[number]), _("Look at the order"))
    text = _("Until %(until)s you can order.") % {"until": until}
    return Item(kind, key, title, text, reverse("catalogue:index"), _("To the market"))
