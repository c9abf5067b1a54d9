"""The first page of a change: the articles of an order, more, fewer or none of each, and what it comes to."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from logistics import choosing, reservations
from marketplace.basket import baskets
from marketplace.checkout import amendment, change_page, changes, drafts, entries, pages, versions
from marketplace.checkout.forms import PAYMENT_TEXTS
from marketplace.checkout.views.change import at_hand
from marketplace.checkout.views.change.at_hand import TooLate
from marketplace.order import links
from marketplace.order.models import Order
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest

GONE = 410
#: more digits are no number of pieces
DIGITS = 4


@public
@never_cache
@require_safe
def by_link(request: MarketRequest, signed: str) -> HttpResponseBase:
    """From the mail: whoever holds the link of an order may change it without a login."""
    try:
        number = links.read(token=signed, today=timezone.localdate())
    except links.LinkExpired:
        return render(request, "customers/link_expired.html", status=GONE)
    except links.BadLink as error:
        raise Http404 from error
    found = Order.objects.filter(number=number, region=request.region).first()
    if found is None:
        raise Http404
    entries.remember(request, found)
    return redirect("change:goods", number=number)


@public
@never_cache
@require_safe
def goods(request: MarketRequest, number: str) -> HttpResponseBase:
    """Everything that can be changed, on one page."""
    try:
        order = at_hand.order(request, number)
    except TooLate as too_late:
        return at_hand.refuse(request, too_late)
    outdated = drafts.is_outdated(request, order=order)
    return _show(request, order=order, outdated=outdated)


@public
@require_POST
def article(request: MarketRequest, number: str, pk: int) -> HttpResponseBase:
    """Another number of one article; − and + send a step beside it when there are no scripts."""
    try:
        order = at_hand.order(request, number)
    except TooLate as too_late:
        return at_hand.refuse(request, too_late)
    outdated = drafts.is_outdated(request, order=order) or request.GET.get("revision") != str(order.revision)
    quantity = _quantity(request)
    if pk not in drafts.change_of(request, order=order).wanted:
        raise Http404
    problem = ""
    if 0 <= quantity <= baskets.MOST:
        drafts.want(request, order=order, product_id=pk, quantity=quantity)
    else:
        problem = _("Please choose a number from 0 to %(most)s.") % {"most": baskets.MOST}
    if request.htmx:
        return _show(request, order=order, outdated=outdated, problem=problem, part=True)
    if problem or outdated:
        messages.error(request, problem or _outdated())
    return redirect("change:goods", number=number)


@public
@require_POST
def wish(request: MarketRequest, number: str, pk: int) -> HttpResponseBase:
    """What to do when an article is missing, and a note to its farm; part of the change that is confirmed at the end."""
    try:
        order = at_hand.order(request, number)
    except TooLate as too_late:
        return at_hand.refuse(request, too_late)
    drafts.is_outdated(request, order=order)
    if not drafts.change_of(request, order=order).wanted.get(pk):
        raise Http404
    told = {"substitution": request.POST.get("substitution", ""), "note": request.POST.get("note", "")}
    try:
        drafts.wish(request, order=order, product_id=pk, **told)
    except baskets.NotAdded as refused:
        messages.error(request, str(refused))
    return redirect(reverse("change:goods", args=[number]) + f"#line-{pk}")


@public
@require_POST
def collect(request: MarketRequest, number: str) -> HttpResponseBase:
    """Off to the market: it shows what is on offer for the order's day, and what is put into the basket is for the order."""
    try:
        order = at_hand.order(request, number)
    except TooLate as too_late:
        return at_hand.refuse(request, too_late)
    drafts.begin_adding(request, order=order)
    choosing.choose(request, window_id=order.delivery.window_id, round_id=order.delivery.round_id)
    return redirect("catalogue:index")


@public
@require_POST
def join(request: MarketRequest, number: str) -> HttpResponseBase:
    """What lies in the basket is added to the order, which is changed only when that is confirmed."""
    try:
        order = at_hand.order(request, number)
    except TooLate as too_late:
        return at_hand.refuse(request, too_late)
    drafts.is_outdated(request, order=order)
    drafts.add(request, order=order, contents=baskets.contents(basket=request.basket))
    drafts.end_adding(request)
    if request.basket.pk:
        reservations.release(basket=request.basket)
    return redirect("change:goods", number=number)


@public
@require_POST
def drop(request: MarketRequest, number: str) -> HttpResponseBase:
    """Leave the order as it is; what is in the basket stays there."""
    order = entries.own_order(request, number)
    drafts.forget(request)
    messages.info(request, _("Your order stays as it was."))
    return at_hand.to_order(request, order)


def _show(request: MarketRequest, *, order: Order, outdated: bool, problem: str = "", part: bool = False) -> HttpResponseBase:
    at = timezone.now()
    change = drafts.change_of(request, order=order)
    proposal = changes.propose(
        order=order,
        change=change,
        at=at,
        began_at=entries.began(request, what=at_hand.review_of(order)),
        basket_id=at_hand.basket_of(request, change),
    )
    problems = amendment.problems(order=order, change=change, proposal=proposal)
    window = proposal.window or order.delivery.window
    context: dict[str, Any] = {
        "order": order,
        "groups": change_page.groups(order=order, change=change, proposal=proposal, problems=problems),
        "problems": [found for found in problems if found.product_id is None],
        "is_wrong": bool(problems),
        "difference": versions.difference(order=order, change=change, proposal=proposal),
        "rows": pages.sum_rows(proposal=proposal, net=pages.shows_net(user=request.user, region=request.region, at=at)),
        "vouchers": proposal.vouchers,
        "total": proposal.sums.total,
        "is_estimate": pages.highest_total(proposal) is not None,
        "window": window,
        "when": pages.when(window),
        "cutoff": pages.cutoff(order.delivery.window),
        "contact": change.contact,
        "payment": PAYMENT_TEXTS.get(change.payment, ""),  # type: ignore[call-overload]  # keyed by the text itself
        "link": links.sign(order=order),
        "outdated": _outdated() if outdated else "",
        "problem": problem,
        "fragment": part,
    }
    template = "checkout/change/goods.html"
    return render(request, f"{template}#change-part" if part else template, context)


def _quantity(request: MarketRequest) -> int:
    """What was typed, one more or less with a step, none with "remove"; nonsense is -1."""
    if "remove" in request.POST:
        return 0
    text = request.POST.get("quantity", "").strip()
    typed = int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else None
    if typed is None:
        return -1
    return max(0, typed + {"1": 1, "-1": -1}.get(request.POST.get("step", ""), 0))


def _outdated() -> str:
    return _(
        "This order has been changed in the meantime, perhaps in another window. Here is how it stands now, with your wishes."
    )
