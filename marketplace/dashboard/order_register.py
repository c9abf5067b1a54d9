"""Finds orders of a region for the office."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from logistics.models import Delivery
from marketplace.dashboard import second_attempts
from marketplace.order.models import Order
from marketplace.regions.models import Region

#: longer searches are cut off here
LONGEST = 80
#: what the list is filtered by, as its address has it
FILTERS = ("q", "runde", "stand", "lieferung")


def asked(*, query: Mapping[str, str]) -> dict[str, Any]:
    """What `find` is asked by the address of the list: q, runde, stand, lieferung; nonsense asks for nothing."""
    told = {name: query.get(name, "")[:LONGEST] for name in FILTERS}
    wanted = told["runde"]
    return {
        "text": told["q"],
        "round_id": int(wanted) if wanted.isascii() and wanted.isdecimal() else None,
        "status": told["stand"],
        "delivery_status": told["lieferung"],
    }


def find(
    *, region: Region, text: str = "", round_id: int | None = None, status: str = "", delivery_status: str = ""
) -> QuerySet[Order]:
    """Orders, the newest first, with delivery, round and terms at hand; `given_up` says that nothing was handed over.

    `text` is searched in number, names, company, phone and e-mail; a crate's code is found as a whole. Every word has to occur.
    """
    rows: QuerySet[Order] = Order.objects.filter(region=region)
    if status in Order.Status.values:
        rows = rows.filter(status=status)
    if delivery_status in Delivery.Status.values:
        rows = rows.filter(delivery__status=delivery_status)
    if round_id is not None:
        rows = rows.filter(delivery__round=round_id)
    for word in text[:LONGEST].split():
        rows = rows.filter(_matches(word))
    rows = rows.annotate(given_up=second_attempts.given_up())
    return rows.select_related("delivery__round", "terms", "user").order_by("-date_placed", "-pk")


def _matches(word: str) -> Q:
    fields = ("number", "first_name", "last_name", "company", "phone", "guest_email", "user__email")
    found = Q(delivery__code__iexact=word)
    for field in fields:
        found |= Q(**{f"{field}__icontains": word})
    return found
