"""The office changes the plan of a round by hand, stop by stop, and has a look at the plans of before."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from logistics import roads, unserved
from logistics.models import DeliveryRound, PlanVersion
from logistics.planning import by_hand, layout, proposals, rows, runs
from logistics.planning.by_hand import ChangeRefused
from logistics.planning.layout import Layout
from logistics.routing import MatrixProvider
from marketplace.dashboard import plan_desk
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

#: a road server is asked while somebody waits
PATIENCE_SECONDS = 3.0
#: for so many stops that are on no tour there is a button
LEFT = 30
Change = Callable[..., PlanVersion]


def _round(request: MarketRequest, pk: int) -> DeliveryRound:
    rounds = DeliveryRound.objects.filter(region=request.region, status__in=by_hand.CHANGEABLE)
    return get_object_or_404(rounds.select_related("rule", "region"), pk=pk)


def _roads() -> MatrixProvider:
    return roads.provider(servers=settings.ROAD_SERVERS, timeout_seconds=PATIENCE_SECONDS)


@office
@require_safe
def plan_desk_page(request: MarketRequest, pk: int) -> HttpResponse:
    """All tours at a glance, what is on none, and the plans of before."""
    delivery_round = _round(request, pk)
    paper = layout.load(delivery_round=delivery_round)
    left = paper.left()
    versions = plan_desk.versions(delivery_round=delivery_round)
    page = {
        **_page(delivery_round, paper),
        "seen": versions[0].version.number if versions else 0,
        "versions": versions,
        "drivers": plan_desk.drivers(region=request.region),
        "vehicles": sorted(paper.vehicles.values(), key=lambda vehicle: (vehicle.name, vehicle.pk)),
        "left": [(key, paper.calls[key].name) for key in left[:LEFT]],
        "left_over": len(left),
        "unserved": unserved.first(delivery_round=delivery_round),
        "proposals": proposals.sentences(delivery_round=delivery_round),
    }
    return render(request, "office/plan_desk.html", page)


@office
@require_safe
def tour_desk_page(request: MarketRequest, pk: int, tour_pk: int) -> HttpResponse:
    """One tour with its stops: earlier, later, locked, away."""
    delivery_round = _round(request, pk)
    page = _page(delivery_round, layout.load(delivery_round=delivery_round))
    card = next((card for card in page["cards"] if card.tour.pk == tour_pk), None)
    if card is None:
        raise Http404
    page |= {"card": card, "seen": rows.number(round_id=pk)}
    return render(request, "office/tour_desk.html", page)


@office
@require_safe
def move_page(request: MarketRequest, pk: int, key: str) -> HttpResponse:
    """Where one stop could go instead, with what that would change."""
    delivery_round = _round(request, pk)
    paper = layout.load(delivery_round=delivery_round)
    if key not in paper.calls:
        raise Http404
    draft, call = paper.where(key), paper.calls[key]
    page = _page(delivery_round, paper)
    same_wave = [card for card in page["cards"] if card.draft.wave == plan_desk.wave_of(paper=paper, call=call)]
    page |= {
        "seen": rows.number(round_id=pk),
        "key": key,
        "call": call,
        "card": next((card for card in page["cards"] if draft and card.draft.tour == draft.tour), None),
        "stop": plan_desk.planned(paper=paper, key=key),
        "options": plan_desk.options(paper=paper, key=key, roads=_roads()),
        "others": [(card, [row for row in card.rows if row.key != key]) for card in same_wave],
    }
    return render(request, "office/move_stop.html", page)


@office
@require_POST
def change(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Do one change, and go back to the page it came from."""
    delivery_round = _round(request, pk)
    wanted = _wanted(request.POST)
    if wanted is None:
        messages.error(request, _("This change is not readable. Please try again."))
        return redirect("office:plan_desk", pk=pk)
    seen = request.POST.get("seen", "")
    try:
        kept = wanted(
            delivery_round=delivery_round,
            seen=int(seen) if seen.isdecimal() else -1,
            at=timezone.now(),
            by=request.user,
            roads=_roads(),
        )
    except ChangeRefused as refusal:
        messages.error(request, str(refusal))
    else:
        _say(request, kept)
    return redirect(_back(request, delivery_round))


@office
@require_POST
def call_off(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Stop the search for a plan."""
    delivery_round = get_object_or_404(DeliveryRound, region=request.region, pk=pk)
    if runs.call_off(delivery_round=delivery_round, at=timezone.now()):
        messages.info(request, _("The search is called off. The plan of before counts, if there was one."))
    return redirect("office:round", pk=pk)


def _page(delivery_round: DeliveryRound, paper: Layout) -> dict[str, Any]:
    return {"section": "rounds", "round": delivery_round, "cards": plan_desk.cards(paper=paper)}


def _wanted(posted: Mapping[str, str]) -> Change | None:
    """The change that a form asks for, all but when and by whom; None when it is not readable."""
    verb, _colon, about = posted.get("do", "").partition("=")
    on_stops: dict[str, Change] = {
        "up": partial(by_hand.shift, key=about, steps=-1),
        "down": partial(by_hand.shift, key=about, steps=1),
        "lock": partial(by_hand.lock_stop, key=about, locked=True),
        "unlock": partial(by_hand.lock_stop, key=about, locked=False),
        "off": partial(by_hand.move, key=about, to=None, place=None),
        "swap": partial(by_hand.swap, key=about, other=posted.get("other", "")),
    }
    if verb in on_stops:
        return on_stops[verb]
    if verb == "back":
        return partial(by_hand.take_back, number=int(about)) if about.isdecimal() else None
    return _moving(posted, about) if verb == "move" else _on_tour(posted, verb, about)


def _moving(posted: Mapping[str, str], key: str) -> Change | None:
    to, place = plan_desk.told(posted.get("to", "")), posted.get("place", "")
    return partial(by_hand.move, key=key, to=to, place=int(place) if place.isdecimal() and place != "0" else None) if to else None


def _on_tour(posted: Mapping[str, str], verb: str, about: str) -> Change | None:
    tour, vehicle, driver = plan_desk.told(about), posted.get("vehicle", ""), posted.get("driver", "")
    if tour is None:
        return None
    if verb in ("lock_tour", "unlock_tour"):
        return partial(by_hand.lock_tour, tour=tour, locked=verb == "lock_tour")
    if verb == "vehicle" and vehicle.isdecimal():
        return partial(by_hand.change_vehicle, tour=tour, vehicle=int(vehicle))
    if verb == "driver":
        return partial(by_hand.change_driver, tour=tour, driver=int(driver) if driver.isdecimal() else None)
    return None


def _say(request: HttpRequest, kept: PlanVersion) -> None:
    if kept.faults:
        messages.warning(request, _("Changed. Times and kilometres are new, and the plan no longer keeps everything: see below."))
    else:
        messages.success(request, _("Changed. Times, loads and kilometres are reckoned anew."))


def _back(request: MarketRequest, delivery_round: DeliveryRound) -> str:
    """To the tour that the change was made on, as long as it exists, else to all tours."""
    tour = request.POST.get("tour", "")
    if tour.isdecimal() and delivery_round.tours.filter(pk=int(tour)).exists():
        return reverse("office:tour_desk", args=[delivery_round.pk, int(tour)])
    return reverse("office:plan_desk", args=[delivery_round.pk])
