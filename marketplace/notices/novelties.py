"""Decides who is told of new articles: who marked the producer, asked for it, and has not been told of any for a week."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from marketplace.assortments import sights
from marketplace.assortments.precedence import EVERYTHING
from marketplace.catalogue.models import Product
from marketplace.notices import choices
from marketplace.notices.items import Item, Reader, reader_of, told_of
from marketplace.notices.models import Favourite, Kind, NoticeChoice, Told
from marketplace.regions.models import Region

#: what is older is not new; nobody is told of novelties twice within a week
NEW, PAUSE = timedelta(days=14), timedelta(days=6, hours=12)
#: a mail is no catalogue
MOST = 12


def of_favourites(*, region: Region, at: datetime) -> list[tuple[Reader, Item]]:
    """New articles of marked producers, at most a dozen for each reader; five queries for any number."""
    asking = _asking(region, at)
    marks = Favourite.objects.filter(user__in=asking, partner__region=region).values_list("user_id", "partner_id", "since")
    followers = defaultdict(list)
    for user_id, partner_id, since in marks:
        followers[partner_id].append((user_id, since))
    shown = Product.objects.on_show(region, sight=EVERYTHING).filter(partner__in=followers)
    fresh = shown.filter(date_created__gt=at - NEW, date_created__lte=at)
    seen = sights.of_many(region=region, user_ids=asking)
    due: dict[int, dict[str, Product]] = defaultdict(dict)
    for product in fresh.select_related("partner").order_by("-date_created", "-pk"):
        for user_id, since in followers[product.partner_id]:
            is_new = product.date_created > max(since, asking[user_id].changed_at)
            if is_new and seen[user_id].sees(product.assortments):
                due[user_id][f"article:{product.pk}:{user_id}"] = product
    told = told_of(kind=Kind.NEW_ARTICLES, keys=[key for found in due.values() for key in found])
    return [
        (reader_of(user), _item(key, product))
        for user_id, found in due.items()
        if (user := asking[user_id].user) is not None
        for key, product in [row for row in found.items() if row[0] not in told][:MOST]
    ]


def _asking(region: Region, at: datetime) -> dict[int, NoticeChoice]:
    """Who wants it and has had a pause."""
    rows = {row.user_id: row for row in choices.wanting(region=region, kind=Kind.NEW_ARTICLES) if row.user_id}
    recent = Told.objects.filter(kind=Kind.NEW_ARTICLES, user__in=rows, at__gt=at - PAUSE) if rows else Told.objects.none()
    had = set(recent.values_list("user_id", flat=True))
    return {user_id: row for user_id, row in rows.items() if user_id not in had}


def _item(key: str, product: Product) -> Item:
    text = _("New from %(producer)s") % {"producer": product.partner.name}
    return Item(Kind.NEW_ARTICLES, key, product.title, text, product.get_absolute_url(), _("Look at it"))
