"""The office runs the rounds: closes them, has tours planned, and watches them on the road."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from logistics import areas, doors, limits, rounds, tour_ways, unserved, waiting
from logistics.models import DeliveryRound, PlanningRun, Vehicle
from logistics.planning import by_hand, proposals, runs
from logistics.tasks import plan_round
from marketplace.dashboard import round_report, tour_map
from marketplace.dashboard.round_report import TourRow
from marketplace.dashboard.tour_map import Drawing, Route, Spot
from marketplace.regions import hosts
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

PAGE = 20
Status = DeliveryRound.Status
PLANNABLE = (Status.CLOSED, Status.PLANNED)
#: while these last, tours change from minute to minute
WATCHED = (Status.CLOSED, Status.PLANNED, Status.UNDER_WAY)


def _rounds(request: MarketRequest) -> QuerySet[DeliveryRound]:
    return DeliveryRound.objects.filter(region=request.region).select_related("rule", "region", "planning_run")


@office
@require_safe
def round_list(request: MarketRequest) -> HttpResponse:
    """All rounds, the latest delivery day first."""
    page = Paginator(_rounds(request).order_by("-delivery_day", "-pk"), PAGE).get_page(request.GET.get("page"))
    rows = round_report.rows(rounds=list(page.object_list))
    return render(request, "office/rounds.html", {"section": "rounds", "page": page, "rows": rows})


@office
@require_safe
def round_page(request: MarketRequest, pk: int) -> HttpResponse:
    """One round with windows, producers and tours."""
    delivery_round = get_object_or_404(_rounds(request), pk=pk)
    page = {
        **_tours(delivery_round),
        "section": "rounds",
        "row": round_report.rows(rounds=[delivery_round])[0],
        "windows": delivery_round.windows.select_related("pickup_point", "partner").order_by(
            "starts_at", "pickup_point__name", "pk"
        ),
        "collections": round_report.collections(delivery_round=delivery_round),
        "unserved": unserved.first(delivery_round=delivery_round),
        "left_over": len(delivery_round.plan.get("unserved", ())),
        "filled": limits.shown(delivery_round=delivery_round),
        "queues": waiting.queues(delivery_round=delivery_round, at=timezone.now()),
        "proposals": proposals.sentences(delivery_round=delivery_round),
        "can_change": delivery_round.status in by_hand.CHANGEABLE,
        **_planning(delivery_round),
        "unplaced": doors.unplaced(delivery_round=delivery_round).count() if delivery_round.status in WATCHED else 0,
        "can_close": delivery_round.status == Status.OPEN,
        "can_plan": delivery_round.status in PLANNABLE,
    }
    return render(request, "office/round.html", page)


@office
@require_safe
def planning(request: MarketRequest, pk: int) -> HttpResponse:
    """How far the search for tours is; once it is over, the whole page has changed."""
    page = _planning(get_object_or_404(_rounds(request), pk=pk))
    answer = render(request, "office/planning_run.html", page)
    if not page["running"]:
        answer["HX-Refresh"] = "true"
    return answer


@office
@require_safe
def wishes(request: MarketRequest) -> HttpResponse:
    """Where people would like to be delivered to whom no round serves yet."""
    return render(request, "office/wishes.html", {"section": "rounds", "wishes": areas.wishes(region=request.region)})


@office
@require_safe
def tours(request: MarketRequest, pk: int) -> HttpResponse:
    """The tours alone, for the page that watches them, or as a page of their own."""
    page = _tours(get_object_or_404(_rounds(request), pk=pk)) | {"section": "rounds"}
    return render(request, "office/tours.html" if request.htmx else "office/tours_page.html", page)


@office
def close(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Ask, then close the round."""
    delivery_round = get_object_or_404(_rounds(request), pk=pk)
    if request.method == "POST":
        if rounds.close(delivery_round=delivery_round, at=timezone.now(), by=request.user):
            messages.success(request, _("The round is closed. The producers have their pick lists."))
        else:
            messages.info(request, _("The round was closed already."))
        return redirect("office:round", pk=pk)
    page = {
        "section": "rounds",
        "row": round_report.rows(rounds=[delivery_round])[0],
        "round": delivery_round,
        "early": timezone.now() < delivery_round.cutoff_at,
        "open": delivery_round.status == Status.OPEN,
    }
    return render(request, "office/close.html", page)


@office
def plan(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Ask, then have the tours planned in the background."""
    delivery_round = get_object_or_404(_rounds(request), pk=pk)
    if request.method == "POST":
        if delivery_round.status in PLANNABLE:
            runs.ask(delivery_round=delivery_round, at=timezone.now(), by=request.user)
            plan_round.delay(round_id=pk)
            messages.success(
                request, _("The tours are being planned. That takes up to a minute; they appear here by themselves.")
            )
        else:
            messages.error(request, _("Tours can be planned once the round is closed, and until the first one starts."))
        return redirect("office:round", pk=pk)
    page = {
        "section": "rounds",
        "row": round_report.rows(rounds=[delivery_round])[0],
        "round": delivery_round,
        "vehicles": Vehicle.objects.filter(region=request.region, is_active=True).order_by("name", "pk"),
        "again": delivery_round.status == Status.PLANNED,
        "possible": delivery_round.status in PLANNABLE,
    }
    return render(request, "office/plan.html", page)


def _planning(delivery_round: DeliveryRound) -> dict[str, Any]:
    run: PlanningRun | None = getattr(delivery_round, "planning_run", None)
    return {"round": delivery_round, "run": run, "running": runs.is_running(run=run, at=timezone.now())}


def _tours(delivery_round: DeliveryRound) -> dict[str, Any]:
    found = round_report.tours(delivery_round=delivery_round, at=timezone.now())
    return {
        "round": delivery_round,
        "tours": found,
        "map": _map(delivery_round, found) if found else None,
        "watch": delivery_round.status in WATCHED,
        "now": timezone.now(),
    }


def _map(delivery_round: DeliveryRound, found: list[TourRow]) -> Drawing:
    region = delivery_round.region
    last = tour_ways.last_trips(tours=[row.tour for row in found])
    villages = [(village.name, Spot(village.latitude, village.longitude)) for village in hosts.villages_of(region=region)]
    routes = [_route(row, is_last=row.tour.pk in last) for row in found]
    return tour_map.draw(hub=Spot(region.hub_latitude, region.hub_longitude), routes=routes, villages=villages)


def _route(row: TourRow, *, is_last: bool) -> Route:
    begin, end = tour_ways.ends(tour=row.tour, is_last=is_last)
    return Route(
        tour=row.number,
        stops=[(Spot(stop.stop.latitude, stop.stop.longitude), stop.stop.completed_at is not None) for stop in row.stops],
        begin=Spot(begin.lat, begin.lon),
        end=Spot(end.lat, end.lon),
        way=[Spot(*point) for point in row.tour.way],
    )
