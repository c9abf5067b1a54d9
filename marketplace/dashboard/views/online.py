"""The office sees what was paid online, what failed, and what of the provider's account does not fit the books."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing.models import ProviderMovement, ProviderPayout
from billing.online import connection, movements, overview
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

PAGE = 30


@office
@require_safe
def online(request: MarketRequest) -> HttpResponse:
    """Duties first, then the account with the provider, then every payment."""
    region = request.region
    on_the_way = ProviderPayout.objects.filter(region=region, entry__isnull=True).order_by("arrives_on", "pk")
    context = {
        "section": "online",
        "offered": connection.is_offered(region=region),
        "failed": overview.failed(region=region),
        "disputes": overview.disputes(region=region),
        "unfitting": movements.unfitting(region=region)[:PAGE],
        "balance": movements.balance(region=region),
        "on_the_way": on_the_way,
        "page": Paginator(overview.payments(region=region), PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "office/online.html", context)


@office
@require_POST
def settle(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Somebody knows what a line was."""
    movement = get_object_or_404(ProviderMovement, pk=pk, region=request.region)
    movements.settle(movement=movement, at=timezone.now(), by=request.user)
    messages.success(request, _("Noted: this line is explained."))
    return redirect("office:online")
