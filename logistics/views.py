"""The driver's screen: the tours of the day, and one tour stop by stop, as plain forms that work on any phone."""

from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID, uuid4

import segno
from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logistics import codes, driver_page, empties_page, manifest, reports, slips, tour_handover, tours, trips
from logistics.empties import ReturnRefused
from logistics.forms import PROBLEMS, sent_by_phone
from logistics.manifest import Halt
from logistics.models import Delivery, Stop, Tour
from logistics.reports import Report
from logistics.stop_times import ENDING
from logistics.tour_handover import HandoverOver
from marketplace.core import device_queue, fonts, sheets
from marketplace.core.device_queue import Answer, Told, Unreadable
from marketplace.core.transitions import ForbiddenTransition
from marketplace.regions.access import driver
from marketplace.regions.requests import MarketRequest

LOOK_BACK = timedelta(days=1)
LOOK_AHEAD = timedelta(days=14)


def _tours_of(request: MarketRequest) -> QuerySet[Tour]:
    """The tours that this driver may see: the own ones, and those of the region that nobody drives yet."""
    mine = Q(driver=request.user) | Q(driver__isnull=True)
    rows = driver_page.tours().filter(mine, round__region=request.region)
    return rows.select_related("round__region", "vehicle", "driver").order_by("starts_at", "pk")


@driver
@require_safe
def tour_list(request: MarketRequest) -> HttpResponse:
    """The tours of today and of the next days, and what is still open from before; past tours that are done come last."""
    today = timezone.localdate()
    span = Q(round__delivery_day__gte=today - LOOK_BACK, round__delivery_day__lte=today + LOOK_AHEAD)
    rows = _tours_of(request).filter(span | Q(status=Tour.Status.UNDER_WAY)).annotate(stop_count=Count("stops"))
    ahead_first = sorted(rows, key=lambda tour: tour.status == Tour.Status.DONE and tour.round.delivery_day < today)
    return _kept(render(request, "logistics/tours.html", {"tours": ahead_first, "today": today}))


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
    except (ForbiddenTransition, tours.TourRefused) as refusal:
        messages.error(request, str(refusal))
    return redirect("logistics:tour", pk=pk)


@driver
@require_POST
def report(request: MarketRequest, pk: int, stop_pk: int) -> HttpResponse:
    """What happened at a stop."""
    tour = get_object_or_404(_tours_of(request), pk=pk)
    stop = get_object_or_404(Stop, pk=stop_pk, tour=tour)
    now = timezone.now()
    found = _posted(request, now)
    if found is None:
        messages.error(request, _("This report is not readable. Please try again."))
        return _tour_page(request, tour, chosen=stop.sequence, status=400)
    try:
        reports.follow(stop=stop, report=found)
    except reports.REFUSALS as refusal:
        messages.error(request, str(refusal))
        return _tour_page(request, tour, chosen=stop.sequence, status=409)
    if found.kind not in ENDING:
        return redirect(f"{reverse('logistics:tour', args=[pk])}?halt={stop.sequence}")
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


@driver
@require_safe
def pass_on(request: MarketRequest, pk: int) -> HttpResponse:
    """The square code with which another driver takes the tour over."""
    tour = get_object_or_404(_tours_of(request), pk=pk)
    path = reverse("logistics:take_over", args=[tour_handover.sign(tour=tour)])
    address = request.build_absolute_uri(path)
    qr = segno.make(address, error="m").svg_data_uri(scale=4, border=3, light="#fff")
    return render(request, "logistics/pass_on.html", {"tour": tour, "address": address, "qr": qr})


@driver
@require_http_methods(["GET", "POST"])
def take_over(request: MarketRequest, token: str) -> HttpResponse:
    """Another driver has scanned the code."""
    try:
        tour = tour_handover.read(token=token)
        if tour.round.region_id != request.region.pk:
            raise Http404
        if request.method == "GET":
            return render(request, "logistics/take_over.html", {"tour": tour})
        tour_handover.take_over(token=token, by=request.user, at=timezone.now())
    except HandoverOver as refusal:
        return render(request, "logistics/take_over.html", {"refusal": str(refusal)}, status=410)
    return redirect("logistics:tour", pk=tour.pk)


