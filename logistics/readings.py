"""Decides whether goods were cold enough on their way: what was read where, what is too warm, and which boxes that concerns.

Limits are tenths of a degree Celsius, a region's or the usual ones: chilled goods at most 7 °C (DIN 10508), frozen ones -18 °C,
for a short while on the road 3 °C more (section 2 TLMV). What is too warm is shown until it is read cold again at the same
place; the boxes concerned can be held back, and then nobody gets or pays for them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from logistics import absences
from logistics.models import (
    Box,
    BoxEvent,
    ColdLimits,
    Collection,
    Delivery,
    DeliveryRound,
    PackedLine,
    PickupPoint,
    Reading,
    Tour,
)
from marketplace.core import audit, wording
from marketplace.regions.models import Region
from marketplace.users.models import User

Place, Storage = Reading.Place, Reading.Storage
#: where frozen goods may be a little warmer for a short while
ON_THE_ROAD = (Place.HUB, Place.VEHICLE)
#: a thermometer for food shows nothing else
COLDEST, WARMEST = -600, 600
GONE = (Box.Status.EMPTY, Box.Status.MISSING, Box.Status.HANDED_OVER)


class ReadingRefused(Exception):
    """That cannot have been read there; the message is for whoever read it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A reading with its limit in tenths; `open` says that nobody has read it cold again there."""

    reading: Reading
    where: str
    limit: int
    too_warm: bool
    open: bool

    @property
    def text(self) -> str:
        """`9,4 °C gekühlt, höchstens 7 °C: Transporter 1`."""
        told = {
            "degrees": wording.degrees(self.reading.tenths),
            "limit": wording.degrees(self.limit),
            "goods": self.reading.get_storage_display(),
            "where": self.where,
        }
        return _("%(where)s: %(goods)s at %(degrees)s, at most %(limit)s is allowed") % told


def limits_of(*, region: Region) -> ColdLimits:
    """The region's limits, or the usual ones, not saved yet."""
    return ColdLimits.objects.filter(region=region).first() or ColdLimits(region=region)


@transaction.atomic
def keep_limits(*, limits: ColdLimits, at: datetime, by: User | None) -> ColdLimits:
    """Judge by these from now on, earlier readings of running rounds too."""
    limits.save()
    told = {name: getattr(limits, name) for name in ("cool_at_most", "frozen_at_most", "frozen_tolerance")}
    audit.record(action="cold_limits.kept", target=limits, at=at, by=by, new=told)
    return limits


@transaction.atomic
def note(
    *,
    delivery_round: DeliveryRound,
    uuid: UUID,
    place: str,
    storage: str,
    tenths: int,
    measured_at: datetime,
    received_at: datetime,
    by: User | None,
    collection: Collection | None = None,
    tour: Tour | None = None,
    pickup_point: PickupPoint | None = None,
) -> Judged:
    """Take in what a thermometer showed, `tenths` of a degree Celsius, and judge it; the same report counts once.

    Raises `ReadingRefused` for what no thermometer shows, or for a place that is not named.
    """
    if not COLDEST <= tenths <= WARMEST:
        raise ReadingRefused(_("Please enter what the thermometer shows, in degrees Celsius."))
    named = {Place.PRODUCER: collection, Place.VEHICLE: tour, Place.POINT: pickup_point, Place.HUB: delivery_round}
    if storage not in Storage.values or place not in Place.values or named[Place(place)] is None:
        raise ReadingRefused(_("Please say where and of which goods."))
    Reading.objects.get_or_create(
        uuid=uuid,
        defaults={
            "round": delivery_round,
            "place": place,
            "storage": storage,
            "collection": collection if place == Place.PRODUCER else None,
            "tour": tour if place == Place.VEHICLE else None,
            "pickup_point": pickup_point if place == Place.POINT else None,
            "tenths": tenths,
            "measured_at": min(measured_at, received_at),
            "received_at": received_at,
            "by": by,
        },
    )
    return _judged(_with_limits(Reading.objects.filter(pk=uuid)).get())


def judged(*, reading_id: UUID) -> Judged:
    """One reading. One query."""
    return _judged(_with_limits(Reading.objects.filter(pk=reading_id)).get())


