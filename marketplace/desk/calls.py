"""Decides what is kept of a call, and counts what people call about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet

from marketplace.desk.models import Call, Caller
from marketplace.order.models import Order
from marketplace.regions.models import Region
from marketplace.users.models import User

LONGEST = 500


@dataclass(frozen=True)
class Topic:
    """How often people called about something; `share` is percent of the topic that came up most."""

    label: str
    count: int
    share: int


@transaction.atomic
def note(
    *,
    region: Region,
    topic: str,
    text: str,
    at: datetime,
    by: User | None,
    caller: Caller | None = None,
    order: Order | None = None,
) -> Call:
    """Keep what a call was about; who called is known to have called at that moment."""
    if caller is not None:
        Caller.objects.filter(pk=caller.pk).update(called_at=at)
    plain = " ".join(text.replace("\x00", "").split())[:LONGEST]
    return Call.objects.create(region=region, caller=caller, order=order, topic=Call.Topic(topic).value, text=plain, at=at, by=by)


def of_region(*, region: Region, topic: str = "") -> QuerySet[Call]:
    """The calls of a region, the newest first, with everybody named in them."""
    rows = Call.objects.filter(region=region).select_related("caller", "order", "by").order_by("-at", "-pk")
    return rows.filter(topic=topic) if topic in Call.Topic.values else rows


def topics(*, region: Region, since: datetime) -> Sequence[Topic]:
    """How often people called about each topic since that moment, the most frequent first; one query."""
    rows = Call.objects.filter(region=region, at__gte=since).order_by().values_list("topic").annotate(number=Count("pk"))
    counts = sorted(rows, key=lambda row: (-row[1], row[0]))
    most = counts[0][1] if counts else 1
    return [Topic(str(Call.Topic(topic).label), count, round(100 * count / most)) for topic, count in counts]
