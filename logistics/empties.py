"""Decides which empties a customer can give back, and writes down what was given back: once, however often it is reported.

The money comes back on the customer's next document (billing pulls what is on none). Amounts are gross euro in whole cents. What
a kind is called is German whatever the reader's language, because the documents print it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from logistics.models import Delivery, DepositReturn, PackedLine
from marketplace.catalogue.models import Product
from marketplace.core import money, wording
from marketplace.core.models import VatCategory
from marketplace.order.models import Order
from marketplace.users.models import User

#: more of one kind is a slip of the thumb
MOST = 200
#: what empties are called of which nobody knows who filled them
OTHERS = {VatCategory.STANDARD: "Leergut Getränke", VatCategory.REDUCED: "Leergut Lebensmittel"}
#: documents that give money back to a customer
PAYING_BACK = ("380", "381")


class ReturnRefused(Exception):
    """The empties cannot be written down like that; the message is for the person who tried."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A packaging with a deposit of `deposit_each`; `held` is how many the customer may still have, None for any number."""

    text: str
    deposit_each: Decimal
    vat_category: str
    partner_id: int | None = None
    held: int | None = None

    @property
    def key(self) -> str:
        """What a form names it by; the same for the same kind."""
        told = f"{self.text}|{self.deposit_each}|{self.vat_category}|{self.partner_id}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def label(self) -> str:
        """The kind with its deposit, for people."""
        return f"{self.text}, {wording.euro(self.deposit_each)}"


class Customer(NamedTuple):
    """Who gave empties back or gets the next document: an account, a person, a guest's address, or one order alone."""

    account: int | None
    user: int | None
    email: str
    order: int | None


def customer_of(order: Order) -> Customer:
    """Whose order it is; billing hangs its terms on the order."""
    terms: Any = getattr(order, "terms", None)
    return _customer(terms.account_id if terms is not None else None, order.user_id, order.guest_email, order.pk)


def orders_of(customer: Customer, *, of: str = "order__") -> Q:
    """The condition that an order is of the same customer; `of` is the way to the order."""
    if customer.account:
        return Q(**{f"{of}terms__account": customer.account})
    private = Q(**{f"{of}terms__account__isnull": True})
    if customer.user:
        return private & Q(**{f"{of}user": customer.user})
    if customer.email:
        return private & Q(**{f"{of}user__isnull": True, f"{of}guest_email__iexact": customer.email})
    return Q(**{f"{of}pk": customer.order})


def held(*, customer: Customer, region: Any) -> list[Kind]:
    """What a customer has bought with a deposit in a region and not given back, nor got credited, by name. One query."""
    same = orders_of(customer, of="delivery__order__") & Q(delivery__round__region=region)
    fields = ("order_line__title", "order_line__deposit_each", "order_line__vat_category", "order_line__partner")
    lines = PackedLine.objects.filter(same, delivered__gt=0, order_line__deposit_each__gt=0).order_by().values_list(*fields)
    returned = DepositReturn.objects.filter(same).order_by().values_list("text", "deposit_each", "vat_category", "partner")
    moved = lines.annotate(number=Sum("delivered")).union(
        lines.filter(order_line__credits__charge="deposit").annotate(number=-Sum("order_line__credits__quantity")),
        returned.annotate(number=-Sum("quantity")),
        all=True,
    )
    numbers: dict[Kind, int] = {}
    for text, each, category, partner, number in moved:
        kind = Kind(text=text[:100], deposit_each=each, vat_category=category, partner_id=partner)
        numbers[kind] = numbers.get(kind, 0) + number
    return _those_left(numbers)


def held_by(*, customers: Iterable[Customer], region: Any) -> dict[Customer, list[Kind]]:
    """The same as `held` for many customers at once. One query."""
    wanted = set(customers)
    whose = Q(pk__in=[])
    for customer in wanted:
        whose |= orders_of(customer, of="delivery__order__")
    order = "delivery__order__"
    who = (f"{order}terms__account", f"{order}user", f"{order}guest_email", "delivery__order")
    same = whose & Q(delivery__round__region=region)
    fields = ("order_line__title", "order_line__deposit_each", "order_line__vat_category", "order_line__partner")
    lines = PackedLine.objects.filter(same, delivered__gt=0, order_line__deposit_each__gt=0).order_by()
    sold = lines.values_list(*who, *fields)
    returned = DepositReturn.objects.filter(same).order_by()
    moved = sold.annotate(number=Sum("delivered")).union(
        sold.filter(order_line__credits__charge="deposit").annotate(number=-Sum("order_line__credits__quantity")),
        returned.values_list(*who, "text", "deposit_each", "vat_category", "partner").annotate(number=-Sum("quantity")),
        all=True,
    )
    found: dict[Customer, dict[Kind, int]] = {customer: {} for customer in wanted}
    for account, user, email, order_id, text, each, category, partner, number in moved:
        numbers = found.get(_customer(account, user, email, order_id), {})
        kind = Kind(text=text[:100], deposit_each=each, vat_category=category, partner_id=partner)
        numbers[kind] = numbers.get(kind, 0) + number
    return {customer: _those_left(numbers) for customer, numbers in found.items()}


