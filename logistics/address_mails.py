"""Decides who is asked whether a wish is theirs, and who is told that a round comes to their village; each of it once.

What is due is found by a query; whoever sends claims the row first, in the same transaction.
"""

from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from logistics import address_links, areas, rounds, waiting_mails
from logistics.address_links import Purpose
from logistics.models import AreaInterest, WaitingEntry
from marketplace.core import wording
from marketplace.regions.models import Region


def unasked_places() -> list[int]:
    """Guests on a waiting list who were not asked yet whether it was them, the oldest first."""
    rows = WaitingEntry.objects.filter(
        status=WaitingEntry.Status.WAITING, user__isnull=True, confirmed_at__isnull=True, asked_back_at__isnull=True
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def unasked_areas() -> list[int]:
    """Wishes for a village whose owners were not asked yet whether it was them, the oldest first."""
    rows = AreaInterest.objects.filter(confirmed_at__isnull=True, asked_back_at__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def untold_areas(*, at: datetime) -> list[int]:
    """Wishes for a village to which a round comes now, the oldest first."""
    return [pk for region in Region.objects.order_by("pk") for pk in areas.due(region=region, at=at).values_list("pk", flat=True)]


@transaction.atomic
def ask_about_place(*, pk: int, at: datetime) -> bool:
    """Ask whether somebody wants to wait for a place; False when another worker did."""
    if not WaitingEntry.objects.filter(pk=pk, asked_back_at__isnull=True, confirmed_at__isnull=True).update(asked_back_at=at):
        return False
    related = ("window__round__region__site", "window__pickup_point", "window__partner")
    row = WaitingEntry.objects.select_related(*related).get(pk=pk)
    region, place = row.window.round.region, waiting_mails.place(window=row.window)
    link = _link(region, "catalogue:wait_confirm", Purpose.WAIT, pk)
    subject = _("Shall we write to you when a place becomes free?")
    _message(region, "waiting_confirm", subject, row.email, {"place": place, "link": link}).send()
    return True


@transaction.atomic
def ask_about_area(*, pk: int, at: datetime) -> bool:
    """Ask whether somebody wants to be told of deliveries to a village; False when another worker did."""
    if not AreaInterest.objects.filter(pk=pk, asked_back_at__isnull=True, confirmed_at__isnull=True).update(asked_back_at=at):
        return False
    row = AreaInterest.objects.select_related("region__site").get(pk=pk)
    told = {"interest": row, "link": _link(row.region, "catalogue:elsewhere_confirm", Purpose.AREA, pk)}
    subject = _("Shall we write to you when we deliver to %(place)s?") % {"place": _place(row)}
    _message(row.region, "area_confirm", subject, row.email, told | {"place": _place(row)}).send()
    return True


@transaction.atomic
def tell_area(*, pk: int, at: datetime) -> bool:
    """Write that a round comes to a village; False when another worker did."""
    if not AreaInterest.objects.filter(pk=pk, told_at__isnull=True, confirmed_at__isnull=False).update(told_at=at):
        return False
    row = AreaInterest.objects.select_related("region__site").get(pk=pk)
    following = rounds.next_open(region=row.region, at=at)
    stop = _link(row.region, "catalogue:elsewhere_stop", Purpose.AREA_STOP, pk)
    told = {
        "place": _place(row),
        "day": wording.weekday_date(following.delivery_day) if following else "",
        "until": waiting_mails.moment(following.cutoff_at) if following else "",
        "link": f"{row.region.site.root_url}{reverse('catalogue:index')}",
        "stop": stop,
    }
    message = _message(row.region, "area_served", _("We deliver to %(place)s now") % {"place": _place(row)}, row.email, told)
    message.extra_headers = {"List-Unsubscribe": f"<{stop}>"}
    message.send()
    return True


def _place(row: AreaInterest) -> str:
    return " ".join(filter(None, [row.postal_code, row.place]))


def _link(region: Region, name: str, purpose: Purpose, pk: int) -> str:
    return f"{region.site.root_url}{reverse(name, args=[address_links.sign(purpose=purpose, pk=pk)])}"


def _message(region: Region, name: str, subject: str, to: str, told: dict[str, Any]) -> EmailMultiAlternatives:
    context = {"region": region, "subject": subject, "days": address_links.GOOD_FOR.days, **told}
    message = EmailMultiAlternatives(
        subject=subject, body=render_to_string(f"emails/{name}.txt", context), to=[to], reply_to=[region.email]
    )
    message.attach_alternative(render_to_string(f"emails/{name}.html", context), "text/html")
    return message
