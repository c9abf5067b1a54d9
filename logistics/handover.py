"""Decides what of the packed goods a customer got at the door or at the pickup point."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from logistics.models import Delivery, PackedLine

Problem = PackedLine.Problem


class HandoverRefused(Exception):
    """The goods cannot be handed over like that; the message is for the driver."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How many of a packed line were handed over, and if fewer than packed, why: missing, damaged or refused."""

    quantity: int
    problem: str = ""


def record(*, delivery: Delivery, outcomes: Mapping[int, Outcome]) -> bool:
    """Write down what was handed over of each packed line: all that was packed, or what `outcomes` says by line id.

    Returns whether anything with an age limit was among it. Raises `HandoverRefused`, with nothing written.
    """
    lines = list(delivery.packed_lines.select_related("order_line").select_for_update(of=("self",)).order_by("pk"))
    if outcomes.keys() - {line.pk for line in lines}:
        raise HandoverRefused(_("One of these articles does not belong to this delivery."))
    for line in lines:
        _apply(line, outcomes.get(line.pk))
    PackedLine.objects.bulk_update(lines, ["delivered", "delivered_weight_g", "problem"])
    return any(line.order_line.age_limit and line.delivered for line in lines)


def _apply(line: PackedLine, outcome: Outcome | None) -> None:
    article = {"article": line.order_line.title}
    if line.packed is None:
        raise HandoverRefused(_("“%(article)s” is not recorded as packed yet. Please call the office.") % article)
    quantity = line.packed if outcome is None else outcome.quantity
    if not 0 <= quantity <= line.packed:
        raise HandoverRefused(_("No more of “%(article)s” can be handed over than was packed.") % article)
    if outcome is not None and quantity < line.packed:
        if outcome.problem not in {Problem.MISSING, Problem.DAMAGED, Problem.REFUSED}:
            raise HandoverRefused(_("Please say why “%(article)s” was not handed over completely.") % article)
        line.problem = outcome.problem
    line.delivered = quantity
    line.delivered_weight_g = _weight(line, quantity)


def _weight(line: PackedLine, quantity: int) -> int | None:
    """Of weighed pieces that were handed over in part, each counts as the average of those packed; a half gram goes up."""
    if line.packed_weight_g is None or not line.packed:
        return None
    return (2 * line.packed_weight_g * quantity + line.packed) // (2 * line.packed)
