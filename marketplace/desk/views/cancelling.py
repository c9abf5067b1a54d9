"""Cancelling many orders at once: the office chooses them in its list, reads what happens, and sees what became of each."""

from functools import partial
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.dashboard import order_register
from marketplace.desk import bulk, tasks
from marketplace.desk.bulk import NotBegun
from marketplace.desk.forms import BulkCancelForm
from marketplace.desk.models import BulkCancellation
from marketplace.order.models import Order
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

UNPROCESSABLE = 422
#: an order's number is no longer
LONGEST = 40


@office
@never_cache
def cancel_orders(request: MarketRequest) -> HttpResponseBase:
    """Which orders, what happens with them, then all of them."""
    at, form = timezone.now(), BulkCancelForm(request.POST or None)
    numbers = _numbers(request)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("key", "reason", "tell", "restock")}
        try:
            return _begin(request, bulk.begin(region=request.region, numbers=numbers, at=at, by=request.user, **told))
        except NotBegun as refusal:
            form.add_error(None, str(refusal))
    chosen = bulk.look(region=request.region, numbers=numbers[: bulk.MOST + 1], at=at)
    if request.method != "POST" and not chosen.possible and not chosen.refused:
        messages.info(request, _("Please choose at least one order."))
        return redirect("office:orders")
    context = {
        "section": "orders",
        "chosen": chosen,
        "numbers": ",".join(numbers),
        "form": form,
        "key": _key(form),
        "too_many": len(numbers) > bulk.MOST,
        "most": bulk.MOST,
    }
    return render(request, "desk/cancel_orders.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@office
@never_cache
@require_safe
def cancelled_orders(request: MarketRequest, pk: int) -> HttpResponse:
    """How far it is, and which orders stand; once it is over, the page says so by itself."""
    row = get_object_or_404(BulkCancellation.objects.filter(region=request.region).select_related("by"), pk=pk)
    far = bulk.progress(bulk=row)
    context = {"section": "orders", "bulk": row, "progress": far}
    answer = render(request, "desk/cancelled_orders_state.html" if request.htmx else "desk/cancelled_orders.html", context)
    if request.htmx and far.is_over:
        answer["HX-Refresh"] = "true"
    return answer


def _begin(request: MarketRequest, row: BulkCancellation) -> HttpResponseBase:
    """A few at once, many in the background: there they are found, too, when nobody hurries."""
    if row.items.count() <= bulk.AT_ONCE:
        bulk.carry_on(bulk=row, at=timezone.now())
    else:
        transaction.on_commit(partial(tasks.cancel_in_bulk.delay), robust=True)
    return redirect("desk:cancelled_orders", row.pk)


def _numbers(request: MarketRequest) -> list[str]:
    """What was ticked, or all that the list has found; the page of certainty sends them joined."""
    if request.method == "POST":
        given = request.POST.get("numbers", "").split(",")
    elif "alle" in request.GET:
        asked = order_register.asked(query=request.GET)
        rows = order_register.find(region=request.region, **asked).filter(status=Order.Status.PLACED)
        given = list(rows.values_list("number", flat=True)[: bulk.MOST + 1])
    else:
        given = request.GET.getlist("nummer")
    return list(dict.fromkeys(number[:LONGEST] for number in given if number))[: bulk.MOST + 1]


def _key(form: BulkCancelForm) -> UUID:
    """The same while one form is corrected."""
    told = form.cleaned_data.get("key") if form.is_bound else None
    return told if isinstance(told, UUID) else uuid4()
