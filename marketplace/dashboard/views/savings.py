"""What sharing saves, for the office and for the administration's own papers."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from logistics import savings
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


def _page(request: MarketRequest, form: RoadCostsForm) -> HttpResponse:
    told = request.GET.get("jahr", "")
    wanted = int(told) if told.isascii() and told.isdigit() and len(told) == 4 else None
    report = savings_report.year(region=request.region, wanted=wanted, today=timezone.localdate())
    page = {"section": "rounds", "report": report, "form": form}
    return render(request, "office/savings.html", page, status=422 if form.is_bound else 200)
