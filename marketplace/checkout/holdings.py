"""Decides what counts as there for somebody who holds some of it already: the place, the goods and the terms that were agreed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from logistics import reservations
from logistics.models import DeliveryRound, DeliveryWindow
from logistics.spaces import Taken
from marketplace.core import money
from marketplace.partner.models import StockRecord


@dataclass(frozen=True)
class Held:
    """What somebody holds in a round. `stock` counts pieces by stock record, `agreed` by product.

    What was agreed in an order (`agreed`, `goods` in gross euro, `age_limit` in years) is not asked for again as long as the
    customer wants no more of it, in the same round. `offered` is a window in which the waiting list keeps a place for him, `room`
    what he takes of the round's room already.
    """

    round_id: int | None = None
    window_id: int | None = None
    stock: Mapping[int, int] = field(default_factory=dict)
    agreed: Mapping[int, int] = field(default_factory=dict)
    goods: Decimal = money.ZERO
    age_limit: int = 0
    offered: int | None = None
    room: Taken | None = None

    def free(self, *, window: DeliveryWindow) -> int:
        """Places of a window that are free for him: his own one is, and one that the waiting list keeps for him."""
        return window.free + (window.pk in (self.window_id, self.offered))

    def left(self, *, stockrecord: StockRecord, delivery_round: DeliveryRound, available: int | None) -> int | None:
        """Pieces that he can have when `available` are there for everybody; None is no limit.

        Goods that are counted anew for each round are held only in that round.
        """
        moves_along = stockrecord.stock_kind == StockRecord.StockKind.LIMITED or delivery_round.pk == self.round_id
        if available is None or not moves_along:
            return available
        return available + self.stock.get(stockrecord.pk, 0)

    def has_agreed(self, *, product_id: int, quantity: int, delivery_round: DeliveryRound) -> bool:
        """Whether so many were agreed for that round."""
        return delivery_round.pk == self.round_id and quantity <= self.agreed.get(product_id, 0)

    def has_met_the_minimum(self, *, goods: Decimal, delivery_round: DeliveryRound) -> bool:
        """Whether an order of no smaller worth was accepted for that round."""
        return delivery_round.pk == self.round_id and money.ZERO < self.goods <= goods


NOTHING = Held()


def of_basket(*, kept: reservations.Held | None) -> Held:
    """The place and the goods that are kept for a basket during the checkout."""
    if kept is None:
        return NOTHING
    offered = kept.window_id if kept.offer_id else None
    return Held(round_id=kept.round.pk, window_id=kept.window_id, stock=kept.stock, room=kept.taken, offered=offered)
