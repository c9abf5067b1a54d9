"""Decides how many crates goods fill before anybody has packed them."""

from collections.abc import Iterable
from dataclasses import dataclass

from logistics.models import Delivery
from marketplace.catalogue.models import Product
from marketplace.order.models import Line

CRATE_ML = 40_000


@dataclass(frozen=True, slots=True)
class Load:
    """Crates in all, how many of them are chilled, and whether any of it is frozen."""

    crates: int
    cold: int
    frozen: bool = False


def needed(goods: Iterable[tuple[Line, int]]) -> Load:
    """The crates of 40 litres for order lines with a quantity each. What must be chilled never shares a crate with the rest."""
    warm_ml = cold_ml = 0
    frozen = False
    for line, quantity in goods:
        if line.storage == Product.Storage.AMBIENT:
            warm_ml += line.volume_ml * quantity
        else:
            cold_ml += line.volume_ml * quantity
            frozen = frozen or (line.storage == Product.Storage.FROZEN and quantity > 0)
    cold = -(-cold_ml // CRATE_ML)
    return Load(crates=-(-warm_ml // CRATE_ML) + cold, cold=cold, frozen=frozen)


def of(*, delivery: Delivery) -> int:
    """How many crates somebody carries home: by what was packed, else by what was ordered; at least one. Two queries."""
    lines = list(delivery.order.lines.order_by("pk"))
    packed = dict(delivery.packed_lines.values_list("order_line", "packed"))
    return max(1, needed((line, _there(line, packed.get(line.pk))) for line in lines).crates)


def _there(line: Line, packed: int | None) -> int:
    return line.quantity if packed is None else packed
