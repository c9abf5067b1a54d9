"""The phone at the hub: producer by producer what comes in, and tour by tour where it goes."""

from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from logistics import checkin
from logistics.checkin import CheckinRefused, HubBox
from logistics.hub.forms import LabelForm
from logistics.models import Box, Collection, DeliveryRound
from marketplace.core import wording
from marketplace.regions.access import sorter
from marketplace.regions.requests import MarketRequest

CONFLICT = 409


def _rounds(request: MarketRequest) -> QuerySet[DeliveryRound]:
    """The rounds whose goods come here on their way, the next delivery day first."""
    rows = DeliveryRound.objects.filter(region=request.region, closed_at__isnull=False, is_direct=False)
    return rows.select_related("rule", "region").order_by("delivery_day", "pk")


@sorter
@require_safe
def home(request: MarketRequest) -> HttpResponse:
    """Straight to the round of the day, or a list where there are several."""
    found = list(_rounds(request).filter(status__in=checkin.RUNNING))
    today = [row for row in found if row.delivery_day == timezone.localdate()]
    only = today or found
    return redirect("hub:checkin", only[0].pk) if len(only) == 1 else render(request, "hub/home.html", {"rounds": found})


@sorter
@require_safe
def checkin_page(request: MarketRequest, pk: int) -> HttpResponse:
    """What comes and what has come."""
    return _page(request, get_object_or_404(_rounds(request), pk=pk))


@sorter
@require_safe
def sorting(request: MarketRequest, pk: int) -> HttpResponse:
    """Tour by tour in the order of loading."""
    delivery_round = get_object_or_404(_rounds(request), pk=pk)
    page = {"round": delivery_round, "board": checkin.board(delivery_round=delivery_round), "section": "sorting"}
    return render(request, "hub/sorting.html", page)


@sorter
@require_POST
def take_in(request: MarketRequest, pk: int) -> HttpResponse:
    """A label was scanned or typed."""
    delivery_round = get_object_or_404(_rounds(request), pk=pk)
    form = LabelForm(request.POST)
    told = request.POST.get("told", "")
    if not form.is_valid():
        messages.error(request, _("Please scan a label or type its four letters."))
        return _page(request, delivery_round, told=told, status=CONFLICT)
    try:
        box = checkin.take_in(
            delivery_round=delivery_round,
            told=form.cleaned_data["told"],
            uuid=form.cleaned_data["uuid"] or uuid4(),
            at=timezone.now(),
            by=request.user,
        )
    except CheckinRefused as refusal:
        messages.error(request, str(refusal))
        return _page(request, delivery_round, told=told, status=CONFLICT)
    messages.success(request, _where(box))
    return redirect("hub:checkin", pk)


@sorter
@require_POST
def take_in_all(request: MarketRequest, pk: int, collection_pk: int) -> HttpResponse:
    """All of a producer is there."""
    delivery_round = get_object_or_404(_rounds(request), pk=pk)
    collection = get_object_or_404(Collection.objects.select_related("partner"), pk=collection_pk, round=delivery_round)
    number = checkin.take_in_all(collection=collection, at=timezone.now(), by=request.user)
    text = ngettext("%(number)s box of %(producer)s is here.", "%(number)s boxes of %(producer)s are here.", number)
    messages.success(request, text % {"number": number, "producer": collection.partner.name})
    return redirect("hub:checkin", pk)


@sorter
@require_POST
def miss(request: MarketRequest, pk: int, box_pk: int) -> HttpResponse:
    """One box did not come."""
    delivery_round = get_object_or_404(_rounds(request), pk=pk)
    box = get_object_or_404(Box, pk=box_pk, round=delivery_round)
    try:
        checkin.miss(box=box, at=timezone.now(), by=request.user)
    except CheckinRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("hub:checkin", pk)


@sorter
@require_POST
def finish(request: MarketRequest, pk: int) -> HttpResponse:
    """Everything was looked at."""
    delivery_round = get_object_or_404(_rounds(request), pk=pk)
    number = checkin.finish(delivery_round=delivery_round, at=timezone.now(), by=request.user)
    if number:
        text = ngettext(
            "%(number)s box is missing. Its customer is told in ten minutes, unless it turns up.",
            "%(number)s boxes are missing. Their customers are told in ten minutes, unless they turn up.",
            number,
        )
        messages.warning(request, text % {"number": number})
    else:
        messages.success(request, _("The check is finished."))
    return redirect("hub:sorting", pk)


def _where(box: HubBox) -> str:
    """`K7F2: Tour 2, Transporter 1, Halt 7`."""
    if box.place is None:
        return _("%(code)s is here. No tour takes it yet.") % {"code": box.code}
    told = {"code": box.code, "tour": box.place.number, "vehicle": box.place.vehicle, "stop": box.place.stop}
    return _("%(code)s goes to tour %(tour)s, %(vehicle)s, stop %(stop)s.") % told


def _page(request: MarketRequest, delivery_round: DeliveryRound, *, told: str = "", status: int = 200) -> HttpResponse:
    page = {
        "round": delivery_round,
        "board": checkin.board(delivery_round=delivery_round),
        "section": "checkin",
        "uuid": uuid4(),
        "told": told[:40],
        "sorted_by": wording.clock(delivery_round.rule.hub_sorted_by),
    }
    return render(request, "hub/checkin.html", page, status=status)
