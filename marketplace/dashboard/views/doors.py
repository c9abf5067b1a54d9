"""The office puts doors on the map that are only known to be somewhere in their village."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from logistics import doors
from logistics.doors import Misplaced
from logistics.models import Delivery, DeliveryRound
from logistics.routing import Place
from marketplace.dashboard import door_map
from marketplace.regions import hosts
from marketplace.regions.access import office
from marketplace.regions.ground import sheets
from marketplace.regions.requests import MarketRequest


def _delivery(request: MarketRequest, pk: int) -> Delivery:
    rows = Delivery.objects.filter(round__region=request.region, kind=Delivery.Kind.HOME)
    return get_object_or_404(rows.select_related("round__region", "municipality", "order"), pk=pk)


def _span(told: str) -> float:
    """How far the picture goes; the middle one unless another of them is asked for."""
    return next((span for span in door_map.SPANS if f"{span:g}" == told), door_map.SPANS[1])


@office
@require_safe
def door_list(request: MarketRequest, pk: int) -> HttpResponse:
    """The doors of a round that have no position of their own."""
    delivery_round = get_object_or_404(DeliveryRound, region=request.region, pk=pk)
    page = {"section": "rounds", "round": delivery_round, "doors": doors.unplaced(delivery_round=delivery_round)}
    return render(request, "office/doors.html", page)


@office
def door(request: MarketRequest, pk: int) -> HttpResponseBase:
    """One door: put it on the map by a click on the picture, or by its coordinates."""
    delivery = _delivery(request, pk)
    span = _span(request.POST.get("span", "") or request.GET.get("umkreis", ""))
    error = ""
    if request.method == "POST":
        where = _where(request, delivery, span)
        try:
            if where is None:
                raise Misplaced(_("Please click on the map, or enter coordinates as in “54.4056, 9.7681”."))
            number = doors.place(delivery=delivery, where=where, at=timezone.now(), by=request.user)
        except Misplaced as refusal:
            error = str(refusal)
        else:
            messages.success(request, _said(number))
            return redirect("office:doors", pk=delivery.round_id)
    page = {
        "section": "rounds",
        "delivery": delivery,
        "placed": doors.is_placed(delivery=delivery),
        "span": f"{span:g}",
        "spans": [(f"{one:g}", f"{one:g}".replace(".", ",")) for one in door_map.SPANS],
        "side": door_map.SIDE,
        "told": request.POST.get("position", ""),
        "error": error,
    }
    return render(request, "office/door.html", page, status=422 if error else 200)


@office
@require_safe
def door_picture(request: MarketRequest, pk: int) -> HttpResponse:
    """The picture on which one clicks."""
    delivery = _delivery(request, pk)
    marks = [(Place(row.latitude, row.longitude), row.street, "door") for row in doors.neighbours(delivery=delivery)]
    villages = hosts.villages_of(region=request.region)
    marks += [(Place(village.latitude, village.longitude), village.name, "village") for village in villages]
    if doors.is_placed(delivery=delivery):
        marks.append((Place(delivery.latitude, delivery.longitude), delivery.street, "here"))
    sheet = door_map.sheet(middle=_middle(delivery), span=_span(request.GET.get("umkreis", "")), marks=marks)
    ground = sheets.svg(frame=sheet.frame, path=settings.MAP_TILES, known=frozenset(village.name for village in villages))
    return render(request, "office/door_picture.svg", {"sheet": sheet, "ground": ground or ""}, content_type="image/svg+xml")


def _middle(delivery: Delivery) -> Place:
    village = delivery.municipality
    return Place(village.latitude, village.longitude) if village else Place(delivery.latitude, delivery.longitude)


def _where(request: MarketRequest, delivery: Delivery, span: float) -> Place | None:
    """By coordinates if there are any, else by the click; a key pressed on the picture is no click."""
    if told := request.POST.get("position", "").strip():
        return doors.read(told=told)
    x, y = request.POST.get("at.x", ""), request.POST.get("at.y", "")
    if not (x.isdecimal() and y.isdecimal()) or (x, y) == ("0", "0"):
        return None
    return door_map.clicked(middle=_middle(delivery), span=span, x=min(int(x), door_map.SIDE), y=min(int(y), door_map.SIDE))


def _said(number: int) -> str:
    text = ngettext(
        "The door is on the map, also for later orders. Planned tours count with it once they are planned anew.",
        "The door is on the map for %(number)s deliveries and for later orders. Planned tours count with it once they are "
        "planned anew.",
        number,
    )
    return text % {"number": number}
