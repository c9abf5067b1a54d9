"""Decides what somebody has marked to find it again: articles and producers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from marketplace.assortments.precedence import Sight
from marketplace.catalogue.models import Product
from marketplace.notices.models import Favourite
from marketplace.partner.models import Partner
from marketplace.regions.models import Region


@dataclass(frozen=True)
class Marked:
    """The keys of what a person has marked."""

    articles: frozenset[int] = frozenset()
    producers: frozenset[int] = frozenset()


def marked(*, user: Any) -> Marked:
    """Everything that a person has marked, for a whole list of cards in one query; visitors have marked nothing, without one."""
    if not user.is_authenticated:
        return Marked()
    rows: list[tuple[int | None, int | None]] = list(Favourite.objects.filter(user=user).values_list("product_id", "partner_id"))
    return Marked(
        articles=frozenset(product for product, _partner in rows if product is not None),
        producers=frozenset(partner for _product, partner in rows if partner is not None),
    )


@transaction.atomic
def switch(*, user: Any, thing: Product | Partner, at: datetime) -> bool:
    """Mark what is not marked, and the other way round; says whether it is marked now."""
    which = _which(thing)
    if Favourite.objects.filter(user=user, **which).delete()[0]:
        return False
    return mark(user=user, thing=thing, at=at)


def mark(*, user: Any, thing: Product | Partner, at: datetime) -> bool:
    """Mark it; once, however often it is asked for. Always True."""
    Favourite.objects.bulk_create([Favourite(user=user, since=at, **_which(thing))], ignore_conflicts=True)
    return True


def producers_of(*, user: Any, region: Region) -> list[Partner]:
    """The marked producers of a region that sell at present, by name, with village and picture."""
    mine = Favourite.objects.filter(user=user, partner__isnull=False).values("partner")
    known = Partner.objects.selling().filter(region=region, pk__in=mine)
    return list(known.select_related("municipality", "picture").order_by("name", "pk"))


def article_keys(*, user: Any, region: Region) -> list[int]:
    """The keys of the marked articles of a region, the last marked first; hidden ones are the reader's matter."""
    mine = Favourite.objects.filter(user=user, product__partner__region=region).order_by("-since", "-pk")
    return list(mine.values_list("product_id", flat=True))


def find(*, article: str, producer: str, region: Region, sight: Sight) -> Product | Partner | None:
    """What an address's or a form's parameters name, if somebody with that sight may see it."""
    if article.isdecimal() and len(article) < 18:
        found: Product | None = Product.objects.on_show(region, sight=sight).filter(pk=int(article)).first()
        return found
    if producer.isdecimal() and len(producer) < 18:
        return Partner.objects.selling().filter(region=region, pk=int(producer)).first()
    return None


def _which(thing: Product | Partner) -> dict[str, Any]:
    return {"product": thing} if isinstance(thing, Product) else {"partner": thing}
