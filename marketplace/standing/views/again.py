"""Ordering an earlier order once more, all of it or some."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from marketplace.checkout import drafts, open_orders
from marketplace.order.models import Order
from marketplace.regions.access import customer
from marketplace.regions.requests import MarketRequest
from marketplace.standing import reorders
from marketplace.standing.reorders import Again

#: more digits are no number of pieces
DIGITS = 4


@customer
@never_cache
def again(request: MarketRequest, number: str) -> HttpResponseBase:
    """What can be had again, with ticks and numbers; it goes into the basket, or with `into` to the open order."""
    mine = Order.objects.of_customer(request.user).filter(region=request.region).select_related("region")
    order = get_object_or_404(mine, number=number)
    at = timezone.now()
    rows, row = reorders.of_order(order=order, at=at, today=timezone.localdate())
    known = open_orders.of_visitor(user=request.user, numbers=(), region_id=request.region.pk, at=at) if row else []
    there = open_orders.for_round(orders=known, round_id=row.pk, second_wanted=()) if row else None
    if request.method == "POST":
        return _put(request, rows, there if "into" in request.POST else None)
    context = {
        "order": order,
        "rows": rows,
        "there": sum(one.is_there for one in rows),
        "round": row,
        "open_order": there,
    }
    return render(request, "standing/again.html", context)


def _put(request: MarketRequest, rows: list[Again], there: Order | None) -> HttpResponseBase:
    chosen = set(request.POST.getlist("article"))
    wanted = {one.product_id: _quantity(request, one.product_id) for one in rows if str(one.product_id) in chosen}
    result = reorders.put(basket=request.basket, wanted=wanted, rows=rows)
    for text in result.refused:
        messages.warning(request, text)
    if not result.added:
        messages.error(request, _("Please choose at least one article."))
        return redirect(request.get_full_path())
    told = ngettext("%(number)s article is in your basket.", "%(number)s articles are in your basket.", result.added)
    messages.success(request, told % {"number": result.added})
    if there is not None:
        drafts.begin_adding(request, order=there)
    return redirect("basket:summary")


def _quantity(request: MarketRequest, pk: int) -> int:
    text = request.POST.get(f"quantity_{pk}", "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else 0
