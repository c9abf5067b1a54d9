"""The office looks after the businesses that sell."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import periods, small_business
from billing.models import SupplyContract
from marketplace.core.transitions import ForbiddenTransition
from marketplace.dashboard import onboarding, party_sheets
from marketplace.dashboard.forms.office import ContractForm, PapersForm, SuspensionForm
from marketplace.dashboard.onboarding import ContractRefused
from marketplace.partner import producers
from marketplace.partner.models import Partner
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

PAGE = 50


def _partners(request: MarketRequest) -> QuerySet[Partner]:
    return Partner.objects.filter(region=request.region).select_related("municipality", "region")


@office
@require_safe
def producer_list(request: MarketRequest) -> HttpResponse:
    """All businesses of the region, those that wait first."""
    rows = _partners(request).annotate(article_count=Count("products"))
    text, status = request.GET.get("q", "")[:80].strip(), request.GET.get("stand", "")
    if text:
        rows = rows.filter(name__icontains=text) | rows.filter(municipality__name__icontains=text)
    if status in Partner.Status.values:
        rows = rows.filter(status=status)
    page = Paginator(rows.order_by("approved_at", "name", "pk") if not status else rows.order_by("name", "pk"), PAGE)
    context = {
        "section": "producers",
        "page": page.get_page(request.GET.get("page")),
        "q": text,
        "status": status,
        "statuses": Partner.Status.choices,
        "query": urlencode({"q": text, "stand": status}),
    }
    return render(request, "office/producers.html", context)


@office
@require_safe
def producer_page(request: MarketRequest, pk: int) -> HttpResponse:
    """One business: who it is, its terms, and what can be decided."""
    return _page(request, get_object_or_404(_partners(request), pk=pk))


@office
@require_POST
def approve(request: MarketRequest, pk: int) -> HttpResponseBase:
    """The checklist is done: the business may sell."""
    partner = get_object_or_404(_partners(request), pk=pk)
    papers = PapersForm(request.POST)
    contract = None if onboarding.open_contract(partner=partner) else ContractForm(request.POST)
    if not (papers.is_valid() & (contract is None or contract.is_valid())):
        return _page(request, partner, papers=papers, contract=contract, status=422)
    try:
        onboarding.approve(
            partner=partner,
            papers=papers.papers(),
            contract=contract.terms() if contract else None,
            at=timezone.now(),
            by=request.user,
        )
        messages.success(request, _("%(name)s may sell now.") % {"name": partner.name})
    except ForbiddenTransition as refusal:
        messages.error(request, str(refusal))
    return redirect("office:producer", pk=pk)


@office
@require_POST
def renew(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Other terms from a day on."""
    partner = get_object_or_404(_partners(request), pk=pk)
    form = ContractForm(request.POST, auto_id="terms_%s")
    if not form.is_valid():
        return _page(request, partner, renewal=form, status=422)
    today, at = timezone.localdate(), timezone.now()
    try:
        onboarding.renew(partner=partner, contract=form.terms(), today=today, at=at, by=request.user)
    except ContractRefused as refusal:
        form.add_error("valid_from", str(refusal))
        return _page(request, partner, renewal=form, status=409)
    messages.success(request, _("The new terms are agreed."))
    return redirect("office:producer", pk=pk)


@office
@require_POST
def suspend(request: MarketRequest, pk: int) -> HttpResponseBase:
    """The business may not sell any more, for now."""
    partner = get_object_or_404(_partners(request), pk=pk)
    form = SuspensionForm(request.POST)
    if not form.is_valid():
        return _page(request, partner, suspension=form, status=422)
    try:
        producers.suspend(partner=partner, reason=form.cleaned_data["reason"], at=timezone.now(), by=request.user)
        messages.success(request, _("%(name)s is suspended. Open orders stay as they are.") % {"name": partner.name})
    except ForbiddenTransition as refusal:
        messages.error(request, str(refusal))
    return redirect("office:producer", pk=pk)


def _page(
    request: MarketRequest,
    partner: Partner,
    *,
    papers: PapersForm | None = None,
    contract: ContractForm | None = None,
    suspension: SuspensionForm | None = None,
    renewal: ContractForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    terms = onboarding.open_contract(partner=partner)
    known = {name: getattr(partner, name) for name in ("vat_id", "tax_number", "iban", "bank_name")}
    page = {
        "section": "producers",
        "partner": partner,
        "terms": terms,
        "counter": small_business.counted(partner=partner, today=today),
        "people": partner.users.order_by("email"),
        "sheet": party_sheets.of_producer(partner=partner),
        "article_count": partner.products.count(),
        "papers": papers or PapersForm(initial=known),
        "contract": contract or (None if terms else ContractForm(initial={"valid_from": today, "self_billing_agreed_on": today})),
        "renewal": (renewal or ContractForm(initial=_same_terms(terms, today), auto_id="terms_%s")) if terms else None,
        "contracts": onboarding.contracts(partner=partner),
        "suspension": suspension or SuspensionForm(),
    }
    return render(request, "office/producer.html", page, status=status)


def _same_terms(terms: SupplyContract, today: date) -> dict[str, object]:
    """What runs now, from next month on."""
    told = {name: getattr(terms, name) for name in ("mode", "commission_percent", "vat_status", "self_billing_agreed_on")}
    return {**told, "valid_from": periods.month_of(today)[1] + timedelta(days=1)}
