"""How rounds went and what sharing saves, for the office and for the administration's own papers."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from logistics import round_review, savings
from logistics.models import DeliveryRound
from marketplace.dashboard import savings_report
from marketplace.dashboard.forms.savings import RoadCostsForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest


@office
def savings_page(request: MarketRequest) -> HttpResponseBase:
    """A year with its rounds, and the figures that it is reckoned with."""
    costs = savings.costs_of(region=request.region)
    form = RoadCostsForm(request.POST or None, instance=costs)
    if request.method == "POST" and form.is_valid():
        savings.keep_costs(costs=form.save(commit=False), at=timezone.now(), by=request.user)
        messages.success(request, _("The figures are saved; the page reckons with them."))
        return redirect("office:savings")
    return _page(request, form)


@office
@require_safe
def review(request: MarketRequest, pk: int) -> HttpResponse:
    """How a round went and what to change next time."""
    over = DeliveryRound.objects.filter(region=request.region, status=DeliveryRound.Status.DONE)
    delivery_round = get_object_or_404(over.select_related("rule", "savings"), pk=pk)
    costs = savings.costs_of(region=request.region)
    kept = getattr(delivery_round, "savings", None)
    page = {
        "section": "rounds",
        "round": delivery_round,
        "review": round_review.of(delivery_round=delivery_round, costs=costs),
        "saved": savings.worth(savings=[kept], costs=costs) if kept else None,
    }
    return render(request, "office/review.html", page)


def _page(request: MarketRequest, form: RoadCostsForm) -> HttpResponse:
    told = request.GET.get("jahr", "")
    wanted = int(told) if told.isascii() and told.isdigit() and len(told) == 4 else None
    report = savings_report.year(region=request.region, wanted=wanted, today=timezone.localdate())
    page = {"section": "rounds", "report": report, "form": form}
    return render(request, "office/savings.html", page, status=422 if form.is_bound else 200)
