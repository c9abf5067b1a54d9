"""Pages around paying online: what is to be paid, the way to the provider's page and back, and what the provider reports."""

import logging
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from billing import tasks
from billing.models import OnlinePayment
from billing.online import connection, following, links, opening, reports
from billing.online.links import Target
from billing.online.provider import NotPossible, Provider, Unreachable
from marketplace.order import links as order_links
from marketplace.order.models import Order
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest

log = logging.getLogger(__name__)
LARGEST_REPORT = 512 * 1024
UNAVAILABLE = 503


@public
@never_cache
@require_safe
def pay(request: MarketRequest, signed: str) -> HttpResponseBase:
    """What is to be paid, and the link to the provider's page; for whoever holds the link."""
    return _page(request, signed, _target(request, signed))


@public
@never_cache
@require_safe
def go(request: MarketRequest, signed: str) -> HttpResponseBase:
    """On to the provider's page: asked for twice, it is the same one."""
    target = _target(request, signed)
    provider = _provider(request)
    back, leave = (request.build_absolute_uri(reverse(f"billing:{name}", args=[signed])) for name in ("pay_back", "pay"))
    try:
        return redirect(opening.page_for(target=target, provider=provider, at=timezone.now(), back=back, leave=leave))
    except opening.NothingToPay as nothing:
        messages.info(request, str(nothing))
        return redirect("billing:pay", signed)
    except (Unreachable, NotPossible) as trouble:
        log.warning("No page for paying %s: %s", target.number, trouble)
        text = _("The payment service does not answer at the moment. Nothing was taken. Please try again in a minute.")
        return _page(request, signed, target, problem=text)


@public
@never_cache
@require_safe
def back(request: MarketRequest, signed: str) -> HttpResponseBase:
    """Back from the provider, who is asked whether it was paid: the address alone says nothing."""
    target = _target(request, signed)
    known = opening.live(target=target)
    if known is not None:
        try:
            known = following.follow(payment=known, provider=_provider(request), at=timezone.now())
        except (Unreachable, NotPossible):
            text = _("The payment service does not answer at the moment. As soon as it does, your payment appears here.")
            return _page(request, signed, target, problem=text)
    if isinstance(target, Order) and known is not None and known.status != OnlinePayment.Status.OPENED:
        return redirect("checkout:paid", signed)
    return redirect("billing:pay", signed)


@csrf_exempt
@public
@require_POST
def report(request: MarketRequest) -> HttpResponse:
    """What the provider reports: signed, kept first, answered at once; a task asks the provider about it."""
    payload = request.body
    if len(payload) > LARGEST_REPORT:
        return HttpResponse(status=413)
    try:
        connection.check(payload=payload, signature=request.headers.get("Stripe-Signature", ""))
        is_new = reports.store(payload=payload, at=timezone.now())
    except (connection.Forged, reports.NoReport):
        return HttpResponse(status=400)
    if is_new:
        tasks.follow_online_payments.delay()
    return HttpResponse(status=200)


def _target(request: MarketRequest, signed: str) -> Target:
    found = links.read(signed=signed, region=request.region)
    if found is None:
        raise Http404("nothing to pay")
    return found


def _provider(request: MarketRequest) -> Provider:
    provider = connection.of(region=request.region)
    if provider is None:
        raise Http404("not offered here")
    return provider


def _page(request: MarketRequest, signed: str, target: Target, *, problem: str = "") -> HttpResponse:
    known = opening.live(target=target)
    due = opening.due(target=target, today=timezone.localdate())
    more = due.way == OnlinePayment.Way.MORE
    held = known is not None and known.status != OnlinePayment.Status.OPENED and not more
    order = target if isinstance(target, Order) else None
    context: dict[str, Any] = {
        "signed": signed,
        "number": target.number,
        "order": order,
        "order_link": order_links.sign(order=order) if order is not None else "",
        "due": due,
        "is_paid": bool(due.done) or held,
        "done": due.done or _("You have paid. Thank you!"),
        "offered": connection.is_offered(region=request.region),
        "until": order.terms.unpaid_until if order is not None else None,
        "problem": problem,
    }
    return render(request, "billing/pay.html", context, status=UNAVAILABLE if problem else 200)