def open_deposit(*, user: User, region: Any) -> Decimal:
    """What a person would get for all empties of the own private orders in a region, in euro. One query."""
    kinds = held(customer=Customer(None, user.pk, "", None), region=region)
    return sum((money.to_cents(kind.deposit_each * (kind.held or 0)) for kind in kinds), money.ZERO)


def others(*, region: Any) -> list[Kind]:
    """Empties of which nobody knows whose they are: one kind for each deposit that is taken in a region. One query."""
    taken = Product.objects.filter(partner__region=region, deposit__gt=0, vat_category__in=OTHERS)
    known = taken.values_list("vat_category", "deposit").order_by("-vat_category", "deposit").distinct()
    return [Kind(text=OTHERS[VatCategory(category)], deposit_each=each, vat_category=category) for category, each in known]


@transaction.atomic
def record(*, delivery: Delivery, uuid: UUID, kind: Kind, quantity: int, at: datetime, by: User | None) -> bool:
    """Write down empties that came back at a delivery. False, with nothing changed, if this report was taken in before.

    Raises `ReturnRefused` for more than the customer can have, and at a delivery that was cancelled.
    """
    locked = Delivery.objects.select_for_update(of=("self",), no_key=True).select_related("order").get(pk=delivery.pk)
    if DepositReturn.objects.filter(uuid=uuid).exists():
        return False
    if locked.status == Delivery.Status.CANCELLED:
        raise ReturnRefused(_("This delivery was cancelled."))
    most = MOST if kind.held is None else min(MOST, _still_held(locked.order, kind))
    if not 1 <= quantity <= most:
        raise ReturnRefused(_("Between 1 and %(most)s of “%(kind)s” can be given back.") % {"most": most, "kind": kind.text})
    DepositReturn.objects.create(
        delivery=locked,
        uuid=uuid,
        text=kind.text[:100],
        partner_id=kind.partner_id,
        quantity=quantity,
        deposit_each=kind.deposit_each,
        vat_category=kind.vat_category,
        noted_at=at,
        noted_by=by,
    )
    return True


def worth(returns: Iterable[DepositReturn]) -> Decimal:
    """What these empties are worth."""
    return sum((money.to_cents(row.deposit_each * row.quantity) for row in returns), money.ZERO)


def waiting(*, customers: Iterable[Customer], region: Any) -> QuerySet[DepositReturn]:
    """Empties of these customers whose money is on no document yet, the oldest first."""
    whose = Q(pk__in=[])
    for customer in set(customers):
        whose |= orders_of(customer, of="delivery__order__")
    unpaid = DepositReturn.objects.filter(whose, delivery__round__region=region).exclude(invoice_lines__kind__in=PAYING_BACK)
    return unpaid.order_by("noted_at", "pk")


def coming_off(*, deliveries: Sequence[Delivery]) -> dict[int, Decimal]:
    """What empties take off these deliveries, by key: all that waits of a customer off the first of them. One query."""
    if not deliveries:
        return {}
    worths: dict[Customer, Decimal] = {}
    customers = {row.pk: customer_of(row.order) for row in deliveries}
    given = waiting(customers=customers.values(), region=deliveries[0].order.region_id).select_related("delivery__order__terms")
    for item in given:
        customer = customer_of(item.delivery.order)
        worths[customer] = worths.get(customer, money.ZERO) + worth([item])
    return {pk: worths.pop(customer) for pk, customer in customers.items() if customer in worths}


def _customer(account: int | None, user: int | None, email: str, order: int) -> Customer:
    if account:
        return Customer(account, None, "", None)
    if user:
        return Customer(None, user, "", None)
    return Customer(None, None, email.lower(), None if email else order)


def _those_left(numbers: Mapping[Kind, int]) -> list[Kind]:
    return [replace(kind, held=numbers[kind]) for kind in sorted(numbers, key=lambda kind: kind.label) if numbers[kind] > 0]


def _still_held(order: Order, kind: Kind) -> int:
    own = held(customer=customer_of(order), region=order.region_id)
    return next((now.held or 0 for now in own if now.key == kind.key), 0)
