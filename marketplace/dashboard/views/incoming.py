"""E-invoices that producers send to the operator: sent by themselves or by the office, read by both."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import incoming, manual_entries, supplier_invoices
from billing.chart import Expense
from billing.incoming import IncomingRefused
from billing.manual_entries import EntryRefused
from billing.models import IncomingInvoice
from marketplace.dashboard import incoming_desk, incoming_sheet
from marketplace.dashboard.forms.incoming import BookingForm, DecisionForm, EInvoiceForm
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

PAGE = 30
TYPES = {IncomingInvoice.Syntax.HYBRID: ("application/pdf", "pdf")}


@office
def office_list(request: MarketRequest) -> HttpResponseBase:
    """What came in, and a place to send more."""
    return _list(request, None, "office/incoming.html", "office:incoming_page")


@producer
def own_list(request: MarketRequest, *, partner: Partner) -> HttpResponseBase:
    """What the producer sent."""
    return _list(request, partner, "dashboard/incoming.html", "dashboard:incoming_page")


@office
@require_safe
def office_page(request: MarketRequest, pk: int) -> HttpResponse:
    """One of them, readable, with what the rules say."""
    return _office_page(request, _one(request, None, pk))


@office
@require_POST
def decide(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Whose it is, and whether it is accepted."""
    invoice = _one(request, None, pk)
    form = DecisionForm(request.POST, region=request.region)
    if not form.is_valid():
        return _office_page(request, invoice, form, status=422)
    told, now = form.cleaned_data, timezone.now()
    if told["partner"] != invoice.partner:
        incoming.assign(invoice=invoice, partner=told["partner"], at=now, by=request.user)
    status = IncomingInvoice.Status(told["status"])
    incoming.decide(invoice=invoice, status=status, note=told["note"], at=now, by=request.user)
    messages.success(request, _("Noted: %(decision)s.") % {"decision": status.label})
    return redirect("office:incoming")


@office
@require_POST
def book(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Propose how it is booked; somebody else approves it."""
    invoice, form = _one(request, None, pk), BookingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say why."))
        return redirect("office:incoming_page", pk=pk)
    told = form.cleaned_data
    usual: dict[str, Any] = {"reason": told["reason"], "today": timezone.localdate(), "at": timezone.now(), "by": request.user}
    try:
        if told["settles"]:
            manual_entries.propose_settling(incoming=invoice, key=told["settles"], **usual)
        else:
            manual_entries.propose_expense(incoming=invoice, cost=told["cost"], **usual)
    except EntryRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("office:incoming_page", pk=pk)
    messages.success(request, _("Proposed. Somebody else has to approve it before it is booked."))
    return redirect("office:manual")


@producer
@require_safe
def own_page(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponse:
    """One of the producer's own."""
    invoice = _one(request, partner, pk)
    page = {"section": "settlements", "partner": partner, "invoice": invoice, "sheet": incoming_sheet.of(invoice=invoice)}
    return render(request, "dashboard/incoming_page.html", page)


@office
@require_safe
def office_file(request: MarketRequest, pk: int) -> HttpResponse:
    """The original as it came."""
    return _file(_one(request, None, pk))


@producer
@require_safe
def own_file(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponse:
    """The same for who sent it."""
    return _file(_one(request, partner, pk))


def _list(request: MarketRequest, partner: Partner | None, template: str, shown_at: str) -> HttpResponseBase:
    form = EInvoiceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            taken = incoming.take_in(
                region=request.region,
                data=form.content(),
                file_name=file.name,
                at=timezone.now(),
                by=request.user,
                partner=partner,
            )
        except IncomingRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("Invoice %(number)s is taken in.") % {"number": taken.number})
            return redirect(shown_at, pk=taken.pk)
    page = Paginator(_rows(request, partner), PAGE).get_page(request.GET.get("page"))
    section = "settlements" if partner else "incoming"
    owed = supplier_invoices.owed(partner=partner, today=timezone.localdate())
    context = {"section": section, "partner": partner, "page": page, "form": form, "owed": owed}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _rows(request: MarketRequest, partner: Partner | None) -> QuerySet[IncomingInvoice]:
    rows = incoming.of_region(region=request.region)
    return rows.filter(partner=partner) if partner else rows


def _one(request: MarketRequest, partner: Partner | None, pk: int) -> IncomingInvoice:
    found: IncomingInvoice = get_object_or_404(_rows(request, partner).defer(None).defer("original"), pk=pk)
    return found


def _office_page(
    request: MarketRequest, invoice: IncomingInvoice, form: DecisionForm | None = None, *, status: int = 200
) -> HttpResponse:
    initial = {"partner": invoice.partner_id, "status": invoice.status, "note": invoice.note}
    page = {
        "section": "incoming",
        "invoice": invoice,
        "sheet": incoming_sheet.of(invoice=invoice),
        "form": form or DecisionForm(initial=initial, region=request.region),
        "desk": incoming_desk.read(invoice=invoice, today=timezone.localdate()),
        "costs": Expense.choices,
    }
    return render(request, "office/incoming_page.html", page, status=status)


def _file(invoice: IncomingInvoice) -> HttpResponse:
    """Never shown by the browser itself: what came from outside is only saved."""
    kind, ending = TYPES.get(IncomingInvoice.Syntax(invoice.syntax), ("application/octet-stream", "xml"))
    response = HttpResponse(bytes(invoice.original), content_type=kind)
    name = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in invoice.number)[:60]
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
