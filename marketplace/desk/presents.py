"""Decides what a caller tells of a gift: who receives it and where it goes; without an address it is fetched somewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marketplace.checkout.gifts import Gift
from marketplace.desk.models import Caller
from marketplace.regions.models import Municipality


@dataclass(frozen=True, kw_only=True)
class Present:
    """Who receives the goods, what is said to that person, and the address of the door, if it has one that is served."""

    recipient: str
    phone: str = ""
    greeting: str = ""
    street: str = ""
    postal_code: str = ""
    municipality: Municipality | None = None

    def given_by(self, *, caller: Caller) -> Gift:
        """The gift as an order knows it; the invoice goes to the caller alone."""
        return Gift(
            recipient=self.recipient,
            phone=self.phone,
            greeting=self.greeting,
            street=caller.street,
            postal_code=caller.postal_code,
            city=caller.city,
        )


def of_entries(*, told: Mapping[str, Any], villages: Mapping[int, Municipality]) -> Present | None:
    """The gift that was told in the call (`entries`); None when there is none, or its village is not served any more."""
    given = dict(told.get("gift") or {})
    village = given.pop("village", None)
    if not given or (village is not None and village not in villages):
        return None
    return Present(**given, municipality=villages[village] if village is not None else None)
