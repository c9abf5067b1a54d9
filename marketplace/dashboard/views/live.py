"""The office watches a round on the road."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from logistics import live
from logistics.models import DeliveryRound
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

#: while these last, something can still happen
WATCHED = (DeliveryRound.Status.CLOSED, DeliveryRound.Status.PLANNED, DeliveryRound.Status.UNDER_WAY)


@office
@never_cache
@require_safe
def board(request: MarketRequest, pk: int) -> HttpResponse:
    """Tours, what is wrong, and how much is done; the part that changes is fetched anew every 20 seconds."""
    closed = DeliveryRound.objects.filter(region=request.region, closed_at__isnull=False)
    delivery_round = get_object_or_404(closed.select_related("rule", "region"), pk=pk)
    now = timezone.now()
    page = {
        "section": "rounds",
        "round": delivery_round,
        "live": live.board(delivery_round=delivery_round, at=now),
        "watch": delivery_round.status in WATCHED,
        "now": now,
    }
    return render(request, "office/live.html#board" if request.htmx else "office/live.html", page)
