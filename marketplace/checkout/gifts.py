"""Decides what makes an order a gift: somebody else receives the goods, without prices, and the giver alone gets the invoice.

The giver types his own address, because the one to which the goods go is not his.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: what is typed of a gift, as the form names it
TYPED = ("gift_recipient", "gift_phone", "gift_greeting", "giver_street", "giver_place")
#: what of it is about the gift itself; an address alone is none
TELLING = TYPED[:3]
PLACE = re.compile(r"^(?P<postal_code>\d{5})\s+(?P<city>\S.*)$")


@dataclass(frozen=True)
class Gift:
    """Who receives the goods, how the driver reaches that person, what is said to it, and where the giver lives."""

    recipient: str
    phone: str = ""
    greeting: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""


def of_entries(entered: Mapping[str, Any]) -> Gift | None:
    """The gift that was typed; None when nobody else was named."""
    if not entered.get("gift_recipient"):
        return None
    place = PLACE.match(entered.get("giver_place", ""))
    return Gift(
        recipient=entered["gift_recipient"],
        phone=entered.get("gift_phone", ""),
        greeting=entered.get("gift_greeting", ""),
        street=entered.get("giver_street", ""),
        postal_code=place["postal_code"] if place else "",
        city=place["city"] if place else "",
    )


def entries_of(gift: Gift | None) -> dict[str, str]:
    """The same as it is typed."""
    if gift is None:
        return {}
    place = f"{gift.postal_code} {gift.city}".strip()
    return dict(zip(TYPED, (gift.recipient, gift.phone, gift.greeting, gift.street, place), strict=True))
