"""The office asks people to look after pickup points."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from logistics import pickup_hosts
from logistics.models import PickupHost, PickupPoint
from logistics.pickup_hosts import HostRefused
from marketplace.dashboard.forms.hosts import InviteForm, KeepingForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

UNPROCESSABLE = 422


@office
@require_safe
def host_list(request: MarketRequest) -> HttpResponse:
    """Every pickup point with who looks after it."""
    return _page(request)


@office
@require_POST
def invite(request: MarketRequest, pk: int) -> HttpResponse:
    """Ask somebody."""
    point = get_object_or_404(PickupPoint, pk=pk, region=request.region)
    form = InviteForm(request.POST, prefix=str(pk))
    if not form.is_valid():
        return _page(request, invited=(pk, form), status=UNPROCESSABLE)
    try:
        host = pickup_hosts.invite(pickup_point=point, email=form.cleaned_data["email"], at=timezone.now(), by=request.user)
    except HostRefused as refusal:
        form.add_error("email", str(refusal))
        return _page(request, invited=(pk, form), status=UNPROCESSABLE)
    messages.success(request, _("%(email)s gets a mail with the invitation.") % {"email": host.email})
    return redirect("office:hosts")


@office
@require_POST
def keep(request: MarketRequest, pk: int) -> HttpResponse:
    """How long goods wait there for whoever has not come."""
    point = get_object_or_404(PickupPoint, pk=pk, region=request.region)
    form = KeepingForm(request.POST, instance=point, prefix=f"keep-{pk}")
    if not form.is_valid():
        return _page(request, kept=(pk, form), status=UNPROCESSABLE)
    pickup_hosts.keep_for(pickup_point=point, hours=form.cleaned_data["kept_hours"], at=timezone.now(), by=request.user)
    messages.success(request, _("Saved."))
    return redirect("office:hosts")


@office
@require_POST
def remove(request: MarketRequest, pk: int) -> HttpResponse:
    """Somebody no longer looks after a point."""
    host = get_object_or_404(PickupHost.objects.select_related("pickup_point"), pk=pk, pickup_point__region=request.region)
    pickup_hosts.remove(host=host, at=timezone.now(), by=request.user)
    messages.success(request, _("%(email)s no longer looks after the pickup point.") % {"email": host.email})
    return redirect("office:hosts")


def _page(
    request: MarketRequest,
    *,
    invited: tuple[int, InviteForm] | None = None,
    kept: tuple[int, KeepingForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`invited` and `kept` are the forms that were refused, by the key of their point."""
    points = PickupPoint.objects.filter(region=request.region, is_active=True).prefetch_related("hosts__user")
    rows = [
        {
            "point": point,
            "hosts": sorted(point.hosts.all(), key=lambda host: host.email),
            "form": invited[1] if invited and invited[0] == point.pk else InviteForm(prefix=str(point.pk)),
            "keeping": kept[1] if kept and kept[0] == point.pk else KeepingForm(instance=point, prefix=f"keep-{point.pk}"),
        }
        for point in points.order_by("name", "pk")
    ]
    return render(request, "office/hosts.html", {"section": "rounds", "rows": rows}, status=status)
