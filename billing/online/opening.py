"""Opens the provider's page for an order or an invoice: one page for one thing at a time, however often it is asked for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Case, Sum, When
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import payments
from billing.models import Invoice, OnlinePayment, OrderTerms
from billing.online import following
from billing.online.links import Target
from billing.online.provider import Page, Provider, Wish
from marketplace.core import money
from marketplace.order import statement
from marketplace.order.models import Order

Way, Status = OnlinePayment.Way, OnlinePayment.Status
#: banks hold an amount for seven days; one is kept for the way from the delivery to the books
HOLD_DAYS = 6
#: a page ends by itself; the provider wants half an hour at least
PAGE_LASTS = timedelta(minutes=60)
#: what a page that was asked for and never came may be asked for again
ASKED_AGAIN = timedelta(minutes=25)
#: the provider takes no less
LEAST = Decimal("0.50")


class NothingToPay(Exception):
    """There is nothing to pay (any more); the message is fit for the customer."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """What is to be paid: how, and how much at most. Euro; `done` says why nothing is."""

    way: str
    amount: Decimal
    done: str = ""


def due(*, target: Target, today: date) -> Due:
    """What would be asked for now."""
    if isinstance(target, Invoice):
        left = target.gross - payments.paid(invoice=target)
        return Due(way=Way.NOW, amount=left, done="" if left >= LEAST else _("This invoice is paid."))
    if target.status == Order.Status.CANCELLED:
        return Due(way=Way.NOW, amount=money.ZERO, done=_("This order is cancelled. You pay nothing."))
    if target.terms.method == OrderTerms.Method.ACCOUNT:
        return Due(way=Way.NOW, amount=money.ZERO, done=_("This order comes on your next invoice."))
    if target.status == Order.Status.COMPLETED:
        left = payments.open_amount(delivery=target.delivery)
        return Due(way=Way.NOW, amount=left, done="" if left >= LEAST else _("This order is paid."))
    amount = most(order=target) - payments.paid_ahead(order=target)
    if holding(order=target):
        left = beyond_holds(order=target)
        return Due(way=Way.MORE, amount=left, done="" if left >= LEAST else _("You have paid. Thank you!"))
    way = Way.HOLD if (target.delivery.round.delivery_day - today).days <= HOLD_DAYS else Way.KEEP
    return Due(way=way, amount=amount, done="" if amount >= LEAST else _("This order is paid."))


def most(*, order: Order) -> Decimal:
    """What an order comes to at most, in euro: weighed goods may weigh a little more."""
    told = statement.read(order=order)
    more = sum((line.highest - line.total for line in told.lines if line.highest is not None), money.ZERO)
    return told.current.total + (money.ZERO if told.final else max(more, money.ZERO))


def holding(*, order: Order) -> Decimal:
    """What customers' banks hold for an order, in euro."""
    rows = OnlinePayment.objects.filter(order=order, status=Status.AUTHORISED)
    found: Decimal | None = rows.aggregate(sum=Sum("amount"))["sum"]
    return found or money.ZERO


def beyond_holds(*, order: Order) -> Decimal:
    """What an order may come to beyond what is held and paid for it, in euro; below zero when more is held."""
    return most(order=order) - payments.paid_ahead(order=order) - holding(order=order)


def live(*, target: Target) -> OnlinePayment | None:
    """The payment of the customer that is under way or holds for it, if there is one; for an invoice that of its order too.

    Where something is held and more is asked for, that is what is under way.
    """
    rows = OnlinePayment.objects.exclude(status__in=(Status.CAPTURED, Status.RELEASED, Status.FAILED))
    if isinstance(target, Order):
        under_way = Case(When(status__in=(Status.OPENED, Status.PROCESSING), then=0), default=1)
        return rows.filter(order=target).order_by(under_way, "pk").first()
    mine = rows.filter(invoice=target).first()
    return mine or (rows.filter(order=target.order_id).exclude(status=Status.OPENED).first() if target.order_id else None)


