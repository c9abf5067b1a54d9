"""The office looks documents up and books money on them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import claims, editions, manual_entries, payments
from billing.models import Invoice
from billing.payments import PaymentRefused
from marketplace.core import money
from marketplace.dashboard import document_register
from marketplace.dashboard.forms.office import PaymentForm, PayoutForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

PAGE = 50


@office
@require_safe
def document_list(request: MarketRequest) -> HttpResponse:
    """Invoices and credit notes by search, kind and whether something is open."""
    asked = {name: request.GET.get(name, "")[:80] for name in ("q", "art", "offen")}
    rows = document_register.find(region=request.region, text=asked["q"], kind=asked["art"], unpaid=bool(asked["offen"]))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "documents",
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "asked": asked,
        "kinds": Invoice.Kind.choices,
    }
    return render(request, "office/documents.html", context)


@office
@require_safe
def document_page(request: MarketRequest, pk: int) -> HttpResponse:
    """One document with the money that came or went."""
    return _page(request, _document(request, pk))


@office
@require_POST
def receive(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Book money that came in."""
    invoice, form = _document(request, pk), PaymentForm(request.POST)
    if not form.is_valid():
        return _page(request, invoice, payment=form, status=422)
    try:
        payments.receive(invoice=invoice, at=timezone.now(), **form.cleaned_data)
    except PaymentRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, invoice, payment=form, status=409)
    messages.success(request, _("The payment is booked."))
    return redirect("office:document", pk=pk)


@office
@require_POST
def pay_out(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Book money that went to a producer."""
    invoice, form = _document(request, pk), PayoutForm(request.POST)
    if not form.is_valid():
        return _page(request, invoice, payout=form, status=422)
    try:
        payments.pay_out(settlement=invoice, at=timezone.now(), **form.cleaned_data)
    except PaymentRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, invoice, payout=form, status=409)
    messages.success(request, _("The payout is booked."))
    return redirect("office:document", pk=pk)


def _document(request: MarketRequest, pk: int) -> Invoice:
    return get_object_or_404(document_register.find(region=request.region), pk=pk)


def _page(
    request: MarketRequest,
    invoice: Invoice,
    *,
    payment: PaymentForm | None = None,
    payout: PayoutForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    left = invoice.gross - payments.paid(invoice=invoice)
    cancelled = hasattr(invoice, "replaced_by")
    booked = document_register.payments_of(invoice=invoice)
    page = {
        "section": "documents",
        "invoice": invoice,
        "left": left,
        "cancelled": cancelled,
        "corrections": invoice.corrections.defer("content").order_by("pk"),
        "booked": booked,
        "takeable": {row.pk for row in booked if not row.returns.all() and manual_entries.can_be_taken_back(payment=row)},
        "newest": editions.latest(invoice=invoice) if cancelled else invoice,
        "can_put_right": invoice.kind == Invoice.Kind.INVOICE
        or (invoice.kind == Invoice.Kind.SELF_BILLED and not cancelled and (not booked or invoice.objected_at is not None)),
        "payment": payment or PaymentForm(initial={"amount": max(left, money.ZERO), "received_on": today}),
        "payout": payout or PayoutForm(initial={"paid_on": today}),
        "can_receive": invoice.kind == Invoice.Kind.INVOICE and left > 0 and not cancelled,
        "charged": claims.charged_on(invoice=invoice) if invoice.kind == Invoice.Kind.INVOICE and not cancelled else money.ZERO,
        "can_pay_out": _payable(invoice, cancelled) and not booked,
    }
    return render(request, "office/document.html", page, status=status)


def _payable(invoice: Invoice, cancelled: bool) -> bool:
    return invoice.kind == Invoice.Kind.SELF_BILLED and invoice.gross > 0 and invoice.objected_at is None and not cancelled
