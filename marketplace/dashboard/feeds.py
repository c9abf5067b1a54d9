"""Gives drivers, producers, pickup hosts and the office their days as a calendar that phones subscribe to.

Calendar programs cannot log in, so the address itself is the key: signed, for one person and one room. It ends with the password
it was made under, with the role, and with the account. Nothing of customers is in any of these calendars.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.core import signing
from django.db.models import Count
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logistics import daytime, pickup_hosts
from logistics.models import DeliveryRound, DeliveryWindow, Tour
from marketplace.core import ical, wording
from marketplace.core.ical import Entry
from marketplace.partner.models import Partner
from marketplace.regions.access import has_role
from marketplace.regions.models import Region, Role
from marketplace.users.models import User

SALT = "dashboard.feeds"
#: how much of the past a calendar keeps
BACK = timedelta(days=60)
HALF_AN_HOUR = timedelta(minutes=30)


class Room(StrEnum):
    """Whose days."""

    DRIVER = "driver"
    PRODUCER = "producer"
    OFFICE = "office"
    HOST = "host"


class NoFeed(Exception):
    """The address was never given out, or holds no longer."""


def address(*, user: User, room: Room) -> str:
    """The path of somebody's calendar; the same every time, so that it can be looked up again."""
    token = signing.Signer(salt=SALT).sign_object([user.pk, str(room), _stamp(user)])
    return reverse("feeds:calendar", args=[token])


def read(*, token: str) -> tuple[User, Room]:
    """Whose calendar an address is for. Raises `NoFeed`."""
    try:
        pk, room, stamp = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError) as wrong:
        raise NoFeed from wrong
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or not constant_time_compare(stamp, _stamp(user)):
        raise NoFeed
    return user, Room(room)


def file(*, region: Region, user: User, room: Room, host: str, at: datetime) -> bytes:
    """The calendar. Raises `NoFeed` for somebody who is no longer what the address was made for."""
    entries, name = {
        Room.DRIVER: (_tours, _("My tours")),
        Room.PRODUCER: (_packing, _("Rounds")),
        Room.OFFICE: (_rounds, _("Rounds")),
        Room.HOST: (_hosting, _("Pickup point")),
    }[room]
    found: Callable[[Region, User, datetime], Iterable[Entry]] = entries
    return ical.calendar(name=f"{name} · {region.name}", entries=found(region, user, at), host=host, at=at)


def _tours(region: Region, user: User, at: datetime) -> Iterable[Entry]:
    _demand(has_role(user=user, region=region, role=Role.DRIVER))
    rows = Tour.objects.filter(driver=user, round__region=region, starts_at__gt=at - BACK).select_related("vehicle", "round")
    for tour in rows.annotate(number=Count("stops")).order_by("starts_at", "pk"):
        stops = ngettext("%(number)s stop", "%(number)s stops", tour.number) % {"number": tour.number}
        yield Entry(
            key=f"tour-{tour.pk}",
            title=f"{tour.vehicle.name}: {tour.get_wave_display()}",
            starts_at=tour.starts_at,
            ends_at=tour.ends_at,
            place=region.hub_address,
            text=f"{stops}, {wording.kilometres(tour.distance_m)}",
            url=_whole(region, reverse("logistics:tour", args=[tour.pk])),
            changed_at=tour.round.planned_at,
        )


def _packing(region: Region, user: User, at: datetime) -> Iterable[Entry]:
    """For a producer: until when orders come in, and until when goods have to be ready."""
    partner = Partner.objects.run_by(user).filter(region=region).order_by("pk").first()
    _demand(partner is not None)
    for row in _of_region(region, at):
        url = _whole(region, reverse("dashboard:round", args=[row.pk]))
        yield _cutoff(row, url)
        begin = daytime.on(row.delivery_day, row.rule.hub_open_from)
        if partner is not None and partner.collect_from is not None:
            begin = daytime.on(row.delivery_day, partner.collect_from)
        title = _("Goods ready: %(name)s") % {"name": row.rule.name}
        yield Entry(key=f"ready-{row.pk}", title=title, starts_at=begin, ends_at=begin + HALF_AN_HOUR, url=url)


def _rounds(region: Region, user: User, at: datetime) -> Iterable[Entry]:
    """For the office: the cut-off, and the delivery day from the opening of the hub to the last window."""
    _demand(has_role(user=user, region=region, role=Role.OFFICE))
    for row in _of_region(region, at):
        url = _whole(region, reverse("office:round", args=[row.pk]))
        yield _cutoff(row, url)
        begin = daytime.on(row.delivery_day, row.rule.hub_open_from)
        end = max([window.ends_at for window in row.windows.all()], default=begin + HALF_AN_HOUR)
        yield Entry(key=f"round-{row.pk}", title=row.rule.name, starts_at=begin, ends_at=end, place=region.hub_address, url=url)


def _hosting(region: Region, user: User, at: datetime) -> Iterable[Entry]:
    """For whoever looks after pickup points: the hours in which goods are fetched there."""
    points = list(pickup_hosts.points(user=user, region=region))
    _demand(bool(points))
    rows = DeliveryWindow.objects.filter(pickup_point__in=points, starts_at__gt=at - BACK)
    rows = rows.exclude(round__status=DeliveryRound.Status.CANCELLED).select_related("pickup_point", "round")
    for row in rows.order_by("starts_at", "pk"):
        point = row.pickup_point
        if point is not None:
            yield Entry(
                key=f"window-{row.pk}",
                title=_("Goods are fetched: %(place)s") % {"place": point.name},
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                place=f"{point.street}, {point.postal_code} {point.city}",
                url=_whole(region, reverse("pickup:point", args=[point.slug])),
                changed_at=row.round.planned_at,
            )


def _of_region(region: Region, at: datetime) -> Iterable[DeliveryRound]:
    rows = DeliveryRound.objects.filter(region=region, delivery_day__gt=(at - BACK).date())
    rows = rows.exclude(status=DeliveryRound.Status.CANCELLED)
    return rows.select_related("rule").prefetch_related("windows").order_by("delivery_day", "pk")


def _cutoff(row: DeliveryRound, url: str) -> Entry:
    title = _("Orders end: %(name)s") % {"name": row.rule.name}
    return Entry(key=f"cutoff-{row.pk}", title=title, starts_at=row.cutoff_at - HALF_AN_HOUR, ends_at=row.cutoff_at, url=url)


def _whole(region: Region, path: str) -> str:
    return f"{region.site.root_url}{path}"


def _demand(holds: bool) -> None:
    if not holds:
        raise NoFeed


def _stamp(user: User) -> str:
    """Changes with the password, so that an address that got into wrong hands can be ended."""
    return salted_hmac(SALT, f"{user.pk}:{user.password}").hexdigest()[:24]
