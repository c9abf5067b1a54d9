"""Decides where chilled and frozen goods can be handed over: never where they would wait in the warm.

The cold chain must not be broken on the way to the customer (annex II chapter IX number 5 Regulation (EC) No 852/2004).
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from logistics.models import Delivery, DeliveryWindow
from logistics.windows import WindowChoice
from marketplace.catalogue import claims
from marketplace.catalogue.models import Product


def names(*, products: Iterable[Product], today: date) -> tuple[str, ...]:
    """The articles among them that have to stay cold, by name as it may be shown today; they are loaded with their producers."""
    cold = (product for product in products if product.storage != Product.Storage.AMBIENT)
    return tuple(claims.title(product=product, today=today) for product in cold)


def note(*, cold: Sequence[str], choice: WindowChoice) -> str:
    """Why the place is nothing for these goods, in a few words; "" when it is right for them."""
    if not cold or choice.cold_storage or choice.kind == Delivery.Kind.HOME:
        return ""
    return _("not possible: no cold storage for %(goods)s") % {"goods": ", ".join(cold)}


def sentence(*, cold: Sequence[str], place: str) -> str:
    """What a customer is told who wants to fetch these goods at a place that keeps nothing cold."""
    text = _("%(place)s cannot keep goods cold. Please choose another place, or take these out of your basket: %(goods)s.")
    return text % {"place": place, "goods": ", ".join(cold)}


def hindrance(*, cold: Sequence[str], window: DeliveryWindow) -> str:
    """The sentence for a window loaded with its pickup point; "" when the goods stay cold there."""
    point = window.pickup_point
    return sentence(cold=cold, place=point.name) if cold and point is not None and not point.cold_storage else ""
