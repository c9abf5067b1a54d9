"""Decides what of a round's goods a producer has packed, and what catch weight may weigh."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logistics import boxes, confirmations, daytime, spaces
from logistics.models import Box, BoxEvent, Collection, Delivery, PackedLine
from marketplace.core import audit, sheets, wording
from marketplace.core.transitions import lock_for
from marketplace.core.wishes import Substitution
from marketplace.order.models import Line
from marketplace.users.models import User

Problem = PackedLine.Problem
Status = Collection.Status
#: a weight so many times off the expected one is a slip of the keys (kilograms for grams), not a big piece
SLIP = 10
MOST_CRATES = 500


class PackingRefused(Exception):
    """What was entered cannot be; the message is for the producer."""


class OverTolerance(PackingRefused):
    """Heavier than was agreed with the customer; possible only with consent (`agreed=True`)."""


@transaction.atomic
def record(
    *,
    packed_line: PackedLine,
    quantity: int,
    weight_g: int | None,
    at: datetime,
    by: User | None,
    agreed: bool = False,
    batch: str | None = None,
) -> PackedLine:
    """Write down how many of a line are packed and, for catch weight, the grams of all of them together.

    Less than ordered marks the rest as missing. A weight below the expected one is fine; above the agreed tolerance it takes
    the customer's consent. `batch` is the farm's mark of what was made together, None leaves it as it is. Can be corrected
    until the collection is finished. Raises `PackingRefused` or `OverTolerance`.
    """
    collection = Collection.objects.select_for_update(of=("self",)).get(pk=packed_line.collection_id)
    if collection.status != Status.OPEN:
        raise PackingRefused(_("Packing is finished. Please reopen it to change something."))
    line = PackedLine.objects.select_related("order_line").get(pk=packed_line.pk)
    if line.delivered is not None:
        raise PackingRefused(_("“%(article)s” has been handed over already.") % {"article": line.order_line.title})
    if not 0 <= quantity <= line.expected:
        raise PackingRefused(_("Please enter a quantity from 0 to %(ordered)s.") % {"ordered": line.expected})
    weighed = line.order_line.catch_weight and quantity > 0
    over = _refuse_weight(line.order_line, quantity, weight_g, agreed) if weighed else False
    line.packed = quantity
    line.packed_weight_g = weight_g if weighed else None
    line.packed_at = at
    line.packed_by = by
    line.over_tolerance_agreed = over
    line.problem = _why(line, quantity)
    line.batch = line.batch if batch is None else batch.strip()
    line.save(update_fields=["packed", "packed_weight_g", "packed_at", "packed_by", "over_tolerance_agreed", "problem", "batch"])
    return line


def heaviest(*, line: Line, quantity: int) -> int:
    """The grams that `quantity` of a catch-weight line may weigh without the customer's consent."""
    return (line.expected_weight_g or 0) * quantity * (100 + line.tolerance_percent) // 100


@transaction.atomic
def finish(*, collection: Collection, crates: int, cold_crates: int, at: datetime, by: User | None) -> Collection:
    """All lines are recorded and stand in `crates`, `cold_crates` of them chilled.

    Raises `PackingRefused` while a line is missing or the crates make no sense; `ForbiddenTransition` when finished before.
    """
    confirmations.confirm(collection=collection, at=at, by=by)
    locked = lock_for(row=collection, to=Status.PACKED)
    missing = locked.lines.filter(packed__isnull=True).count()
    if missing:
        text = ngettext("%(number)s line is not recorded yet.", "%(number)s lines are not recorded yet.", missing)
        raise PackingRefused(text % {"number": missing})
    anything = locked.lines.filter(packed__gt=0).exclude(delivery__kind=Delivery.Kind.FARM).exists()
    if not int(anything) <= crates <= MOST_CRATES:
        raise PackingRefused(_("Please enter how many crates there are."))
    if not 0 <= cold_crates <= crates:
        raise PackingRefused(_("There cannot be more chilled crates than crates."))
    locked.crates, locked.cold_crates, locked.packed_at = crates, cold_crates, at
    _step(locked, Status.PACKED, ["crates", "cold_crates", "packed_at"], at, by)
    boxes.close_up(collection=locked, at=at, by=by)
    spaces.correct(collection=locked)
    return locked


@transaction.atomic
def reopen(*, collection: Collection, at: datetime, by: User | None) -> Collection:
    """Back to packing, as long as nobody has fetched the goods. Raises `ForbiddenTransition` otherwise."""
    locked = lock_for(row=collection, to=Status.OPEN)
    locked.packed_at = None
    _step(locked, Status.OPEN, ["packed_at"], at, by)
    boxes.open_again(collection=locked, at=at, by=by)
    return locked


