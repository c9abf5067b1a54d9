"""Which customers got goods of a batch."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace.dashboard import batches as batch_register
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest


@office
@require_safe
def batches(request: MarketRequest) -> HttpResponse:
    """Who got what of the batch that is asked for; without one, the batches packed last."""
    asked = request.GET.get("charge", "").strip()[:40]
    page = {
        "section": "batches",
        "asked": asked,
        "lines": batch_register.lines(region=request.region, batch=asked) if asked else [],
        "recent": [] if asked else batch_register.recent(region=request.region),
    }
    return render(request, "office/batches.html", page)
