"""Decides what becomes of goods that a farm has too little of: the customer's wish is followed where that can be by itself.

"Something similar": the farm's offer comes unless the customer declines it. "Ask": it comes only if the customer takes it,
silence leaves it out. Nothing is paid for what does not come, because billing reads what is packed and handed over. An order of
which nothing is left is cancelled.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from logistics import calling_off, daytime, substitutes, windows
from logistics.models import Collection, Delivery, DeliveryRound, PackedLine, Shortage
from marketplace.core import audit
from marketplace.core.wishes import Substitution
from marketplace.order import mails, progress
from marketplace.partner.models import StockRecord
from marketplace.users.models import User
from marketplace.vouchers import usage

Answer = Shortage.Answer
#: until when customers may answer on the day after the farm's deadline, and the least time they get
MORNING = time(8)
AT_LEAST = timedelta(hours=1)


class ReplacingRefused(Exception):
    """Nothing can come instead; the message is for the producer."""


class AnswerRefused(Exception):
    """It is too late for an answer; the message is for the customer."""


def lock(*, collection_id: int) -> Collection:
    """The collection for oneself, and its round first, as closing takes them: boxes and places may have to follow."""
    DeliveryRound.objects.select_for_update(of=("self",), no_key=True).get(collections=collection_id)
    return Collection.objects.select_for_update(of=("self",), no_key=True).get(pk=collection_id)


def settle(*, collection: Collection, at: datetime, by: User | None) -> None:
    """Follow the wishes of the customers whose goods were cut. Part of the transaction that confirms the collection."""
    rows = list(_rows().filter(packed_line__collection=collection, settled_at__isnull=True).order_by("pk"))
    answer_until = _answer_until(collection, at)
    for row in rows:
        row.settled_at, row.answer_until = at, answer_until if row.offer_id else None
        row.save(update_fields=["settled_at", "answer_until"])
        if row.wish == Substitution.SIMILAR:
            substitutes.put_in(shortage=row, at=at)
    end_emptied(delivery_ids={row.packed_line.delivery_id for row in rows}, at=at, by=by)


@transaction.atomic
def answer(*, shortage: Shortage, wanted: bool, at: datetime, by: User | None) -> Shortage:
    """The customer takes or declines what the farm offers. The same answer again changes nothing.

    Raises `AnswerRefused` after the deadline and once the goods are packed.
    """
    lock(collection_id=shortage.packed_line.collection_id)
    row = _rows().select_for_update(of=("self",)).get(pk=shortage.pk)
    said = Answer.TAKEN if wanted else Answer.DECLINED
    if row.answer == said:
        return row
    if not can_answer(shortage=row, at=at):
        raise AnswerRefused(_("It is too late for that: the goods are being packed. Please call us if something is wrong."))
    row.answer, row.answered_at = said, at
    row.save(update_fields=["answer", "answered_at"])
    if wanted:
        _put_back(row, at)
    else:
        substitutes.take_out(shortage=row, at=at, by=by)
        end_emptied(delivery_ids={row.packed_line.delivery_id}, at=at, by=by)
    audit.record(action=f"shortage.{said}", target=row, at=at, by=by)
    return row


@transaction.atomic
def replace(
    *, packed_line: PackedLine, offer: StockRecord, quantity: int, agreed: bool, at: datetime, by: User | None
) -> PackedLine:
    """While packing: `quantity` of another article of the farm comes for what is missing of a line; returns its line.

    Who wished something similar gets it; of others the farm must have heard a yes (`agreed`). Raises `ReplacingRefused`.
    """
    locked = lock(collection_id=packed_line.collection_id)
    line = PackedLine.objects.select_related("order_line", "collection__round", "delivery").get(pk=packed_line.pk)
    missing = line.ordered - line.coming
    if locked.status != Collection.Status.OPEN or line.packed is None or missing <= 0 or hasattr(line, "shortage"):
        raise ReplacingRefused(_("Only what is marked as missing can be replaced, once, and before packing is finished."))
    if line.order_line.substitution != Substitution.SIMILAR and not agreed:
        raise ReplacingRefused(_("The customer did not wish that. Please call and ask first."))
    hindrance = substitutes.hindrance(line=line, missing=missing, offer=offer, quantity=quantity)
    if hindrance:
        raise ReplacingRefused(hindrance)
    row = Shortage(packed_line=line, wish=line.order_line.substitution, offer=offer, offer_quantity=quantity)
    row.noted_at, row.noted_by, row.settled_at = at, by, at
    if row.wish != Substitution.SIMILAR:
        row.answer, row.answered_at = Answer.TAKEN, at
    PackedLine.objects.filter(pk=line.pk).update(promised=line.packed)
    row.save()
    found = substitutes.put_in(shortage=row, at=at)
    if found is None:
        raise ReplacingRefused(_("There are not so many left of that any more."))
    return found


def can_answer(*, shortage: Shortage, at: datetime) -> bool:
    """Whether the customer may still say something: in time, and before the goods are packed."""
    line = shortage.packed_line
    if shortage.answer_until is None or at >= shortage.answer_until or line.collection.status != Collection.Status.OPEN:
        return False
    if line.delivery.status != Delivery.Status.BOOKED or not shortage.offer_id:
        return False
    return not _substitute(shortage).filter(packed__gt=0).exists()


def unanswered(*, at: datetime) -> list[int]:
    """Questions whose time has passed without an answer, the oldest first."""
    rows = Shortage.objects.filter(wish=Substitution.ASK, answer=Answer.NONE, answer_until__lte=at)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def lapse(*, shortage_id: int, at: datetime) -> bool:
    """Nobody answered: it is left out. False when somebody did meanwhile."""
    row = _rows().select_for_update(of=("self",)).get(pk=shortage_id)
    if shortage_id not in unanswered(at=at):
        return False
    row.answer, row.answered_at = Answer.SILENT, at
    row.save(update_fields=["answer", "answered_at"])
    end_emptied(delivery_ids={row.packed_line.delivery_id}, at=at, by=None)
    return True


def end_emptied(*, delivery_ids: Iterable[int], at: datetime, by: User | None) -> None:
    """Cancel the orders of which nothing is left to come and about which nobody is asked any more. The same queries for any."""
    booked = Delivery.objects.filter(pk__in=list(delivery_ids), status=Delivery.Status.BOOKED)
    coming = PackedLine.objects.exclude(packed=0).values("delivery")
    asked = Shortage.objects.filter(
        packed_line__delivery__in=list(delivery_ids), wish=Substitution.ASK, offer__isnull=False, answer=Answer.NONE
    ).values("packed_line__delivery")
    rows = list(booked.exclude(pk__in=coming).exclude(pk__in=asked).order_by("pk").values_list("pk", "order", "window"))
    if not rows:
        return
    orders = [order for _pk, order, _window in rows]
    progress.cancel_all(told={pk: {"reason": mails.CUT} for pk in orders}, at=at, by=by)
    windows.release_places(places=Counter(window for _pk, _order, window in rows))
    calling_off.end(delivery_ids=[pk for pk, _order, _window in rows], at=at, by=by)
    usage.give_back_all(order_ids=orders)


def _rows() -> QuerySet[Shortage]:
    return Shortage.objects.select_related(
        "packed_line__order_line", "packed_line__collection__round", "packed_line__delivery", "offer__product__partner"
    )


def _put_back(row: Shortage, at: datetime) -> None:
    """The offer comes, be it for the first time or because the customer thought again."""
    line = substitutes.put_in(shortage=row, at=at)
    if line is None or (line.packed == 0 and not substitutes.take(shortage=row)):
        raise AnswerRefused(_("We are sorry: others have bought it meanwhile."))
    if line.packed == 0:
        PackedLine.objects.filter(pk=line.pk).update(packed=None, packed_at=None, packed_by=None, problem="")
        PackedLine.objects.filter(pk=row.packed_line_id).update(problem=PackedLine.Problem.REPLACED)


def _substitute(row: Shortage) -> QuerySet[PackedLine]:
    return PackedLine.objects.filter(order_line__instead_of=row.packed_line.order_line_id)


def _answer_until(collection: Collection, at: datetime) -> datetime:
    """The next morning, but never on the delivery day: by then the goods are packed."""
    deadline = max(at, collection.confirm_until or at)
    morning = daytime.on(daytime.day_of(deadline) + timedelta(days=1), MORNING)
    return max(min(morning, daytime.midnight(collection.round.delivery_day)), at + AT_LEAST)
