"""Decides how the office ends a delivery that failed at the door: handed over after all, or given up."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from logistics import deliveries, rounds
from logistics.deliveries import HandoverRefused, Outcome
from logistics.models import Delivery, PackedLine
from marketplace.regions.models import Region
from marketplace.users.models import User

__all__ = ["AlreadyEnded", "HandoverRefused", "give_up", "given_up", "hand_over", "waiting"]


class AlreadyEnded(Exception):
    """The delivery does not wait for the office (any more); the message is for the person who tried."""


def waiting(*, region: Region) -> QuerySet[Delivery]:
    """Deliveries of a region that failed and have not been ended since, also those of rounds that are over."""
    return Delivery.objects.filter(round__region=region, status=Delivery.Status.FAILED)


@transaction.atomic
def hand_over(
    *,
    delivery: Delivery,
    handed_to: str,
    age_checked: bool,
    outcomes: Mapping[int, Outcome],
    note: str,
    at: datetime,
    by: User | None,
) -> Delivery:
    """The customer got the goods later; `outcomes` (by packed line id) tells of lines that fell short.

    Raises `AlreadyEnded`, or `HandoverRefused` without the check of age and when goods are not recorded as packed.
    """
    failed = _failed(delivery)
    return deliveries.complete(
        delivery=failed, at=at, by=by, handed_to=handed_to, age_checked=age_checked, outcomes=outcomes, note=note
    )


@transaction.atomic
def give_up(*, delivery: Delivery, reason: str, at: datetime, by: User | None) -> Delivery:
    """Nobody will get the goods: every line ends at none, so that neither customer nor producer finds it on a document.

    Raises `AlreadyEnded`, or `HandoverRefused` when goods are not recorded as packed.
    """
    failed = _failed(delivery)
    none = Outcome(quantity=0, problem=PackedLine.Problem.REFUSED)
    outcomes = dict.fromkeys(failed.packed_lines.values_list("pk", flat=True), none)
    return deliveries.complete(delivery=failed, at=at, by=by, handed_to="", outcomes=outcomes, note=reason)


def given_up() -> "ExpressionWrapper[Combinable]":
    """For a queryset of orders: whether the delivery has ended and nothing was handed over."""
    arrived = PackedLine.objects.filter(delivery__order=OuterRef("pk"), delivered__gt=0)
    return ExpressionWrapper(Q(delivery__status=Delivery.Status.COMPLETED) & ~Exists(arrived), output_field=BooleanField())


def _failed(delivery: Delivery) -> Delivery:
    """The present row, with its round locked so that no driver ends it meanwhile."""
    rounds.lock(round_id=delivery.round_id)
    present = Delivery.objects.get(pk=delivery.pk)
    if present.status != Delivery.Status.FAILED:
        status = {"status": present.get_status_display()}
        raise AlreadyEnded(_("This delivery does not wait any more, it is “%(status)s”.") % status)
    return present
