"""Decides whether an order's crates and kilograms still fit into a round: into its vehicles, the pickup point, the window.

What is taken is counted in rows of their own, one a place, and never grows over what fits in. Locks: those rows in the order of
their keys, after windows and the waiting list (docs/adr/0020). A round without such rows has room for everything.
"""

from collections import defaultdict
from collections.abc import Collection as Some
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logistics import crates
from logistics.crates import LEAST, Load
from logistics.models import Collection, Delivery, PackedLine, RoundSpace
from logistics.windows import WindowFull
from marketplace.core import wording

FIELDS = ("orders", "crates", "cold", "grams")


class NoSpace(WindowFull):
    """The order is too big for what is left; the message is for the customer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What an order takes in a window (by key): its load, and so many `orders` (0 when the waiting list has counted it)."""

    window_id: int
    load: Load
    orders: int = 1


def beside_offer(*, window_id: int, load: Load) -> Taken:
    """What an order takes beyond the `LEAST` that the waiting list keeps for it."""
    rest = Load(crates=max(0, load.crates - LEAST.crates), cold=load.cold, grams=load.grams)
    return Taken(window_id=window_id, load=rest, orders=0)


def of_delivery(*, delivery: Delivery) -> Taken:
    """What a booked delivery takes."""
    load = Load(crates=delivery.crates, cold=delivery.cold_crates, grams=delivery.weight_g)
    return Taken(window_id=delivery.window_id, load=load)


def exchange(*, before: Taken | None, after: Taken | None) -> None:
    """Take the room for `after` in place of that for `before`. Part of the transaction that moves the place in the window.

    Raises `NoSpace`, with nothing changed. Two queries at most, none when both are the same.
    """
    if before == after:
        return
    changes: dict[int, tuple[int, ...]] = defaultdict(lambda: (0,) * len(FIELDS))
    for taken, sign in ((before, -1), (after, 1)):
        if taken is not None:
            numbers: tuple[int, ...] = (taken.orders, taken.load.crates, taken.load.cold, taken.load.grams)
            changes[taken.window_id] = _plus(changes[taken.window_id], tuple(sign * number for number in numbers))
    _apply(changes)


def release_all(*, delivery_ids: Some[int]) -> None:
    """Give back what many orders take. The same number of queries for any number of orders, none for none."""
    if not delivery_ids:
        return
    rows = Delivery.objects.filter(pk__in=delivery_ids).order_by().values_list("window")
    sums = rows.annotate(Count("pk"), Sum("crates"), Sum("cold_crates"), Sum("weight_g"))
    _apply({window_id: tuple(-number for number in numbers) for window_id, *numbers in sums})


def fits(*, before: Taken | None, after: Taken) -> str:
    """Why `after` could not be taken in place of `before` at this moment, as a sentence; "" when it could. One query."""
    changes: dict[int, tuple[int, ...]] = {after.window_id: (after.orders, after.load.crates, after.load.cold, after.load.grams)}
    if before is not None:
        numbers = (before.orders, before.load.crates, before.load.cold, before.load.grams)
        less = tuple(-number for number in numbers)
        changes[before.window_id] = _plus(changes.get(before.window_id, (0,) * len(FIELDS)), less)
    rows = _rows(changes, lock=False)
    return _hindrance(rows, _by_row(rows, changes))


def left_for_least(*, window_id: int) -> int | None:
    """How many orders of the `LEAST` size still fit in; None is any number. One query, which locks the rows."""
    rows = {row.pk: row for row in _rows({window_id: ()}, lock=True)}
    left = [
        limit - taken
        for row in rows.values()
        for limit, taken in ((row.limit_orders, row.orders), (row.limit_crates, row.crates))
        if limit is not None
    ]
    return max(0, min(left)) if left else None


def correct(*, collection: Collection) -> None:
    """Write down what the orders of a packed collection really take, as far as it is packed; what was promised stays counted."""
    mine = PackedLine.objects.filter(collection=collection).values("delivery")
    inside: dict[int, list[PackedLine]] = defaultdict(list)
    for line in PackedLine.objects.filter(delivery__in=mine).select_related("order_line").order_by("pk"):
        inside[line.delivery_id].append(line)
    rows = list(Delivery.objects.filter(pk__in=inside).order_by("pk"))
    for row in rows:
        load = crates.at_least_one(goods=((line.order_line, line.coming) for line in inside[row.pk]))
        weighed = sum(_heavier(line) for line in inside[row.pk])
        row.crates, row.cold_crates, row.weight_g = load.crates, load.cold, max(0, load.grams + weighed)
    Delivery.objects.bulk_update(rows, ["crates", "cold_crates", "weight_g"])


def _heavier(line: PackedLine) -> int:
    """By how many grams the scale differs from what was expected."""
    if line.packed_weight_g is None:
        return 0
    return line.packed_weight_g - crates.weight_of(goods=line.order_line) * line.coming


def _apply(changes: Mapping[int, tuple[int, ...]]) -> None:
    rows = _rows(changes, lock=True)
    by_row = _by_row(rows, changes)
    if reason := _hindrance(rows, by_row):
        raise NoSpace(reason)
    changed = {row.pk: row for row in rows if any(by_row[row.pk])}
    for row in changed.values():
        for field, number in zip(FIELDS, by_row[row.pk], strict=True):
            setattr(row, field, max(0, getattr(row, field) + number))
    if changed:
        RoundSpace.objects.bulk_update(changed.values(), FIELDS)


def _rows(changes: Mapping[int, Any], *, lock: bool) -> list[Any]:
    """The rows that orders in these windows count in, each with its window as `at`; goods fetched at a farm are not driven."""
    at = "round__windows__"
    driven = Q(pickup_point=None, window=None, **{f"{at}partner": None})
    here = driven | Q(pickup_point=F(f"{at}pickup_point")) | Q(window=F(f"{at}pk"))
    rows = RoundSpace.objects.filter(here, **{f"{at}pk__in": list(changes)}).annotate(at=F(f"{at}pk")).order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True) if lock else rows)


def _by_row(rows: Some[Any], changes: Mapping[int, tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for row in rows:
        found[row.pk] = _plus(found.get(row.pk, (0,) * len(FIELDS)), changes[row.at])
    return found


def _plus(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(mine + yours for mine, yours in zip(one, other, strict=True))


def _hindrance(rows: Some[RoundSpace], by_row: Mapping[int, tuple[int, ...]]) -> str:
    """The first thing that does not fit, in words; only what grows is asked for."""
    for row in rows:
        for field, more in zip(FIELDS, by_row[row.pk], strict=True):
            limit, taken = getattr(row, f"limit_{field}"), getattr(row, field)
            if limit is not None and more > 0 and taken + more > limit:
                return _sentence(field, max(0, limit - taken))
    return ""


def _sentence(field: str, left: int) -> str:
    if field == "orders" or left == 0:
        return _("There is no room left here for this delivery day. Please choose another place or another day.")
    if field == "grams":
        return _("Your order is too heavy: only %(weight)s still fit in. Please choose another day or less.") % {
            "weight": wording.weight(left)
        }
    text = {
        "crates": ngettext(
            "Your order is too big: only %(number)s crate still fits in. Please choose another day or less.",
            "Your order is too big: only %(number)s crates still fit in. Please choose another day or less.",
            left,
        ),
        "cold": ngettext(
            "Only %(number)s crate of chilled goods still fits in. Please choose another day or fewer chilled goods.",
            "Only %(number)s crates of chilled goods still fit in. Please choose another day or fewer chilled goods.",
            left,
        ),
    }[field]
    return text % {"number": left}
