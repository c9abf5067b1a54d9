"""Decides whether a customer can still change an order, and changes it: goods, place, sums and payment together or not at all.

Locks are taken as docs/adr/0006 says: basket, rounds (shared, in key order), the order, stock by its key, windows, account. What
one holds already counts as there. Nothing is changed on a version that somebody else has changed since (`Order.revision`).
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing import terms
from logistics import deliveries, rounds, stock
from logistics.models import Delivery, DeliveryWindow
from marketplace.basket.models import Basket
from marketplace.basket.models import Line as Wish
from marketplace.checkout import agreement, changes, versions
from marketplace.checkout import problems as checks
from marketplace.checkout.changes import Change
from marketplace.checkout.problems import REFUSALS, Problem, Refused
from marketplace.checkout.proposal import Proposal
from marketplace.order import revisions, signals
from marketplace.order.models import Line, Order
from marketplace.users.models import User


def problems(*, order: Order, change: Change, proposal: Proposal) -> list[Problem]:
    """What would keep the order from being changed like this; `proposal` is that of the change."""
    if change.revision != order.revision:
        return [_outdated()]
    if not proposal.contents.lines:
        return [Problem("nothing_left", _("Nothing would be left of your order. If you want nothing at all, please cancel it."))]
    known = {line.product.pk for line in proposal.contents.lines}
    unknown = [pk for pk, quantity in change.wanted.items() if quantity and pk not in known]
    if unknown or any(line.product_id is None for line in order.lines.all()):
        return [Problem("not_offered", _("An article of this order is not on offer any more. Please ask us to change it."))]
    return checks.of_proposal(proposal=proposal)


@transaction.atomic
def amend(
    *,
    order: Order,
    change: Change,
    fingerprint: str,
    at: datetime,
    by: User | None,
    terms_accepted: Mapping[str, Any],
    age_confirmed: bool = False,
    began_at: datetime | None = None,
    basket: Basket | None = None,
    by_market: bool = False,
) -> Order:
    """Make the order what the customer wants it to be; a change that has been made already gives the same order again.

    `fingerprint` is that of the contents which the customer saw, `began_at` when he began to check the change. What `change` adds
    out of `basket` leaves the basket. `by_market`: the office does it for the customer.
    Raises `Refused` with every problem that was found, and then nothing is changed.
    """
    if basket is not None:
        Basket.objects.select_for_update(of=("self",)).get(pk=basket.pk)
    titles: Mapping[int, str] = {}
    try:
        locked = _lock(order=order, change=change, at=at, began_at=began_at, by_market=by_market)
        if _is_done(order=locked, change=change, fingerprint=fingerprint, at=at):
            return locked
        proposal = changes.propose(
            order=locked, change=change, at=at, began_at=began_at, basket_id=basket.pk if basket is not None else None
        )
        titles = proposal.titles
        found = _problems(locked, change, proposal, fingerprint, age_confirmed, terms_accepted)
        if found or proposal.window is None:
            raise Refused(found)
        _write(order=locked, change=change, proposal=proposal, terms_accepted=terms_accepted, at=at, by=by)
    except tuple(REFUSALS) as refusal:
        raise Refused([checks.of_refusal(refusal=refusal, titles=titles)]) from refusal
    if basket is not None:
        _take_out(basket=basket, added=change.added)
        basket.vouchers.remove(*[one.terms.voucher_id for one in proposal.vouchers.applied])
    transaction.on_commit(partial(signals.placed.send, sender=Order, order_id=locked.pk), robust=True)
    return locked


def _lock(*, order: Order, change: Change, at: datetime, began_at: datetime | None, by_market: bool) -> Order:
    """The rounds it is in and goes to are held open, the lower key first; then the order, loaded anew, is locked."""
    here = Delivery.objects.select_related("round").get(order=order)
    if reason := changes.hindrance(order=here.order, delivery_round=here.round, at=at, began_at=began_at, by_market=by_market):
        raise Refused([Problem("closed", reason)])
    there = DeliveryWindow.objects.select_related("round").filter(pk=change.window_id, round__region_id=order.region_id).first()
    both = {row.pk: row for row in (here.round, there.round if there else here.round)}
    for pk in sorted(both):
        rounds.hold_open(round_id=pk, at=rounds.moment_for(delivery_round=both[pk], at=at, began_at=began_at))
    related = (
        "user",
        "region",
        "delivery__round",
        "delivery__window__pickup_point",
        "delivery__window__partner",
        "delivery__municipality",
        "terms",
    )
    rows = Order.objects.select_for_update(of=("self",)).select_related(*related).prefetch_related("lines")
    locked: Order = rows.get(pk=order.pk)
    if locked.status != Order.Status.PLACED:
        raise Refused([Problem("closed", changes.hindrance(order=locked, delivery_round=here.round, at=at))])
    if locked.delivery.round_id not in both:
        raise Refused([_outdated()])
    return locked


def _is_done(*, order: Order, change: Change, fingerprint: str, at: datetime) -> bool:
    """Whether the order is already what the customer saw, because the same form was sent twice."""
    if order.revision == change.revision:
        return False
    present = changes.as_it_stands(order=order)
    same = (present.window_id, present.payment) == (change.window_id, change.payment)
    if not same or versions.details(order=order, change=change, window=order.delivery.window):
        return False
    return changes.propose(order=order, change=present, at=at).fingerprint == fingerprint


def _problems(
    order: Order, change: Change, proposal: Proposal, fingerprint: str, age_confirmed: bool, terms_accepted: Mapping[str, Any]
) -> list[Problem]:
    if found := problems(order=order, change=change, proposal=proposal):
        return found
    return checks.of_order(
        proposal=proposal,
        contact=change.contact,
        fingerprint=fingerprint,
        age_confirmed=age_confirmed,
        terms_accepted=terms_accepted,
    )


def _write(
    *, order: Order, change: Change, proposal: Proposal, terms_accepted: Mapping[str, Any], at: datetime, by: User | None
) -> None:
    window = proposal.window
    if window is None:
        raise Refused([])
    before = versions.present(order=order)
    details = versions.details(order=order, change=change, window=window)
    total, confirmed = order.total_incl_tax, order.confirmation_sent_at
    after: dict[int, int] = {}
    for line in proposal.contents.lines:
        after[line.stockrecord.pk] = after.get(line.stockrecord.pk, 0) + line.quantity
    stock.exchange(before=proposal.held.stock, before_in=order.delivery.round, after=after, after_in=window.round)
    lines = _write_lines(order=order, proposal=proposal)
    agreement.set_person(order=order, contact=change.contact)
    agreement.set_sums(order=order, proposal=proposal)
    order.revision += 1
    order.amended_at, order.confirmation_sent_at = at, None
    order.terms_accepted = dict(terms_accepted)
    order.save()
    order.fees.all().delete()
    agreement.write_fee(order=order, window=window, proposal=proposal)
    goes_to = agreement.destination(window=window, contact=change.contact, age_limit=proposal.age_limit)
    order.delivery = deliveries.move(
        delivery=order.delivery, window=window, at=at, by=by, offer=change.offer, load=proposal.load, **goes_to
    )
    order.terms = terms.revise(order=order, method=change.payment, total_before=total)
    agreement.write_vouchers(order=order, lines=lines, proposal=proposal)
    revisions.record(
        order=order,
        before=before,
        after=versions.proposed(change=change, proposal=proposal),
        details=details,
        confirmed_at=confirmed,
        at=at,
        by=by,
    )


def _write_lines(*, order: Order, proposal: Proposal) -> list[Line]:
    """Lines that go on keep their terms; new ones are added, those that are not wanted any more go."""
    known = {str(line.pk): line for line in order.lines.all()}
    rows: list[Line] = []
    for line in proposal.contents.lines:
        row = known.pop(line.line.line_reference, None)
        if row is None:
            row = agreement.new_line(order=order, line=line, proposal=proposal)
        else:
            agreement.set_amounts(row=row, line=line, proposal=proposal)
            row.substitution, row.note = line.line.substitution, line.line.note
            row.save()
        rows.append(row)
    Line.objects.filter(pk__in=[row.pk for row in known.values()]).delete()
    Line.objects.bulk_create([row for row in rows if row.pk is None])
    return rows


def _take_out(*, basket: Basket, added: Mapping[int, int]) -> None:
    """What went into the order leaves the basket; what was put into it since stays there."""
    for wish in Wish.objects.filter(basket=basket, product__in=added):
        left = wish.quantity - added[wish.product_id]
        if left > 0:
            Wish.objects.filter(pk=wish.pk).update(quantity=left)
        else:
            wish.delete()


def _outdated() -> Problem:
    return Problem(
        "outdated", _("This order has been changed in the meantime, perhaps in another window. Nothing was changed now.")
    )
