"""Decides who is asked some days after a delivery how the goods were: who said yes to it, once for each order.

Such a question is advertising, so it needs a yes (section 7(2) UWG; BGH, 10.07.2018, VI ZR 225/17).
"""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from logistics import daytime
from logistics.models import Delivery
from marketplace.core import wording
from marketplace.notices.items import Item, Reader, told_of
from marketplace.notices.models import Kind, NoticeChoice
from marketplace.order import review_links
from marketplace.order.models import Order
from marketplace.regions.models import Region

#: time to eat it; afterwards nobody remembers
SOONEST, LATEST = timedelta(days=3), timedelta(days=14)


def how_it_was(*, region: Region, at: datetime) -> list[tuple[Reader, Item]]:
    """Whom to ask about which order; nobody who has reviewed something of it already. Three queries."""
    people, addresses = _wanting(region)
    if not people and not addresses:
        return []
    came = Delivery.objects.filter(
        round__region=region,
        status=Delivery.Status.COMPLETED,
        completed_at__gt=at - LATEST,
        completed_at__lte=at - SOONEST,
        order__status=Order.Status.COMPLETED,
        order__lines__packed_line__delivered__gt=0,
        order__lines__product__isnull=False,
    )
    rows = came.exclude(order__lines__review__isnull=False).select_related("order__user", "round").order_by("pk").distinct()
    welcome = [
        row for row in rows if row.order.user_id in people or (not row.order.user_id and row.order.email.lower() in addresses)
    ]
    told = told_of(kind=Kind.REVIEW, keys=[_key(row) for row in welcome])
    return [(_reader(row), _item(row)) for row in welcome if _key(row) not in told]


def _wanting(region: Region) -> tuple[frozenset[int], frozenset[str]]:
    """The people, and the addresses without an account, who said yes."""
    rows = NoticeChoice.objects.filter(region=region, kind=Kind.REVIEW, wanted=True).exclude(user__is_active=False)
    found = list(rows.values_list("user_id", "email"))
    return frozenset(user for user, _email in found if user), frozenset(email for _user, email in found if email)


def _key(row: Delivery) -> str:
    return f"order:{row.order_id}"


def _reader(row: Delivery) -> Reader:
    return Reader(user_id=row.order.user_id, email=row.order.email, name=row.order.first_name)


def _item(row: Delivery) -> Item:
    day = wording.weekday_date(daytime.day_of(row.completed_at) if row.completed_at else row.round.delivery_day)
    title = _("How did you like what came on %(day)s?") % {"day": day}
    text = _("Your stars help others to choose, and the farms to get better. It takes a minute.")
    path = reverse("reviews:order", args=[review_links.sign(order=row.order)])
    return Item(Kind.REVIEW, _key(row), title, text, path, _("Write a review"))
