"""What the tax office is told of sellers: their facts, their year, and the office's report."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import period_exports, seller_copies, seller_reports, sellers
from billing.models import PeriodExport
from billing.period_exports import PeriodRefused
from billing.sellers import FactsRefused
from marketplace.dashboard.forms.sellers import SellerFactsForm
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

FIRST_YEAR = 2023


@producer
def facts(request: MarketRequest, *, partner: Partner) -> HttpResponseBase:
    """A seller tells its facts and reads what is reported."""
    today, seller = timezone.localdate(), sellers.of(partner=partner)
    form = SellerFactsForm(request.POST or None, facts=seller.facts)
    if request.method == "POST" and form.is_valid():
        try:
            sellers.tell(partner=partner, told=form.cleaned_data, today=today, at=timezone.now(), by=request.user)
            messages.success(request, _("Saved."))
            return redirect("dashboard:seller_facts")
        except FactsRefused as refusal:
            form.add_error(None, str(refusal))
    reports = [seller_reports.of_seller(partner=partner, year=year) for year in (today.year, today.year - 1)]
    page = {
        "section": "settlements",
        "seller": seller,
        "form": form,
        "reports": [report for report in reports if report.year == today.year or report.sales],
        "copies": list(seller_copies.of_seller(partner=partner)),
    }
    return render(request, "dashboard/seller_facts.html", page, status=422 if form.is_bound else 200)


@producer
@require_safe
def copy(request: MarketRequest, year: int, *, partner: Partner) -> HttpResponse:
    """What was reported of a seller for a year."""
    found = get_object_or_404(seller_copies.of_seller(partner=partner), year=year)
    page = {"section": "settlements", "told": seller_copies.read(copy=found)}
    return render(request, "dashboard/seller_copy.html", page)


@producer
@require_safe
def copy_table(request: MarketRequest, year: int, *, partner: Partner) -> HttpResponse:
    """The same as a file."""
    found = get_object_or_404(seller_copies.of_seller(partner=partner), year=year)
    headers = {"Content-Disposition": f'attachment; filename="meldung_{year}.csv"', "Cache-Control": "private, no-store"}
    return HttpResponse(seller_copies.table(copy=found), content_type="text/csv; charset=utf-8", headers=headers)


@office
@require_safe
def report(request: MarketRequest, year: int) -> HttpResponse:
    """All sellers of a year with what is reported and what is missing."""
    today = timezone.localdate()
    if not FIRST_YEAR <= year <= today.year:
        raise Http404
    exports = PeriodExport.objects.filter(region=request.region, kind=PeriodExport.Kind.SELLERS, first=date(year, 1, 1))
    page = {
        "section": "bookkeeping",
        "year": year,
        "is_over": year < today.year,
        "years": range(today.year, max(FIRST_YEAR, today.year - 3) - 1, -1),
        "reports": seller_reports.of_year(region=request.region, year=year),
        "made": exports.defer("content").first(),
    }
    return render(request, "office/sellers.html", page)


@office
@require_POST
def make(request: MarketRequest, year: int) -> HttpResponseBase:
    """The file for the tax office, once a year."""
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise Http404
    try:
        period_exports.make(
            region=request.region,
            kind=PeriodExport.Kind.SELLERS,
            first=date(year, 1, 1),
            last=date(year, 12, 31),
            today=timezone.localdate(),
            at=timezone.now(),
            by=request.user,
        )
        messages.success(request, _("The report is ready."))
    except PeriodRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("office:sellers", year=year)
