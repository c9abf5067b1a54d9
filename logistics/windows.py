"""Decides which windows a customer can choose from, and hands out their places, never more than there are."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from math import cos, radians
from typing import Any

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from logistics import tariffs
from logistics.crates import LEAST, Load
from logistics.model_parts.rounds import is_open
from logistics.models import Delivery, DeliveryWindow, Reservation, RoundSpace, WaitingEntry
from logistics.signals import place_freed
from logistics.tariffs import Door
from marketplace.catalogue import columns
from marketplace.core import money
from marketplace.partner.models import Partner
from marketplace.regions.models import Municipality, Region


class WindowFull(Exception):
    """All places of the window are taken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """For whom windows are shown; what is kept for the basket, or offered to the person or by the link, is free for him."""

    basket_id: int | None = None
    user_id: int | None = None
    offer_id: int | None = None


NOBODY = Visitor()
PLACE = ("name", "street", "postal_code", "city", "latitude", "longitude", "opening_text")
#: what a choice says of a window
SHOWN = (
    "starts_at", "ends_at", "capacity", "taken", "fee", "round__delivery_day", "round__cutoff_at", "round__areas",
    *columns.under("pickup_point", (*PLACE, "access_note", "cold_storage")), *columns.under("partner", PLACE),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowChoice:
    """A window as a customer sees it. `kind` is "home", "pickup" or "farm"; `fee` gross euro; `free` places are left for him.

    `kept` says that one of them is kept for him, `waits` that he is on the waiting list. The fields from `address` on are empty
    for windows at home; `partner_id` is whose farm it is.
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
    kept: bool = False
    waits: bool = False
    address: str = ""
    opening_text: str = ""
    access_note: str = ""
    cold_storage: bool = False
    partner_id: int | None = None
    #: of the area, where it is brought to a door: see `tariffs`; `depends` says that other villages pay something else
    minimum: Decimal = money.ZERO
    free_from: Decimal | None = None
    depends: bool = False

    def fee_for(self, *, goods: Decimal) -> Decimal:
        """What an order of goods for so much pays, gross euro."""
        return money.ZERO if self.free_from is not None and goods >= self.free_from else self.fee


def choices(
    *,
    region: Region,
    municipality: Municipality | None,
    at: datetime,
    farms: Collection[int] | None = (),
    visitor: Visitor = NOBODY,
    load: Load = LEAST,
) -> list[WindowChoice]:
    """The windows of all rounds that are open, full ones too: by delivery day, at home first, then the nearest pickup point.

    `municipality` is where the customer lives; without it, windows at home are told as well, and pickup points come by name.
    A municipality of another region, or one to which no round drives, gets no windows at home. `farms` are the producers (ids)
    at whose farms one can fetch goods, None is all of them. Where goods of that `load` do not fit in any more, no place is free.
    One query.
    """
    rows = DeliveryWindow.objects.filter(is_open(at=at, way="round__"), round__region=region, capacity__gt=0)
    rows = rows.exclude(pickup_point__is_active=False).select_related("round", "pickup_point", "partner").only(*SHOWN)
    if municipality is not None and municipality.region_id != region.pk:
        rows = rows.exclude(pickup_point__isnull=True, partner__isnull=True)
    rows = rows.filter(Q(partner__isnull=True) | _open_farms(farms)).annotate(**_marks(visitor, at), **_room(visitor, load))
    door = tariffs.door(municipality=municipality)
    reached = (row for row in rows if row.place is not None or tariffs.serves(delivery_round=row.round, door=door))
    return [_choice(row, door) for row in sorted(reached, key=lambda row: _rank(row, municipality))]


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


def release_places(*, places: Counter[int]) -> None:
    """Give back places of a round that is closed, by window; nobody waits for them any more. Two queries, or none."""
    if places:
        lock(keys=places.keys())
        freed = Case(*(When(pk=key, then=number) for key, number in sorted(places.items())))
        DeliveryWindow.objects.filter(pk__in=places).update(taken=Greatest(F("taken") - freed, 0))


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


def _open_farms(farms: Collection[int] | None) -> Q:
    approved = Q(partner__status=Partner.Status.APPROVED)
    return approved if farms is None else approved & Q(partner__in=list(farms))


def _marks(visitor: Visitor, at: datetime) -> dict[str, Any]:
    """What is kept for the visitor in each window, and whether he waits for a place."""
    here = {"window": OuterRef("pk")}
    held = Reservation.objects.filter(basket=visitor.basket_id, **here)
    entries = WaitingEntry.objects.filter(**here)
    meant = Q(pk=visitor.offer_id or 0) | Q(user=visitor.user_id or 0)
    offered = entries.filter(meant, status=WaitingEntry.Status.OFFERED, expires_at__gt=at)
    waits = entries.filter(user=visitor.user_id or 0, status=WaitingEntry.Status.WAITING)
    return {
        "is_held": Exists(held) if visitor.basket_id else Value(False),
        "is_offered": Exists(offered) if visitor.user_id or visitor.offer_id else Value(False),
        "is_awaited": Exists(waits) if visitor.user_id else Value(False),
    }


def _room(visitor: Visitor, load: Load) -> dict[str, Any]:
    """Whether the load fits into place and window, and into the vehicles, in which what is kept in that round counts already."""
    rows = RoundSpace.objects.filter(_tight(load), round=OuterRef("round"))
    here = Q(pickup_point=OuterRef("pickup_point")) | Q(window=OuterRef("pk"))
    mine = Reservation.objects.filter(basket=visitor.basket_id, window__round=OuterRef("round"))
    return {
        "is_tight": Exists(rows.filter(here)),
        "is_driven_full": Exists(rows.filter(pickup_point=None, window=None)),
        "is_on_board": Exists(mine) if visitor.basket_id else Value(False),
    }


def _tight(load: Load) -> Q:
    """The rows into which that load does not fit any more."""
    found = Q(limit_orders__lt=F("orders") + 1) | Q(limit_crates__lt=F("crates") + load.crates)
    if load.cold:
        found |= Q(limit_cold__lt=F("cold") + load.cold)
    return found | Q(limit_grams__lt=F("grams") + load.grams) if load.grams else found


def _rank(row: DeliveryWindow, municipality: Municipality | None) -> tuple[date, int, int, float, str, datetime, int]:
    place = row.place
    kind = (row.pickup_point is not None) + 2 * (row.partner is not None)
    away = _roughly_away(place.latitude, place.longitude, municipality) if place and municipality else 0.0
    return row.round.delivery_day, row.round_id, kind, away, place.name if place else "", row.starts_at, row.pk


def _roughly_away(latitude: float, longitude: float, municipality: Municipality) -> float:
    """A number that grows with the distance; good enough to sort by within a region."""
    north = latitude - municipality.latitude
    east = (longitude - municipality.longitude) * cos(radians(latitude))
    return north * north + east * east


def _choice(row: Any, door: Door) -> WindowChoice:
    """The row has the marks of its visitor."""
    point, farm, place = row.pickup_point, row.partner, row.place
    kept = row.is_held or row.is_offered
    tariff = tariffs.of_window(window=row, door=door)
    over = not kept and (row.is_tight or (row.is_driven_full and row.partner_id is None and not row.is_on_board))
    return WindowChoice(
        window_id=row.pk,
        round_id=row.round_id,
        kind=str(kind_of(window=row)),
        delivery_day=row.round.delivery_day,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        free=0 if over else row.free + kept,
        fee=row.fee + tariff.fee if tariff else row.fee,
        name=place.name if place else _("to your door"),
        cutoff_at=row.round.cutoff_at,
        kept=kept,
        waits=row.is_awaited,
        address=f"{place.street}, {place.postal_code} {place.city}" if place else "",
        opening_text=place.opening_text if place else "",
        access_note=point.access_note if point else "",
        cold_storage=farm is not None or bool(point and point.cold_storage),
        partner_id=row.partner_id,
        minimum=tariff.minimum if tariff else money.ZERO,
        free_from=tariff.free_from if tariff else None,
        depends=tariff is not None and door == tariffs.NOWHERE and len(row.round.areas) > 1,
    )
