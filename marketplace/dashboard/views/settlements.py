"""What a producer was credited, and the word against it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing import agencies, journal, payouts, producer_years, settlement_lines, settlements, small_business
from billing.models import AgencyStatement, Invoice
from billing.settlements import ObjectionRefused
from marketplace.dashboard import settlement_tables
from marketplace.dashboard.forms.profiles import ObjectionForm
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.regions.requests import MarketRequest

PAGE = 24


@producer
@require_safe
def settlement_list(request: MarketRequest, *, partner: Partner) -> HttpResponse:
    """All credit notes, the newest first, with their files."""
    owed = journal.balance(partner=partner)
    page = Paginator(settlements.for_partner(partner), PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "settlements",
        "partner": partner,
        "page": page,
        "sells_itself": partner.pk in agencies.on(region_id=partner.region.pk, day=timezone.localdate()),
        "owed": owed,
        "debt": -owed,
        "smallest": payouts.Minimums.load(region=partner.region).of(partner_id=partner.pk),
        "years": producer_years.years(partner=partner),
        "counter": small_business.counted(partner=partner, today=timezone.localdate()),
    }
    return render(request, "dashboard/settlements.html", context)


@producer
@require_safe
def statement(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponse:
    """Every line of a credit note, with its sums."""
    settlement = _of(partner, pk)
    page = {
        "section": "settlements",
        "partner": partner,
        "settlement": settlement,
        "lines": settlement_lines.read(settlement=settlement),
    }
    return render(request, "dashboard/statement.html", page)


@producer
@require_safe
def statement_table(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponse:
    """The same as a table for a spreadsheet."""
    settlement = _of(partner, pk)
    table = settlement_tables.of_lines(settlement=settlement, lines=settlement_lines.read(settlement=settlement))
    return _table(table, f"{settlement.number}.csv")


@producer
@require_safe
def agency_statement(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponse:
    """A month of what was sold in the producer's own name: its documents, the commission, the payout."""
    rows = AgencyStatement.objects.filter(partner=partner).select_related("commission__file")
    found = get_object_or_404(rows.defer("commission__content", "commission__file__xml", "commission__file__pdf"), pk=pk)
    items = found.items.select_related("invoice__file").defer("invoice__content", "invoice__file__xml", "invoice__file__pdf")
    page = {"section": "settlements", "partner": partner, "statement": found, "items": items.order_by("invoice")}
    return render(request, "dashboard/agency_statement.html", page)


@producer
@require_safe
def year(request: MarketRequest, year: int, *, partner: Partner) -> HttpResponse:
    """The documents of a year and its sums."""
    page = {
        "section": "settlements",
        "partner": partner,
        "year": producer_years.read(partner=partner, year=year),
        "years": producer_years.years(partner=partner),
        "counter": small_business.counted(partner=partner, today=timezone.localdate()),
    }
    return render(request, "dashboard/settlement_year.html", page)


@producer
@require_safe
def year_table(request: MarketRequest, year: int, *, partner: Partner) -> HttpResponse:
    """The same as a table for a spreadsheet."""
    return _table(settlement_tables.of_year(year=producer_years.read(partner=partner, year=year)), f"{year}.csv")


@producer
def objection(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """The producer does not accept a credit note."""
    settlement = _of(partner, pk)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            settlements.objection(settlement=settlement, at=timezone.now(), by=request.user, text=form.cleaned_data["text"])
        except ObjectionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your objection is with the office. Nothing is paid out on this credit note for now."))
        return redirect("dashboard:settlements")
    page = {"section": "settlements", "partner": partner, "settlement": settlement, "form": form}
    return render(request, "dashboard/objection.html", page, status=422 if form.is_bound else 200)


def _of(partner: Partner, pk: int) -> Invoice:
    """A credit note of the producer."""
    return get_object_or_404(settlements.for_partner(partner).filter(kind=Invoice.Kind.SELF_BILLED), pk=pk)


def _table(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
