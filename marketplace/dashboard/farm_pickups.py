"""Says who fetches goods at a producer's farm in a round, by code and first name, and hands them over there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from logistics import deliveries, empties, manifest
from logistics.manifest import Article
from logistics.models import Delivery, DeliveryRound
from marketplace.partner.models import Partner
from marketplace.users.models import User


@dataclass(frozen=True, kw_only=True)
class FarmPickup:
    """A customer who comes to the farm; `to_collect` gross euro, None when nothing is paid there; `age_check` 0, 16 or 18."""

    pk: int
    code: str
    first_name: str
    starts_at: datetime
    ends_at: datetime
    articles: tuple[Article, ...]
    age_check: int
    to_collect: Decimal | None
    packed: bool
    status: str

    @property
    def open(self) -> bool:
        """Whether the goods are still there."""
        return self.status != Delivery.Status.COMPLETED


def of_round(*, partner: Partner, delivery_round: DeliveryRound) -> list[FarmPickup]:
    """Everybody who comes in a round, by window and code. A handful of queries, one while nobody does."""
    rows = list(manifest.loaded(deliveries=at_farm(partner=partner).filter(round=delivery_round)))
    given_back = empties.coming_off(deliveries=[row for row in rows if row.status != Delivery.Status.COMPLETED])
    return sorted((_pickup(row, given_back) for row in rows), key=lambda found: (found.starts_at, found.code))


def at_farm(*, partner: Partner) -> QuerySet[Delivery]:
    """Deliveries that are fetched at the producer's farm."""
    mine = Delivery.objects.filter(kind=Delivery.Kind.FARM, window__partner=partner)
    return mine.exclude(status=Delivery.Status.CANCELLED)


def hand_over(*, delivery: Delivery, age_checked: bool, at: datetime, by: User | None) -> Delivery:
    """The customer has the goods. Raises `deliveries.HandoverRefused` without the check of age, and before all is packed."""
    return deliveries.complete(delivery=delivery, at=at, by=by, handed_to=delivery.first_name, age_checked=age_checked)


def not_fetched(*, delivery: Delivery, reason: str, at: datetime, by: User | None) -> Delivery:
    """Nobody came. The goods can still be handed over later, by the producer or the office."""
    return deliveries.fail(delivery=delivery, at=at, by=by, reason=reason)


def _pickup(row: Delivery, given_back: Mapping[int, Decimal]) -> FarmPickup:
    box, lines = manifest.box(delivery=row, given_back=given_back), _lines(row)
    return FarmPickup(
        pk=row.pk,
        code=row.code,
        first_name=row.first_name,
        starts_at=row.window.starts_at,
        ends_at=row.window.ends_at,
        articles=box.articles,
        age_check=box.age_check,
        to_collect=box.to_collect,
        packed=all(packed is not None for packed in lines),
        status=row.status,
    )


def _lines(row: Delivery) -> Sequence[int | None]:
    return [line.packed for line in row.packed_lines.all()]
