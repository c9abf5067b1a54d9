"""Filling a basket by typing letters: the search, what fits with price and stock, and what is in the basket so far."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.basket import baskets
from marketplace.basket.baskets import MOST, NotAdded
from marketplace.basket.models import Line
from marketplace.catalogue.models import Product
from marketplace.checkout import open_orders, pages, proposal
from marketplace.desk import articles, callers, entries, numbers, taking
from marketplace.desk.models import Caller
from marketplace.desk.views.calling import caller_of
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest
from marketplace.shop import basket_page, offered
from marketplace.shop.offered import Offered
from marketplace.vouchers.standing import Person

#: longer texts are no name of an article; more digits no number of pieces, or no key
LONGEST, DIGITS, KEY_DIGITS = 60, 4, 18


@office
@require_safe
def order(request: MarketRequest, pk: int) -> HttpResponse:
    """The caller's page. With `q` it shows what fits; a script asks for that part alone while one types."""
    caller = caller_of(request, pk)
    at, text = timezone.now(), request.GET.get("q", "")[:LONGEST]
    if "runde" in request.GET:
        entries.tell(request, caller=caller, round=key_of(request.GET["runde"]), window=None)
    rounds = rounds_for(request, caller)
    sight = callers.sight(caller=caller)
    offers = articles.find(region=request.region, text=text, rounds=rounds, at=at, sight=sight)
    context: dict[str, Any] = {"section": "desk", "caller": caller, "q": text, "offers": offers, "rounds": rounds}
    # htmx would take the focus away from who is still typing
    context |= {"add_url": reverse("desk:add", args=[caller.pk]), "ready": not request.htmx}
    if request.htmx:
        return render(request, "desk/order.html#offers", context)
    basket = taking.basket_of(caller=caller)
    drawn = proposal.draw_up(basket=basket, window_id=None, at=at, person=Person(user_id=caller.user_id), sight=sight)
    orders = list(taking.orders_of(caller=caller).prefetch_related("lines")[: taking.EARLIER])
    there = [row for row in _open(orders, request) if rounds.current and row.delivery.round_id == rounds.current.pk]
    context |= {
        "phone": numbers.shown(number=caller.number),
        "drawn": drawn,
        "groups": _groups(drawn),
        "vouchers": basket_page.voucher_rows(drawn.vouchers),
        "off": drawn.vouchers.amount,
        "orders": orders,
        "there": there,
        "last_calls": caller.calls.select_related("by").order_by("-at", "-pk")[:3],
    }
    return render(request, "desk/order.html", context)


@office
@require_POST
def add(request: MarketRequest, pk: int) -> HttpResponseBase:
    """So many of an article more; back to the search, ready for the next one."""
    caller = caller_of(request, pk)
    sight = callers.sight(caller=caller)
    shown = Product.objects.on_show(request.region, sight=sight)
    product = get_object_or_404(shown, pk=key_of(request.POST.get("product", "")))
    wanted = number_of(request.POST.get("quantity", ""))
    try:
        line = baskets.add(basket=taking.keep_basket(caller=caller), product=product, quantity=wanted, sight=sight)
    except NotAdded as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('desk:caller', args=[pk])}?{urlencode({'q': request.POST.get('q', '')[:LONGEST]})}")
    messages.success(request, _("%(quantity)s × %(title)s") % {"quantity": line.quantity, "title": product.title})
    return redirect("desk:caller", pk=pk)


@office
@require_POST
def quantity(request: MarketRequest, pk: int, line_pk: int) -> HttpResponseBase:
    """Another number of what is in the basket; 0 takes it out."""
    caller = caller_of(request, pk)
    line = get_object_or_404(Line.objects.select_related("basket", "product"), pk=line_pk, basket=caller.basket_id or 0)
    wanted = number_of(request.POST.get("quantity", ""), least=0)
    try:
        baskets.change(line=line, quantity=wanted, sight=callers.sight(caller=caller))
    except NotAdded as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:caller", pk=pk)


@office
@require_POST
def again(request: MarketRequest, pk: int, number: str) -> HttpResponseBase:
    """Like last time: what can be had of it goes into the basket."""
    caller = caller_of(request, pk)
    earlier = get_object_or_404(taking.orders_of(caller=caller), number=number)
    told = taking.again(caller=caller, order=earlier, rounds=rounds_for(request, caller), at=timezone.now())
    for sentence in told:
        messages.warning(request, sentence)
    if not told:
        messages.success(request, _("Everything of that order is in the basket."))
    return redirect("desk:caller", pk=pk)


def rounds_for(request: MarketRequest, caller: Caller) -> Offered:
    """The delivery day that is spoken of, and the others that are open."""
    chosen = entries.told(request, caller=caller).get("round")
    return offered.offered(region=request.region, at=timezone.now(), chosen_round=chosen)


def number_of(text: str, *, least: int = 1) -> int:
    """What was typed as a number of pieces; nothing is `least`, nonsense is more than anybody can order."""
    told = text.strip()
    if not told:
        return least
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= DIGITS else MOST + 1


def key_of(text: str) -> int:
    """The key of a row; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= KEY_DIGITS else 0


def _groups(drawn: proposal.Proposal) -> list[dict[str, Any]]:
    """The basket by producer, with what is missing for a minimum."""
    return [
        {
            "name": group.partner.name,
            "missing": group.minimum_text,
            "lines": [
                {
                    "pk": line.line.pk,
                    "title": drawn.titles[line.product.pk],
                    "quantity": line.quantity,
                    "price": pages.price_text(line),
                    "note": pages.note_text(line),
                    "total": line.line_total,
                }
                for line in group.lines
            ],
        }
        for group in drawn.contents.groups
    ]


def _open(orders: list[Any], request: MarketRequest) -> list[Any]:
    """Those that can still be changed."""
    numbers_of = [row.number for row in orders]
    at, here = timezone.now(), request.region.pk
    return open_orders.of_visitor(user=None, numbers=numbers_of, region_id=here, at=at, only_changeable=False)
