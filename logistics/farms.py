"""Decides who may fetch goods at a farm: whoever buys there alone, as other producers' goods do not come to it.

What is fetched there is driven nowhere: it is on no tour, and its crates count for none.
"""

from collections.abc import Collection as Some

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from logistics.models import Collection, Delivery, DeliveryWindow, PackedLine
from logistics.windows import WindowChoice


def note(*, producers: Some[int], choice: WindowChoice) -> str:
    """Why these producers' goods cannot be fetched in the window; "" when they can, and wherever it is no farm's."""
    return sentence(farm=choice.name) if _others(producers, choice.partner_id) else ""


def hindrance(*, producers: Some[int], window: DeliveryWindow) -> str:
    """The same for a window that is loaded with its farm."""
    return sentence(farm=window.partner.name) if window.partner and _others(producers, window.partner_id) else ""


def sentence(*, farm: str) -> str:
    """What a customer is told who wants to fetch goods of others there."""
    return _("At the farm you can only fetch goods of %(farm)s.") % {"farm": farm}


def on_the_road(*, collections: QuerySet[Collection]) -> QuerySet[Collection]:
    """Those of them of which something is driven away; what is fetched at the farm stays there."""
    driven = PackedLine.objects.filter(collection=OuterRef("pk")).exclude(delivery__kind=Delivery.Kind.FARM)
    return collections.filter(Exists(driven)).exclude(status=Collection.Status.CALLED_OFF)


def _others(producers: Some[int], farm: int | None) -> bool:
    return farm is not None and bool(set(producers) - {farm})
