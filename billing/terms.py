"""Decides how an order may be paid, and writes down how it is: by whom, on which account, within which limit."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from billing import mandates
from billing.models import Account, InvoiceLine, OrderTerms, Posting
from marketplace.core import money, wording
from marketplace.order.models import Order

Method = OrderTerms.Method
#: how long goods and a place are kept for somebody who is about to pay online
PAY_WITHIN = timedelta(minutes=30)


class TermsRefused(Exception):
    """The order cannot be paid that way; the message is fit for the customer."""


def methods_for(*, user: Any, region: Any, kind: str = "", online: bool = False) -> list[OrderTerms.Method]:
    """The ways to pay that a person may choose in a region, the usual one first.

    Paying at handover and in advance is open to everybody, whichever `kind` of delivery ("home", "pickup") it is;
    paying on account only to people of an approved account, the debit to those with a mandate; paying `online` where there
    is a provider and a customer at the screen.
    """
    on_account = [Method.ACCOUNT] if account_of(user=user, region=region) else []
    through_provider = [Method.ONLINE] if online else []
    by_debit = [Method.DEBIT] if mandates.is_offered(user=user, region=region) else []
    return [*on_account, *by_debit, *through_provider, Method.HANDOVER, Method.TRANSFER]


def account_of(*, user: Any, region: Any) -> Account | None:
    """The approved account of the region for which the person orders; the one with the lowest number if there are several."""
    if user is None or not user.is_authenticated:
        return None
    return Account.objects.filter(region=region, users=user, approved_at__isnull=False).order_by("number", "pk").first()


def agree(*, order: Order, method: str, user: Any, closes_at: datetime | None = None) -> OrderTerms:
    """Write down how an order just placed is paid. Called inside the transaction that places it.

    An order on account must fit into the account's credit limit together with what is owed and what is ordered already; the
    account's row is locked, so two orders at once cannot both take the last of the limit. Who pays online has half an hour
    for it, at most until orders are closed (`closes_at`). Raises `TermsRefused`.
    """
    if method not in Method.values:
        raise TermsRefused(_("Please choose how you want to pay."))
    _refuse_for_gift(order=order, method=method)
    _refuse_without_mandate(order=order, method=method, user=user)
    account = _account_for(order=order, user=user) if method == Method.ACCOUNT else None
    waits = method == Method.ONLINE and order.total_incl_tax > 0
    until = min(order.date_placed + PAY_WITHIN, closes_at or order.date_placed + PAY_WITHIN) if waits else None
    return OrderTerms.objects.create(order=order, method=method, account=account, unpaid_until=until)


@transaction.atomic
def revise(*, order: Order, method: str, total_before: Decimal) -> OrderTerms:
    """Let the agreement follow an order that has changed; part of the transaction that changes it.

    On account a dearer order has to fit into the credit limit. Once money has come in for the order, the way to pay stays.
    Raises `TermsRefused`.
    """
    known = OrderTerms.objects.select_related("account").get(order=order)
    _refuse_for_gift(order=order, method=method)
    if method == known.method:
        if known.account is not None and order.total_incl_tax > total_before:
            _hold_within_limit(account=known.account, order=order)
        return known
    if method not in Method.values:
        raise TermsRefused(_("Please choose how you want to pay."))
    if order.payments.exists():
        raise TermsRefused(_("You have already paid for this order, so the way to pay stays as it is."))
    _refuse_without_mandate(order=order, method=method, user=order.user)
    if method == Method.ONLINE:
        raise TermsRefused(_("To pay online, please choose “Pay now” on the page of your order."))
    known.method, known.unpaid_until = method, None
    known.account = _account_for(order=order, user=order.user) if method == Method.ACCOUNT else None
    known.save(update_fields=["method", "account", "unpaid_until"])
    return known


def committed(*, account: Account, without: Order | None = None) -> Decimal:
    """What an account owes by the journal plus its orders that are not billed yet, in euro including VAT.

    `without` leaves out an order, e.g. the one that is about to be agreed.
    """
    owed = Posting.objects.filter(ledger=Posting.Ledger.RECEIVABLE, account=account).aggregate(sum=Sum("amount"))["sum"]
    others = open_orders(account=account).exclude(pk=without.pk if without else None)
    ordered = others.aggregate(sum=Sum("total_incl_tax"))["sum"]
    return (owed or money.ZERO) + (ordered or money.ZERO)


def open_orders(*, account: Account) -> Any:
    """The account's orders that will be billed but are not yet; those of which nothing arrived never will."""
    billed = InvoiceLine.objects.filter(kind="380", order_line__isnull=False).values("order_line__order")
    nothing_came = Q(status=Order.Status.COMPLETED) & ~Q(delivery__packed_lines__delivered__gt=0)
    return (
        Order.objects.filter(terms__account=account)
        .exclude(status=Order.Status.CANCELLED)
        .exclude(nothing_came)
        .exclude(pk__in=billed)
    )


def _refuse_for_gift(*, order: Order, method: str) -> None:
    if order.is_gift and method == Method.HANDOVER:
        raise TermsRefused(_("A gift is not paid by whoever receives it. Please choose another way to pay."))


def _refuse_without_mandate(*, order: Order, method: str, user: Any) -> None:
    if method == Method.DEBIT and not mandates.is_offered(user=user, region=order.region):
        raise TermsRefused(_("Direct debit needs a mandate. Please sign one in your account, or choose another way to pay."))


def _account_for(*, order: Order, user: Any) -> Account:
    found = account_of(user=user, region=order.region)
    if found is None:
        raise TermsRefused(_("Paying on account needs a customer account that the office has approved."))
    return _hold_within_limit(account=found, order=order)


def _hold_within_limit(*, account: Account, order: Order) -> Account:
    """Lock the account, so that two orders at once cannot both take the last of its limit."""
    locked = Account.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
    left = locked.credit_limit - committed(account=locked, without=order)
    if order.total_incl_tax > left:
        raise TermsRefused(
            _("This order goes beyond the credit limit of your account; %(left)s are left. Please choose another way to pay.")
            % {"left": wording.euro(max(left, money.ZERO))}
        )
    return locked
