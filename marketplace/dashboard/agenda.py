"""Says which rounds concern a producer now: what is to be packed first, then what can still be ordered."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from logistics.models import Collection, DeliveryRound
from marketplace.dashboard import demand
from marketplace.dashboard.demand import Brief
from marketplace.partner.models import Partner

Status = DeliveryRound.Status
PAST = 8


@dataclass(frozen=True, kw_only=True)
class Item:
    """A round as its producer sees it; without `collection` it is still open, or nobody ordered."""

    round: DeliveryRound
    brief: Brief
    collection: Collection | None = None
    lines: int = 0
    lines_done: int = 0

    @property
    def to_pack(self) -> bool:
        """Whether packing is not finished."""
        return self.collection is not None and self.collection.status == Collection.Status.OPEN


def upcoming(*, partner: Partner, at: datetime) -> list[Item]:
    """Rounds that are packed or open, the nearest delivery day first. Four queries."""
    packed = list(_collections(partner).filter(round__status__in=(Status.CLOSED, Status.PLANNED, Status.UNDER_WAY)))
    rounds = list(DeliveryRound.objects.open_at(at).filter(region=partner.region_id).select_related("rule"))
    return sorted(_items(partner, packed, rounds), key=lambda item: (item.round.delivery_day, item.round.pk))


def past(*, partner: Partner) -> list[Item]:
    """The last rounds in which the producer sold something, the newest first."""
    done = _collections(partner).filter(round__status=Status.DONE).order_by("-round__delivery_day", "-pk")
    return _items(partner, list(done[:PAST]), [])


def _collections(partner: Partner) -> QuerySet[Collection]:
    rows = Collection.objects.filter(partner=partner, round__region=partner.region_id).select_related("round__rule")
    return rows.annotate(lines_all=Count("lines"), lines_done=Count("lines", filter=Q(lines__packed__isnull=False)))


def _items(partner: Partner, collections: list[Collection], rounds: list[DeliveryRound]) -> list[Item]:
    ids = [*(row.round_id for row in collections), *(row.pk for row in rounds)]
    briefs = demand.briefs(partner=partner, round_ids=ids)
    packed = [
        Item(
            round=row.round,
            brief=briefs[row.round_id],
            collection=row,
            lines=getattr(row, "lines_all", 0),
            lines_done=getattr(row, "lines_done", 0),
        )
        for row in collections
    ]
    return packed + [Item(round=row, brief=briefs[row.pk]) for row in rounds]
