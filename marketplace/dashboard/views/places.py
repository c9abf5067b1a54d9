"""The office keeps the pickup points and the vehicles."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from logistics import places
from logistics.models import PickupPoint, Vehicle
from logistics.places import BadPlace
from marketplace.dashboard.forms.places import PickupPointForm, VehicleForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest


@office
@require_safe
def point_list(request: MarketRequest) -> HttpResponse:
    """All pickup points, those in use first."""
    rows = PickupPoint.objects.filter(region=request.region).select_related("municipality").order_by("-is_active", "name", "pk")
    return render(request, "office/points.html", {"section": "rounds", "points": rows})


@office
def point_new(request: MarketRequest) -> HttpResponseBase:
    """Enter a pickup point."""
    return _point(request, None)


@office
def point_page(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Change a pickup point."""
    return _point(request, get_object_or_404(PickupPoint, pk=pk, region=request.region))


@office
@require_safe
def vehicle_list(request: MarketRequest) -> HttpResponse:
    """All vehicles, those in use first."""
    rows = Vehicle.objects.filter(region=request.region).select_related("driver").order_by("-is_active", "name", "pk")
    return render(request, "office/vehicles.html", {"section": "rounds", "vehicles": rows})


@office
def vehicle_new(request: MarketRequest) -> HttpResponseBase:
    """Enter a vehicle."""
    return _vehicle(request, None)


@office
def vehicle_page(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Change a vehicle."""
    return _vehicle(request, get_object_or_404(Vehicle, pk=pk, region=request.region))


def _point(request: MarketRequest, point: PickupPoint | None) -> HttpResponseBase:
    name = point.name if point else ""
    form = PickupPointForm(request.POST or None, instance=point, region=request.region)
    if request.method == "POST" and form.is_valid():
        try:
            places.keep_point(point=form.point(), at=timezone.now(), by=request.user)
        except BadPlace as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The pickup point is saved. Open rounds follow at once."))
            return redirect("office:points")
    page = {"section": "rounds", "point": point, "name": name, "form": form}
    return render(request, "office/point_form.html", page, status=422 if form.is_bound else 200)


def _vehicle(request: MarketRequest, vehicle: Vehicle | None) -> HttpResponseBase:
    name = vehicle.name if vehicle else ""
    form = VehicleForm(request.POST or None, instance=vehicle, region=request.region)
    if request.method == "POST" and form.is_valid():
        try:
            places.keep_vehicle(vehicle=form.vehicle(), at=timezone.now(), by=request.user)
        except BadPlace as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The vehicle is saved. Open rounds follow at once."))
            return redirect("office:vehicles")
    page = {"section": "rounds", "vehicle": vehicle, "name": name, "form": form}
    return render(request, "office/vehicle_form.html", page, status=422 if form.is_bound else 200)
