"""The office takes a wrong document back, and has it drawn anew."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing import access, cancellations, reissues
from billing.cancellations import CancellationRefused
from billing.models import Invoice
from marketplace.dashboard import document_register
from marketplace.dashboard.forms.documents import ParticularsForm, ReasonForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest


@office
def reissue(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Cancel a wrong invoice, or a credit note, and draw it anew."""
    invoice = _document(request, pk)
    form = _form(request, invoice)
    if request.method != "POST":
        return _page(request, invoice, form, ReasonForm(prefix="only"))
    if not form.is_valid():
        return _page(request, invoice, form, ReasonForm(prefix="only"), status=422)
    now = timezone.now()
    told = {"reason": form.cleaned_data["reason"], "today": timezone.localdate(now), "at": now, "by": request.user}
    try:
        if isinstance(form, ParticularsForm):
            drawn = reissues.reissue(invoice=invoice, told=form.particulars(), **told)
        else:
            drawn = reissues.resettle(settlement=invoice, **told)
    except CancellationRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, invoice, form, ReasonForm(prefix="only"), status=409)
    said = {"old": invoice.number, "new": drawn.number}
    messages.success(request, _("%(old)s is cancelled, %(new)s takes its place. Both are sent by themselves.") % said)
    return redirect("office:document", pk=drawn.pk)


@office
@require_POST
def cancel(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Cancel an invoice without a new one."""
    invoice, form = _document(request, pk), ReasonForm(request.POST, prefix="only")
    if not form.is_valid():
        return _page(request, invoice, _form(request, invoice, bound=False), form, status=422)
    now = timezone.now()
    try:
        cancelled = cancellations.cancel(
            invoice=invoice, reason=form.cleaned_data["reason"], today=timezone.localdate(now), at=now, by=request.user
        )
    except CancellationRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, invoice, _form(request, invoice, bound=False), form, status=409)
    messages.success(request, _("%(old)s is cancelled by %(new)s.") % {"old": invoice.number, "new": cancelled.number})
    return redirect("office:document", pk=pk)


def _document(request: MarketRequest, pk: int) -> Invoice:
    rows = access.listed(access.of_office(region=request.region)).select_related("account", "order", "partner", "region")
    return get_object_or_404(rows.filter(kind__in=(Invoice.Kind.INVOICE, Invoice.Kind.SELF_BILLED)), pk=pk)


def _form(request: MarketRequest, invoice: Invoice, *, bound: bool = True) -> ReasonForm:
    data = request.POST if bound and request.method == "POST" else None
    if invoice.kind == Invoice.Kind.SELF_BILLED:
        return ReasonForm(data)
    return ParticularsForm(data, initial=None if data else asdict(reissues.particulars(invoice=invoice)))


def _page(request: MarketRequest, invoice: Invoice, form: ReasonForm, only: ReasonForm, *, status: int = 200) -> HttpResponse:
    page = {
        "section": "documents",
        "invoice": invoice,
        "form": form,
        "only": only,
        "objections": document_register.objections_to(invoice=invoice),
        "cancelled": hasattr(invoice, "replaced_by"),
        "hindrance": reissues.hindrance(invoice=invoice) if invoice.kind == Invoice.Kind.INVOICE else "",
    }
    return render(request, "office/reissue.html", page, status=status)
