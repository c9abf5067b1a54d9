"""Decides where money goes back to: the customer names an account by a signed link; it is kept until the money was sent."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from billing import refunds
from billing.models import Payment, Refund
from marketplace.aftersales.models import BankDetails
from marketplace.core import audit, money
from marketplace.order.models import Order
from marketplace.users.models import User

SALT = "aftersales.bank_details"
LIFETIME = timedelta(days=60)
#: the trail's words
GIVEN, PAID_BACK = "bank_details.given", "order.paid_back"


class BadIban(Exception):
    """The number is none; the message is for the customer."""


class LinkEnded(Exception):
    """The link was never given out, or is too old; nothing is said of any order."""


def sign(*, order: Order) -> str:
    """What the link carries by which a customer names an account; good for 60 days and for nothing else."""
    return signing.dumps(order.number, salt=SALT)


def read(*, token: str) -> str:
    """The number of the order for which a link was given out. Raises `LinkEnded`."""
    try:
        return str(signing.loads(token, salt=SALT, max_age=LIFETIME))
    except signing.BadSignature as error:
        raise LinkEnded from error


def owed(*, order: Order) -> Decimal:
    """What the customer of an order gets back, in euro; zero when nothing (any more)."""
    found = refunds.orders(region=order.region_id).filter(pk=order.pk).first()
    return found.credit_balance if found is not None else money.ZERO


def checked(*, iban: str) -> str:
    """The number as banks write it to each other. Raises `BadIban`."""
    try:
        return str(IBAN(iban, validate_bban=True))
    except SchwiftyException as error:
        raise BadIban(_("This IBAN is not right. Please check it: a German one has 22 letters and digits.")) from error


@transaction.atomic
def keep(*, order: Order, holder: str, iban: str, at: datetime) -> BankDetails:
    """Remember where the money goes; a later word takes the place of an earlier one. Raises `BadIban`."""
    told = {"holder": holder.strip()[:70], "iban": checked(iban=iban), "given_at": at}
    row, _created = BankDetails.objects.update_or_create(order=order, defaults=told)
    audit.record(action=GIVEN, target=order, at=at)
    return row


@transaction.atomic
def pay_back(*, order: Order, method: str, paid_on: date, reference: str, at: datetime, by: User | None) -> Refund | None:
    """Book that the money went back, and forget the account. None when nothing is owed (any more)."""
    known = BankDetails.objects.select_for_update(of=("self",)).filter(order=order).first()
    iban = known.iban if known is not None and method == Payment.Method.TRANSFER else ""
    refund = refunds.pay_back_order(order=order, method=method, paid_on=paid_on, iban=iban, reference=reference, at=at)
    if refund is not None:
        new: dict[str, Any] = {"amount": str(refund.amount), "method": method}
        audit.record(action=PAID_BACK, target=order, at=at, by=by, new=new)
        if known is not None:
            known.delete()
    return refund
