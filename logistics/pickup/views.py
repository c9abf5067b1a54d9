"""The phone of whoever hands goods out at a pickup point: what comes, what is here, who fetches it."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from logistics import empties, empties_page, pickup_hosts, reading_spots, shelf
from logistics.deliveries import HandoverRefused
from logistics.empties import ReturnRefused
from logistics.forms import PROBLEMS
from logistics.hub.views import readings as reading_pages
from logistics.models import Box, Delivery, DeliveryRound, PickupPoint
from logistics.pickup.access import host
from logistics.pickup.forms import HandOutForm
from logistics.pickup_hosts import HostRefused
from logistics.shelf import Parcel, ShelfRefused, State
from marketplace.core.transitions import ForbiddenTransition
from marketplace.regions.access import customer
from marketplace.regions.requests import MarketRequest

GONE, CONFLICT, UNPROCESSABLE = 410, 409, 422


@customer
def invitation(request: MarketRequest, token: str) -> HttpResponseBase:
    """Say yes to looking after a pickup point."""
    found = pickup_hosts.read(token=token, region=request.region)
    if found is None:
        return render(request, "pickup/invitation_over.html", status=GONE)
    if request.method == "POST":
        try:
            pickup_hosts.accept(host=found, user=request.user, at=timezone.now())
        except HostRefused as refusal:
            messages.error(request, str(refusal))
            return render(request, "pickup/invitation_over.html", status=CONFLICT)
        messages.success(request, _("Thank you! This is your page for the days on which goods come."))
        return redirect("pickup:point", found.pickup_point.slug)
    return render(request, "pickup/invitation.html", {"point": found.pickup_point})


@host
@require_safe
def home(request: MarketRequest, *, point: PickupPoint) -> HttpResponse:
    """The points that somebody looks after; straight on where it is only one."""
    mine = pickup_hosts.points(user=request.user, region=request.region)
    return redirect("pickup:point", point.slug) if mine.count() == 1 else render(request, "pickup/home.html", {"points": mine})


@host
@require_safe
def point_page(request: MarketRequest, *, point: PickupPoint) -> HttpResponse:
    """What comes and what is here; `?q=` finds somebody by code, square code or name."""
    told = request.GET.get("q", "")[:250]
    by_link = shelf.find_by_link(pickup_point=point, told=told) if told else None
    if by_link is not None:
        return redirect("pickup:hand_out", point.slug, by_link.pk)
    found = shelf.parcels(pickup_point=point, today=timezone.localdate())
    shown = shelf.find(found=found, told=told) if told else found
    if told and len(shown) == 1:
        return redirect("pickup:hand_out", point.slug, shown[0].delivery_id)
    if told and not shown:
        messages.error(request, _("Nobody here with “%(told)s”.") % {"told": told[:40]})
    page = {
        "point": point,
        "days": list(_days(shown or found)),
        "q": told,
        "today": timezone.localdate(),
        "several": pickup_hosts.points(user=request.user, region=request.region).count() > 1,
    }
    return render(request, "pickup/point.html", page)


@host
@require_POST
def all_arrived(request: MarketRequest, round_pk: int, *, point: PickupPoint) -> HttpResponse:
    """Everything of a day is on the shelf."""
    delivery_round = get_object_or_404(DeliveryRound, pk=round_pk, region=request.region, closed_at__isnull=False)
    number = shelf.all_arrived(pickup_point=point, delivery_round=delivery_round, at=timezone.now(), by=request.user)
    text = ngettext("%(number)s box is ticked off.", "%(number)s boxes are ticked off.", number)
    messages.success(request, text % {"number": number})
    return redirect("pickup:point", point.slug)


@host
@require_POST
def box(request: MarketRequest, pk: int, *, point: PickupPoint) -> HttpResponse:
    """One box is here, or is not."""
    mine = Box.objects.filter(delivery__in=shelf.at_point(pickup_point=point))
    found = get_object_or_404(mine, pk=pk)
    try:
        if request.POST.get("here") == "no":
            shelf.absent(box=found, pickup_point=point, at=timezone.now(), by=request.user)
        else:
            shelf.arrived(box=found, pickup_point=point, uuid=uuid4(), at=timezone.now(), by=request.user)
    except ShelfRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("pickup:hand_out", point.slug, found.delivery_id)


@host
def read_temperature(request: MarketRequest, round_pk: int, *, point: PickupPoint) -> HttpResponseBase:
    """How cold the goods are here."""
    rows = DeliveryRound.objects.filter(region=request.region, closed_at__isnull=False).select_related("region")
    delivery_round = get_object_or_404(rows, pk=round_pk)
    spots = [reading_spots.at_point(pickup_point=point)]
    form = reading_pages.form_for(request, spots)
    if request.method == "POST" and reading_pages.taken(request, delivery_round, form, spots):
        return redirect("pickup:point", point.slug)
    page = {"point": point, "round": delivery_round, "form": form}
    return render(request, "pickup/reading.html", page, status=UNPROCESSABLE if form.is_bound else 200)


@host
def hand_out(request: MarketRequest, pk: int, *, point: PickupPoint) -> HttpResponseBase:
    """One customer's goods: show them, and hand them out."""
    delivery = _delivery(point, pk)
    form = HandOutForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            shelf.hand_out(
                delivery=delivery,
                handed_to=form.cleaned_data["handed_to"],
                age_checked=form.cleaned_data["age_checked"],
                outcomes=form.outcomes(),
                paid=form.cleaned_data["paid"],
                at=timezone.now(),
                by=request.user,
            )
        except (HandoverRefused, ForbiddenTransition) as refusal:
            messages.error(request, str(refusal))
            status = CONFLICT
        else:
            messages.success(request, _("%(code)s is handed over.") % {"code": delivery.code})
            return redirect("pickup:point", point.slug)
    return _parcel_page(request, point, delivery, posted=form.posted() if form.is_bound else {}, status=status)