def of_round(*, delivery_round: DeliveryRound) -> list[Judged]:
    """Everything that was read in a round, the latest first. One query."""
    return [_judged(row) for row in _with_limits(delivery_round.readings.all()).order_by("-measured_at", "pk")]


def too_warm(*, region: Region) -> QuerySet[Reading]:
    """What is too warm in the running rounds of a region and was not read cold again."""
    running = (DeliveryRound.Status.CLOSED, DeliveryRound.Status.PLANNED, DeliveryRound.Status.UNDER_WAY)
    rows = _with_limits(Reading.objects.filter(round__region=region, round__status__in=running))
    return rows.filter(Q(again=False), tenths__gt=F("limit"))


def boxes_concerned(*, reading: Reading) -> QuerySet[Box]:
    """The boxes that were there, with goods of that kind in them, and that nobody has got yet."""
    lines = PackedLine.objects.filter(
        collection=OuterRef("collection"), delivery=OuterRef("delivery"), order_line__storage=reading.storage, packed__gt=0
    )
    rows = Box.objects.filter(Exists(lines), round=reading.round_id, is_cold=True).exclude(status__in=GONE)
    where = {
        Place.PRODUCER: Q(collection=reading.collection_id),
        Place.VEHICLE: Q(delivery__stop__tour=reading.tour_id) | Q(collection__stop__tour=reading.tour_id),
        Place.POINT: Q(delivery__kind=Delivery.Kind.PICKUP, delivery__window__pickup_point=reading.pickup_point_id),
        Place.HUB: Q(),
    }[Place(reading.place)]
    return rows.filter(where).select_related("delivery", "collection__partner").order_by("code")


@transaction.atomic
def hold_back(*, reading: Reading, at: datetime, by: User | None) -> int:
    """Nobody gets the boxes concerned: they count as missing, wherever they are; returns how many that are."""
    found = list(boxes_concerned(reading=reading))
    for box in found:
        absences.note(box=box, instead_of=BoxEvent.Kind.HANDED_OVER, at=at, by=by)
    audit.record(action="reading.held_back", target=reading.round, at=at, by=by, new={"boxes": [box.code for box in found]})
    return len(found)


def _with_limits(rows: QuerySet[Reading]) -> QuerySet[Reading]:
    """Each with its `limit` in tenths, and whether it was read cold enough `again` there since."""
    own = "round__region__cold_limits__"
    usual = ColdLimits()
    frozen = Coalesce(F(f"{own}frozen_at_most"), Value(usual.frozen_at_most))
    limit = Case(
        When(storage=Storage.COOL, then=Coalesce(F(f"{own}cool_at_most"), Value(usual.cool_at_most))),
        When(place__in=ON_THE_ROAD, then=frozen + Coalesce(F(f"{own}frozen_tolerance"), Value(usual.frozen_tolerance))),
        default=frozen,
        output_field=IntegerField(),
    )
    same = {name: OuterRef(name) for name in ("round", "place", "storage")}
    there = Q(collection=OuterRef("collection")) | Q(collection__isnull=True)
    there &= Q(tour=OuterRef("tour")) | Q(tour__isnull=True)
    there &= Q(pickup_point=OuterRef("pickup_point")) | Q(pickup_point__isnull=True)
    later = Reading.objects.filter(there, measured_at__gt=OuterRef("measured_at"), tenths__lte=OuterRef("limit"), **same)
    related = rows.select_related("collection__partner", "tour__vehicle", "pickup_point", "round__region", "by")
    return related.annotate(limit=limit).annotate(again=Exists(later))


def _judged(row: Any) -> Judged:
    warm = row.tenths > row.limit
    return Judged(reading=row, where=_where(row), limit=row.limit, too_warm=warm, open=warm and not row.again)


def _where(row: Reading) -> str:
    if row.collection:
        return str(row.collection.partner)
    if row.tour:
        return row.tour.vehicle.name
    if row.pickup_point:
        return row.pickup_point.name
    return row.round.region.hub_name if row.place == Place.HUB else row.get_place_display()
