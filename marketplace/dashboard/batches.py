"""Finds who got goods of a batch, when a farm calls them back, and which batches were packed of late."""

from typing import Any

from django.db.models import F, Max, Q, QuerySet, Sum

from logistics.models import PackedLine
from marketplace.regions.models import Region

RECENT = 50
MOST = 1000


def recent(*, region: Region) -> list[dict[str, Any]]:
    """The batches that were packed last: `batch`, `farm`, `title`, `pieces`, `last_day`. One query."""
    rows = PackedLine.objects.filter(collection__round__region=region).exclude(batch="").order_by()
    found = rows.values("batch", farm=F("collection__partner__name"), title=F("order_line__title"))
    found = found.annotate(pieces=Sum("packed"), last_day=Max("collection__round__delivery_day"))
    return [{**row} for row in found.order_by("-last_day", "farm", "batch", "title")[:RECENT]]


def lines(*, region: Region, batch: str) -> QuerySet[PackedLine]:
    """Every line of the batch of which something was packed, the newest round first; small letters do not matter. One query."""
    rows = PackedLine.objects.filter(Q(packed__gt=0), collection__round__region=region, batch__iexact=batch.strip())
    rows = rows.select_related("order_line", "delivery__order__user", "collection__partner", "collection__round")
    return rows.order_by("-collection__round__delivery_day", "order_line__title", "delivery__code", "pk")[:MOST]
