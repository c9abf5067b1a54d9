"""A round as its producer sees it: the running list before the cut-off, packing after it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import earnings
from logistics import cancellation_mails, confirmations, minimum_mails, pack_reports, packing
from logistics.models import Collection, DeliveryRound, PackedLine
from logistics.packing import OverTolerance, PackingRefused
from marketplace.core import device_queue, fonts, sheets, wording
from marketplace.core.device_queue import Answer, Told, Unreadable
from marketplace.core.transitions import ForbiddenTransition
from marketplace.dashboard import agenda, demand, farm_pickups, packlists, purchase_sheets
from marketplace.dashboard.forms import phones
from marketplace.dashboard.forms.packing import CratesForm, LineForm
from marketplace.dashboard.packlists import PackPage
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.regions.requests import MarketRequest


@dataclass(frozen=True)
class Attempt:
    """What was entered for a line and why it could not be kept."""

    pk: int
    quantity: str
    weight: str
    problem: str
    over: bool


def _collections(partner: Partner) -> QuerySet[Collection]:
    """The producer's own goods in rounds of the own region."""
    rows = Collection.objects.filter(partner=partner, round__region=partner.region_id).select_related("round__rule", "partner")
    return rows.annotate(to_order=purchase_sheets.to_order())


def _collection(partner: Partner, pk: int) -> Collection:
    """The producer's own goods of a round that are packed."""
    return get_object_or_404(_collections(partner).exclude(status=Collection.Status.CALLED_OFF), round=pk)


def _grouping(request: MarketRequest) -> str:
    asked = request.GET.get("nach", "")
    return asked if asked in packlists.GROUPINGS else packlists.BY_BOX


@producer
@require_safe
def rounds(request: MarketRequest, *, partner: Partner) -> HttpResponse:
    """The rounds that come, and those that were."""
    page = {
        "section": "rounds",
        "partner": partner,
        "items": agenda.upcoming(partner=partner, at=timezone.now()),
        "past": agenda.past(partner=partner),
    }
    return render(request, "dashboard/rounds.html", page)


