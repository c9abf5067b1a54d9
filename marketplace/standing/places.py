"""Decides in which window of a round a standing order comes: the usual one, else the next best that the customer allows."""

from datetime import datetime

from logistics import daytime, goods, windows
from logistics.goods import Goods
from logistics.models import Delivery, DeliveryRound
from logistics.windows import Visitor, WindowChoice
from marketplace.core import wording
from marketplace.standing.models import StandingOrder


def choose(*, standing: StandingOrder, delivery_round: DeliveryRound, wanted: Goods, at: datetime) -> WindowChoice | None:
    """A window with a free place that is right for the goods; None when there is none. Needs place and village at hand.

    First the usual place at the usual time, then the same place at the next best time, then, if the customer allows it, the
    nearest pickup point. A place that the waiting list offers to the customer is free.
    """
    free = [choice for choice in _suitable(standing, delivery_round, wanted, at) if choice.free > 0]
    own = [choice for choice in free if _is_own(standing, choice)]
    if own:
        return min(own, key=lambda choice: (_apart(standing, choice), choice.window_id))
    others = [choice for choice in free if choice.kind == Delivery.Kind.PICKUP] if standing.may_move else []
    return next(iter(others), None)


def awaited(*, standing: StandingOrder, delivery_round: DeliveryRound, wanted: Goods, at: datetime) -> int | None:
    """The window for whose place to wait: that at the usual place, nearest to the usual time; None when there is none."""
    own = [choice for choice in _suitable(standing, delivery_round, wanted, at) if _is_own(standing, choice)]
    nearest = min(own, key=lambda choice: (_apart(standing, choice), choice.window_id), default=None)
    return nearest.window_id if nearest else None


def is_usual(*, standing: StandingOrder, choice: WindowChoice) -> bool:
    """Whether it is the place and time that the customer wished for."""
    return _is_own(standing, choice) and _apart(standing, choice) == 0


def text(*, choice: WindowChoice) -> str:
    """`Dorfladen Haby, 16–18 Uhr`."""
    span = wording.clock_span(choice.starts_at.astimezone(daytime.ZONE), choice.ends_at.astimezone(daytime.ZONE))
    return f"{choice.name}, {span}"


def _suitable(standing: StandingOrder, delivery_round: DeliveryRound, wanted: Goods, at: datetime) -> list[WindowChoice]:
    """The windows of the round that are right for the goods, full ones too."""
    choices = windows.choices(
        region=standing.region,
        municipality=standing.municipality,
        at=at,
        farms=None,
        visitor=Visitor(user_id=standing.user_id),
    )
    return [row for row in choices if row.round_id == delivery_round.pk and not goods.note(goods=wanted, choice=row)]


def _is_own(standing: StandingOrder, choice: WindowChoice) -> bool:
    """Whether it is the usual place, at whatever time."""
    if choice.kind != standing.kind:
        return False
    if choice.kind == Delivery.Kind.PICKUP:
        point = standing.pickup_point
        return point is not None and choice.name == point.name and choice.address.startswith(point.street)
    return choice.kind == Delivery.Kind.HOME or choice.partner_id == standing.partner_id


def _apart(standing: StandingOrder, choice: WindowChoice) -> int:
    """Seconds between the usual time and that of the window."""
    begin = daytime.seconds_of(choice.starts_at)
    return abs(begin - daytime.seconds(standing.window_starts))
