"""Counts how often vouchers are used: the last use is given once, and comes back once when the order is cancelled."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Case, F, Q, When
from oscar.apps.voucher.models import VoucherApplication

from marketplace.order.models import Order
from marketplace.vouchers import standing
from marketplace.vouchers.models import VoucherTerms
from marketplace.vouchers.standing import Person

if TYPE_CHECKING:  # loading it needs all models; closing a round is imported before they are there
    from marketplace.vouchers.counting import Applied


class VoucherRefused(Exception):
    """A voucher cannot be used for this order; the message is for the customer."""


@transaction.atomic
def take(*, order: Order, applied: "Iterable[Applied]") -> None:
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
    give_back_all(order_ids=[order.pk])


def give_back_all(*, order_ids: Sequence[int]) -> None:
    """The same for several orders that are cancelled together. Four queries at most, none for none."""
    if not order_ids:
        return
    uses = VoucherApplication.objects.filter(order__in=order_ids)
    used = Counter(uses.values_list("voucher", flat=True))
    if not used:
        return
    uses.delete()
    freed = Case(*(When(voucher=pk, then=number) for pk, number in sorted(used.items())))
    terms = VoucherTerms.objects.filter(voucher__in=used)
    list(terms.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    terms.update(used=F("used") - freed)
