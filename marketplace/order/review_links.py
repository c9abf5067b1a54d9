"""Decides what the link in a mail may do that asks how the goods were: review what came with one order, and nothing else."""

from datetime import timedelta

from django.core import signing

from marketplace.order.models import Order

SALT = "order.review"
#: how long after the mail one can still say something by it
GOOD_FOR = timedelta(days=90)


class BadLink(Exception):
    """The link was never given out by us for this purpose."""


class LinkExpired(Exception):
    """The link was good once."""


def sign(*, order: Order) -> str:
    """What the link holds: the order's random number and when the link was made."""
    return signing.TimestampSigner(salt=SALT).sign(order.number)


def read(*, token: str) -> str:
    """The number of the order. Raises `BadLink` or `LinkExpired`; the links of somebody who was erased have ended."""
    try:
        number = signing.TimestampSigner(salt=SALT).unsign(token, max_age=GOOD_FOR)
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except signing.BadSignature as error:
        raise BadLink from error
    if Order.objects.filter(number=number, user__erased_at__isnull=False).exists():
        raise LinkExpired
    return number
