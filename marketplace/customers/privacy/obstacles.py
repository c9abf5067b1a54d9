"""Decides why a person cannot be erased yet: what is on its way, what is not billed or not paid, what is not decided, duties."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from billing import charges
from billing.models import Account, Posting
from logistics.models import Tour
from marketplace.aftersales.models import Complaint, Withdrawal
from marketplace.core import wording
from marketplace.order.models import Order
from marketplace.partner.models import Partner

UNDER_WAY = (Order.Status.PLACED, Order.Status.CLOSED)


@dataclass(frozen=True)
class Obstacle:
    """A sentence for the person; `order` is the number of the order that it is about."""

    text: str
    order: str = ""


def of(*, user: Any) -> list[Obstacle]:
    """Everything that stands against erasing the person now; the same number of queries for any number of orders."""
    return [*_orders(user), *_money(user), *_decisions(user), *_duties(user)]


def _orders(user: Any) -> Iterator[Obstacle]:
    mine = Order.objects.filter(user=user)
    for number in _numbers(mine.filter(status__in=UNDER_WAY)):
        yield Obstacle(_("Your order %(number)s has not been delivered yet.") % {"number": number}, number)
    unbilled = charges.unbilled().filter(delivery__order__user=user).values("delivery__order")
    for number in _numbers(mine.filter(pk__in=unbilled).exclude(status__in=UNDER_WAY)):
        yield Obstacle(_("There is no invoice for your order %(number)s yet.") % {"number": number}, number)


def _money(user: Any) -> Iterator[Obstacle]:
    """By the books: what an order, or an account that nobody else orders for, owes or has to its credit."""
    owed = Posting.objects.filter(ledger=Posting.Ledger.RECEIVABLE)
    by_order = owed.filter(order__user=user, account__isnull=True).values("order__number").annotate(sum=Sum("amount"))
    for row in by_order.exclude(sum=0).order_by("order__number"):
        number, sum_ = row["order__number"], wording.euro(abs(row["sum"]))
        text = (
            _("The invoice for your order %(number)s is not paid yet (%(sum)s).")
            if row["sum"] > 0
            else _("We still owe you %(sum)s from your order %(number)s.")
        )
        yield Obstacle(text % {"number": number, "sum": sum_}, number)
    alone = Account.objects.filter(users=user).annotate(people=Count("users__accounts__users", distinct=True)).filter(people=1)
    by_account = owed.filter(account__in=alone.values("pk")).values("account__name").annotate(sum=Sum("amount"))
    for name in by_account.exclude(sum=0).order_by("account__name").values_list("account__name", flat=True):
        yield Obstacle(_("Invoices of the account %(name)s are not settled yet.") % {"name": name})


def _decisions(user: Any) -> Iterator[Obstacle]:
    mine = Order.objects.filter(user=user)
    complaints = Complaint.objects.filter(status=Complaint.Status.OPEN).values("order_line__order")
    for number in _numbers(mine.filter(pk__in=complaints)):
        yield Obstacle(_("Your complaint about the order %(number)s is not decided yet.") % {"number": number}, number)
    withdrawals = Withdrawal.objects.filter(status=Withdrawal.Status.DECLARED, order__isnull=False).values("order")
    for number in _numbers(mine.filter(pk__in=withdrawals)):
        yield Obstacle(_("Your withdrawal from the order %(number)s is not settled yet.") % {"number": number}, number)


def _duties(user: Any) -> Iterator[Obstacle]:
    for name in Partner.objects.run_by(user).order_by("name").values_list("name", flat=True):
        text = _("You act for %(name)s. Please ask the office to close the business or to hand it over.")
        yield Obstacle(text % {"name": name})
    if Tour.objects.filter(driver=user).exclude(status=Tour.Status.DONE).exists():
        yield Obstacle(_("You are to drive a tour."))
    if user.is_superuser:
        yield Obstacle(_("You look after the whole installation. Somebody else has to take that over first."))


def _numbers(orders: QuerySet[Order]) -> list[str]:
    return list(orders.order_by("number").values_list("number", flat=True))
