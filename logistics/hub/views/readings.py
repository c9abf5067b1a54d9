"""Temperatures on the goods' way: written down by whoever has the goods, judged at once, looked after by the office."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from logistics import reading_spots, readings
from logistics.hub.forms import ColdLimitsForm, ReadingForm
from logistics.models import DeliveryRound, Reading
from logistics.reading_spots import Spot
from logistics.readings import Judged, ReadingRefused
from logistics.tasks import tell_of_warm_goods
from marketplace.regions.access import office, sorter
from marketplace.regions.requests import MarketRequest

UNPROCESSABLE = 422


@sorter
def reading_page(request: MarketRequest, pk: int) -> HttpResponse:
    """Write down what the thermometer shows, in the hub, in a vehicle or at a farm; `?ort=` chooses the place."""
    delivery_round = _round(request, pk)
    spots = reading_spots.of(delivery_round=delivery_round)
    form = form_for(request, spots, initial=request.GET.get("ort", "hub"))
    if request.method == "POST" and taken(request, delivery_round, form, spots):
        return redirect("hub:readings", pk)
    return _page(request, delivery_round, form)


@sorter
@require_POST
def hold_back(request: MarketRequest, pk: int, uuid: UUID) -> HttpResponse:
    """The boxes that were too warm are handed to nobody."""
    reading = get_object_or_404(Reading, pk=uuid, round=_round(request, pk))
    number = readings.hold_back(reading=reading, at=timezone.now(), by=request.user)
    text = ngettext("%(number)s box is held back.", "%(number)s boxes are held back.", number)
    messages.success(request, text % {"number": number})
    return redirect("hub:readings", pk)


@office
def limits(request: MarketRequest) -> HttpResponse:
    """How warm goods may be."""
    kept = readings.limits_of(region=request.region)
    form = ColdLimitsForm(request.POST or None, instance=kept)
    if request.method == "POST" and form.is_valid():
        readings.keep_limits(limits=form.save(commit=False), at=timezone.now(), by=request.user)
        messages.success(request, _("The limits are saved."))
        return redirect("hub:limits")
    return render(request, "hub/limits.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else 200)


def form_for(request: HttpRequest, spots: list[Spot], *, initial: str = "") -> ReadingForm:
    """An empty form for these places, or what was sent."""
    choices = [(spot.key, spot.label) for spot in spots]
    return ReadingForm(request.POST or None, spots=choices, initial={"spot": initial, "uuid": uuid4()})


def taken(request: MarketRequest, delivery_round: DeliveryRound, form: ReadingForm, spots: list[Spot]) -> bool:
    """Take in what was sent and say at once whether it is too warm; False when it cannot be."""
    if not form.is_valid():
        return False
    told: dict[str, Any] = form.cleaned_data
    spot = next(spot for spot in spots if spot.key == told["spot"])
    now = timezone.now()
    try:
        judged = readings.note(
            delivery_round=delivery_round,
            uuid=told["uuid"],
            storage=told["storage"],
            tenths=told["degrees"],
            measured_at=now,
            received_at=now,
            by=request.user,
            **spot.named,
        )
    except ReadingRefused as refusal:
        form.add_error("degrees", str(refusal))
        return False
    _say(request, judged)
    return True


def _say(request: MarketRequest, judged: Judged) -> None:
    if judged.too_warm:
        tell_of_warm_goods.delay()
        messages.error(request, _("Too warm. %(text)s. Please cool at once and call the office.") % {"text": judged.text})
    else:
        messages.success(request, _("Written down: cold enough."))


def _round(request: MarketRequest, pk: int) -> DeliveryRound:
    rows = DeliveryRound.objects.filter(region=request.region, closed_at__isnull=False).select_related("region", "rule")
    return get_object_or_404(rows, pk=pk)


def _page(request: MarketRequest, delivery_round: DeliveryRound, form: ReadingForm) -> HttpResponse:
    found = readings.of_round(delivery_round=delivery_round)
    warm = [
        {"judged": judged, "boxes": list(readings.boxes_concerned(reading=judged.reading))} for judged in found if judged.open
    ]
    page = {"round": delivery_round, "section": "readings", "form": form, "found": found, "warm": warm}
    return render(request, "hub/readings.html", page, status=UNPROCESSABLE if form.is_bound else 200)
