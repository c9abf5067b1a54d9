"""Decides to which region a page belongs, and whether what it shows belongs there too."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from marketplace.catalogue.models import Product
from marketplace.partner.models import Partner
from marketplace.regions.models import Municipality, Region

#: the way from a row to its region
REGION_OF: dict[type[Model], str] = {Product: "partner__region", Partner: "region", Municipality: "region"}


def region_of(*, page: Any) -> Region | None:
    """The region whose site the page stands in; a page that is not saved yet is asked for by its parent."""
    above = page.get_ancestors(inclusive=True)
    return Region.objects.filter(site__root_page__in=above).select_related("site").first()


def strangers(*, streams: Iterable[Any], rows: Iterable[Any], region: Region | None) -> list[str]:
    """What the page names and another region offers, as sentences for the editor; empty when all is well."""
    if region is None:
        return []
    named = [*(row for stream in streams for row in _named(stream)), *(row for row in rows if row is not None)]
    found = []
    for model, way in REGION_OF.items():
        keys = {row.pk for row in named if isinstance(row, model)}
        if keys:
            others = model._default_manager.filter(pk__in=keys).exclude(**{way: region}).order_by("pk")
            found += [_("“%(name)s” belongs to another region.") % {"name": row} for row in others]
    return found


def _named(value: Any) -> Iterable[Any]:
    """All rows that were chosen anywhere in a stream, list or group of fields."""
    if isinstance(value, Model):
        yield value
    elif hasattr(value, "stream_block") or hasattr(value, "list_block"):
        for child in value:
            yield from _named(getattr(child, "value", child))
    elif hasattr(value, "values") and not isinstance(value, str):
        for child in value.values():
            yield from _named(child)
