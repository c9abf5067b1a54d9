"""Decides how an order reads before and after a change, in the words that the customer is told."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from billing.models import OrderTerms
from logistics import windows
from logistics.models import Delivery, DeliveryWindow
from marketplace.checkout import changes, pages
from marketplace.checkout.changes import Change
from marketplace.checkout.contact import Contact
from marketplace.checkout.proposal import Proposal
from marketplace.order import revisions
from marketplace.order.models import Order
from marketplace.order.revisions import Difference, Version


def present(*, order: Order) -> Version:
    """The order as it stands; lines, delivery and terms are at hand."""
    lines = list(order.lines.all())
    return Version(
        pieces=changes.pieces(lines=lines),
        titles={line.product_id: line.title for line in lines if line.product_id is not None},
        when=pages.when(order.delivery.window),
        where=place(window=order.delivery.window, contact=changes.contact_of(order=order)),
        payment=_payment(order.terms.method),
        total=order.total_incl_tax,
    )


def proposed(*, change: Change, proposal: Proposal) -> Version:
    """The order as it would be."""
    window = proposal.window
    return Version(
        pieces={pk: quantity for pk, quantity in change.wanted.items() if quantity},
        titles=proposal.titles,
        when=pages.when(window) if window else "",
        where=place(window=window, contact=change.contact) if window else "",
        payment=_payment(change.payment),
        total=proposal.sums.total,
    )


def difference(*, order: Order, change: Change, proposal: Proposal) -> Difference:
    """What the change would change."""
    window = proposal.window or order.delivery.window
    return revisions.difference(
        before=present(order=order),
        after=proposed(change=change, proposal=proposal),
        details=details(order=order, change=change, window=window),
    )


def details(*, order: Order, change: Change, window: DeliveryWindow) -> tuple[str, ...]:
    """What else is new about person and address, by name; the rest of the trail tells of goods, place and payment."""
    told = _details(old=changes.contact_of(order=order), new=change.contact, order=order, window=window)
    return (*told, _("what to do if something is missing, or a note")) if _has_new_wishes(order, change) else tuple(told)


def place(*, window: DeliveryWindow, contact: Contact) -> str:
    """Where the goods are handed over, without the address of anybody."""
    if place := window.place:
        return str(place.name)
    return _("to your door in %(village)s") % {"village": contact.city} if contact.city else _("to your door")


def _has_new_wishes(order: Order, change: Change) -> bool:
    wishes, wanted = change.wishes, change.wanted
    lines = [line for line in order.lines.all() if line.product_id in wishes and wanted.get(line.product_id)]
    return any((line.substitution, line.note) != tuple(wishes[line.product_id]) for line in lines if line.product_id)


def _payment(method: str) -> str:
    return str(OrderTerms.Method(method).label) if method in OrderTerms.Method.values else ""


def _details(*, old: Contact, new: Contact, order: Order, window: DeliveryWindow) -> Iterator[str]:
    if (old.first_name, old.last_name, old.company) != (new.first_name, new.last_name, new.company):
        yield _("name")
    if old.phone != new.phone:
        yield _("phone number")
    if old.note != new.note:
        yield _("note")
    if old.gift != new.gift:
        yield _("gift")
    at_the_door = {windows.kind_of(window=window), order.delivery.kind} == {Delivery.Kind.HOME}
    if at_the_door and (old.street, old.postal_code) != (new.street, new.postal_code):
        yield _("address")
