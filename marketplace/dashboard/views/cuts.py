"""Confirm or cut: what a producer says of a round that has closed."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logistics import confirmations, shortages
from logistics.confirmations import CutRefused
from logistics.models import Collection, PackedLine
from logistics.shortages import ReplacingRefused
from marketplace.core.wishes import Substitution
from marketplace.dashboard import cutting
from marketplace.dashboard.forms.cuts import CutForm, ReplaceForm
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.regions.requests import MarketRequest


def _collection(partner: Partner, pk: int) -> Collection:
    rows = Collection.objects.filter(partner=partner, round__region=partner.region_id).select_related("round", "partner")
    return get_object_or_404(rows.exclude(status=Collection.Status.CALLED_OFF), round=pk)


@producer
@require_safe
def cuts(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponse:
    """All lines; the one that is asked for has a form."""
    collection = _collection(partner, pk)
    told = request.GET.get("zeile", "")
    return _page(request, collection, line_pk=int(told) if told.isdecimal() else 0)


@producer
@require_POST
def cut(request: MarketRequest, pk: int, line_pk: int, *, partner: Partner) -> HttpResponseBase:
    """One line is cut, or comes after all."""
    collection = _collection(partner, pk)
    line = get_object_or_404(PackedLine, pk=line_pk, collection=collection, order_line__instead_of=None)
    if "restore" in request.POST:
        return _restore(request, collection, line)
    form = CutForm(request.POST, partner=partner)
    if not form.is_valid():
        return _page(request, collection, line_pk=line.pk, form=form, status=400)
    try:
        confirmations.cut(packed_line=line, at=timezone.now(), by=request.user, **form.cleaned_data)
    except CutRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, collection, line_pk=line.pk, form=form, status=409)
    return redirect("dashboard:cuts", pk=pk)


@producer
@require_POST
def confirm(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """What is not cut comes."""
    if confirmations.confirm(collection=_collection(partner, pk), at=timezone.now(), by=request.user):
        messages.success(request, _("Thank you! What is not cut is confirmed; customers are told of the rest."))
    return redirect("dashboard:round", pk=pk)


@producer
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: MarketRequest, pk: int, line_pk: int, *, partner: Partner) -> HttpResponseBase:
    """Something of a line is missing while packing: another article comes."""
    collection = _collection(partner, pk)
    rows = PackedLine.objects.select_related("order_line", "delivery__order")
    line = get_object_or_404(rows, pk=line_pk, collection=collection)
    form = ReplaceForm(request.POST or None, partner=partner)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                shortages.replace(packed_line=line, at=timezone.now(), by=request.user, **form.cleaned_data)
                return redirect(f"{reverse('dashboard:round', args=[pk])}#zeile-{line.pk}")
            except ReplacingRefused as refusal:
                form.add_error(None, str(refusal))
                status = 409
    page = {
        "section": "rounds",
        "partner": partner,
        "round": collection.round,
        "line": line,
        "form": form,
        "similar": line.order_line.substitution == Substitution.SIMILAR,
    }
    return render(request, "dashboard/replace.html", page, status=status)


def _restore(request: MarketRequest, collection: Collection, line: PackedLine) -> HttpResponseBase:
    try:
        confirmations.restore(packed_line=line, at=timezone.now(), by=request.user)
    except CutRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("dashboard:cuts", pk=collection.round_id)


def _page(
    request: MarketRequest, collection: Collection, *, line_pk: int = 0, form: CutForm | None = None, status: int = 200
) -> HttpResponse:
    page = {
        "section": "rounds",
        "partner": collection.partner,
        "collection": collection,
        "round": collection.round,
        "lines": cutting.lines(collection=collection),
        "open": confirmations.is_open(collection=collection, at=timezone.now()),
        "chosen": line_pk,
        "form": (form or CutForm(partner=collection.partner, initial={"quantity": 0})) if line_pk else None,
    }
    return render(request, "dashboard/cuts.html", page, status=status)
