"""Decides how long a basket keeps its place and its goods while somebody is at the checkout, and gives them back afterwards.

What is kept counts as taken for everybody else. The row of the basket guards its reservation: whoever changes or ends one locks
the basket first, then goes on as docs/adr/0006 says: round, stock by its key, windows by their key, waiting list.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from logistics import crates, rounds, spaces, stock, waiting, windows
from logistics.crates import LEAST, Load
from logistics.models import DeliveryRound, DeliveryWindow, Reservation, ReservedStock, WaitingEntry
from logistics.spaces import NoSpace, Taken
from logistics.windows import WindowFull
from marketplace.basket.models import Basket
from marketplace.catalogue import columns
from marketplace.partner.models import StockRecord
from marketplace.partner.stock import SoldOut

logger = logging.getLogger(__name__)
StockKind = StockRecord.StockKind
LENGTH = timedelta(minutes=15)
#: looking at the last page again prolongs it, three times at most
AT_MOST = 4 * LENGTH
#: what is read of what a basket keeps
HELD = (
    "stockrecord_id", "quantity",
    *columns.under("reservation", ("offer_id", "since", "expires_at", "crates", "cold_crates", "weight_g")),
    *columns.under("reservation__window__round", ("status", "opens_at", "cutoff_at", "delivery_day", "region_id")),
)  # fmt: skip
#: so many are given back in one go
BATCH = 100


class NotHeld(Exception):
    """There is no open basket to keep anything for; the message is for the customer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What a basket keeps: a place in a window, and quantities by stockrecord id (`limited`: those counted in one pile).

    With an `offer_id` the place is the waiting list's. `expires_at` may have passed: it counts until somebody gives it back.
    """

    reservation_id: int
    window_id: int
    round: DeliveryRound
    offer_id: int | None
    since: datetime
    expires_at: datetime
    stock: Mapping[int, int]
    limited: frozenset[int]
    load: Load = LEAST

    def in_round(self, round_id: int) -> Mapping[int, int]:
        """The quantities that count as there for the holder in that round, by stockrecord id."""
        return {pk: number for pk, number in self.stock.items() if pk in self.limited or round_id == self.round.pk}

    @property
    def taken(self) -> Taken:
        """The room that is kept with it, beyond what the waiting list keeps."""
        return Taken(window_id=self.window_id, load=self.load, orders=0 if self.offer_id else 1)

    @property
    def own_place(self) -> int | None:
        """The window in which a place was taken for this, and is given back with it."""
        return self.window_id if self.offer_id is None else None


def held_by(*, basket: Basket) -> Held | None:
    """What the basket keeps at present; one query, none for a basket that is not stored."""
    if not basket.pk:
        return None
    rows = ReservedStock.objects.filter(reservation__basket_id=basket.pk)
    kept_rows = rows.select_related("reservation__window__round").only(*HELD)
    found = list(kept_rows.annotate(stock_kind=F("stockrecord__stock_kind")))
    if not found:
        return None
    row = found[0].reservation
    return Held(
        reservation_id=row.pk,
        window_id=row.window_id,
        round=row.window.round,
        offer_id=row.offer_id,
        since=row.since,
        expires_at=row.expires_at,
        stock={kept.stockrecord_id: kept.quantity for kept in found},
        limited=frozenset(kept.stockrecord_id for kept in found if kept.stock_kind == StockKind.LIMITED),
        load=Load(crates=row.crates, cold=row.cold_crates, grams=row.weight_g),
    )


def with_own(*, available: Mapping[int, int | None], held: Held | None, delivery_round: DeliveryRound) -> dict[int, int | None]:
    """`stock.available_in` of the round as the holder sees it: what the basket keeps is there for him."""
    own = held.in_round(delivery_round.pk) if held else {}
    return {pk: left if left is None else left + own.get(pk, 0) for pk, left in available.items()}


def hold(
    *,
    basket: Basket,
    window: DeliveryWindow,
    wanted: Mapping[int, int],
    at: datetime,
    offer: WaitingEntry | None = None,
    offers: Mapping[int, StockRecord] = MappingProxyType({}),
    load: Load | None = None,
) -> datetime:
    """Keep a place in the window and `wanted` (quantities by stockrecord id) for a quarter of an hour; says until when.

    What the basket kept before is exchanged for it; the same again is kept on, an hour in all. `offer` is a place of the waiting
    list that is kept free for the customer, `offers` are stock records at hand, `load` is the room. Raises `RoundClosed`,
    `WindowFull`, `SoldOut` or `NotHeld`, and then nothing has changed; what others have let expire is given back before anybody
    is sent away.
    """
    try:
        return _hold(basket, window, wanted, at, offer, offers, load)
    except (WindowFull, SoldOut):
        if not expire_due(at=at):
            raise
    return _hold(basket, window, wanted, at, offer, offers, load)


@transaction.atomic
def follow(*, basket: Basket, wanted: Mapping[int, int]) -> bool:
    """Let the goods that are kept follow a changed basket, as far as there are so many; without goods nothing is kept.

    False when the basket keeps nothing. The time does not start again.
    """
    held = _present(basket)
    if held is None:
        return False
    if not wanted:
        _end(held)
        return True
    try:
        with transaction.atomic():
            _exchange(held, wanted)
    except SoldOut:
        _exchange(held, {pk: min(number, held.stock[pk]) for pk, number in wanted.items() if pk in held.stock})
    return True


@transaction.atomic
def release(*, basket: Basket) -> bool:
    """Give back what a basket keeps; False when that is nothing."""
    held = _present(basket)
    if held is not None:
        _end(held)
    return held is not None


@transaction.atomic
def pass_on(*, guest_id: int, to: Basket) -> bool:
    """What a guest's basket keeps is the customer's who has just logged in, unless his own keeps something; says whether."""
    both = Basket.objects.select_for_update(of=("self",)).filter(pk__in=(guest_id, to.pk)).order_by("pk")
    baskets = [row.pk for row in both]
    if to.pk not in baskets or Reservation.objects.filter(basket=to).exists():
        return False
    return bool(Reservation.objects.filter(basket_id=guest_id).update(basket=to))


def use(*, held: Held | None, window: DeliveryWindow, wanted: Mapping[int, int], load: Load, at: datetime) -> bool:
    """Turn what a basket keeps (`held_by`) into what its order takes. Part of the transaction that places it.

    The basket was locked before `held` was read, and the round of the window is held open. Afterwards `wanted` is taken in that
    round. True when a place in the window is taken too, with room for `load`, because it was kept; otherwise the caller takes
    both. Raises `SoldOut`, or `spaces.NoSpace`.
    """
    before, before_in = (held.stock, held.round) if held else ({}, None)
    if held is None or held.window_id != window.pk or before != wanted:
        stock.exchange(before=before, before_in=before_in, after=wanted, after_in=window.round)
    if held is None:
        return False
    kept = held.window_id == window.pk
    if kept and held.offer_id is not None:
        waiting.take_up(entry_id=held.offer_id, at=at)
    elif not kept:
        windows.lock(keys={held.window_id, window.pk})
        windows.move_place(before=held.own_place, after=None)
    spaces.exchange(before=held.taken, after=_taken(window.pk, load, held.offer_id) if kept else None)
    _forget(held)
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
    basket = Basket.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=basket_id).first()
    held = held_by(basket=basket) if basket else None
    if held is None or held.expires_at > at:
        return False
    _end(held)
    return True


@transaction.atomic
def _hold(
    basket: Basket,
    window: DeliveryWindow,
    wanted: Mapping[int, int],
    at: datetime,
    offer: WaitingEntry | None,
    offers: Mapping[int, StockRecord],
    load: Load | None,
) -> datetime:
    if not wanted or _lock(basket) != Basket.OPEN:
        raise NotHeld(_("This basket has already been ordered. Please start a new one."))
    held = held_by(basket=basket)
    open_round = rounds.hold_open(round_id=window.round_id, at=at)
    own = waiting.claimable(offer=offer, window=window, basket=basket, at=at) if offer else None
    before, before_in = (held.stock, held.round) if held else ({}, None)
    stock.exchange(before=before, before_in=before_in, after=wanted, after_in=open_round, offers=offers)
    windows.move_place(before=held.own_place if held else None, after=window.pk if own is None else None)
    if own is not None:
        waiting.claim(entry=own, basket=basket, at=at)
    taken = _taken(window.pk, load or _load(wanted), own.pk if own else None)
    spaces.exchange(before=held.taken if held else None, after=taken)
    since = held.since if held and held.since + AT_MOST > at else at
    kept = Reservation(
        pk=held.reservation_id if held else None,
        basket=basket,
        window=window,
        offer=own,
        since=since,
        expires_at=min(at + LENGTH, since + AT_MOST, open_round.cutoff_at + rounds.GRACE),
        crates=taken.load.crates,
        cold_crates=taken.load.cold,
        weight_g=taken.load.grams,
    )
    kept.save(force_insert=held is None, force_update=held is not None)
    if before != wanted:
        _write_down(kept.pk, wanted, anew=held is None)
    return kept.expires_at


def _lock(basket: Basket) -> str | None:
    """The status of the basket, which is locked from here on; None when there is no such basket."""
    locked = Basket.objects.select_for_update(of=("self",)).filter(pk=basket.pk)
    status: str | None = locked.values_list("status", flat=True).first()
    return status


def _present(basket: Basket) -> Held | None:
    """What the basket keeps; it is locked from here on."""
    return held_by(basket=basket) if _lock(basket) is not None else None


def _exchange(held: Held, after: Mapping[int, int]) -> None:
    stock.exchange(before=held.stock, before_in=held.round, after=after, after_in=held.round)
    taken = _taken(held.window_id, _load(after), held.offer_id)
    try:
        spaces.exchange(before=held.taken, after=taken)
    except NoSpace:
        logger.info("Reservation %s keeps the room it has; the checkout says that the rest does not fit.", held.reservation_id)
    else:
        room = {"crates": taken.load.crates, "cold_crates": taken.load.cold, "weight_g": taken.load.grams}
        Reservation.objects.filter(pk=held.reservation_id).update(**room)
    _write_down(held.reservation_id, after)


def _taken(window_id: int, load: Load, offer_id: int | None) -> Taken:
    """What an order of that load takes in the window, a place of the waiting list's being counted already."""
    return spaces.beside_offer(window_id=window_id, load=load) if offer_id else Taken(window_id=window_id, load=load)


