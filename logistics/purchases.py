"""Decides how many cases a round needs of what is bought from a wholesaler, so that the surplus of one round serves the next.

For every article `loose` pieces are what was bought less what rounds need. A round is reckoned anew from what its customers get;
what it had taken before is put back first, so that doing it twice is doing it once. The round is locked first, then the articles.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from logistics import cases, undelivered
from logistics.models import CasePack, Delivery, DeliveryRound, PackedLine, Purchase
from marketplace.core import audit
from marketplace.order.models import Line, Order
from marketplace.partner.models import Partner, StockRecord
from marketplace.users.models import User

Status = DeliveryRound.Status
LIMITED = StockRecord.StockKind.LIMITED
#: what may be told of a purchase at all
MOST_CASES = 1000
#: in these something can still be bought and packed
GOING_ON = (Status.CLOSED, Status.PLANNED, Status.UNDER_WAY)


class PurchaseRefused(Exception):
    """The purchase cannot be marked like that; the message is for the producer."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the producer says of a purchase, by stockrecord id: cases told to the wholesaler, pieces that came."""

    cases: Mapping[int, int] = field(default_factory=dict)
    arrived: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What follows from what came of an article: pieces missing, orders cut for it, pieces that could not be cut any more."""

    title: str
    short: int
    cut: int
    uncut: int


@transaction.atomic
def reckon(*, delivery_round: DeliveryRound, at: datetime) -> bool:
    """Bring the purchases of a round to what its customers get now, also while it is still open; says whether there are any.

    The same queries for any number of articles.
    """
    return reckon_locked(locked=_lock(delivery_round), at=at)


def reckon_locked(*, locked: DeliveryRound, at: datetime) -> bool:
    """The same for a round that is locked. Two queries where nothing is bought in cases."""
    return bool(_reckon(locked, at, Told()))


@transaction.atomic
def order(*, delivery_round: DeliveryRound, told: Mapping[int, int], at: datetime, by: User | None) -> list[Purchase]:
    """The wholesaler was told so many cases in all, by stockrecord id. Fewer than needed leave the rest to be ordered.

    The same numbers again change nothing. Raises `PurchaseRefused` for what came already and for numbers that cannot be.
    """
    locked = _lock(delivery_round)
    if not all(0 <= number <= MOST_CASES for number in told.values()):
        raise PurchaseRefused(_("Please enter how many cases, from 0 to 1,000."))
    if Purchase.objects.filter(round=locked, stockrecord__in=told, arrived__isnull=False).exists():
        raise PurchaseRefused(_("That has arrived already."))
    rows = _reckon(locked, at, Told(cases=told))
    _trail("purchase.ordered", locked, told, at, by)
    return rows


@transaction.atomic
def arrive(*, delivery_round: DeliveryRound, pieces: Mapping[int, int], at: datetime, by: User | None) -> list[Arrival]:
    """So many pieces came, by stockrecord id. What is missing then is cut from the newest orders, and their customers are told.

    What could not be cut any more stays owed (loose below zero) until it is packed as missing, or somebody counts.
    The same numbers again change nothing. Raises `PurchaseRefused` before the cut-off and for numbers that cannot be.
    """
    locked = _lock(delivery_round)
    if locked.status == Status.OPEN:
        raise PurchaseRefused(_("Customers still order. Please report what arrived after the end of orders."))
    if not all(0 <= number <= cases.MOST_PIECES for number in pieces.values()):
        raise PurchaseRefused(_("Please state how many there are, from 0 to 100,000."))
    # shelves before cases, as rounds that close or are cancelled lock them
    shelves = StockRecord.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(pieces), stock_kind=LIMITED)
    list(shelves.order_by("pk").values_list("pk"))
    before = dict(Purchase.objects.filter(round=locked, stockrecord__in=pieces).values_list("stockrecord", "arrived"))
    bought = [row.stockrecord_id for row in _reckon(locked, at, Told(arrived=pieces)) if row.stockrecord_id in pieces]
    found = [_follow(locked, pack, at, by) for pack in _packs(bought)]
    _put_on_shelf({pk: pieces[pk] - (before.get(pk) or 0) for pk in bought})
    _reckon(locked, at, Told())
    _trail("purchase.arrived", locked, pieces, at, by)
    return [arrival for arrival in found if arrival is not None]


def outlook(*, partner: Partner, at: datetime) -> list[Purchase]:
    """What a producer buys for the rounds that are open or not delivered yet, as it would be reckoned now, nothing is written.

    By cut-off, then wholesaler and article; each row knows its round, offer and article. Five queries for any number.
    """
    packs = {pack.stockrecord_id: pack for pack in CasePack.objects.filter(stockrecord__partner=partner).order_by("pk")}
    if not packs:
        return []
    coming = DeliveryRound.objects.open_at(at) | DeliveryRound.objects.filter(status__in=GOING_ON)
    rounds = list(coming.filter(region=partner.region_id).order_by("cutoff_at", "pk"))
    needs = _needs(rounds, partner=partner)
    stored = Purchase.objects.filter(round__in=rounds, stockrecord__in=packs)
    rows = {(row.round_id, row.stockrecord_id): row for row in stored}
    offers = StockRecord.objects.select_related("product").in_bulk(list(packs))
    found = []
    for delivery_round in rounds:
        here = [(pack, rows.get((delivery_round.pk, pk)), needs.get((delivery_round.pk, pk), 0)) for pk, pack in packs.items()]
        for pack, row, need in here:
            if row is None and not (need and pack.in_use):
                continue
            fresh = _reckoned(pack, row or _blank(delivery_round, pack), need, at, Told())
            fresh.round, fresh.stockrecord = delivery_round, offers[pack.stockrecord_id]
            found.append(fresh)
    order_of = {row.pk: number for number, row in enumerate(rounds)}
    return sorted(
        found, key=lambda row: (order_of[row.round_id], row.wholesaler, row.stockrecord.product.title, row.stockrecord_id)
    )


def texts(*, delivery_round: DeliveryRound, partner: Partner) -> list[str]:
    """What a closed round was reckoned to take of wholesalers, in words, one of them after the other. One query."""
    rows = Purchase.objects.filter(round=delivery_round, stockrecord__partner=partner, cases__gt=0, arrived__isnull=True)
    named = rows.select_related("stockrecord__product").order_by("wholesaler", "stockrecord__product__title", "pk")
    told = [(row, row.stockrecord.product.title) for row in named]
    return [f"{row.wholesaler}: {cases.sentence(number=row.cases, title=title, size=row.size)}" for row, title in told]


def stale(*, at: datetime) -> list[int]:
    """Closed rounds in which customers get another number of pieces than was reckoned, e.g. after cuts; the oldest first."""
    rows = list(Purchase.objects.filter(round__status__in=(Status.CLOSED, Status.PLANNED), round__closed_at__lte=at))
    rounds = DeliveryRound.objects.filter(pk__in={row.round_id for row in rows})
    needs = _needs(list(rounds)) if rows else {}
    return sorted({row.round_id for row in rows if needs.get((row.round_id, row.stockrecord_id), 0) != row.needed})


def _lock(delivery_round: DeliveryRound) -> DeliveryRound:
    return DeliveryRound.objects.select_for_update(of=("self",), no_key=True).get(pk=delivery_round.pk)


def _packs(stockrecords: Iterable[int]) -> list[CasePack]:
    rows = CasePack.objects.select_for_update(of=("self",)).filter(stockrecord__in=list(stockrecords))
    return list(rows.select_related("stockrecord__product").order_by("pk"))


def _reckon(locked: DeliveryRound, at: datetime, told: Told) -> list[Purchase]:
    needs = {stockrecord: need for (_round, stockrecord), need in _needs([locked]).items()}
    rows = {row.stockrecord_id: row for row in Purchase.objects.filter(round=locked).order_by("pk")}
    packs = [pack for pack in _packs(needs.keys() | rows.keys()) if pack.in_use or pack.stockrecord_id in rows]
    for pack in packs:
        pk = pack.stockrecord_id
        rows[pk] = _reckoned(pack, rows.get(pk) or _blank(locked, pack), needs.get(pk, 0), at, told)
    found = [rows[pack.stockrecord_id] for pack in packs]
    new = [row for row in found if row._state.adding]
    Purchase.objects.bulk_update([row for row in found if not row._state.adding], _CHANGING)
    Purchase.objects.bulk_create(new)
    CasePack.objects.bulk_update(packs, ["loose"])
    return found


_CHANGING = [
    "size", "wholesaler", "article_number", "had", "needed", "cases", "told_cases", "told_at", "arrived", "arrived_at",
]  # fmt: skip


def _blank(delivery_round: DeliveryRound, pack: CasePack) -> Purchase:
    """A purchase of which nothing is reckoned yet."""
    return Purchase(
        round=delivery_round, stockrecord_id=pack.stockrecord_id, size=pack.size, had=0, needed=0, cases=0, told_cases=0
    )


def _reckoned(pack: CasePack, row: Purchase, need: int, at: datetime, told: Told) -> Purchase:
    """The purchase and the loose pieces as they are when customers get `need`; changes both as they stand in memory."""
    pk, had = pack.stockrecord_id, pack.loose - row.supply + row.needed
    if row.arrived is None and not row.told_cases:
        row.size, row.wholesaler, row.article_number = pack.size, pack.wholesaler, pack.article_number
    if pk in told.cases:
        row.told_at = row.told_at or at if told.cases[pk] else None
        row.told_cases = told.cases[pk]
    if pk in told.arrived:
        row.arrived, row.arrived_at = told.arrived[pk], row.arrived_at or at
    if row.arrived is None:
        row.cases = max(row.told_cases, cases.wanted(balance=had - need, size=row.size))
    row.had, row.needed = had, need
    pack.loose = had + row.supply - need
    return row


def _needs(rounds: list[DeliveryRound], *, partner: Partner | None = None) -> dict[tuple[int, int], int]:
    """Pieces of articles bought in cases that customers get, by round and stockrecord id. Two queries, none without rounds.

    While a round is open its orders say it; afterwards what is ordered, promised or packed.
    """
    running = {row.pk for row in rounds if row.status in {Status.OPEN}}
    ended = {row.pk for row in rounds} - running
    found: dict[tuple[int, int], int] = {}
    if running:
        lines = Line.objects.filter(order__delivery__round__in=running).exclude(order__status=Order.Status.CANCELLED)
        lines = lines.exclude(order__delivery__status=Delivery.Status.CANCELLED)
        found |= _sums(lines, "order__delivery__round", "stockrecord", F("quantity"), partner)
    if ended:
        packed = PackedLine.objects.filter(collection__round__in=ended).exclude(delivery__status=Delivery.Status.CANCELLED)
        coming = Coalesce(F("packed"), F("promised"), F("ordered"))
        found |= _sums(packed, "collection__round", "order_line__stockrecord", coming, partner)
    return {key: pieces for key, pieces in found.items() if pieces}


def _sums(
    rows: QuerySet[Line] | QuerySet[PackedLine], round_: str, offer: str, pieces: F | Coalesce, partner: Partner | None
) -> dict[tuple[int, int], int]:
    rows = rows.filter(**{f"{offer}__case_pack__isnull": False})
    rows = rows.filter(**{f"{offer}__partner": partner}) if partner else rows
    sums = rows.order_by().values(round_, offer).annotate(pieces=Sum(pieces))
    return {(row[round_], row[offer]): row["pieces"] for row in sums}


def _follow(locked: DeliveryRound, pack: CasePack, at: datetime, by: User | None) -> Arrival | None:
    """Cut what is missing of an article; None when nothing is, or when the producer keeps a shelf of it that serves customers."""
    if pack.loose >= 0 or pack.stockrecord.stock_kind == LIMITED:
        return None
    cut, uncut = undelivered.cut(delivery_round=locked, stockrecord=pack.stockrecord, short=-pack.loose, at=at, by=by)
    return Arrival(title=pack.stockrecord.product.title, short=-pack.loose, cut=cut, uncut=uncut)


def _put_on_shelf(more: Mapping[int, int]) -> None:
    """What came of articles that are counted on the shelf can be sold; of a corrected number never less than is promised."""
    for pk, pieces in sorted(more.items()):
        if pieces:
            limited = StockRecord.objects.filter(pk=pk, stock_kind=LIMITED)
            if not limited.filter(num_in_stock__gte=F("num_allocated") - pieces).update(num_in_stock=F("num_in_stock") + pieces):
                limited.update(num_in_stock=F("num_allocated"))


def _trail(action: str, locked: DeliveryRound, told: Mapping[int, int], at: datetime, by: User | None) -> None:
    numbers = {str(pk): number for pk, number in sorted(told.items())}
    audit.record(action=action, target=locked, at=at, by=by, new=numbers)
