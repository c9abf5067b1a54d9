"""Decides what is told to a customer whose delivery day closed on the way: the basket goes with the next one, some may not."""

from dataclasses import dataclass
from datetime import date, datetime

from logistics import daytime, orderable, rounds, stock
from logistics.models import DeliveryRound
from marketplace.basket.baskets import ContentLine, Contents
from marketplace.catalogue import claims
from marketplace.partner import stock as pile
from marketplace.regions.models import Region


@dataclass(frozen=True)
class Lapse:
    """The day that is closed, the next one for which one can order (None: there is none), and what is not offered for it."""

    day: date
    cutoff_at: datetime
    next_day: date | None
    missing: tuple[str, ...]


def of_round(*, round_id: int, region: Region, contents: Contents, at: datetime) -> Lapse | None:
    """What is told of the round that was chosen; None as long as one can order for it, or when it is not one of the region."""
    gone = DeliveryRound.objects.filter(pk=round_id, region=region).first()
    if gone is None or (gone.status == DeliveryRound.Status.OPEN and at < gone.cutoff_at):
        return None
    following = rounds.next_open(region=region, at=at)
    missing = _missing(following, contents, at) if following else ()
    return Lapse(
        day=gone.delivery_day,
        cutoff_at=gone.cutoff_at,
        next_day=following.delivery_day if following else None,
        missing=missing,
    )


def _missing(following: DeliveryRound, contents: Contents, at: datetime) -> tuple[str, ...]:
    left = stock.available_in(delivery_round=following, stockrecords=[line.stockrecord for line in contents.lines])
    found = ((line, _hurdle(line, following, left.get(line.stockrecord.pk), at)) for line in contents.lines)
    today = daytime.day_of(at)
    return tuple(f"{claims.title(product=line.product, today=today)}: {hurdle}" for line, hurdle in found if hurdle)


def _hurdle(line: ContentLine, following: DeliveryRound, left: int | None, at: datetime) -> str:
    hurdle = orderable.hindrance(product=line.product, partner=line.product.partner, delivery_round=following, at=at)
    if hurdle or left is None or line.quantity <= left:
        return hurdle
    return pile.sentence(title=line.product.title, left=left)
