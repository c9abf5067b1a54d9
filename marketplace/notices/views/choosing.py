"""Choosing notices one by one, asking for one beside an order, and stopping them by the link in a mail."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from marketplace.notices import choices, links
from marketplace.notices.models import Kind
from marketplace.order import links as order_links
from marketplace.order.models import Order
from marketplace.regions.access import customer, public
from marketplace.regions.requests import MarketRequest

GONE = 410


@customer
@never_cache
def index(request: MarketRequest) -> HttpResponse:
    """Every kind of notice with a tick, and what is sent in any case."""
    if request.method == "POST":
        wanted = set(request.POST.getlist("kind"))
        for yes in (True, False):
            kinds = [kind for kind in Kind if (kind in wanted) == yes]
            choices.choose(region=request.region, kinds=kinds, wanted=yes, at=timezone.now(), user_id=request.user.pk)
        messages.success(request, _("Your choice is saved."))
        return redirect("notices:choices")
    context = {
        "choices": choices.of(region=request.region, user=request.user),
        "mandatory": choices.MANDATORY,
        "crumbs": [
            {"label": _("My account"), "url": reverse("customer:overview")},
            {"label": _("Notices"), "url": ""},
        ],
    }
    return render(request, "notices/choices.html", context)


@public
@require_POST
def ask_how_it_was(request: MarketRequest) -> HttpResponse:
    """Be asked after the delivery how the goods were, for whoever holds the link of the order."""
    signed = request.POST.get("link", "")
    try:
        number = order_links.read(token=signed, today=timezone.localdate())
    except (order_links.LinkExpired, order_links.BadLink) as error:
        raise Http404 from error
    order = get_object_or_404(Order.objects.filter(region=request.region).select_related("user"), number=number)
    choices.choose(
        region=request.region,
        kinds=[Kind.REVIEW],
        wanted=True,
        at=timezone.now(),
        user_id=order.user_id,
        email=order.guest_email,
    )
    messages.success(request, _("We write to you some days after the delivery."))
    mine = order.user_id is not None and order.user_id == request.user.pk
    return redirect("customer:order", number) if mine else redirect("customer:order_by_link", signed)


@csrf_exempt
@public
@never_cache
def stop(request: MarketRequest, signed: str) -> HttpResponse:
    """Stop what a mail told. Mail programs post here by themselves when somebody presses their button (RFC 8058)."""
    try:
        wish = links.stopped(signed=signed)
    except links.LinkExpired:
        return render(request, "notices/expired.html", status=GONE)
    except links.BadLink as error:
        raise Http404 from error
    if wish.region_id != request.region.pk:
        raise Http404("of another region")
    kinds = [kind for kind in Kind if kind in wish.kinds]
    if request.method == "POST":
        choices.choose(
            region=request.region, kinds=kinds, wanted=False, at=timezone.now(), user_id=wish.user_id, email=wish.email
        )
    context = {"kinds": [kind.label for kind in kinds], "done": request.method == "POST", "has_account": bool(wish.user_id)}
    return render(request, "notices/stop.html", context)
