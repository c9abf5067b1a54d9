"""Decides who is written to about a delivery: its customer, guests too, unless there is no address or it is not wanted."""

from collections.abc import Iterable

from logistics.models import Delivery
from marketplace.notices import choices
from marketplace.notices.items import Reader
from marketplace.notices.models import Kind
from marketplace.regions.models import Region


def reader(delivery: Delivery) -> Reader:
    """Whose delivery it is; loaded with its order and user."""
    order = delivery.order
    return Reader(user_id=order.user_id, email=order.email, name=order.first_name)


def willing(*, region: Region, kind: Kind, deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Those whose customers have an address and want to know. One query, none without deliveries."""
    rows = list(deliveries)
    people, addresses = choices.refusing(region=region, kind=kind) if rows else (frozenset(), frozenset())
    return [
        row
        for row in rows
        if (who := reader(row)).email and who.user_id not in people
        if who.user_id or who.email.lower() not in addresses
    ]
