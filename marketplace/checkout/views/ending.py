"""Calling an order off, and withdrawing from a contract; both without a login."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from marketplace.checkout import cancellation
from marketplace.checkout.forms import WithdrawalForm
from marketplace.order import links, withdrawals
from marketplace.order.models import Order
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest

UNPROCESSABLE = 422


@public
@require_POST
def cancel(request: MarketRequest) -> HttpResponseBase:
    """Call an order off, by the link that its page holds."""
    token = request.POST.get("order", "")
    try:
        number = links.read(token=token, today=timezone.localdate())
    except (links.BadLink, links.LinkExpired) as error:
        raise Http404 from error
    order = get_object_or_404(Order, number=number, region=request.region)
    try:
        cancellation.cancel(order=order, at=timezone.now(), by=request.user if request.user.is_authenticated else None)
    except cancellation.NotCancelled as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your order %(number)s is cancelled. We send you an e-mail about it.") % {"number": number})
    if order.user_id is not None and order.user_id == request.user.pk:
        return redirect("customer:order", number=number)
    return redirect("customer:order_by_link", signed=token)


@public
@never_cache
def withdraw(request: MarketRequest) -> HttpResponseBase:
    """Withdraw from a contract without a login: enter, check, confirm; the receipt follows by mail (section 356a BGB)."""
    form = WithdrawalForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        declaration = context["declaration"] = withdrawals.Declaration(**form.cleaned_data)
        if "confirmed" in request.POST:
            context["entry"] = withdrawals.declare(region=request.region, declaration=declaration, at=timezone.now())
    return render(request, "checkout/withdraw.html", context, status=UNPROCESSABLE if form.errors else 200)
