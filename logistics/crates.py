"""Decides how many crates goods fill before anybody has packed them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from logistics.models import Delivery
from marketplace.catalogue.models import Product
from marketplace.order.models import Line

CRATE_ML = 40_000
#: what is sold by the piece weighs about half of what water of the same space would
GRAMS_PER_LITRE = 500
#: jars, bottles and boxes add about a tenth to what is in them
PACKAGING_PERCENT = 110


@dataclass(frozen=True, slots=True)
class Load:
    """Crates in all, how many of them are chilled, whether any of it is frozen, and about how many grams all of it weighs."""

    crates: int
    cold: int
    frozen: bool = field(default=False, compare=False)  # it takes no other room
    grams: int = 0


#: an order takes no less; a place that the waiting list offers keeps so much
LEAST = Load(crates=1, cold=0)


def needed(goods: Iterable[tuple[Line | Product, int]]) -> Load:
    """The crates of 40 litres for order lines with a quantity each. What must be chilled never shares a crate with the rest."""
    warm_ml = cold_ml = grams = 0
    frozen = False
    for line, quantity in goods:
        grams += weight_of(goods=line) * quantity
        if line.storage == Product.Storage.AMBIENT:
            warm_ml += line.volume_ml * quantity
        else:
            cold_ml += line.volume_ml * quantity
            frozen = frozen or (line.storage == Product.Storage.FROZEN and quantity > 0)
    cold = -(-cold_ml // CRATE_ML)
    return Load(crates=-(-warm_ml // CRATE_ML) + cold, cold=cold, frozen=frozen, grams=grams)


def at_least_one(*, goods: Iterable[tuple[Line | Product, int]]) -> Load:
    """The same for a whole order, which somebody carries in a crate however little it is."""
    load = needed(goods)
    return replace(load, crates=max(1, load.crates))


def weight_of(*, goods: Line | Product) -> int:
    """About how many grams one piece weighs: as it is weighed, by what is in it, else by the space it takes."""
    if goods.catch_weight and goods.expected_weight_g:
        return goods.expected_weight_g
    if goods.net_content and goods.net_unit in (Product.NetUnit.GRAMS, Product.NetUnit.MILLILITRES):
        return goods.net_content * PACKAGING_PERCENT // 100
    return goods.volume_ml * GRAMS_PER_LITRE // 1000


def of(*, delivery: Delivery) -> int:
    """How many crates somebody carries home: by what was packed, else by what was ordered; at least one. Two queries."""
    lines = list(delivery.order.lines.order_by("pk"))
    packed = dict(delivery.packed_lines.values_list("order_line", "packed"))
    return max(1, needed((line, _there(line, packed.get(line.pk))) for line in lines).crates)


def _there(line: Line, packed: int | None) -> int:
    return line.quantity if packed is None else packed
