"""Decides what the links of the delivery day hold: one shows when the goods come, one is for whoever fetches
them, and one for saying whether something similar may come.

Each is good for its one purpose. They hold the order's random number and nothing else; until when they are good is judged by
the delivery, which may move to another day.
"""

from enum import StrEnum

from django.core import signing

from marketplace.order.models import Order


class Purpose(StrEnum):
    """What a link is for; the value is its salt."""

    ARRIVAL = "order.day.arrival"
    FETCHING = "order.day.fetching"
    SUBSTITUTE = "order.day.substitute"


class BadLink(Exception):
    """The link was never given out by us for this purpose."""


def sign(*, order: Order, purpose: Purpose) -> str:
    """What the link holds; the same order always gets the same link."""
    return signing.Signer(salt=purpose).sign(order.number)


def read(*, token: str, purpose: Purpose) -> str:
    """The number of the order. Raises `BadLink`."""
    try:
        return signing.Signer(salt=purpose).unsign(token)
    except signing.BadSignature as error:
        raise BadLink from error
