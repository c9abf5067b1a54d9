"""Calling an order off, without a login."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.checkout import cancellation
from marketplace.order import links
from marketplace.order.models import Order
from marketplace.regions.access import has_role, public
from marketplace.regions.models import Role
from marketplace.regions.requests import MarketRequest


@public
@require_POST
def cancel(request: MarketRequest) -> HttpResponseBase:
    """Call an order off, by the link that its page holds; the office does so where somebody withdraws before the delivery."""
    token = request.POST.get("order", "")
    try:
        number = links.read(token=token, today=timezone.localdate())
    except (links.BadLink, links.LinkExpired) as error:
        raise Http404 from error
    order = get_object_or_404(Order, number=number, region=request.region)
    by = request.user if request.user.is_authenticated else None
    by_market = order.user_id != request.user.pk and has_role(user=request.user, region=request.region, role=Role.OFFICE)
    try:
        cancellation.cancel(order=order, at=timezone.now(), by=by, by_market=by_market)
    except cancellation.NotCancelled as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your order %(number)s is cancelled. We send you an e-mail about it.") % {"number": number})
    if order.user_id is not None and order.user_id == request.user.pk:
        return redirect("customer:order", number=number)
    return redirect("customer:order_by_link", signed=token)
