"""Decides who is told that goods lie ready at a pickup point, and who is reminded that they still do."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from logistics import daytime, unfetched
from logistics.models import Delivery
from marketplace.core import wording
from marketplace.notices import audience
from marketplace.notices.items import Item, Reader, told_of
from marketplace.notices.models import Kind
from marketplace.order import day_links
from marketplace.order.day_links import Purpose
from marketplace.regions.models import Region


def ready(*, region: Region, at: datetime) -> list[tuple[Reader, Item]]:
    """Whose goods lie on the shelf of a pickup point and who has not been told; whoever is reminded needs no other word."""
    rows = unfetched.on_shelf(region=region).select_related("order__user", "window__pickup_point").order_by("pk")
    early = (row for row in rows if at < row.window.ends_at - unfetched.REMIND_BEFORE)
    return _untold(region, Kind.ON_THE_WAY, early, _ready)


def reminders(*, region: Region, at: datetime) -> list[tuple[Reader, Item]]:
    """Whose goods still lie there when the pickup time is nearly over; once."""
    return _untold(region, Kind.HITCH, unfetched.to_remind(region=region, at=at), _waits)


def _untold(region: Region, kind: Kind, rows: Iterable[Delivery], item: Callable[[Delivery], Item]) -> list[tuple[Reader, Item]]:
    items = [(row, item(row)) for row in rows]
    told = told_of(kind=kind, keys=[item.key for _row, item in items])
    fresh = {row.pk: item for row, item in items if item.key not in told}
    untold = [row for row, _item in items if row.pk in fresh]
    return [(audience.reader(row), fresh[row.pk]) for row in audience.willing(region=region, kind=kind, deliveries=untold)]


def _ready(row: Delivery) -> Item:
    text = _("Your goods are at %(place)s. You can fetch them until %(until)s with the code %(code)s.") % _told(row)
    return Item(Kind.ON_THE_WAY, f"ready:{row.pk}", _("Your goods are ready for you"), text, _path(row), _("Show the code"))


def _waits(row: Delivery) -> Item:
    text = _("Your goods are still at %(place)s, code %(code)s. Please fetch them by %(until)s; by %(kept)s they go back.")
    return Item(
        Kind.HITCH, f"waits:{row.pk}", _("Your goods are waiting for you"), text % _told(row), _path(row), _("Show the code")
    )


def _told(row: Delivery) -> dict[str, str]:
    point, until = row.window.pickup_point, row.window.ends_at.astimezone(daytime.ZONE)
    kept = unfetched.kept_until(delivery=row).astimezone(daytime.ZONE)
    return {
        "place": point.name if point else "",
        "until": wording.clock(until),
        "kept": f"{wording.weekday_date(kept.date())}, {wording.clock(kept)}",
        "code": row.code,
    }


def _path(row: Delivery) -> str:
    return reverse("day:fetching", args=[day_links.sign(order=row.order, purpose=Purpose.FETCHING)])
