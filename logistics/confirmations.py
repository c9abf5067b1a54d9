"""Decides until when a producer may say what he does not have of a closed round, and takes that in line by line.

Silence confirms everything. What was cut is settled once the collection is confirmed, and the customers are told then: see
`shortages`. Goods that a farm does not have are not given back to its stock.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from logistics import shortages, substitutes
from logistics.models import Collection, DeliveryRound, PackedLine, Shortage
from marketplace.core import audit
from marketplace.core.wishes import Substitution
from marketplace.partner.models import StockRecord
from marketplace.users.models import User

Problem = PackedLine.Problem
CONFIRMED = "collection.confirmed"


class CutRefused(Exception):
    """A line cannot be cut like that; the message is for the producer."""


def until(*, delivery_round: DeliveryRound, at: datetime) -> datetime:
    """Until when producers may cut lines of a round that closes at `at`: so many hours after the cut-off as its plan says."""
    return max(at, delivery_round.cutoff_at) + timedelta(hours=delivery_round.rule.confirm_hours)


def is_open(*, collection: Collection, at: datetime) -> bool:
    """Whether lines can still be cut."""
    still = collection.confirm_until is not None and collection.confirmed_at is None and at < collection.confirm_until
    return still and collection.status == Collection.Status.OPEN


@transaction.atomic
def cut(
    *,
    packed_line: PackedLine,
    quantity: int,
    at: datetime,
    by: User | None,
    offer: StockRecord | None = None,
    offer_quantity: int = 0,
) -> Shortage:
    """Only `quantity` of a line, fewer than ordered, can be had; `offer` is what may come instead, as many as `offer_quantity`.

    Again replaces what was said before. Raises `CutRefused` after the deadline, for a number that is no cut, for a line that is
    packed, and for an offer that the customer cannot be asked to take.
    """
    return _cut(_line(packed_line, at), quantity, offer, offer_quantity, at, by)


@transaction.atomic
def cut_undelivered(*, packed_line: PackedLine, quantity: int, at: datetime, by: User | None) -> Shortage:
    """What the producer buys did not come: only `quantity` of a line can be had. Also after the deadline, until it is packed.

    Raises `CutRefused`. Customers are told once it is settled: with the rest, or by `settle_late`.
    """
    return _cut(_line(packed_line, at, late=True), quantity, None, 0, at, by)


def settle_late(*, collection: Collection, at: datetime, by: User | None) -> None:
    """Follow the customers' wishes for what was cut after the collection was confirmed; before that, confirming does it."""
    locked = shortages.lock(collection_id=collection.pk)
    if locked.confirmed_at is not None:
        shortages.settle(collection=locked, at=at, by=by)


def _cut(
    line: PackedLine, quantity: int, offer: StockRecord | None, offer_quantity: int, at: datetime, by: User | None
) -> Shortage:
    if not 0 <= quantity < line.ordered:
        raise CutRefused(_("Please enter fewer than the %(ordered)s ordered.") % {"ordered": line.ordered})
    if offer is not None:
        hindrance = substitutes.hindrance(line=line, missing=line.ordered - quantity, offer=offer, quantity=offer_quantity)
        if hindrance:
            raise CutRefused(hindrance)
    if line.order_line.substitution == Substitution.LEAVE_OUT:
        offer = None
    _promise(line, quantity, at, by)
    shortage, _new = Shortage.objects.update_or_create(
        packed_line=line,
        defaults={
            "wish": line.order_line.substitution,
            "offer": offer,
            "offer_quantity": offer_quantity if offer else 0,
            "noted_at": at,
            "noted_by": by,
        },
    )
    return shortage


@transaction.atomic
def restore(*, packed_line: PackedLine, at: datetime, by: User | None) -> None:
    """All of a line is there after all. Raises `CutRefused` once it is too late."""
    line = _line(packed_line, at)
    Shortage.objects.filter(packed_line=line).delete()
    _promise(line, None, at, by)


@transaction.atomic
def confirm(*, collection: Collection, at: datetime, by: User | None) -> bool:
    """What is not cut comes: said by the producer, by packing it, or by silence. False when it was confirmed before."""
    locked = shortages.lock(collection_id=collection.pk)
    if locked.confirmed_at is not None or locked.status == Collection.Status.CALLED_OFF:
        return False
    locked.confirmed_at = at
    locked.save(update_fields=["confirmed_at"])
    audit.record(action=CONFIRMED, target=locked, at=at, by=by, new={"silent": by is None})
    shortages.settle(collection=locked, at=at, by=by)
    return True


def silent(*, at: datetime) -> list[int]:
    """Collections whose deadline has passed without a word, the oldest first."""
    rows = Collection.objects.filter(confirm_until__lte=at, confirmed_at__isnull=True)
    return list(rows.exclude(status=Collection.Status.CALLED_OFF).order_by("pk").values_list("pk", flat=True))


def _line(packed_line: PackedLine, at: datetime, *, late: bool = False) -> PackedLine:
    """The line, its collection locked; refused when nothing can be cut any more."""
    collection = Collection.objects.select_for_update(of=("self",)).get(pk=packed_line.collection_id)
    if not (is_open(collection=collection, at=at) or (late and collection.status == Collection.Status.OPEN)):
        raise CutRefused(_("The time for this is over. What is missing now is marked as missing when you pack."))
    line = PackedLine.objects.select_related("order_line", "delivery").get(pk=packed_line.pk)
    if line.packed is not None and line.promised is None:
        raise CutRefused(_("“%(article)s” is packed already.") % {"article": line.order_line.title})
    return line


def _promise(line: PackedLine, quantity: int | None, at: datetime, by: User | None) -> None:
    """Of what nothing comes there is nothing to pack, so it counts as recorded."""
    nothing = quantity == 0
    line.promised, line.packed, line.packed_weight_g = quantity, 0 if nothing else None, None
    line.packed_at, line.packed_by = (at, by) if nothing else (None, None)
    line.problem = Problem.NONE if quantity is None else Problem.CUT
    line.save(update_fields=["promised", "packed", "packed_weight_g", "packed_at", "packed_by", "problem"])
