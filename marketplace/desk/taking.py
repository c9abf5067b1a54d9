"""Takes an order down on the telephone: a basket for each caller, what was ordered before, and the order with who took it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from marketplace.basket import baskets
from marketplace.basket.baskets import MOST, NotAdded
from marketplace.basket.models import Basket
from marketplace.checkout import placement
from marketplace.checkout.contact import Contact
from marketplace.checkout.problems import Problem, Refused
from marketplace.core import audit
from marketplace.desk import articles, callers, calls, numbers, reading
from marketplace.desk.models import Call, Caller, TakenOrder
from marketplace.desk.presents import Present
from marketplace.order import letters
from marketplace.order.models import Order
from marketplace.shop.offered import Offered
from marketplace.users.models import User

#: so many earlier orders are offered to be repeated
EARLIER = 3


def basket_of(*, caller: Caller) -> Basket:
    """What the caller is ordering; a basket that is not stored yet where nothing is."""
    known = Basket.objects.filter(pk=caller.basket_id, status=Basket.OPEN).first() if caller.basket_id else None
    return known or Basket(region_id=caller.region_id)


@transaction.atomic
def keep_basket(*, caller: Caller) -> Basket:
    """The same, stored: it is kept when the call breaks off, for whoever of the office picks up next."""
    locked = Caller.objects.select_for_update(of=("self",)).get(pk=caller.pk)
    kept = baskets.keep(basket=basket_of(caller=locked))
    if locked.basket_id != kept.pk:
        Caller.objects.filter(pk=caller.pk).update(basket=kept)
        caller.basket = kept
    return kept


def orders_of(*, caller: Caller) -> Any:
    """Everything that the caller has ordered in the region, by telephone or with the own login, the newest first."""
    mine = Q(taken__caller=caller)
    if caller.user_id is not None:
        mine |= Q(user=caller.user_id)
    related = ("delivery__round", "delivery__window__pickup_point", "delivery__window__partner", "terms")
    return Order.objects.filter(mine, region=caller.region_id).select_related(*related).order_by("-date_placed", "-pk")


@transaction.atomic
def again(*, caller: Caller, order: Order, rounds: Offered, at: datetime) -> Sequence[str]:
    """Put into the basket what an earlier order held, as much of it as can be had; says in sentences what cannot."""
    basket = keep_basket(caller=caller)
    lines = list(order.lines.order_by("pk"))
    wanted = [line.product_id for line in lines if line.product_id is not None]
    sight = callers.sight(caller=caller)
    offers = articles.of_products(product_ids=wanted, region=caller.region, rounds=rounds, at=at, sight=sight)
    told = []
    for line in lines:
        offer = offers.get(line.product_id or 0)
        if offer is None or offer.reason:
            told.append(f"{line.title}: {offer.reason if offer else _('is not on offer any more')}")
            continue
        quantity = min(line.quantity, MOST if offer.left is None else offer.left)
        try:
            baskets.add(basket=basket, product=line.product, quantity=quantity, sight=sight)
        except NotAdded as refusal:
            told.append(f"{line.title}: {refusal}")
            continue
        if quantity < line.quantity:
            told.append(_("%(title)s: only %(left)s are left.") % {"title": line.title, "left": quantity})
    return told


def contact_of(*, caller: Caller, note: str = "", present: Present | None = None) -> Contact:
    """Who orders and where the goods go, from the card; a gift goes to whoever receives it."""
    goes_to = present or caller
    village = goes_to.municipality
    return Contact(
        first_name=caller.first_name,
        last_name=caller.last_name,
        email=caller.user.email if caller.user else caller.email,
        phone=numbers.shown(number=caller.number),
        company=caller.company,
        note=note,
        street=goes_to.street,
        postal_code=goes_to.postal_code,
        city=caller.city if present is None else village.name if village else "",
        municipality=village,
        by_telephone=True,
        gift=present.given_by(caller=caller) if present else None,
        letters_to=(caller.street, caller.postal_code, caller.city),
    )


@transaction.atomic
def take_down(
    *,
    caller: Caller,
    basket: Basket,
    window_id: int | None,
    payment: str,
    fingerprint: str,
    read: Collection[str],
    terms_accepted: Mapping[str, Any],
    at: datetime,
    by: User,
    note: str = "",
    present: Present | None = None,
    age_confirmed: bool = False,
) -> Order:
    """Place what the caller has ordered; the same form sent twice gives the same order.

    `read` are the names of the points that were read aloud (`reading.POINTS`). Raises `Refused`, and then nothing is changed.
    """
    if reading.missing(read=read):
        raise Refused([Problem("read", _("Please read every point aloud and tick it, before the order is binding."))])
    order = placement.place(
        basket=basket,
        window_id=window_id,
        contact=contact_of(caller=caller, note=note, present=present),
        payment=payment,
        fingerprint=fingerprint,
        user=caller.user,
        at=at,
        terms_accepted=terms_accepted,
        age_confirmed=age_confirmed,
        channel=Order.Channel.PHONE,
        taken_by=by,
        sight=callers.sight(caller=caller),
    )
    _taken, is_new = TakenOrder.objects.get_or_create(order=order, defaults={"caller": caller})
    if is_new:
        audit.record(action=letters.TAKEN, target=order, at=at, by=by, new={"caller": caller.pk, "read": sorted(read)})
        calls.note(region=caller.region, topic=Call.Topic.ORDER, text="", at=at, by=by, caller=caller, order=order)
        Caller.objects.filter(pk=caller.pk).update(basket=None)
    return order
