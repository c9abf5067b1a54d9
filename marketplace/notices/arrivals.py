"""Decides who is told that the goods are on the way, and when they will be there."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from logistics import arrival, daytime
from logistics.arrival import Outlook
from logistics.models import Delivery
from marketplace.core import wording
from marketplace.notices import choices
from marketplace.notices.items import Item, Reader, told_of
from marketplace.notices.models import Kind
from marketplace.order import day_links
from marketplace.order.day_links import Purpose
from marketplace.regions.models import Region

#: a tour that set out longer ago is no news
FRESH = timedelta(hours=8)


def on_the_way(*, region: Region, at: datetime) -> list[tuple[Reader, Item]]:
    """Whose delivery has set out and has not been told of it, except who does not want to know; guests too."""
    loaded = Delivery.objects.filter(
        round__region=region, status=Delivery.Status.LOADED, stop__tour__started_at__gt=at - FRESH, stop__tour__started_at__lte=at
    )
    rows = list(loaded.select_related("order__user", "stop__tour", "window__pickup_point").order_by("pk"))
    outlooks = arrival.outlooks(deliveries=rows, at=at)
    told = told_of(kind=Kind.ON_THE_WAY, keys=[_key(row) for row in rows])
    people, addresses = choices.refusing(region=region, kind=Kind.ON_THE_WAY) if rows else (frozenset(), frozenset())
    return [
        (reader, _item(row, outlooks[row.pk]))
        for row in rows
        if (reader := _reader(row)).email and _key(row) not in told
        if reader.user_id not in people and (reader.user_id or reader.email.lower() not in addresses)
    ]


def _key(row: Delivery) -> str:
    return f"delivery:{row.pk}"


def _reader(row: Delivery) -> Reader:
    return Reader(user_id=row.order.user_id, email=row.order.email, name=row.order.first_name)


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