@transaction.atomic
def hand_to_driver(*, collection: Collection, at: datetime, by: User | None) -> Collection:
    """The driver, or the hub, has the goods. Again changes nothing; raises `ForbiddenTransition` while they are not packed."""
    present = Collection.objects.select_for_update(of=("self",)).get(pk=collection.pk)
    if present.status == Status.COLLECTED:
        return present
    locked = lock_for(row=collection, to=Status.COLLECTED)
    locked.collected_at = at
    _step(locked, Status.COLLECTED, ["collected_at"], at, by)
    boxes.note_all(boxes=locked.boxes.filter(status=Box.Status.PACKED), kind=BoxEvent.Kind.COLLECTED, at=at, by=by)
    return locked


def lines_of(*, collection: Collection) -> QuerySet[PackedLine]:
    """The lines as they are packed: crate by crate, article by article, with order line and delivery at hand."""
    lines = collection.lines.select_related("order_line__instead_of", "delivery", "delivery__order")
    return lines.order_by("delivery__code", "order_line__title", "pk")


def pick_list(*, collection: Collection) -> sheets.PickList:
    """What the producer packs: each article in all, then box by box. No name but the first, no address. Two queries."""
    row = Collection.objects.select_related("partner", "round__region", "round__rule").get(pk=collection.pk)
    lines = list(lines_of(collection=row))
    totals: dict[tuple[str, str], list[PackedLine]] = {}
    boxes: dict[str, list[PackedLine]] = {}
    for line in lines:
        totals.setdefault((line.order_line.title, _unit(line.order_line)), []).append(line)
        boxes.setdefault(line.delivery.code, []).append(line)
    partner, region = row.partner, row.round.region
    return sheets.PickList(
        region=region.name,
        producer=partner.name,
        round_on=row.round.delivery_day,
        handover=region.hub_name if partner.brings_to_hub and not row.round.is_direct else _("will be collected"),
        ready_at=daytime.on(row.round.delivery_day, partner.collect_from) if partner.collect_from else None,
        totals=tuple(_article(same) for _key, same in sorted(totals.items())),
        boxes=tuple(
            sheets.PickBox(
                code=code,
                first_name=inside[0].delivery.first_name,
                note=_("fetched at the farm") if inside[0].delivery.kind == Delivery.Kind.FARM else "",
                articles=tuple(_article([line], note=_remarks(line.order_line)) for line in inside),
            )
            for code, inside in boxes.items()
        ),
        contact=region.phone,
    )


def _why(line: PackedLine, quantity: int) -> str:
    """Why fewer are packed than were ordered: what was cut before stays told, what is missing beyond that is missing."""
    if quantity < line.expected:
        return Problem.MISSING
    return line.problem if line.promised is not None else Problem.NONE


def _refuse_weight(line: Line, quantity: int, weight_g: int | None, agreed: bool) -> bool:
    """Raise if the weight cannot stand; else whether it stands only by consent."""
    expected = (line.expected_weight_g or 0) * quantity
    if weight_g is None or weight_g <= 0:
        raise PackingRefused(_("“%(article)s” is paid by weight. Please enter the grams.") % {"article": line.title})
    if not expected <= weight_g * SLIP <= expected * SLIP * SLIP:
        told = {"weight": wording.weight(weight_g), "expected": wording.weight(expected)}
        raise PackingRefused(_("%(weight)s cannot be right: about %(expected)s was expected. Please enter grams.") % told)
    most = heaviest(line=line, quantity=quantity)
    if weight_g > most and not agreed:
        told = {"weight": wording.weight(weight_g), "most": wording.weight(most)}
        raise OverTolerance(_("%(weight)s is more than the %(most)s that were agreed. Has the customer consented?") % told)
    return weight_g > most


def _step(locked: Collection, to: str, fields: list[str], at: datetime, by: User | None) -> None:
    old, locked.status = locked.status, to
    locked.save(update_fields=["status", *fields])
    audit.record(action=f"collection.{to}", target=locked, at=at, by=by, old={"status": old}, new={"status": to})


def _unit(line: Line) -> str:
    return line.unit_text or line.sales_unit


def _remarks(line: Line) -> str:
    """What the customer wants when the article is missing, and what he asks of the farm."""
    wish = line.get_substitution_display() if line.substitution != Substitution.LEAVE_OUT else ""
    if_missing = _("If it is missing: %(wish)s") % {"wish": wish} if wish else ""
    return " · ".join(text for text in (if_missing, line.note) if text)


def _article(same: list[PackedLine], *, note: str = "") -> sheets.PickArticle:
    line = same[0].order_line
    quantity = sum(packed.expected for packed in same)
    return sheets.PickArticle(
        name=line.title,
        unit=_unit(line),
        quantity=Decimal(quantity),
        cold=line.storage != "ambient",
        weighed=line.catch_weight,
        expected_grams=(line.expected_weight_g or 0) * quantity if line.catch_weight else 0,
        note=note,
    )
