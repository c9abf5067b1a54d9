"""What a producer was credited, and the word against it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing import journal, settlements
from billing.models import Invoice
from billing.settlements import ObjectionRefused
from marketplace.dashboard.forms.profiles import ObjectionForm
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.regions.requests import MarketRequest

PAGE = 24


@producer
@require_safe
def settlement_list(request: MarketRequest, *, partner: Partner) -> HttpResponse:
    """All credit notes, the newest first, with their files."""
    page = Paginator(settlements.for_partner(partner), PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "settlements",
        "partner": partner,
        "page": page,
        "owed": journal.balance(partner=partner),
    }
    return render(request, "dashboard/settlements.html", context)


@producer
def objection(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """The producer does not accept a credit note."""
    rows = settlements.for_partner(partner).filter(kind=Invoice.Kind.SELF_BILLED)
    settlement = get_object_or_404(rows, pk=pk)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            settlements.objection(settlement=settlement, at=timezone.now(), by=request.user, text=form.cleaned_data["text"])
        except ObjectionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your objection is with the office. Nothing is paid out on this credit note for now."))
        return redirect("dashboard:settlements")
    page = {"section": "settlements", "partner": partner, "settlement": settlement, "form": form}
    return render(request, "dashboard/objection.html", page, status=422 if form.is_bound else 200)
