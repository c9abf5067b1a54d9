"""Decides where on the map a door is: where the office has put it once, and the middle of its village until then.

A position is remembered by the deliveries themselves: the same street and postal code of the region is the same door. Whoever is
erased is put back into the village's middle, and nothing else remembers where the door was.
"""

import math
import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from logistics.models import Delivery, DeliveryRound
from logistics.routing import Place
from marketplace.core import audit
from marketplace.users.models import User

#: nobody delivers farther from the village than this
FARTHEST_KM = 25.0
KM_A_DEGREE = 111.2
OPEN = (Delivery.Status.BOOKED, Delivery.Status.LOADED)
_NUMBER = r"(-?\d{1,3}[.,]\d+)"
_PAIR = re.compile(rf"^\s*{_NUMBER}\s*[°]?\s*[,;/ ]\s*{_NUMBER}\s*[°]?\s*$")


class Misplaced(Exception):
    """There cannot be a door; the message is for the office."""


def unplaced(*, delivery_round: DeliveryRound) -> QuerySet[Delivery]:
    """Deliveries to doors that are only known to be in their village."""
    at_doors = Delivery.objects.filter(round=delivery_round, kind=Delivery.Kind.HOME, status__in=OPEN)
    return at_doors.filter(_IN_THE_MIDDLE).select_related("municipality").order_by("city", "street", "pk")


def recall(*, delivery_round: DeliveryRound) -> int:
    """Put doors where the office has put them for an earlier delivery; says how many. Two queries, three if there are any."""
    waiting = list(unplaced(delivery_round=delivery_round))
    if not waiting:
        return 0
    same_streets = Delivery.objects.filter(
        round__region=delivery_round.region_id, kind=Delivery.Kind.HOME, postal_code__in={row.postal_code for row in waiting}
    )
    known = {_door(row): row for row in same_streets.exclude(_IN_THE_MIDDLE).order_by("pk")}
    found = [row for row in waiting if _door(row) in known]
    for row in found:
        row.latitude, row.longitude = known[_door(row)].latitude, known[_door(row)].longitude
    Delivery.objects.bulk_update(found, ["latitude", "longitude"])
    return len(found)


@transaction.atomic
def place(*, delivery: Delivery, where: Place, at: datetime, by: User | None) -> int:
    """Put the door there, for this delivery and all open ones to the same door; says how many. Raises `Misplaced`.

    Tours that are planned keep their times until they are planned anew or changed.
    """
    middle = _middle(delivery)
    if middle and apart_km(middle, where) > FARTHEST_KM:
        raise Misplaced(_("That is too far from %(village)s. Please check the position.") % {"village": delivery.city})
    same = Delivery.objects.filter(
        round__region=delivery.round.region_id, kind=Delivery.Kind.HOME, status__in=OPEN, postal_code=delivery.postal_code
    )
    pks = [row.pk for row in same.order_by("pk") if _door(row) == _door(delivery)] or [delivery.pk]
    Delivery.objects.filter(pk__in=pks).update(latitude=where.lat, longitude=where.lon)
    audit.record(action="delivery.placed", target=delivery, at=at, by=by, new={"deliveries": pks})
    return len(pks)


def is_placed(*, delivery: Delivery) -> bool:
    """Whether the door has a position of its own."""
    middle = _middle(delivery)
    return middle is None or (middle.lat, middle.lon) != (delivery.latitude, delivery.longitude)


def read(*, told: str) -> Place | None:
    """A position as maps on the internet or telephones give it, "54.4056, 9.7681"; None when it is none."""
    found = _PAIR.match(told)
    if found is None:
        return None
    lat, lon = (float(number.replace(",", ".")) for number in found.groups())
    return Place(lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def neighbours(*, delivery: Delivery) -> Iterable[Delivery]:
    """Doors with a position in the same place, the same street first. One query."""
    around = Delivery.objects.filter(
        round__region=delivery.round.region_id, kind=Delivery.Kind.HOME, postal_code=delivery.postal_code
    )
    rows = around.exclude(pk=delivery.pk).exclude(_IN_THE_MIDDLE).order_by("-pk")[:60]
    street = _street(delivery)
    found = {_door(row): row for row in rows}
    return sorted(found.values(), key=lambda row: (_street(row) != street, row.street))


def apart_km(here: Place, there: Place) -> float:
    """As the crow flies, near enough for distances within a region."""
    narrow = math.cos(math.radians(here.lat))
    return KM_A_DEGREE * math.hypot(there.lat - here.lat, (there.lon - here.lon) * narrow)


_IN_THE_MIDDLE = Q(latitude=F("municipality__latitude"), longitude=F("municipality__longitude"))


def _middle(delivery: Delivery) -> Place | None:
    village = delivery.municipality
    return Place(village.latitude, village.longitude) if village else None


def _door(row: Delivery) -> tuple[str, str]:
    return row.postal_code, re.sub(r"[\s.]+", "", row.street.casefold().replace("straße", "str").replace("strasse", "str"))


def _street(row: Delivery) -> str:
    return re.sub(r"\d.*$", "", row.street).strip().casefold()
