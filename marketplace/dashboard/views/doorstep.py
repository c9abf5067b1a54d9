"""The office books what was to be paid at the door and is not booked yet."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import payments
from billing.models import OrderTerms
from logistics.models import Delivery
from marketplace.core import wording
from marketplace.dashboard import doorstep_register
from marketplace.dashboard.forms.handovers import DoorstepForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

PAGE = 20


@office
@require_safe
def doorstep(request: MarketRequest) -> HttpResponse:
    """Who has the goods and has not paid, the oldest first."""
    return _page(request)


@office
@require_POST
def settle(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Book the whole amount of one delivery, in cash or by card."""
    completed = Delivery.objects.filter(round__region=request.region, status=Delivery.Status.COMPLETED)
    delivery = get_object_or_404(completed.filter(order__terms__method=OrderTerms.Method.HANDOVER), pk=pk)
    form = DoorstepForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say whether it was paid in cash or by card."))
        return _page(request, status=422)
    payment = payments.settle_handover(delivery=delivery, method=form.cleaned_data["method"], at=timezone.now())
    if payment is None:
        messages.info(request, _("Nothing is owed for this order any more."))
    else:
        booked = {"amount": wording.euro(payment.amount), "method": payment.get_method_display()}
        messages.success(request, _("Booked: %(amount)s, %(method)s.") % booked)
    return redirect("office:doorstep")


def _page(request: MarketRequest, *, status: int = 200) -> HttpResponse:
    page = Paginator(payments.open_handovers(region=request.region), PAGE).get_page(request.GET.get("page"))
    context = {"section": "documents", "page": page, "rows": doorstep_register.owed(deliveries=list(page.object_list))}
    return render(request, "office/doorstep.html", context, status=status)
