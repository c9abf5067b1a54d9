"""Pages of billing: a customer's invoices, and the files of documents."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing import access, states
from billing.models import DocumentFile, Invoice
from marketplace.regions.access import customer, public
from marketplace.regions.requests import MarketRequest

PAGE = 20
TYPES = {"pdf": "application/pdf", "xml": "application/xml"}


@customer
@require_safe
def invoices(request: MarketRequest) -> HttpResponse:
    """The customer's invoices in this region, the newest first."""
    mine = access.listed(access.of_customer(user=request.user, region=request.region))
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    rows = [{"invoice": invoice, "state": states.state_of(invoice=invoice, today=today)} for invoice in page]
    crumbs = [{"label": _("My account"), "url": reverse("customer:overview")}, {"label": _("My invoices")}]
    return render(request, "billing/invoices.html", {"page": page, "rows": rows, "crumbs": crumbs})


@customer
@require_safe
def document(request: MarketRequest, pk: int, form: str) -> HttpResponse:
    """The PDF or XML of a document, for customers, producers and the office alike."""
    invoice = get_object_or_404(access.visible_to(user=request.user, region=request.region), pk=pk)
    return _file(invoice, form)


@public
@require_safe
def document_by_link(request: MarketRequest, signed: str, form: str) -> HttpResponse:
    """The same for guests, by the signed link on the page of their order."""
    invoice = access.document_for_link(signed=signed, region=request.region)
    if invoice is None:
        raise Http404("no such document")
    return _file(invoice, form)


def _file(invoice: Invoice, form: str) -> HttpResponse:
    file = get_object_or_404(DocumentFile.objects.only(form), invoice=invoice)
    response = HttpResponse(bytes(getattr(file, form)), content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{invoice.number}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response
