"""Decides who may fetch goods at a farm: whoever buys there alone. Other producers' goods do not come to it."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from logistics.models import DeliveryWindow
from logistics.windows import WindowChoice


def note(*, producers: Collection[int], choice: WindowChoice) -> str:
    """Why these producers' goods cannot be fetched in the window; "" when they can, and wherever it is no farm's."""
    return sentence(farm=choice.name) if _others(producers, choice.partner_id) else ""


def hindrance(*, producers: Collection[int], window: DeliveryWindow) -> str:
    """The same for a window that is loaded with its farm."""
    return sentence(farm=window.partner.name) if window.partner and _others(producers, window.partner_id) else ""


def sentence(*, farm: str) -> str:
    """What a customer is told who wants to fetch goods of others there."""
    return _("At the farm you can only fetch goods of %(farm)s.") % {"farm": farm}


def _others(producers: Collection[int], farm: int | None) -> bool:
    return farm is not None and bool(set(producers) - {farm})
