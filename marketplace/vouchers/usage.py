"""Counts how often vouchers are used: the last use is given once, and comes back once when the order is cancelled."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Q
from oscar.apps.voucher.models import VoucherApplication

from marketplace.order.models import Order
from marketplace.vouchers import standing
from marketplace.vouchers.counting import Applied
from marketplace.vouchers.models import VoucherTerms
from marketplace.vouchers.standing import Person


class VoucherRefused(Exception):
    """A voucher cannot be used for this order; the message is for the customer."""


@transaction.atomic
def take(*, order: Order, applied: Iterable[Applied]) -> None:
    """Count the use of each voucher by an order; one that the order has already is not counted again.

    Called last inside the transaction that places or changes the order: everybody with the same code waits for the row that
    counts, so whoever comes next sees this use. Raises `VoucherRefused`.
    """
    applied = sorted(applied, key=lambda one: one.terms.pk)
    if not applied:
        return
    had = set(VoucherApplication.objects.filter(order=order).values_list("voucher", flat=True))
    person = Person(user_id=order.user_id, email=order.email)
    for one in applied:
        terms = one.terms
        if terms.voucher_id in had:
            continue
        free = Q(uses_in_all__isnull=True) | Q(used__lt=F("uses_in_all"))
        if not VoucherTerms.objects.filter(free, pk=terms.pk).update(used=F("used") + 1):
            raise VoucherRefused(standing.used_up(code=terms.code))
        if reason := standing.of_person(terms=[terms], person=person, without=order).get(terms.pk):
            raise VoucherRefused(reason)
        VoucherApplication.objects.create(voucher_id=terms.voucher_id, order=order, user_id=order.user_id)


@transaction.atomic
def give_back(*, order: Order) -> None:
    """Give the uses of a cancelled order back; a second call finds none. The caller holds the lock of the order."""
    uses = VoucherApplication.objects.filter(order=order)
    vouchers = list(uses.values_list("voucher", flat=True))
    uses.delete()
    for pk in VoucherTerms.objects.filter(voucher__in=vouchers).order_by("pk").values_list("pk", flat=True):
        VoucherTerms.objects.filter(pk=pk).update(used=F("used") - 1)
