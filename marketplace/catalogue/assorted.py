"""Decides what becomes of articles whose assortment is taken away: who sees them then is said before, and then it is so."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from marketplace.assortments import reach, rules
from marketplace.assortments.groups import GroupRefused
from marketplace.assortments.models import Assortment
from marketplace.catalogue.models import Product
from marketplace.core import audit


@dataclass(frozen=True)
class Freed:
    """An article, and who sees it once the assortment is gone, as `reach` says it."""

    product: Product
    who: str


def of_assortment(*, assortment: Assortment) -> QuerySet[Product]:
    """The articles that belong to it, by producer and title; also those that are taken off the market."""
    rows: QuerySet[Product] = Product.objects.filter(partner__region=assortment.region_id, assortments__contains=[assortment.pk])
    return rows.select_related("partner").order_by("partner__name", "title", "pk")


def freed(*, assortment: Assortment) -> list[Freed]:
    """Each of its articles with who would see it without the assortment; two queries."""
    rows = list(of_assortment(assortment=assortment))
    others = {row.pk: [pk for pk in row.assortments if pk != assortment.pk] for row in rows}
    told = reach.of_articles(region=assortment.region, belonging=others, without=assortment.pk)
    return [Freed(row, told[row.pk]) for row in rows]


@transaction.atomic
def take_away(*, assortment: Assortment, seen: Collection[int], at: datetime, by: Any) -> int:
    """Take an assortment away with its rules; says how many articles belong to it no more.

    `seen` are the articles (keys) of which was told who will see them: raises `GroupRefused` when they are others by now.
    """
    rules.lock(region=assortment.region)
    rows = list(of_assortment(assortment=assortment))
    if {row.pk for row in rows} != set(seen):
        raise GroupRefused(_("Articles have been added or taken out in the meantime. Please look once more who will see them."))
    for row in rows:
        row.assortments = [pk for pk in row.assortments if pk != assortment.pk]
        row.save(update_fields=["assortments"])
    old = {"name": assortment.name, "articles": [row.pk for row in rows]}
    audit.record(action="assortment.taken_away", target=assortment, at=at, by=by, old=old)
    region_id = assortment.region_id
    assortment.delete()
    rules.settle(region_id=region_id)
    return len(rows)
