"""The last page before the order: everything once more, and the button."""

from django.contrib import messages
from django.core import signing
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from billing import agencies
from billing.online import links
from logistics import choosing, rounds, tariffs
from logistics.reservations import Held
from marketplace.basket import baskets, sharing, visitors
from marketplace.basket.baskets import Contents
from marketplace.basket.models import Basket
from marketplace.checkout import entries, holdings, keeping, legal, pages, placement, proposal
from marketplace.checkout.contact import Contact
from marketplace.checkout.forms import PAYMENT_TEXTS
from marketplace.checkout.problems import Problem, Refused, of_proposal
from marketplace.order.models import Order
from marketplace.regions import villages
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.users import addresses, profiles
from marketplace.vouchers import selection
from marketplace.vouchers.standing import Person

CONFLICT = 409
#: codes of problems that may be solved by keeping place and goods anew
LOST = frozenset({"full", "sold_out"})
TOKEN = signing.Signer(salt="checkout.basket")


@public
@never_cache
def review(request: MarketRequest) -> HttpResponseBase:
    """Everything once more, and the button. What keeps the order from being placed is said, and nothing is lost."""
    if visitors.sees_a_part(request):
        messages.error(request, sharing.not_whole())
        return redirect("basket:summary")
    if request.method == "POST":
        return _order(request)
    if visitors.has_ended(request):
        messages.info(request, sharing.over())
        return redirect("basket:summary")
    return _review(request, basket=request.basket)


def _order(request: MarketRequest) -> HttpResponseBase:
    basket = _basket_under_review(request)
    if basket is None:
        return redirect("basket:summary")
    contact = entries.contact(request)
    try:
        order = _place(request, basket, contact)
    except Refused as refused:
        if "second" in {problem.code for problem in refused.problems}:
            return redirect("checkout:together")
        return _review(request, basket=basket, problems=refused.problems)
    if request.user.is_authenticated:
        _keep_address(request, contact)
    entries.finish(request, order)
    if order.terms.unpaid_until is not None:
        return redirect("billing:pay", links.sign(target=order))
    return redirect("checkout:thanks", number=order.number)


def _place(request: MarketRequest, basket: Basket, contact: Contact) -> Order:
    """Place the order. What somebody else only keeps and has let expire, or what the waiting list offers, is fetched first."""
    try:
        return _place_once(request, basket, contact)
    except Refused as refused:
        if not {problem.code for problem in refused.problems} <= LOST:
            raise
        _kept(request, basket, baskets.contents(basket=basket))
    return _place_once(request, basket, contact)


def _place_once(request: MarketRequest, basket: Basket, contact: Contact) -> Order:
    return placement.place(
        basket=basket,
        window_id=choosing.window(request),
        contact=contact,
        payment=entries.details(request).get("payment", ""),
        fingerprint=request.POST.get("fingerprint", ""),
        user=request.user,
        at=timezone.now(),
        terms_accepted=legal.texts(region=request.region),
        age_confirmed="age_confirmed" in request.POST,
        began_at=entries.began(request, what=_review_of(basket)),
        second_wanted=entries.second_wanted(request),
        numbers=entries.known_orders(request),
    )


def _kept(request: MarketRequest, basket: Basket, contents: Contents) -> Held | None:
    return keeping.kept(
        basket=basket,
        contents=contents,
        window_id=choosing.window(request),
        visitor=choosing.visitor(request),
        user=request.user,
        at=timezone.now(),
    )


def _keep_address(request: MarketRequest, contact: Contact) -> None:
    profiles.keep_first(
        user=request.user,
        first_name=contact.first_name,
        last_name=contact.last_name,
        phone=contact.phone,
        company=contact.company,
        municipality=None if contact.gift else contact.municipality,
    )
    if contact.street and not contact.gift and contact.municipality is not None:
        addresses.remember(
            user=request.user,
            street=contact.street,
            postal_code=contact.postal_code,
            municipality=contact.municipality,
            only_first=not entries.details(request).get("keep_address"),
        )


def _basket_under_review(request: MarketRequest) -> Basket | None:
    """The basket that the page showed, even if it has been ordered meanwhile; only the visitor's own."""
    try:
        pk = int(TOKEN.unsign(request.POST.get("basket", "")))
    except (signing.BadSignature, ValueError):
        return request.basket if request.basket.pk else None
    own, shared = (None, request.user.pk), visitors.shared_key(request)
    rows = Basket.objects.filter(pk=pk, region=request.region)
    return next((row for row in rows if row.owner_id in own or (shared and row.share_key == shared)), None)


def _review(request: MarketRequest, *, basket: Basket, problems: tuple[Problem, ...] | None = None) -> HttpResponseBase:
    at = timezone.now()
    entered = entries.details(request)
    contents = baskets.contents(basket=basket) if basket.status == Basket.OPEN else baskets.of_lines(lines=())
    kept = _kept(request, basket, contents)
    drawn = proposal.of_contents(
        contents=contents,
        window_id=choosing.window(request),
        region_id=basket.region_id,
        at=at,
        began_at=entries.began(request, what=_review_of(basket)),
        held=holdings.of_basket(kept=kept),
        chosen=selection.of_basket(basket_id=baskets.key_for_codes(basket=basket)) if contents.lines else (),
        person=Person(user_id=request.user.pk),
        door=entries.contact(request).door if entered else tariffs.door(municipality=villages.chosen(request)),
    )
    if problems is None and drawn.window and drawn.at >= drawn.window.round.cutoff_at:
        return redirect("checkout:delivery")
    found = of_proposal(proposal=drawn) if problems is None else problems
    if any(problem.code == "empty" for problem in found):
        messages.info(request, _("Your basket is empty."))
        return redirect("basket:summary")
    if not entered and problems is None:
        return redirect("checkout:details" if drawn.window else "checkout:delivery")
    if drawn.window and rounds.is_last_hour(delivery_round=drawn.window.round, at=at):
        entries.begin(request, what=_review_of(basket), at=at)
    context = {
        "proposal": drawn,
        "groups": pages.review_groups(proposal=drawn, problems=found),
        "rows": pages.sum_rows(proposal=drawn, net=pages.shows_net(user=request.user, region=request.region, at=at)),
        "is_estimate": pages.highest_total(drawn) is not None,
        "problems": found,
        "codes": {problem.code for problem in found},
        "window": drawn.window,
        "place": drawn.window.place if drawn.window else None,
        "kept_until": kept.expires_at if kept and kept.expires_at > at else None,
        "when": pages.when(drawn.window) if drawn.window else "",
        "cutoff": pages.cutoff(drawn.window) if drawn.window else "",
        "contact": entries.contact(request),
        "payment": PAYMENT_TEXTS.get(entered.get("payment", ""), ""),
        "basket_token": TOKEN.sign(str(basket.pk)),
        "steps": pages.steps("review"),
        "own_sellers": agencies.sellers(region_id=request.region.pk, partners=contents.producers, day=timezone.localdate(at)),
        "age_confirmed": "age_confirmed" in request.POST,
    }
    return render(request, "checkout/review.html", context, status=CONFLICT if problems else 200)


def _review_of(basket: Basket) -> str:
    """The last page before an order of this basket, as `entries.begin` names it."""
    return f"basket:{basket.pk}"
