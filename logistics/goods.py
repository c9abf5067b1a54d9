"""Decides where the goods of a basket can be handed over, and says why not elsewhere: cold goods, and goods of several farms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from logistics import cooling, farms
from logistics.models import DeliveryWindow
from logistics.windows import WindowChoice
from marketplace.catalogue.models import Product


@dataclass(frozen=True)
class Goods:
    """What has to stay cold, by name, and whose goods they are, by partner id."""

    cold: tuple[str, ...] = ()
    producers: frozenset[int] = frozenset()


NOTHING = Goods()


def of_products(*, products: Iterable[Product], today: date) -> Goods:
    """The goods of articles that are loaded with their producers."""
    known = list(products)
    return Goods(cold=cooling.names(products=known, today=today), producers=frozenset(product.partner_id for product in known))


def note(*, goods: Goods, choice: WindowChoice) -> str:
    """Why the window is nothing for these goods, in a few words; "" when it is right for them."""
    return cooling.note(cold=goods.cold, choice=choice) or farms.note(producers=goods.producers, choice=choice)


def sentence(*, goods: Goods, choice: WindowChoice) -> str:
    """The same as a whole sentence."""
    if cooling.note(cold=goods.cold, choice=choice):
        return cooling.sentence(cold=goods.cold, place=choice.name)
    return farms.note(producers=goods.producers, choice=choice)


def hindrance(*, goods: Goods, window: DeliveryWindow) -> str:
    """The sentence for a window that is loaded with its pickup point or farm."""
    return cooling.hindrance(cold=goods.cold, window=window) or farms.hindrance(producers=goods.producers, window=window)