@producer
@require_safe
def round_page(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponse:
    """One round: sums while it is open, the collection once it is closed; one that ended concerns who had goods for it."""
    collection = _collections(partner).filter(round=pk).first()
    if collection is None:
        rounds = DeliveryRound.objects.filter(region=partner.region_id).exclude(status=DeliveryRound.Status.CANCELLED)
        rounds = rounds.annotate(buys=purchase_sheets.buys(partner=partner))
        return _running(request, partner, get_object_or_404(rounds.select_related("rule"), pk=pk))
    delivery_round = collection.round
    if collection.status == Collection.Status.CALLED_OFF:
        ended = delivery_round.status == DeliveryRound.Status.CANCELLED
        why = cancellation_mails.reason_of(delivery_round=delivery_round) if ended else ""
        figures = {} if ended else minimum_mails.figures(collection=collection)
        page = {"section": "rounds", "partner": partner, "round": delivery_round, "ended": ended, "why": why, **figures}
        return render(request, "dashboard/round_called_off.html", page)
    return _packing(request, collection)


@producer
@require_POST
def record(request: MarketRequest, pk: int, line_pk: int, *, partner: Partner) -> HttpResponseBase:
    """One line is packed, by a plain form; with a script it goes by `queue`."""
    collection = _collection(partner, pk)
    line = get_object_or_404(PackedLine.objects.select_related("order_line"), pk=line_pk, collection=collection)
    form = LineForm(request.POST)
    problem, over = form.problem() if not form.is_valid() else "", False
    if not problem:
        problem, over = _record(line, form.cleaned_data, request)
    attempt = _attempt(line, request, problem, over) if problem else None
    if attempt:
        return _packing(request, collection, attempt=attempt, status=409)
    return redirect(f"{reverse('dashboard:round', args=[pk])}?nach={_grouping(request)}#zeile-{line.pk}")


@producer
@require_POST
def pack_all(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """Everything that needs no scale is packed as ordered."""
    collection = _collection(partner, pk)
    try:
        number = packlists.pack_as_ordered(collection=collection, at=timezone.now(), by=request.user)
        text = ngettext("%(number)s line recorded as packed.", "%(number)s lines recorded as packed.", number)
        messages.success(request, text % {"number": number})
    except PackingRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("dashboard:round", pk=pk)


@producer
@require_POST
def finish(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """All is packed and stands in crates."""
    collection = _collection(partner, pk)
    form = CratesForm(request.POST)
    if not form.is_valid():
        return _packing(request, collection, crates=form, status=400)
    try:
        packing.finish(collection=collection, at=timezone.now(), by=request.user, **form.cleaned_data)
    except (PackingRefused, ForbiddenTransition) as refusal:
        form.add_error(None, str(refusal))
        return _packing(request, collection, crates=form, status=409)
    messages.success(request, _("Packing is finished. Thank you!"))
    return redirect("dashboard:round", pk=pk)


@producer
@require_POST
def reopen(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """Something was forgotten."""
    try:
        packing.reopen(collection=_collection(partner, pk), at=timezone.now(), by=request.user)
    except ForbiddenTransition as refusal:
        messages.error(request, str(refusal))
    return redirect("dashboard:round", pk=pk)


@producer
@require_http_methods(["GET", "POST"])
def queue(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """Where a phone asks who is logged in, and sends what was packed without network."""
    if request.method == "GET":
        return JsonResponse(device_queue.greeting(who=request.user.pk, token=get_token(request)))
    collection, now = _collection(partner, pk), timezone.now()
    try:
        told = device_queue.read(body=request.body)
    except Unreadable:
        return HttpResponse(status=400)

    def take(one: Told) -> Answer:
        return pack_reports.take(collection=collection, report=phones.report(told=one, received_at=now, by=request.user))

    return JsonResponse(device_queue.answers(told=told, take=take))


@producer
@require_safe
def pick_list(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """The pick list on paper."""
    collection = _collection(partner, pk)
    paper = packing.pick_list(collection=collection)
    pdf = sheets.pick_list(paper, folder=fonts.prepare(settings.TYPESETTING_FONTS), made_at=timezone.now().replace(microsecond=0))
    name = f"packliste-{collection.round.delivery_day:%Y-%m-%d}.pdf"
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def _running(request: MarketRequest, partner: Partner, delivery_round: DeliveryRound) -> HttpResponse:
    now = timezone.now()
    brief = demand.briefs(partner=partner, round_ids=[delivery_round.pk])[delivery_round.pk]
    articles = {product for _category, product in brief.by_article}
    terms = earnings.terms_of(partner=partner, day=delivery_round.delivery_day, products=articles)
    page = {
        "section": "rounds",
        "partner": partner,
        "round": delivery_round,
        "open": delivery_round.status == DeliveryRound.Status.OPEN and now < delivery_round.cutoff_at,
        "left": wording.duration(int((delivery_round.cutoff_at - now).total_seconds())),
        "brief": brief,
        "articles": demand.articles(partner=partner, round_id=delivery_round.pk),
        "buys": getattr(delivery_round, "buys", False),
        "earning": terms.earn_all(sums=brief.by_article) if terms else None,
    }
    return render(request, "dashboard/round_open.html", page)


def _packing(
    request: MarketRequest,
    collection: Collection,
    *,
    attempt: Attempt | None = None,
    crates: CratesForm | None = None,
    status: int = 200,
) -> HttpResponse:
    grouping = _grouping(request)
    read = packlists.read(collection=collection, grouping=grouping)
    articles = {entry.product_id for entry in read.entries}
    terms = earnings.terms_of(partner=collection.partner, day=collection.round.delivery_day, products=articles)
    page = {
        "section": "rounds",
        "partner": collection.partner,
        "round": collection.round,
        "grouping": grouping,
        "chips": _chips(grouping),
        "crates": crates or CratesForm(initial={"crates": collection.crates, "cold_crates": collection.cold_crates}),
        "earning": terms.earn_all(sums=read.sums) if terms else None,
        "pickups": farm_pickups.of_round(partner=collection.partner, delivery_round=collection.round),
        "buying": purchase_sheets.texts(column=getattr(collection, "to_order", ())),
        "queue": reverse("dashboard:pack_queue", args=[collection.round_id]),
        "waiting": pack_reports.waiting(collection=collection) if _lacks_a_line(collection, read) else None,
        **_state(collection, read, attempt),
    }
    answer = render(request, "dashboard/packing.html", page, status=status)
    if status == HTTPStatus.OK:
        answer.headers["X-Keep"] = "work"
    return answer


def _state(collection: Collection, read: PackPage, attempt: Attempt | None) -> dict[str, Any]:
    return {
        "collection": collection,
        "page": read,
        "attempt": attempt,
        "editable": collection.status == Collection.Status.OPEN,
        "can_cut": confirmations.is_open(collection=collection, at=timezone.now()),
    }


def _record(line: PackedLine, told: dict[str, Any], request: MarketRequest) -> tuple[str, bool]:
    """Why it could not be recorded ("" when it was), and whether the customer's consent would help."""
    try:
        packing.record(
            packed_line=line,
            quantity=told["quantity"],
            weight_g=told["weight"],
            at=timezone.now(),
            by=request.user,
            agreed=told["agreed"],
            batch=told["batch"] if "batch" in request.POST else None,
        )
    except OverTolerance as refusal:
        return str(refusal), True
    except PackingRefused as refusal:
        return str(refusal), False
    return "", False


def _attempt(line: PackedLine, request: MarketRequest, problem: str, over: bool) -> Attempt:
    told = request.POST
    return Attempt(
        pk=line.pk, quantity=told.get("quantity", "")[:6], weight=told.get("weight", "")[:20], problem=problem, over=over
    )


def _chips(grouping: str) -> list[dict[str, Any]]:
    labels = {packlists.BY_BOX: _("box by box"), packlists.BY_ARTICLE: _("article by article")}
    return [{"url": f"?nach={name}#packen", "label": label, "current": name == grouping} for name, label in labels.items()]


def _lacks_a_line(collection: Collection, read: PackPage) -> bool:
    """Whether a phone may have said that all is packed before all of it is known."""
    return collection.status == Collection.Status.OPEN and read.done < len(read.entries)
