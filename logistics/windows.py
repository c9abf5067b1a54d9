"""Decides which windows a customer can choose from, and hands out their places, never more than there are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from math import cos, radians

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from logistics.models import Delivery, DeliveryRound, DeliveryWindow
from logistics.signals import place_freed
from marketplace.regions.models import Municipality, Region


class WindowFull(Exception):
    """All places of the window are taken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowChoice:
    """A window as a customer sees it. `kind` is "home" or "pickup"; `fee` gross euro; `free` places are left.

    The fields from `address` on are empty for windows at home.
    """

    window_id: int
    round_id: int
    kind: str
    delivery_day: date
    starts_at: datetime
    ends_at: datetime
    free: int
    fee: Decimal
    name: str
    cutoff_at: datetime
    address: str = ""
    opening_text: str = ""
    access_note: str = ""
    cold_storage: bool = False


def choices(*, region: Region, municipality: Municipality | None, at: datetime) -> list[WindowChoice]:
    """The windows of all rounds that are open, full ones too: by delivery day, at home first, then the nearest pickup point.

    `municipality` is where the customer lives; without it, windows at home are told as well, and pickup points come by name.
    A municipality of another region gets pickup points only. One query.
    """
    rows = DeliveryWindow.objects.filter(round__in=DeliveryRound.objects.open_at(at).filter(region=region).order_by())
    rows = rows.exclude(pickup_point__is_active=False).select_related("round", "pickup_point")
    if municipality is not None and municipality.region_id != region.pk:
        rows = rows.filter(pickup_point__isnull=False)
    return [_choice(row) for row in sorted(rows, key=lambda row: _rank(row, municipality))]


def kind_of(*, window: DeliveryWindow) -> Delivery.Kind:
    """Where the customer gets the goods in that window."""
    if window.partner_id is not None:
        return Delivery.Kind.FARM
    return Delivery.Kind.HOME if window.pickup_point_id is None else Delivery.Kind.PICKUP


def take_place(*, window: DeliveryWindow) -> None:
    """Take one place until the transaction is rolled back or `release_place` gives it back. Raises `WindowFull`."""
    _take(window.pk)


def release_place(*, window: DeliveryWindow) -> None:
    """Give one place back; at zero nothing happens. Whoever waits for one is thought of after commit."""
    _give_back(window.pk)


def move_place(*, before: int | None, after: int | None) -> None:
    """Take a place in one window for that in another (by key, None is none).

    The lower key comes first, so that nobody waits in a circle. Raises `WindowFull`; the transaction around it then keeps the
    old place.
    """
    if before == after:
        return
    steps = [(before, _give_back), (after, _take)]
    for key, step in sorted(((key, step) for key, step in steps if key is not None), key=lambda pair: pair[0]):
        step(key)


def lock(*, keys: Collection[int]) -> None:
    """Keep others from taking or giving back places of these windows until the transaction ends, the lower key first."""
    list(DeliveryWindow.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))


def _take(key: int) -> None:
    free = DeliveryWindow.objects.filter(pk=key, taken__lt=F("capacity"))
    if not free.update(taken=F("taken") + 1):
        raise WindowFull(_("All places in this time window are taken. Please choose another one."))


def _give_back(key: int) -> None:
    DeliveryWindow.objects.filter(pk=key, taken__gt=0).update(taken=F("taken") - 1)
    transaction.on_commit(partial(place_freed.send, sender=DeliveryWindow, window_id=key), robust=True)


def _rank(row: DeliveryWindow, municipality: Municipality | None) -> tuple[date, int, bool, float, str, datetime, int]:
    point = row.pickup_point
    away = _roughly_away(point.latitude, point.longitude, municipality) if point and municipality else 0.0
    name = point.name if point else ""
    return row.round.delivery_day, row.round_id, point is not None, away, name, row.starts_at, row.pk


def _roughly_away(latitude: float, longitude: float, municipality: Municipality) -> float:
    """A number that grows with the distance; good enough to sort by within a region."""
    north = latitude - municipality.latitude
    east = (longitude - municipality.longitude) * cos(radians(latitude))
    return north * north + east * east


def _choice(row: DeliveryWindow) -> WindowChoice:
    point = row.pickup_point
    return WindowChoice(
        window_id=row.pk,
        round_id=row.round_id,
        kind=str(Delivery.Kind.PICKUP if point else Delivery.Kind.HOME),
        delivery_day=row.round.delivery_day,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        free=row.free,
        fee=row.fee,
        name=point.name if point else _("to your door"),
        cutoff_at=row.round.cutoff_at,
        address=f"{point.street}, {point.postal_code} {point.city}" if point else "",
        opening_text=point.opening_text if point else "",
        access_note=point.access_note if point else "",
        cold_storage=bool(point and point.cold_storage),
    )
