"""Decides how long a basket keeps its place and its goods while somebody is at the checkout, and gives them back afterwards.

What is kept counts as taken for everybody else. The row of the basket guards its reservation: whoever changes or ends one locks
the basket first, then goes on as docs/adr/0006 says: round, stock by its key, windows by their key, waiting list.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from logistics import rounds, stock, waiting, windows
from logistics.models import DeliveryRound, DeliveryWindow, Reservation, ReservedStock, WaitingEntry
from logistics.windows import WindowFull
from marketplace.basket.models import Basket
from marketplace.partner.models import StockRecord
from marketplace.partner.stock import SoldOut

logger = logging.getLogger(__name__)
LENGTH = timedelta(minutes=15)
#: looking at the last page again prolongs it, three times at most
AT_MOST = 4 * LENGTH
#: so many are given back in one go
BATCH = 100


class NotHeld(Exception):
    """There is no open basket to keep anything for; the message is for the customer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What a basket keeps: a place in a window, and quantities by stockrecord id (`limited`: those counted in one pile)."""

    window_id: int
    round_id: int
    expires_at: datetime
    stock: Mapping[int, int]
    limited: frozenset[int]

    def in_round(self, round_id: int) -> Mapping[int, int]:
        """The quantities that count as there for the holder in that round, by stockrecord id."""
        return {pk: number for pk, number in self.stock.items() if pk in self.limited or round_id == self.round_id}


def held_by(*, basket: Basket) -> Held | None:
    """What the basket keeps at present; one query, none for a basket that is not stored."""
    if not basket.pk:
        return None
    rows = ReservedStock.objects.filter(reservation__basket_id=basket.pk)
    found = list(rows.select_related("reservation__window", "stockrecord"))
    if not found:
        return None
    row = found[0].reservation
    limited = {kept.stockrecord_id for kept in found if kept.stockrecord.stock_kind == StockRecord.StockKind.LIMITED}
    return Held(
        window_id=row.window_id,
        round_id=row.window.round_id,
        expires_at=row.expires_at,
        stock={kept.stockrecord_id: kept.quantity for kept in found},
        limited=frozenset(limited),
    )


def with_own(*, available: Mapping[int, int | None], held: Held | None, delivery_round: DeliveryRound) -> dict[int, int | None]:
    """`stock.available_in` of the round as the holder sees it: what the basket keeps is there for him."""
    own = held.in_round(delivery_round.pk) if held else {}
    return {pk: left if left is None else left + own.get(pk, 0) for pk, left in available.items()}


def hold(
    *, basket: Basket, window: DeliveryWindow, wanted: Mapping[int, int], at: datetime, offer: WaitingEntry | None = None
) -> datetime:
    """Keep a place in the window and `wanted` (quantities by stockrecord id) for a quarter of an hour; says until when.

    What the basket kept before is exchanged for it; the same again is kept on, an hour in all. `offer` is a place of the waiting
    list that is kept free for the customer. Raises `RoundClosed`, `WindowFull`, `SoldOut` or `NotHeld`, and then nothing has
    changed; what others have let expire is given back before anybody is sent away.
    """
    try:
        return _hold(basket, window, wanted, at, offer)
    except (WindowFull, SoldOut):
        if not expire_due(at=at):
            raise
    return _hold(basket, window, wanted, at, offer)


@transaction.atomic
def follow(*, basket: Basket, wanted: Mapping[int, int]) -> bool:
    """Let the goods that are kept follow a changed basket, as far as there are so many; without goods nothing is kept.

    False when the basket keeps nothing. The time does not start again.
    """
    row = _present(basket)
    if row is None:
        return False
    if not wanted:
        _end(row)
        return True
    before = _quantities(row)
    try:
        with transaction.atomic():
            _exchange(row, before, wanted)
    except SoldOut:
        _exchange(row, before, {pk: min(number, before[pk]) for pk, number in wanted.items() if pk in before})
    return True


@transaction.atomic
def release(*, basket: Basket) -> bool:
    """Give back what a basket keeps; False when that is nothing."""
    row = _present(basket)
    if row is not None:
        _end(row)
    return row is not None


@transaction.atomic
def pass_on(*, guest_id: int, to: Basket) -> None:
    """What a guest's basket keeps is the customer's who has just logged in; only one basket can keep something."""
    both = Basket.objects.select_for_update(of=("self",)).filter(pk__in=(guest_id, to.pk)).order_by("pk")
    rows = {row.basket_id: row for row in Reservation.objects.filter(basket__in=[row.pk for row in both])}
    if guest_id not in rows or guest_id == to.pk:
        return
    if to.pk in rows:
        _end(_load(rows[to.pk].pk))
    Reservation.objects.filter(pk=rows[guest_id].pk).update(basket=to)


@transaction.atomic
def use(*, basket: Basket, window: DeliveryWindow, wanted: Mapping[int, int], at: datetime) -> bool:
    """Turn what a basket keeps into what its order takes. Part of the transaction that places it: the basket is locked, and the
    round of the window held open.

    Afterwards `wanted` is taken in the round of the window. True when its place is taken too, because it was kept; otherwise
    the caller takes one. Raises `SoldOut`.
    """
    row = _load_of(basket)
    before = _quantities(row) if row else {}
    stock.exchange(before=before, before_in=row.window.round if row else None, after=wanted, after_in=window.round)
    if row is None:
        return False
    kept = row.window_id == window.pk
    if kept and row.offer_id is not None:
        waiting.take_up(entry_id=row.offer_id, at=at)
    elif not kept:
        windows.lock(keys={row.window_id, window.pk})
        if row.offer_id is None:
            windows.release_place(window=row.window)
    row.delete()
    return kept


def expire_due(*, at: datetime) -> int:
    """Give back what has run out, however long ago, each in its own transaction; says how many.

    A basket that somebody is ordering from at this moment is left to him.
    """
    due = Reservation.objects.filter(expires_at__lte=at).order_by("expires_at", "pk")
    given_back = 0
    for basket_id in list(due.values_list("basket_id", flat=True)[:BATCH]):
        try:
            with transaction.atomic():
                given_back += _expire(basket_id, at)
        except Exception:
            logger.exception("What basket %s keeps could not be given back; it stays due.", basket_id)
    return given_back


def _expire(basket_id: int, at: datetime) -> bool:
    free = Basket.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=basket_id)
    row = Reservation.objects.filter(basket_id=basket_id, expires_at__lte=at).first() if free.exists() else None
    if row is not None:
        _end(_load(row.pk))
    return row is not None


@transaction.atomic
def _hold(
    basket: Basket, window: DeliveryWindow, wanted: Mapping[int, int], at: datetime, offer: WaitingEntry | None
) -> datetime:
    if not wanted or _lock(basket) != Basket.OPEN:
        raise NotHeld(_("This basket has already been ordered. Please start a new one."))
    row = _load_of(basket)
    open_round = rounds.hold_open(round_id=window.round_id, at=at)
    own = waiting.claimable(offer=offer, window=window, basket=basket, at=at)
    before = _quantities(row) if row else {}
    stock.exchange(before=before, before_in=row.window.round if row else None, after=wanted, after_in=open_round)
    given = row.window_id if row is not None and row.offer_id is None else None
    windows.move_place(before=given, after=window.pk if own is None else None)
    if own is not None:
        waiting.claim(entry=own, basket=basket, at=at)
    since = row.since if row is not None and row.since + AT_MOST > at else at
    kept = row or Reservation(basket=basket)
    kept.window, kept.since, kept.offer = window, since, own
    kept.expires_at = min(at + LENGTH, since + AT_MOST, open_round.cutoff_at)
    kept.save()
    if before != dict(wanted):
        _write_down(kept, wanted)
    return kept.expires_at


def _lock(basket: Basket) -> str | None:
    """The status of the basket, which is locked from here on; None when there is no such basket."""
    locked = Basket.objects.select_for_update(of=("self",)).filter(pk=basket.pk)
    status: str | None = locked.values_list("status", flat=True).first()
    return status


def _present(basket: Basket) -> Reservation | None:
    """The basket's reservation with its window and round; the basket is locked from here on."""
    return _load_of(basket) if _lock(basket) is not None else None


def _load_of(basket: Basket) -> Reservation | None:
    return Reservation.objects.filter(basket_id=basket.pk).select_related("window__round").prefetch_related("stock").first()


def _load(pk: int) -> Reservation:
    return Reservation.objects.select_related("window__round").prefetch_related("stock").get(pk=pk)


def _quantities(row: Reservation) -> dict[int, int]:
    return {kept.stockrecord_id: kept.quantity for kept in row.stock.all()}


def _exchange(row: Reservation, before: Mapping[int, int], after: Mapping[int, int]) -> None:
    here = row.window.round
    stock.exchange(before=before, before_in=here, after=after, after_in=here)
    _write_down(row, after)


def _write_down(row: Reservation, wanted: Mapping[int, int]) -> None:
    ReservedStock.objects.filter(reservation=row).delete()
    ReservedStock.objects.bulk_create(
        ReservedStock(reservation=row, stockrecord_id=pk, quantity=quantity) for pk, quantity in sorted(wanted.items())
    )


def _end(row: Reservation) -> None:
    """Stock first, then the place, unless that is the waiting list's."""
    stock.exchange(before=_quantities(row), before_in=row.window.round, after={}, after_in=None)
    if row.offer_id is None:
        windows.release_place(window=row.window)
    row.delete()
