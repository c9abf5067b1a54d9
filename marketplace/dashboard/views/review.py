"""How rounds went: on the page, on paper, and as a table for spreadsheets."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from logistics import round_review, savings
from logistics.models import DeliveryRound
from marketplace.core import spreadsheets
from marketplace.dashboard import review_table
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest


def _over(request: MarketRequest, pk: int) -> DeliveryRound:
    rows = DeliveryRound.objects.filter(region=request.region, status=DeliveryRound.Status.DONE)
    return get_object_or_404(rows.select_related("rule", "region", "savings"), pk=pk)


@office
@require_safe
def page(request: MarketRequest, pk: int) -> HttpResponse:
    """How a round went and what to change next time."""
    delivery_round = _over(request, pk)
    costs = savings.costs_of(region=request.region)
    kept = getattr(delivery_round, "savings", None)
    context = {
        "section": "rounds",
        "round": delivery_round,
        "review": round_review.of(delivery_round=delivery_round, costs=costs),
        "saved": savings.worth(savings=[kept], costs=costs) if kept else None,
    }
    return render(request, "office/review.html", context)


@office
@require_safe
def table(request: MarketRequest, pk: int) -> HttpResponse:
    """The same figures as a file."""
    delivery_round = _over(request, pk)
    costs = savings.costs_of(region=request.region)
    found = round_review.of(delivery_round=delivery_round, costs=costs)
    content = spreadsheets.file(rows=review_table.rows(delivery_round=delivery_round, review=found))
    name = f"rueckblick-{delivery_round.delivery_day:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=spreadsheets.CONTENT_TYPE, headers=headers)
