"""The pages of the delivery day, each for whoever holds its link."""

from typing import Any

import segno
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from logistics import arrival, crates, drops, pickup_hosts
from logistics.models import Delivery, Tour
from marketplace.customers.day import sentences
from marketplace.order import day_links
from marketplace.order.day_links import Purpose
from marketplace.regions.access import has_role, public
from marketplace.regions.models import Role
from marketplace.regions.requests import MarketRequest

GONE = 410
RELATED = ("order__user", "order__terms", "round", "window__pickup_point", "window__partner", "stop__tour")


class LinkOver(Exception):
    """The link was good once."""


@public
@never_cache
@require_safe
def live(request: MarketRequest, signed: str) -> HttpResponse:
    """When the goods come; the part that changes is fetched anew every minute."""
    try:
        delivery = _delivery(request, signed, Purpose.ARRIVAL)
    except LinkOver:
        return _over(request)
    return _live(request, delivery, signed)


@public
@require_POST
def drop(request: MarketRequest, signed: str) -> HttpResponse:
    """Where the goods may be left."""
    try:
        delivery = _delivery(request, signed, Purpose.ARRIVAL)
    except LinkOver:
        return _over(request)
    wanted, note = request.POST.get("drop", ""), request.POST.get("drop_note", "")[:200]
    try:
        drops.choose(delivery=delivery, drop=wanted, note=note, at=timezone.now())
    except drops.DropRefused as refusal:
        return _live(request, delivery, signed, refusal=str(refusal), wanted=wanted, note=note, status=422)
    messages.success(request, _("Thank you, the driver knows."))
    return redirect("day:live", signed)


@public
@never_cache
@require_safe
def fetching(request: MarketRequest, signed: str) -> HttpResponse:
    """What somebody needs who fetches the goods for another: place, time, code, how many crates. Nothing else."""
    try:
        delivery = _delivery(request, signed, Purpose.FETCHING)
    except LinkOver:
        return _over(request)
    if delivery.kind == Delivery.Kind.HOME or delivery.status == Delivery.Status.CANCELLED:
        raise Http404
    address = request.build_absolute_uri(reverse("day:fetching", args=[signed]))
    context = {
        "delivery": delivery,
        "place": delivery.window.place,
        "crates": crates.of(delivery=delivery),
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=4, border=3),
        "handover": _handover(request, delivery),
    }
    return render(request, "customers/day/fetching.html", context)


def _delivery(request: MarketRequest, signed: str, purpose: Purpose) -> Delivery:
    """What the link leads to in this region. Raises `Http404` or `LinkOver`; neither says whether there is such an order."""
    try:
        number = day_links.read(token=signed, purpose=purpose)
    except day_links.BadLink as error:
        raise Http404 from error
    rows = Delivery.objects.filter(order__region=request.region).select_related(*RELATED)
    found = get_object_or_404(rows, order__number=number)
    if arrival.over(delivery=found, today=timezone.localdate()):
        raise LinkOver
    return found


def _over(request: MarketRequest) -> HttpResponse:
    return render(request, "customers/link_expired.html", status=GONE)


def _live(
    request: MarketRequest,
    delivery: Delivery,
    signed: str,
    *,
    refusal: str = "",
    wanted: str = "",
    note: str = "",
    status: int = 200,
) -> HttpResponse:
    at = timezone.now()
    outlook = arrival.outlook(delivery=delivery, at=at)
    context: dict[str, Any] = {
        "delivery": delivery,
        "signed": signed,
        "news": sentences.news(delivery=delivery, outlook=outlook),
        "outlook": outlook,
        "at": at,
    }
    if request.htmx:
        return render(request, "customers/day/live.html#state", context)
    context |= {
        "place": delivery.window.place,
        "crates": crates.of(delivery=delivery),
        "drop": _drop(delivery, wanted, note),
        "refusal": refusal,
        "fetching": _fetching(delivery),
    }
    return render(request, "customers/day/live.html", context, status=status)


def _drop(delivery: Delivery, wanted: str, note: str) -> dict[str, Any] | None:
    """The choice of what to do at the door; nothing where no door is, or where all is over."""
    if delivery.kind != Delivery.Kind.HOME or delivery.status not in {Delivery.Status.BOOKED, Delivery.Status.LOADED}:
        return None
    chosen = drops.wish(delivery=delivery)
    return {
        "hindrance": drops.hindrance(delivery=delivery),
        "open": drops.is_open(delivery=delivery),
        "chosen": wanted or chosen,
        "label": next(choice.label for choice in drops.choices() if choice.value == chosen),
        "choices": drops.choices(),
        "note": note or delivery.drop_note,
    }


def _fetching(delivery: Delivery) -> str:
    """Where the link for somebody else is; none where nothing is fetched."""
    if delivery.kind == Delivery.Kind.HOME or delivery.status == Delivery.Status.CANCELLED:
        return ""
    return reverse("day:fetching", args=[day_links.sign(order=delivery.order, purpose=Purpose.FETCHING)])


def _handover(request: MarketRequest, delivery: Delivery) -> str:
    """Where whoever hands the goods over does it, for its driver, its host or its farmer; "" for everybody else."""
    if not request.user.is_authenticated:
        return ""
    if delivery.kind == Delivery.Kind.FARM:
        partner = delivery.window.partner
        mine = partner is not None and partner.users.filter(pk=request.user.pk).exists()
        return reverse("dashboard:round", args=[delivery.round_id]) if mine else ""
    point = delivery.window.pickup_point
    if point is not None and pickup_hosts.points(user=request.user, region=request.region).filter(pk=point.pk).exists():
        return reverse("pickup:hand_out", args=[point.slug, delivery.pk])
    if delivery.stop is None or not has_role(user=request.user, region=request.region, role=Role.DRIVER):
        return ""
    drives = Tour.objects.filter(Q(driver=request.user) | Q(driver__isnull=True), pk=delivery.stop.tour_id).exists()
    return f"{reverse('logistics:tour', args=[delivery.stop.tour_id])}?code={delivery.code}" if drives else ""
