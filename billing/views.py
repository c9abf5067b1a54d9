"""Pages of billing: a customer's invoices, and the files of documents."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import access, files, net_prices, states
from billing.models import DocumentFile, Invoice
from billing.online import connection
from billing.online import links as pay_links
from marketplace.regions.access import customer, public
from marketplace.regions.requests import MarketRequest

PAGE = 20
TYPES = {"pdf": "application/pdf", "xml": "application/xml", "ubl": "application/xml"}


@customer
@require_safe
def invoices(request: MarketRequest) -> HttpResponse:
    """The customer's invoices in this region, the newest first."""
    mine = access.listed(access.of_customer(user=request.user, region=request.region))
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    offered = connection.is_offered(region=request.region)
    rows = [
        {
            "invoice": invoice,
            "state": states.state_of(invoice=invoice, today=today),
            "pay": pay_links.sign(target=invoice) if offered and states.is_open(invoice=invoice) else "",
        }
        for invoice in page
    ]
    crumbs = [{"label": _("My account"), "url": reverse("customer:overview")}, {"label": _("My invoices")}]
    business = net_prices.account_of(user=request.user, region=request.region)
    context = {"page": page, "rows": rows, "crumbs": crumbs, "business": business}
    return render(request, "billing/invoices.html", context)


@customer
@require_POST
def prices(request: MarketRequest) -> HttpResponse:
    """A business's choice whether its people are shown prices with or without VAT."""
    account = net_prices.account_of(user=request.user, region=request.region)
    if account is None:
        raise Http404("no account of a business")
    shows_net = request.POST.get("net") == "1"
    net_prices.choose(account=account, shows_net=shows_net, at=timezone.now(), by=request.user)
    said = _("Prices are shown without VAT now.") if shows_net else _("Prices are shown with VAT now.")
    messages.success(request, said)
    return redirect("billing:invoices")


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
    content = files.in_ubl(invoice=invoice) if form == "ubl" else bytes(getattr(file, form))
    response = HttpResponse(content, content_type=TYPES[form])
    name = f"{invoice.number}-ubl.xml" if form == "ubl" else f"{invoice.number}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