def _load(wanted: Mapping[int, int]) -> Load:
    """The room that quantities by stockrecord id take. One query."""
    known = StockRecord.objects.select_related("product").in_bulk(wanted.keys())
    return crates.at_least_one(goods=((known[pk].product, number) for pk, number in wanted.items() if pk in known))


def _write_down(reservation_id: int, wanted: Mapping[int, int], *, anew: bool = False) -> None:
    if not anew:
        ReservedStock.objects.filter(reservation=reservation_id).delete()
    ReservedStock.objects.bulk_create(
        ReservedStock(reservation_id=reservation_id, stockrecord_id=pk, quantity=quantity)
        for pk, quantity in sorted(wanted.items())
    )


def _end(held: Held) -> None:
    """Stock first, then the place, unless that is the waiting list's."""
    stock.exchange(before=held.stock, before_in=held.round, after={}, after_in=None)
    windows.move_place(before=held.own_place, after=None)
    spaces.exchange(before=held.taken, after=None)
    _forget(held)


def _forget(held: Held) -> None:
    """The reservation with its goods, in one statement."""
    goods, row = ReservedStock._meta.db_table, Reservation._meta.db_table
    sql = f'WITH gone AS (DELETE FROM "{goods}" WHERE reservation_id = %s) DELETE FROM "{row}" WHERE id = %s'  # noqa: S608 - own tables
    with connection.cursor() as cursor:
        cursor.execute(sql, [held.reservation_id] * 2)
