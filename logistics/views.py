"""The driver's screen: the tours of the day, and one tour stop by stop, as plain forms that work on any phone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from logistics import codes, driving, drops, empties, empties_page, manifest, slips, tours
from logistics.driving import ReportRefused
from logistics.empties import ReturnRefused
from logistics.forms import PROBLEMS, ReportForm
from logistics.handover import HandoverRefused
from logistics.manifest import Halt
from logistics.models import Delivery, Stop, Tour
from marketplace.core import fonts, sheets, wording
from marketplace.core.transitions import ForbiddenTransition
from marketplace.regions.access import driver
from marketplace.regions.requests import MarketRequest

LOOK_BACK = timedelta(days=1)
LOOK_AHEAD = timedelta(days=14)


def _tours_of(request: MarketRequest) -> QuerySet[Tour]:
    """The tours that this driver may see: the own ones, and those of the region that nobody drives yet."""
    mine = Q(driver=request.user) | Q(driver__isnull=True)
    rows = Tour.objects.filter(mine, round__region=request.region)
    return rows.select_related("round__region", "vehicle", "driver").order_by("starts_at", "pk")


@driver
@require_safe
def tour_list(request: MarketRequest) -> HttpResponse:
    """The tours of today and of the next days, and what is still open from before; past tours that are done come last."""
    today = timezone.localdate()
    span = Q(round__delivery_day__gte=today - LOOK_BACK, round__delivery_day__lte=today + LOOK_AHEAD)
    rows = _tours_of(request).filter(span | Q(status=Tour.Status.UNDER_WAY)).annotate(stop_count=Count("stops"))
    ahead_first = sorted(rows, key=lambda tour: tour.status == Tour.Status.DONE and tour.round.delivery_day < today)
    return render(request, "logistics/tours.html", {"tours": ahead_first, "today": today})


@driver
@require_safe
def tour_page(request: MarketRequest, pk: int) -> HttpResponse:
    """One tour; `?halt=` opens another stop than the next one, `?code=` the crate of whoever shows that code."""
    return _tour_page(request, get_object_or_404(_tours_of(request), pk=pk))


@driver
@require_POST
def start(request: MarketRequest, pk: int) -> HttpResponse:
    """The driver sets off."""
    tour = get_object_or_404(_tours_of(request), pk=pk)
    try:
        tours.start(tour=tour, at=timezone.now(), by=request.user)
    except ForbiddenTransition as refusal:
        messages.error(request, str(refusal))
    return redirect("logistics:tour", pk=pk)


@driver
@require_POST
def report(request: MarketRequest, pk: int, stop_pk: int) -> HttpResponse:
    """What happened at a stop."""
    tour = get_object_or_404(_tours_of(request), pk=pk)
    stop = get_object_or_404(Stop, pk=stop_pk, tour=tour)
    form = ReportForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This report is not readable. Please try again."))
        return _tour_page(request, tour, chosen=stop.sequence, status=400)
    now = timezone.now()
    try:
        driving.report(
            stop=stop,
            uuid=form.cleaned_data["uuid"],
            kind=form.cleaned_data["kind"],
            reported_at=now,
            received_at=now,
            by=request.user,
            data=form.report(),
        )
    except (ReportRefused, HandoverRefused, ForbiddenTransition) as refusal:
        messages.error(request, str(refusal))
        return _tour_page(request, tour, chosen=stop.sequence, status=409)
    return redirect("logistics:tour", pk=pk)


@driver
@require_POST
def take_empties(request: MarketRequest, pk: int, stop_pk: int, delivery_pk: int) -> HttpResponseBase:
    """Empties that a customer gave back at a stop."""
    tour = get_object_or_404(_tours_of(request), pk=pk)
    stop = get_object_or_404(Stop, pk=stop_pk, tour=tour)
    booked = stop.deliveries.exclude(status=Delivery.Status.CANCELLED).select_related("order__terms")
    delivery = get_object_or_404(booked, pk=delivery_pk)
    try:
        empties_page.taken(delivery=delivery, posted=request.POST, at=timezone.now(), by=request.user)
    except ReturnRefused as refusal:
        messages.error(request, str(refusal))
        return _tour_page(request, tour, chosen=stop.sequence, status=409)
    return redirect(f"{reverse('logistics:tour', args=[pk])}?halt={stop.sequence}")


@driver
@require_safe
def tour_sheet(request: MarketRequest, pk: int) -> HttpResponseBase:
    """The tour on paper."""
    tour = get_object_or_404(_tours_of(request), pk=pk)
    paper = manifest.sheet(tour=tour, found=manifest.halts(tour=tour))
    pdf = sheets.tour_sheet(
        paper, folder=fonts.prepare(settings.TYPESETTING_FONTS), made_at=timezone.now().replace(microsecond=0)
    )
    name = slugify(f"tour-{tour.round.delivery_day:%Y-%m-%d}-{tour.vehicle.name}")
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'})


@driver
@require_safe
def slip(request: MarketRequest, pk: int, delivery_pk: int) -> HttpResponseBase:
    """The slip that lies in a crate of the tour: no prices, and the greeting of whoever gives it as a present."""
    tour = get_object_or_404(_tours_of(request), pk=pk)
    rows = slips.loaded(deliveries=Delivery.objects.filter(stop__tour=tour))
    paper = slips.slip(delivery=get_object_or_404(rows, pk=delivery_pk))
    pdf = sheets.delivery_note(
        paper, folder=fonts.prepare(settings.TYPESETTING_FONTS), made_at=timezone.now().replace(microsecond=0)
    )
    name = slugify(f"lieferschein-{paper.number}")
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'})


def _tour_page(request: MarketRequest, tour: Tour, *, chosen: int | None = None, status: int = 200) -> HttpResponse:
    found = manifest.halts(tour=tour)
    asked, told = request.GET.get("halt", ""), request.GET.get("code", "")
    fetched = _fetched(request, tour, told, found) if told else None
    current = fetched or _current(found, chosen or (int(asked) if asked.isdecimal() else 0))
    page = {
        "tour": tour,
        "current": current,
        "card": _card(current, tour) if current else None,
        "only": current.boxes[0] if fetched and current else None,
        "left": _left(current) if current else None,
        "boxes": _boxes(current, request.POST) if current else [],
        "posted": request.POST,
        "next_cards": [_card(halt, tour) for halt in found if _elsewhere(halt, current) and not halt.over],
        "done_cards": [_card(halt, tour) for halt in found if _elsewhere(halt, current) and halt.over],
        "done": sum(halt.over for halt in found),
        "stops": len(found),
        "unstarted": tour.status == Tour.Status.PLANNED,
        "loading": manifest.loading(found=found),
        "empties": _empties(current) if current and tour.status != Tour.Status.PLANNED else [],
        "problems": PROBLEMS,
        "uuids": {"arrive": uuid4(), "over": uuid4(), "failed": uuid4()},
    }
    return render(request, "logistics/tour.html", page, status=status)


def _fetched(request: MarketRequest, tour: Tour, told: str, found: list[Halt]) -> Halt | None:
    """The stop with nothing but the crate whose code was shown; the driver is told when there is none to hand over."""
    delivery = codes.find(told=told, tour=tour)
    if delivery is None:
        messages.error(request, _("No crate of this tour has the code “%(code)s”.") % {"code": told[:40]})
        return None
    if delivery.status == Delivery.Status.COMPLETED:
        messages.info(request, _("%(code)s has been handed over already.") % {"code": delivery.code})
        return None
    halt = next(halt for halt in found if halt.stop.pk == delivery.stop_id)
    return replace(halt, boxes=tuple(box for box in halt.boxes if box.delivery_id == delivery.pk))


def _empties(halt: Halt) -> list[dict[str, Any]]:
    """What customers can give back at a door; at a pickup point the office, or whoever keeps it, writes it down."""
    if halt.stop.kind != Stop.Kind.DELIVER:
        return []
    shown = {box.delivery_id for box in halt.boxes}
    return [
        {
            "code": delivery.code if len(halt.boxes) > 1 else "",
            "rows": empties_page.rows(delivery=delivery),
            "noted": (noted := list(delivery.deposit_returns.order_by("noted_at", "pk"))),
            "worth": empties.worth(noted),
            "action": reverse("logistics:empties", args=[halt.stop.tour_id, halt.stop.pk, delivery.pk]),
        }
        for delivery in halt.stop.deliveries.all()
        if delivery.pk in shown
    ]


def _left(halt: Halt) -> dict[str, str] | None:
    """The button for goods that are left as their customer wished."""
    wished = [box for box in halt.boxes if box.wish and box.open] if halt.stop.kind == Stop.Kind.DELIVER else []
    return {"value": wished[0].drop, "text": drops.done(drop=wished[0].drop)} if wished else None


def _current(found: list[Halt], wanted: int) -> Halt | None:
    """The stop that was asked for, or the first that is not over."""
    asked = next((halt for halt in found if halt.stop.sequence == wanted), None)
    return asked or next((halt for halt in found if not halt.over), None)


def _elsewhere(halt: Halt, current: Halt | None) -> bool:
    return current is None or halt.stop.pk != current.stop.pk


def _card(halt: Halt, tour: Tour) -> dict[str, Any]:
    """A halt in the words of the component `stop_card`."""
    stop = halt.stop
    point = f"{stop.latitude:.6f},{stop.longitude:.6f}"
    hints = [halt.codes]
    if halt.window_from and halt.window_until:
        span = wording.clock_span(timezone.localtime(halt.window_from), timezone.localtime(halt.window_until))
        hints.append(_("time window %(span)s") % {"span": span})
    done = wording.clock(timezone.localtime(stop.completed_at)) if stop.completed_at else ""
    return {
        "number": stop.sequence,
        "kind": stop.get_kind_display(),
        "when": wording.clock(timezone.localtime(stop.planned_arrival)),
        "name": stop.name,
        "address": stop.address.replace(", ", "\n", 1),
        "place_hint": " · ".join(filter(None, hints)),
        "window": hints[-1] if halt.window_from else "",
        "crates": halt.crates,
        "cold_crates": halt.cold_crates,
        "age_check": bool(halt.age_check),
        "state": "done" if halt.over else "open",
        "done_text": _("done at %(time)s") % {"time": done},
        "map_url": f"geo:{point}?q={point}({quote(stop.name)})",
        "phone": halt.phone.replace(" ", ""),
        "url": f"{reverse('logistics:tour', args=[tour.pk])}?halt={stop.sequence}",
    }


def _boxes(halt: Halt, posted: QueryDict) -> list[dict[str, Any]]:
    """The boxes of a stop, each article with what the driver has entered, so that nothing is lost when a report is refused."""
    return [
        {
            "box": box,
            "entries": [
                {
                    "article": article,
                    "quantity": posted.get(f"quantity_{article.line_id}", article.packed),
                    "problem": posted.get(f"problem_{article.line_id}", ""),
                }
                for article in box.articles
                if article.packed
            ],
        }
        for box in halt.boxes
    ]