@driver
@require_http_methods(["GET", "POST"])
def queue(request: MarketRequest) -> HttpResponse:
    """Where the driver's phone asks who is logged in, and sends what was reported without network."""
    if request.method == "GET":
        return JsonResponse(device_queue.greeting(who=request.user.pk, token=get_token(request)))
    try:
        told = device_queue.read(body=request.body)
    except Unreadable:
        return HttpResponse(status=400)
    now = timezone.now()

    def take(one: Told) -> Answer:
        return reports.take(region=request.region, report=_report(request, one, now))

    return JsonResponse(device_queue.answers(told=told, take=take))


def _posted(request: MarketRequest, now: datetime) -> Report | None:
    """A report as a plain form sends it; None when it cannot be read."""
    try:
        told = Told(uuid=UUID(request.POST.get("uuid", "")), reported_at=now, fields=request.POST)
    except ValueError:
        return None
    found = _report(request, told, now)
    return None if reports.UNREADABLE in found.data else found


def _report(request: MarketRequest, told: Told, now: datetime) -> Report:
    stop_id, kind, data = sent_by_phone(told=told)
    return Report(
        uuid=told.uuid, stop_id=stop_id, kind=kind, reported_at=told.reported_at, received_at=now, by=request.user, data=data
    )


def _tour_page(request: MarketRequest, tour: Tour, *, chosen: int | None = None, status: int = 200) -> HttpResponse:
    found = manifest.halts(tour=tour)
    ordered = driver_page.in_order(found=found)
    asked, told = request.GET.get("halt", ""), request.GET.get("code", "")
    fetched = _fetched(request, tour, told, found) if told else None
    current = fetched or _current(ordered, chosen or (int(asked) if asked.isdecimal() else 0))
    shown = [fetched if fetched and halt.stop.pk == fetched.stop.pk else halt for halt in found]
    views = driver_page.views(found=shown, tour=tour, posted=request.POST)
    for view in views:
        view["only"] = view["halt"].boxes[0] if fetched and view["halt"] is fetched else None
    by_stop = {view["halt"].stop.pk: view for view in views}
    page = {
        "tour": tour,
        "views": views,
        "current": current,
        "here": current.stop.pk if current else (found[-1].stop.pk if found else 0),
        "posted": request.POST,
        "ahead": [by_stop[halt.stop.pk] for halt in ordered if not halt.over],
        "behind": [by_stop[halt.stop.pk] for halt in found if halt.over],
        "done": sum(halt.over for halt in found),
        "stops": len(found),
        "unstarted": tour.status == Tour.Status.PLANNED,
        "comes_first": trips.sentence(before=before) if (before := trips.waits_for(tour=tour)) else "",
        "loading": [by_stop[halt.stop.pk] for halt in manifest.loading(found=found)],
        "problems": PROBLEMS,
        "paused": driver_page.is_paused(tour=tour),
        "unfollowed": driver_page.unfollowed(tour=tour),
        "queue": reverse("logistics:queue"),
        "uuids": {"break": uuid4()},
    }
    return _kept(render(request, "logistics/tour.html", page, status=status))


def _kept(page: HttpResponse) -> HttpResponse:
    """The phone keeps the page for the time without network, but no page that only says what was wrong."""
    if page.status_code == HTTPStatus.OK:
        page.headers["X-Keep"] = "work"
    return page


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


def _current(found: list[Halt], wanted: int) -> Halt | None:
    """The stop that was asked for, or the first that is not over."""
    asked = next((halt for halt in found if halt.stop.sequence == wanted), None)
    return asked or next((halt for halt in found if not halt.over), None)
