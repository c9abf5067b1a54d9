"""Says what a producer can still cut of a round, line by line, and what was cut.

Customers are a code and a first name here, never more.
"""

from dataclasses import dataclass

from logistics import packing
from logistics.models import Collection, Shortage
from marketplace.core.wishes import Substitution


@dataclass(frozen=True, kw_only=True)
class CutLine:
    """One line of the list; `promised` is None where nothing was cut. `instead` names what is offered."""

    pk: int
    title: str
    unit: str
    code: str
    first_name: str
    ordered: int
    promised: int | None
    packed: bool
    wish: str
    wants_offer: bool
    asks: bool
    instead: str

    @property
    def is_cut(self) -> bool:
        """Whether the farm has said that it has fewer."""
        return self.promised is not None

    @property
    def can_cut(self) -> bool:
        """Whether it is not packed yet."""
        return self.is_cut or not self.packed


def lines(*, collection: Collection) -> list[CutLine]:
    """Article by article, then by code. Two queries for any number of lines."""
    shortages = {row.packed_line_id: row for row in _shortages(collection)}
    found = []
    for row in packing.lines_of(collection=collection).filter(order_line__instead_of=None):
        line, shortage = row.order_line, shortages.get(row.pk)
        found.append(
            CutLine(
                pk=row.pk,
                title=line.title,
                unit=line.unit_text,
                code=row.delivery.code,
                first_name=row.delivery.first_name,
                ordered=row.ordered,
                promised=row.promised,
                packed=row.packed is not None,
                wish=str(line.get_substitution_display()),
                wants_offer=line.substitution != Substitution.LEAVE_OUT,
                asks=line.substitution == Substitution.ASK,
                instead=_instead(shortage),
            )
        )
    return sorted(found, key=lambda line: (line.title, line.code, line.pk))


def _shortages(collection: Collection) -> list[Shortage]:
    return list(Shortage.objects.filter(packed_line__collection=collection).select_related("offer__product"))


def _instead(shortage: Shortage | None) -> str:
    if shortage is None or shortage.offer is None:
        return ""
    return f"{shortage.offer_quantity} × {shortage.offer.product.title}"