def page_for(*, target: Target, provider: Provider, at: datetime, back: str, leave: str) -> str:
    """The address of the page on which the customer pays. Asked twice, it is the same page.

    Raises `NothingToPay`, and `provider.Unreachable`.
    """
    known = live(target=target)
    if known is not None:
        known = following.follow(payment=known, provider=provider, at=at)
    asked = due(target=_fresh(target), today=timezone.localdate(at))
    if asked.done:
        raise NothingToPay(asked.done)
    if known is not None and known.status == Status.OPENED and known.page:
        if (page := _reusable(known, asked, provider, at)) is not None:
            return page.url
        known = following.close(payment=known, provider=provider, at=at)
    free = (Status.OPENED, Status.RELEASED, Status.FAILED, *([Status.AUTHORISED] if asked.way == Way.MORE else []))
    if known is not None and known.status not in free:
        raise NothingToPay(_("You have paid already. Thank you!"))
    payment = _ask(target, asked, at)
    if payment.page and (page := _reusable(payment, asked, provider, at)) is not None:
        return page.url
    wish = _wish(payment, target, back, leave)
    page = provider.open_page(wish=wish, key=str(payment.key))
    OnlinePayment.objects.filter(pk=payment.pk, page="").update(page=page.number)
    return page.url


def _reusable(known: OnlinePayment, asked: Due, provider: Provider, at: datetime) -> Page | None:
    """The page that is open already, if it is for the same."""
    if not known.page or (known.amount, known.way) != (asked.amount, asked.way):
        return None
    page = provider.page(number=known.page)
    return page if page.status == "open" and page.url else None


@transaction.atomic
def _ask(target: Target, asked: Due, at: datetime) -> OnlinePayment:
    """The row is there before the provider is asked, so that a second question is the same one."""
    type(target)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=target.pk)
    which: dict[str, Any] = {"order": target} if isinstance(target, Order) else {"invoice": target}
    if OnlinePayment.objects.filter(**which, status=Status.OPENED, page="", means__gt="").exists():
        raise NothingToPay(_("We are just asking your bank. Please look again in a minute."))
    same = OnlinePayment.objects.filter(**which, status=Status.OPENED, amount=asked.amount, way=asked.way)
    known = same.exclude(page="", opened_at__lte=at - ASKED_AGAIN).first()
    if known is not None:
        return known
    if OnlinePayment.objects.filter(**which, status=Status.OPENED).exclude(page="").exists():
        raise NothingToPay(_("The page for paying is open in another window."))
    OnlinePayment.objects.filter(**which, status=Status.OPENED).update(status=Status.RELEASED, ended_at=at)
    return OnlinePayment.objects.create(**which, region_id=target.region_id, way=asked.way, amount=asked.amount, opened_at=at)


def _wish(payment: OnlinePayment, target: Target, back: str, leave: str) -> Wish:
    title = _("Order %(number)s") if isinstance(target, Order) else _("Invoice %(number)s")
    return Wish(
        title=title % {"number": target.number},
        amount=None if payment.way == Way.KEEP else payment.amount,
        hold=payment.way in (Way.HOLD, Way.MORE),
        email=_email(target),
        reference=target.number,
        until=payment.opened_at + PAGE_LASTS,
        back=back,
        leave=leave,
    )


def _email(target: Target) -> str:
    if isinstance(target, Order):
        return str(target.email)
    if target.account is not None:
        return target.account.email
    return str(target.order.email) if target.order is not None else ""


def _fresh(target: Target) -> Target:
    """An order as it is now: following may have changed it."""
    if isinstance(target, Invoice):
        return target
    related = ("terms", "delivery__round", "region__site", "user")
    rows = Order.objects.select_related(*related).prefetch_related(*statement.prefetches())
    return rows.get(pk=target.pk)