@host
def take_empties(request: MarketRequest, pk: int, *, point: PickupPoint) -> HttpResponseBase:
    """Empties that somebody brings back."""
    delivery = _delivery(point, pk)
    status = 200
    if request.method == "POST":
        try:
            empties_page.taken(delivery=delivery, posted=request.POST, at=timezone.now(), by=request.user)
        except ReturnRefused as refusal:
            messages.error(request, str(refusal))
            status = CONFLICT
        else:
            return redirect("pickup:empties", point.slug, pk)
    noted = list(delivery.deposit_returns.order_by("noted_at", "pk"))
    page = {
        "point": point,
        "delivery": delivery,
        "rows": empties_page.rows(delivery=delivery),
        "noted": noted,
        "worth": empties.worth(noted),
    }
    return render(request, "pickup/empties.html", page, status=status)


def _parcel_page(
    request: MarketRequest, point: PickupPoint, delivery: Delivery, *, posted: dict[str, Any], status: int
) -> HttpResponse:
    parcel = shelf.parcel(delivery=delivery)
    entries = [
        {
            "article": article,
            "quantity": posted.get(f"quantity_{article.line_id}", article.packed),
            "problem": posted.get(f"problem_{article.line_id}", ""),
        }
        for article in parcel.articles
        if article.packed
    ]
    page = {"point": point, "parcel": parcel, "entries": entries, "problems": PROBLEMS, "posted": posted}
    return render(request, "pickup/parcel.html", page, status=status)


def _delivery(point: PickupPoint, pk: int) -> Delivery:
    rows = shelf.at_point(pickup_point=point).filter(round__closed_at__isnull=False)
    return get_object_or_404(rows.select_related("order__terms", "order__region", "order__user"), pk=pk)


def _days(found: list[Parcel]) -> Iterator[dict[str, Any]]:
    """The parcels day by day, and what is to be done first at the top: what is here, what comes, what is gone."""
    rank = {State.FAILED: 0, State.HERE: 1, State.PARTLY: 1, State.COMING: 2, State.GONE: 3}
    for day, rows in groupby(found, key=lambda one: one.day):
        parcels = sorted(rows, key=lambda one: rank[one.state])
        yield {
            "day": day,
            "round_pk": parcels[0].round_id,
            "parcels": [one for one in parcels if one.open],
            "gone": [one for one in parcels if not one.open],
            "boxes": sum(len(one.boxes) for one in parcels),
            "here": sum(box.here for one in parcels for box in one.boxes),
            "cold": sum(one.cold for one in parcels),
            "to_tick": any(not box.here and not box.missing for one in parcels if one.open for box in one.boxes),
        }
