"""Decides what the rows of "empties given back" show, at the door, at the pickup point and at the farm, and takes one in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from logistics import empties
from logistics.empties import Kind, ReturnRefused
from logistics.models import Delivery
from marketplace.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One kind with the number that its button takes, and an id so that the button counts once."""

    kind: Kind
    uuid: UUID
    quantity: int


def rows(*, delivery: Delivery) -> list[Row]:
    """What this customer may have, all of it with one tap; then what anybody may bring, one at a time. Two queries."""
    own = empties.held(customer=empties.customer_of(delivery.order), region=delivery.order.region_id)
    return [Row(kind=kind, uuid=uuid4(), quantity=kind.held or 1) for kind in own] + [
        Row(kind=kind, uuid=uuid4(), quantity=1) for kind in empties.others(region=delivery.order.region_id)
    ]


def rows_of(*, deliveries: Sequence[Delivery], region: Any) -> dict[int, list[Row]]:
    """The same as `rows` for many deliveries, by key; orders and terms at hand. Two queries."""
    customers = {delivery.pk: empties.customer_of(delivery.order) for delivery in deliveries}
    held = empties.held_by(customers=customers.values(), region=region) if customers else {}
    others = empties.others(region=region) if customers else []
    return {
        pk: [Row(kind=kind, uuid=uuid4(), quantity=kind.held or 1) for kind in (*held[customer], *others)]
        for pk, customer in customers.items()
    }


def taken(*, delivery: Delivery, posted: Mapping[str, str], at: datetime, by: User | None, uuid: UUID | None = None) -> bool:
    """Write down the kind whose button was pressed (`take`), as many as stand in its field. False when it counted before.

    `uuid` is the device's own for this report; without it the form brings one along. Raises `ReturnRefused`.
    """
    key = posted.get("take", "")
    kind = next((row.kind for row in rows(delivery=delivery) if row.kind.key == key), None)
    try:
        uuid, quantity = uuid or UUID(posted.get(f"uuid_{key}", "")), int(posted.get(f"quantity_{key}", ""))
    except ValueError:
        raise ReturnRefused(_("Please say how many came back.")) from None
    if kind is None:
        raise ReturnRefused(_("All of these have been given back already."))
    return empties.record(delivery=delivery, uuid=uuid, kind=kind, quantity=quantity, at=at, by=by)
