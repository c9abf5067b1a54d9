"""Decides who is told that the goods are on the way, when they will be there, and that they come later."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from logistics import arrival, daytime
from logistics.arrival import Outlook
from logistics.models import Delivery
from marketplace.core import wording
from marketplace.notices import audience
from marketplace.notices.items import Item, Reader, told_of
from marketplace.notices.models import Kind
from marketplace.order import day_links
from marketplace.order.day_links import Purpose
from marketplace.regions.models import Region

#: a tour that set out longer ago is no news
FRESH = timedelta(hours=8)
#: what a tour may lose on its way until people are told, and are told again
DELAYS = (timedelta(minutes=20), timedelta(minutes=60))


def on_the_way(*, region: Region, at: datetime) -> list[tuple[Reader, Item]]:
    """Whose delivery has set out and has not been told of it, except who does not want to know; guests too."""
    rows = _driven(region, at)
    outlooks = arrival.outlooks(deliveries=rows, at=at)
    told = told_of(kind=Kind.ON_THE_WAY, keys=[_key(row) for row in rows])
    untold = [row for row in rows if _key(row) not in told]
    return [
        (audience.reader(row), _item(row, outlooks[row.pk]))
        for row in audience.willing(region=region, kind=Kind.ON_THE_WAY, deliveries=untold)
    ]


def delayed(*, region: Region, at: datetime) -> list[tuple[Reader, Item]]:
    """Who was told when the goods come, and has to wait 20 minutes longer than that, or an hour; each is said once.

    What a tour had lost before it set out was in the first notice already.
    """
    rows = _driven(region, at)
    outlooks = arrival.outlooks(deliveries=rows, at=at)
    steps = {row.pk: _lost(row, outlooks[row.pk]) for row in rows}
    behind = [row for row in rows if steps[row.pk]]
    keys = [key for row in behind for key in (_key(row), _delay_key(row, steps[row.pk]))]
    told = told_of(kind=Kind.ON_THE_WAY, keys=keys)
    due = [row for row in behind if _key(row) in told and _delay_key(row, steps[row.pk]) not in told]
    return [
        (audience.reader(row), _delay(row, outlooks[row.pk], steps[row.pk]))
        for row in audience.willing(region=region, kind=Kind.ON_THE_WAY, deliveries=due)
    ]


def _driven(region: Region, at: datetime) -> list[Delivery]:
    """What is on the road, with all that is said of it."""
    loaded = Delivery.objects.filter(
        round__region=region,
        status=Delivery.Status.LOADED,
        stop__completed_at__isnull=True,
        stop__tour__started_at__gt=at - FRESH,
        stop__tour__started_at__lte=at,
    )
    return list(loaded.select_related("order__user", "stop__tour", "window__pickup_point").order_by("pk"))


def _lost(row: Delivery, outlook: Outlook) -> int:
    """How many of the `DELAYS` the tour has lost since it set out."""
    tour = row.stop.tour if row.stop else None
    if tour is None or tour.started_at is None:
        return 0
    lost = outlook.behind - max(tour.started_at - tour.starts_at, timedelta(0))
    return sum(lost >= delay for delay in DELAYS)


def _delay_key(row: Delivery, step: int) -> str:
    return f"{_key(row)}:late:{step}"


def _delay(row: Delivery, outlook: Outlook, step: int) -> Item:
    text = _("We are sorry, the way takes longer today. We now expect to be there at about %(time)s.") % {"time": _when(outlook)}
    path = reverse("day:live", args=[day_links.sign(order=row.order, purpose=Purpose.ARRIVAL)])
    return Item(Kind.ON_THE_WAY, _delay_key(row, step), _("Your delivery comes later"), text, path, _("See when it comes"))


def _key(row: Delivery) -> str:
    return f"delivery:{row.pk}"


def _item(row: Delivery, outlook: Outlook) -> Item:
    point = row.window.pickup_point
    place = {"place": point.name if point else "", "time": _when(outlook), "code": row.code}
    if point:
        title = _("Your goods are on the way to %(place)s") % place
        text = _("They will be there at about %(time)s. The code on your crate is %(code)s.") % place
    else:
        title = _("Your delivery is on the way")
        text = _("We will be with you at about %(time)s. The code on your crate is %(code)s.") % place
    path = reverse("day:live", args=[day_links.sign(order=row.order, purpose=Purpose.ARRIVAL)])
    return Item(Kind.ON_THE_WAY, _key(row), title, text, path, _("See when it comes"))


def _when(outlook: Outlook) -> str:
    """`10:40–11:10 Uhr`."""
    return wording.clock_span(*(moment.astimezone(daytime.ZONE) for moment in (outlook.earliest, outlook.latest)))
