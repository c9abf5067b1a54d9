"""Decides how much of an article can be sold in a round, and takes it, never more than there is.

What is made to order has no limit. Limited stock is one pile for all rounds, kept by `partner.stock`. Stock "so many in each
round" is counted anew for every round in `RoundStock`. What a round has sold of limited stock leaves the pile when the round
closes (`consume`): from then on it stands with the producer as goods to pack, no longer as something promised.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.db.models import Case, F, OuterRef, Subquery, When
from django.db.models.functions import Greatest

from logistics.models import DeliveryRound, RoundStock
from marketplace.partner import stock as pile
from marketplace.partner.models import StockRecord
from marketplace.partner.stock import SoldOut

Kind = StockRecord.StockKind


def available_in(
    *, delivery_round: DeliveryRound, stockrecords: Sequence[StockRecord], taken: Mapping[int, int] | None = None
) -> dict[int, int | None]:
    """How many of each can still be ordered in the round, by stockrecord id; None is no limit.

    At most one query, none where `taken` tells what the round has sold of each (see `taken_in`).
    """
    if taken is None:
        counted = [record.pk for record in stockrecords if record.stock_kind == Kind.PER_ROUND]
        rows = RoundStock.objects.filter(round=delivery_round, stockrecord__in=counted) if counted else ()
        taken = {row.stockrecord_id: row.taken for row in rows}
    return {record.pk: _left(record, taken.get(record.pk, 0)) for record in stockrecords}


def taken_in(*, delivery_round: DeliveryRound, offer: str) -> Subquery:
    """What the round has sold of the offer that a query names by `offer`, as a column of that query."""
    rows = RoundStock.objects.filter(round=delivery_round, stockrecord=OuterRef(offer))
    return Subquery(rows.values("taken")[:1])


def take(*, delivery_round: DeliveryRound, stockrecord: StockRecord, quantity: int) -> None:
    """Take `quantity` for an order of the round. Raises `SoldOut` when so many are not left."""
    if stockrecord.stock_kind == Kind.LIMITED:
        pile.take(stockrecord=stockrecord, quantity=quantity)
    elif stockrecord.stock_kind == Kind.PER_ROUND and not _take_in_round(delivery_round, stockrecord, quantity):
        left = available_in(delivery_round=delivery_round, stockrecords=[stockrecord])[stockrecord.pk]
        raise SoldOut(title=stockrecord.product.title, left=left or 0, product_id=stockrecord.product_id)


def give_back(*, delivery_round: DeliveryRound, stockrecord: StockRecord, quantity: int) -> None:
    """Give back what an order of the round had taken."""
    if stockrecord.stock_kind == Kind.LIMITED:
        pile.give_back(stockrecord=stockrecord, quantity=quantity)
    elif stockrecord.stock_kind == Kind.PER_ROUND:
        row = RoundStock.objects.filter(round=delivery_round, stockrecord=stockrecord, taken__gte=quantity)
        row.update(taken=F("taken") - quantity)


def exchange(
    *,
    before: Mapping[int, int],
    before_in: DeliveryRound | None,
    after: Mapping[int, int],
    after_in: DeliveryRound | None,
    offers: Mapping[int, StockRecord] = MappingProxyType({}),
) -> None:
    """Hold `after` instead of `before`, quantities by stockrecord id, each in the round to which it belongs.

    What stays in the same round is not touched, so what somebody holds already counts as there for him. Stock records are
    taken in the order of their keys, as everybody does; `offers` are those at hand with their articles. Raises `SoldOut`; the
    transaction around it then gives everything back.
    """
    missing = {*before, *after} - offers.keys()
    offers = {**offers, **(StockRecord.objects.select_related("product").in_bulk(missing) if missing else {})}
    same = before_in is not None and after_in is not None and before_in.pk == after_in.pk
    for pk in sorted({*before, *after} & offers.keys()):
        old, new = before.get(pk, 0), after.get(pk, 0)
        kept = min(old, new) if same or offers[pk].stock_kind == Kind.LIMITED else 0
        steps = [(before_in, old - kept, give_back), (after_in, new - kept, take)]
        # of the counters of two rounds the lower one comes first too: somebody else may go the other way
        for one, quantity, step in sorted(steps, key=lambda found: found[0].pk if found[0] else 0):
            if one is not None and quantity > 0:
                step(delivery_round=one, stockrecord=offers[pk], quantity=quantity)


def consume(*, sold: Counter[int]) -> None:
    """Take from the piles of limited stock what was promised: quantities by stockrecord id. Three queries for any number."""
    limited = StockRecord.objects.filter(pk__in=sold, stock_kind=Kind.LIMITED)
    ids = list(limited.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    if not ids:
        return
    quantity = Case(*(When(pk=pk, then=sold[pk]) for pk in ids))
    StockRecord.objects.filter(pk__in=ids).update(
        num_in_stock=Greatest(F("num_in_stock") - quantity, 0), num_allocated=Greatest(F("num_allocated") - quantity, 0)
    )


def bring_back(*, quantities: Counter[int]) -> None:
    """Put what was consumed for a round that does not take place back on the piles of limited stock, by stockrecord id."""
    limited = StockRecord.objects.filter(pk__in=quantities, stock_kind=Kind.LIMITED)
    ids = list(limited.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    if ids:
        back = Case(*(When(pk=pk, then=quantities[pk]) for pk in ids))
        StockRecord.objects.filter(pk__in=ids).update(num_in_stock=F("num_in_stock") + back)


def give_back_all(*, delivery_round: DeliveryRound, quantities: Counter[int]) -> None:
    """Give back what a round had taken, by stockrecord id. Four queries at most for any number."""
    if not quantities:
        return
    limited = StockRecord.objects.filter(pk__in=quantities, stock_kind=Kind.LIMITED)
    ids = list(limited.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    if ids:
        freed = Case(*(When(pk=pk, then=quantities[pk]) for pk in ids))
        StockRecord.objects.filter(pk__in=ids).update(num_allocated=Greatest(F("num_allocated") - freed, 0))
    counted = Case(*(When(stockrecord=pk, then=number) for pk, number in sorted(quantities.items())))
    rows = RoundStock.objects.filter(round=delivery_round, stockrecord__in=quantities.keys() - set(ids))
    list(rows.select_for_update(of=("self",), no_key=True).order_by("stockrecord").values_list("pk"))
    rows.update(taken=Greatest(F("taken") - counted, 0))


def _left(record: StockRecord, taken: int) -> int | None:
    if record.stock_kind == Kind.PER_ROUND:
        return max(0, (record.per_round or 0) - taken)
    return pile.available(stockrecord=record)


def _take_in_round(delivery_round: DeliveryRound, stockrecord: StockRecord, quantity: int) -> bool:
    """Count it if the producer's present number for a round allows it; the first buyer of a round creates the counter."""
    limit = stockrecord.per_round or 0
    if quantity > limit:
        return False
    row = RoundStock.objects.filter(round=delivery_round, stockrecord=stockrecord, taken__lte=limit - quantity)
    if row.update(taken=F("taken") + quantity, available=limit):
        return True
    fresh = RoundStock(round=delivery_round, stockrecord=stockrecord, available=limit)
    RoundStock.objects.bulk_create([fresh], ignore_conflicts=True)
    return bool(row.update(taken=F("taken") + quantity, available=limit))
