"""Remembers what a visitor wants to change about an order until it is confirmed, and which order he is adding to.

Only what differs from the order is remembered, so an order that changes in the meantime shows its present state beside it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from marketplace.basket import baskets
from marketplace.basket.baskets import Contents
from marketplace.checkout import changes, gifts
from marketplace.checkout.changes import Change
from marketplace.checkout.contact import Contact
from marketplace.order.models import Order
from marketplace.regions.models import Municipality

CHANGING, ADDING = "changing", "adding"
#: what of a person is typed; the rest of a `Contact` follows from the village
TYPED = ("first_name", "last_name", "phone", "company", "note", "street", "postal_code")


def change_of(request: HttpRequest, *, order: Order) -> Change:
    """What the visitor wants the order to be, upon its present revision."""
    present, kept = changes.as_it_stands(order=order), _kept(request, order)
    contact = _contact(present.contact, kept)
    return replace(
        present,
        wanted={**present.wanted, **{int(pk): quantity for pk, quantity in kept.get("wanted", {}).items()}},
        window_id=kept.get("window", present.window_id),
        contact=contact,
        payment=kept.get("details", {}).get("payment", present.payment),
        added={int(pk): quantity for pk, quantity in kept.get("added", {}).items()},
        offer=kept.get("offer"),
        wishes={int(pk): (told[0], told[1]) for pk, told in kept.get("wishes", {}).items()},
    )


def is_outdated(request: HttpRequest, *, order: Order) -> bool:
    """Whether the order was changed after the visitor began; from now on his wishes stand upon what it is now."""
    kept = _kept(request, order)
    if not kept or kept["revision"] == order.revision:
        return False
    _keep(request, order, kept)
    return True


def want(request: HttpRequest, *, order: Order, product_id: int, quantity: int) -> None:
    """So many of an article, 0 for none."""
    kept = _kept(request, order)
    wanted = {**kept.get("wanted", {}), str(product_id): quantity}
    present = changes.pieces(lines=list(order.lines.all()))
    different = {pk: number for pk, number in wanted.items() if number != present.get(int(pk), 0)}
    added = {pk: number for pk, number in kept.get("added", {}).items() if pk in different}
    _keep(request, order, {**kept, "wanted": different, "added": added})


def wish(request: HttpRequest, *, order: Order, product_id: int, substitution: str, note: str) -> None:
    """What to do when an article is missing, and what its farm should know. Raises `baskets.NotAdded`."""
    told = baskets.checked_wish(substitution=substitution, note=note)
    kept = _kept(request, order)
    _keep(request, order, {**kept, "wishes": {**kept.get("wishes", {}), str(product_id): told}})


def add(request: HttpRequest, *, order: Order, contents: Contents) -> None:
    """What lies in the basket on top; what has been added out of it before is not added again."""
    kept = _kept(request, order)
    before = kept.get("added", {})
    wanted = dict(change_of(request, order=order).wanted)
    now = {line.product.pk: line.quantity for line in contents.lines}
    for pk, quantity in now.items():
        wanted[pk] = max(0, wanted.get(pk, 0) + quantity - before.get(str(pk), 0))
    present = changes.pieces(lines=list(order.lines.all()))
    different = {str(pk): quantity for pk, quantity in wanted.items() if quantity != present.get(pk, 0)}
    _keep(request, order, {**kept, "wanted": different, "added": {**before, **{str(pk): number for pk, number in now.items()}}})


def choose(request: HttpRequest, *, order: Order, window_id: int, village: Municipality | None, offer: int | None = None) -> None:
    """Another window, the village where the door is, and the entry of the waiting list that keeps the place for the visitor."""
    kept = {**_kept(request, order), "window": window_id, "offer": offer}
    if village is not None:
        kept["village"] = {"pk": village.pk, "name": village.name}
    _keep(request, order, kept)


def tell(request: HttpRequest, *, order: Order, details: Mapping[str, Any]) -> None:
    """Who, where to, how it is paid."""
    _keep(request, order, {**_kept(request, order), "details": dict(details)})


def forget(request: HttpRequest) -> None:
    """The change is made, or given up; nobody is adding any more."""
    for key in (CHANGING, ADDING):
        request.session.pop(key, None)


def begin_adding(request: HttpRequest, *, order: Order) -> None:
    """From now on the shop says to which order something is added."""
    request.session[ADDING] = order.number


def end_adding(request: HttpRequest) -> None:
    """What is put into the basket is for a new order again."""
    request.session.pop(ADDING, None)


def _kept(request: HttpRequest, order: Order) -> dict[str, Any]:
    kept = request.session.get(CHANGING, {})
    return dict(kept) if kept.get("number") == order.number else {}


def _keep(request: HttpRequest, order: Order, kept: Mapping[str, Any]) -> None:
    request.session[CHANGING] = {**kept, "number": order.number, "revision": order.revision}


def _contact(present: Contact, kept: Mapping[str, Any]) -> Contact:
    details, village = kept.get("details"), kept.get("village")
    moved = village is not None and (present.municipality is None or village["pk"] != present.municipality.pk)
    contact = present
    if village is not None and moved:
        there = Municipality.objects.filter(pk=village["pk"]).first()
        contact = replace(present, municipality=there, city=village["name"], latitude=None, longitude=None)
    if details is None:
        return contact
    typed = {name: details[name] for name in TYPED if name in details}
    told = replace(contact, **typed, gift=gifts.of_entries(details))
    at_home = (told.street, told.postal_code) == (present.street, present.postal_code)
    return told if at_home else replace(told, latitude=None, longitude=None)
