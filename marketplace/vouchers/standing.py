"""Decides whether a voucher holds for a person at a moment, apart from what is in the basket.

Before the order is placed only what a logged-in customer has ordered counts. What somebody ordered under an e-mail address counts
when the order is placed, and not before: otherwise typing an address would tell whether its owner is a customer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.apps.voucher.models import VoucherApplication

from marketplace.core import wording
from marketplace.order.models import Order
from marketplace.vouchers.models import VoucherTerms
from marketplace.vouchers.selection import Chosen


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who orders: a customer by key, somebody by e-mail address, or nobody known yet."""

    user_id: int | None = None
    email: str = ""

    @property
    def known_early(self) -> "Person":
        """What of the person counts before the order is placed."""
        return Person(user_id=self.user_id)


NOBODY = Person()


def unknown() -> str:
    """The same for a code that does not exist, does not hold yet, or holds in another region."""
    return _("We do not know this voucher code. Please check how it is written.")


def refusals(*, chosen: Iterable[Chosen], person: Person, at: datetime) -> dict[int, str]:
    """Why vouchers do not hold now, by key of the terms. At most two queries, none for vouchers without such conditions."""
    asked = {one.terms.pk: one.terms for one in chosen if not one.kept}
    found = {pk: reason for pk, terms in asked.items() if (reason := _of_time_and_number(terms, at))}
    rest = [terms for pk, terms in asked.items() if pk not in found]
    return {**found, **of_person(terms=rest, person=person.known_early)}


def of_person(*, terms: Iterable[VoucherTerms], person: Person, without: Order | None = None) -> dict[int, str]:
    """Why vouchers do not hold for a person, by key of the terms; `without` leaves out the order that is being placed."""
    who = _orders_of(person)
    terms = list(terms)
    if who is None or not terms:
        return {}
    found: dict[int, str] = {}
    first = [one for one in terms if one.first_order_only]
    earlier = Order.objects.filter(who).exclude(status=Order.Status.CANCELLED).exclude(pk=without.pk if without else None)
    if first and earlier.filter(region=first[0].region_id).exists():
        found |= {one.pk: _("The voucher %(code)s is only for a first order.") % {"code": one.code} for one in first}
    limited = [one for one in terms if one.uses_per_person is not None]
    used = _used(limited, earlier)
    for one in limited:
        if used.count(one.voucher_id) >= (one.uses_per_person or 0):
            found.setdefault(one.pk, _("You have already used the voucher %(code)s.") % {"code": one.code})
    return found


def used_up(*, code: str) -> str:
    """Why a voucher that others used does not hold any more."""
    return _("The voucher %(code)s has been used as often as it holds.") % {"code": code}


def _of_time_and_number(terms: VoucherTerms, at: datetime) -> str:
    if at < terms.voucher.start_datetime:
        return unknown()
    if at >= terms.voucher.end_datetime:
        last = timezone.localdate(terms.voucher.end_datetime - timedelta(seconds=1))
        return _("The voucher %(code)s ended on %(day)s.") % {"code": terms.code, "day": wording.full_date(last)}
    if terms.uses_in_all is not None and terms.used >= terms.uses_in_all:
        return used_up(code=terms.code)
    return ""


def _orders_of(person: Person) -> Q | None:
    """The orders that count as the person's; None when nothing is known of the person."""
    found = Q()
    if person.user_id is not None:
        found |= Q(user=person.user_id)
    if person.email:
        found |= Q(guest_email__iexact=person.email) | Q(user__email__iexact=person.email)
    return found or None


def _used(limited: list[VoucherTerms], orders: "QuerySet[Order]") -> list[int]:
    """The voucher of each use by these orders."""
    if not limited:
        return []
    uses = VoucherApplication.objects.filter(voucher__in=[one.voucher_id for one in limited], order__in=orders)
    return list(uses.order_by("pk").values_list("voucher", flat=True))
