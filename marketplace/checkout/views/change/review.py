"""The last page of a change: what is new, what the whole order comes to, and the button."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from billing import payments
from marketplace.checkout import amendment, change_page, changes, drafts, entries, legal, pages, versions
from marketplace.checkout.forms import PAYMENT_TEXTS
from marketplace.checkout.problems import Problem, Refused
from marketplace.checkout.views.change import at_hand
from marketplace.checkout.views.change.at_hand import TooLate
from marketplace.order.models import Order
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest

CONFLICT = 409


@public
@never_cache
def review(request: MarketRequest, number: str) -> HttpResponseBase:
    """Everything once more; what keeps the order from being changed is said, and nothing is lost."""
    try:
        order = at_hand.order(request, number)
    except TooLate as too_late:
        return at_hand.refuse(request, too_late)
    if request.method == "POST":
        return _amend(request, order)
    if drafts.is_outdated(request, order=order):
        return redirect("change:goods", number=number)
    return _show(request, order=order)


def _amend(request: MarketRequest, order: Order) -> HttpResponseBase:
    seen = request.POST.get("revision", "")
    change = replace(drafts.change_of(request, order=order), revision=int(seen) if seen.isdecimal() else 0)
    try:
        amendment.amend(
            order=order,
            change=change,
            fingerprint=request.POST.get("fingerprint", ""),
            at=timezone.now(),
            by=request.user if request.user.is_authenticated else None,
            terms_accepted=legal.texts(region=request.region),
            age_confirmed="age_confirmed" in request.POST,
            began_at=entries.began(request, what=at_hand.review_of(order)),
            basket=request.basket if at_hand.basket_of(request, change) else None,
        )
    except Refused as refused:
        return _show(request, order=entries.own_order(request, order.number), problems=refused.problems)
    drafts.forget(request)
    messages.success(request, _("Your order %(number)s is changed. We send you a new confirmation.") % {"number": order.number})
    return at_hand.to_order(request, order)


def _show(request: MarketRequest, *, order: Order, problems: tuple[Problem, ...] | None = None) -> HttpResponseBase:
    at, name = timezone.now(), at_hand.review_of(order)
    change = drafts.change_of(request, order=order)
    proposal = changes.propose(
        order=order,
        change=change,
        at=at,
        began_at=entries.began(request, what=name),
        basket_id=at_hand.basket_of(request, change),
    )
    window = proposal.window
    if window is None:
        return redirect("change:delivery", number=order.number)
    difference = versions.difference(order=order, change=change, proposal=proposal)
    if not difference and problems is None:
        return redirect("change:goods", number=order.number)
    if at < min(window.round.cutoff_at, order.delivery.round.cutoff_at):
        entries.begin(request, what=name, at=at)
    found = amendment.problems(order=order, change=change, proposal=proposal) if problems is None else problems
    paid = payments.paid_ahead(order=order)
    context: dict[str, Any] = {
        "order": order,
        "proposal": proposal,
        "groups": pages.review_groups(proposal=proposal, problems=found),
        "rows": pages.sum_rows(proposal=proposal, net=pages.shows_net(user=request.user, region=request.region, at=at)),
        "is_estimate": pages.highest_total(proposal) is not None,
        "problems": found,
        "codes": {problem.code for problem in found},
        "difference": difference,
        "settlement": change_page.settlement(total=proposal.sums.total, method=change.payment, paid=paid),
        "window": window,
        "when": pages.when(window),
        "cutoff": pages.cutoff(window),
        "contact": change.contact,
        "payment": PAYMENT_TEXTS.get(change.payment, ""),  # type: ignore[call-overload]  # keyed by the text itself
        "age_confirmed": "age_confirmed" in request.POST,
    }
    return render(request, "checkout/change/review.html", context, status=CONFLICT if problems else 200)
