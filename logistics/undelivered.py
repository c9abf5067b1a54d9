"""Decides whose goods are cut when a wholesaler brought too few: the newest orders first."""

from datetime import datetime

from logistics import confirmations
from logistics.confirmations import CutRefused
from logistics.models import Collection, DeliveryRound, PackedLine
from marketplace.partner.models import StockRecord
from marketplace.users.models import User


def cut(*, delivery_round: DeliveryRound, stockrecord: StockRecord, short: int, at: datetime, by: User | None) -> tuple[int, int]:
    """Take `short` pieces from the orders of a closed round; says how many orders were cut and how many pieces could not be.

    What is packed, was cut before or came in place of something else stays. Part of a transaction that holds the round.
    """
    rows = PackedLine.objects.filter(collection__round=delivery_round, order_line__stockrecord=stockrecord)
    rows = rows.filter(shortage__isnull=True, packed__isnull=True, order_line__instead_of__isnull=True)
    lines = list(rows.select_related("collection", "order_line__order").order_by("-order_line__order__date_placed", "-pk"))
    done = 0
    for line in lines:
        if short <= 0:
            break
        taken = min(short, line.ordered)
        try:
            confirmations.cut_undelivered(packed_line=line, quantity=line.ordered - taken, at=at, by=by)
        except CutRefused:
            continue
        done, short = done + 1, short - taken
    if done:
        collection = Collection.objects.get(round=delivery_round, partner=stockrecord.partner_id)
        confirmations.settle_late(collection=collection, at=at, by=by)
    return done, short
