"""What a producer buys in cases for the rounds: what to order, marked as ordered and as arrived."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from logistics import cases, purchases
from logistics.cases import BadCase
from logistics.models import CasePack
from logistics.purchases import Arrival, PurchaseRefused
from marketplace.core import spreadsheets
from marketplace.dashboard import purchase_sheets
from marketplace.dashboard.forms.purchases import ArrivedForm, CountForm, NumbersForm, OrderedForm
from marketplace.dashboard.purchase_sheets import RoundNeeds, Supplier
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.regions.requests import MarketRequest


@producer
@require_safe
def purchase_list(request: MarketRequest, *, partner: Partner) -> HttpResponse:
    """Round by round, wholesaler by wholesaler."""
    return _page(request, partner, purchase_sheets.read(partner=partner, at=timezone.now()))


@producer
@require_POST
def ordered(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """The wholesaler was told."""
    rounds, needs, supplier = _found(request, partner, pk)
    form = OrderedForm(request.POST, needs=needs, supplier=supplier)
    if not form.is_valid():
        return _page(request, partner, rounds, form=form, about=(needs, supplier), status=400)
    try:
        purchases.order(delivery_round=needs.round, told=form.told(), at=timezone.now(), by=request.user)
        messages.success(request, _("Noted as ordered at %(name)s.") % {"name": supplier.name})
    except PurchaseRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("dashboard:purchases")


@producer
@require_POST
def arrived(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """The goods came; where customers would get fewer, the producer is asked once more first."""
    rounds, needs, supplier = _found(request, partner, pk)
    form = ArrivedForm(request.POST, needs=needs, supplier=supplier)
    if not form.is_valid():
        return _page(request, partner, rounds, form=form, about=(needs, supplier), status=400)
    missing = _missing(supplier, form.told())
    if missing and request.POST.get("sure") != ", ".join(missing):
        return _page(request, partner, rounds, form=form, about=(needs, supplier), missing=missing, status=409)
    try:
        found = purchases.arrive(delivery_round=needs.round, pieces=form.told(), at=timezone.now(), by=request.user)
        messages.success(request, _("Noted as arrived from %(name)s.") % {"name": supplier.name})
        for arrival in found:
            _say(request, arrival)
    except PurchaseRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("dashboard:purchases")


@producer
@require_safe
def sheet(request: MarketRequest, pk: int, kind: str, *, partner: Partner) -> HttpResponse:
    """The order to send, as text or table."""
    _rounds, needs, supplier = _found(request, partner, pk)
    name = f"bestellung-{needs.round.delivery_day:%Y-%m-%d}.{kind}"
    if kind == "csv":
        body: str | bytes = spreadsheets.file(rows=purchase_sheets.table(supplier=supplier))
        content_type = spreadsheets.CONTENT_TYPE
    elif kind == "txt":
        body = purchase_sheets.letter(partner=partner, delivery_round=needs.round, supplier=supplier)
        content_type = "text/plain; charset=utf-8"
    else:
        raise Http404
    return HttpResponse(body, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@producer
@require_POST
def count(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """Somebody counted what is loose of an article."""
    rows = CasePack.objects.filter(stockrecord__partner=partner).select_related("stockrecord__product")
    pack = get_object_or_404(rows, stockrecord__product=pk)
    form, title = CountForm(request.POST), pack.stockrecord.product.title
    if not form.is_valid():
        messages.error(request, _("Please state how many there are, from 0 to 100,000."))
        return redirect("dashboard:purchases")
    try:
        cases.recount(stockrecord=pack.stockrecord, at=timezone.now(), by=request.user, **form.cleaned_data)
        messages.success(request, _("“%(title)s” is saved.") % {"title": title})
    except BadCase as refusal:
        messages.error(request, str(refusal))
    return redirect("dashboard:purchases")


def _found(request: MarketRequest, partner: Partner, pk: int) -> tuple[list[RoundNeeds], RoundNeeds, Supplier]:
    """The rounds, and of them the wholesaler in the round that is meant, the first if none is named; own purchases only."""
    name = (request.POST if request.method == "POST" else request.GET).get("bei", "")
    rounds = purchase_sheets.read(partner=partner, at=timezone.now())
    for needs in rounds:
        for supplier in needs.suppliers:
            if needs.round.pk == pk and name in {supplier.name, ""}:
                return rounds, needs, supplier
    raise Http404


def _missing(supplier: Supplier, told: Mapping[int, int]) -> list[str]:
    """Which articles customers would get fewer of."""
    short = [
        (need.title, need.row.needed - need.row.had - told[need.row.stockrecord_id])
        for need in supplier.bought
        if need.row.stockrecord.stock_kind != "limited" and need.row.arrived != told[need.row.stockrecord_id]
    ]
    return [f"{number} × {title}" for title, number in short if number > 0]


def _say(request: MarketRequest, arrival: Arrival) -> None:
    told = {"title": arrival.title, "cut": arrival.cut, "uncut": arrival.uncut}
    if arrival.cut:
        text = ngettext("%(title)s: %(cut)s order was cut.", "%(title)s: %(cut)s orders were cut.", arrival.cut)
        messages.warning(request, text % told)
    if arrival.uncut:
        text = ngettext(
            "%(uncut)s piece of %(title)s could not be cut any more. Please mark it as missing when you pack.",
            "%(uncut)s pieces of %(title)s could not be cut any more. Please mark them as missing when you pack.",
            arrival.uncut,
        )
        messages.warning(request, text % told)


def _page(
    request: MarketRequest,
    partner: Partner,
    rounds: list[RoundNeeds],
    *,
    form: NumbersForm | None = None,
    about: tuple[RoundNeeds, Supplier] | None = None,
    missing: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    page = {
        "section": "purchases",
        "partner": partner,
        "rounds": [
            {
                "needs": needs,
                "suppliers": [_shown(partner, needs, supplier, form, about, missing) for supplier in needs.suppliers],
            }
            for needs in rounds
        ],
        "asked": form is not None,
        "packs": purchase_sheets.loose(partner=partner),
    }
    return render(request, "dashboard/purchases.html", page, status=status)


def _shown(
    partner: Partner,
    needs: RoundNeeds,
    supplier: Supplier,
    form: NumbersForm | None,
    about: tuple[RoundNeeds, Supplier] | None,
    missing: list[str] | None,
) -> dict[str, Any]:
    """A wholesaler with its two forms; the one that was refused, or has a question, as it was filled in."""
    mine = form if about == (needs, supplier) else None
    letter = purchase_sheets.letter(partner=partner, delivery_round=needs.round, supplier=supplier)
    subject = purchase_sheets.subject(partner=partner, delivery_round=needs.round)
    return {
        "supplier": supplier,
        "ordered": mine if isinstance(mine, OrderedForm) else OrderedForm(needs=needs, supplier=supplier),
        "arrived": mine if isinstance(mine, ArrivedForm) else ArrivedForm(needs=needs, supplier=supplier),
        "asked": mine is not None,
        "unfold": isinstance(mine, ArrivedForm),
        "missing": missing if mine is not None else None,
        "mail": f"mailto:?subject={quote(subject)}&body={quote(letter)}",
    }
