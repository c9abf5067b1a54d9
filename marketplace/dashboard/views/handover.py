"""The office hands the books out for a period: VAT return, master data, documents, and all of them for an audit."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import period_exports, periods, vat_returns
from billing.models import PeriodExport
from billing.period_exports import ChangedSince, PeriodRefused
from marketplace.dashboard import handover as desk
from marketplace.dashboard.forms.handover import ExportForm, SpanForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

TYPES = {"zip": "application/zip", "csv": "text/csv"}


@office
@require_safe
def handover(request: MarketRequest) -> HttpResponse:
    """What can be handed out, and what was."""
    return _page(request)


@office
@require_POST
def make(request: MarketRequest) -> HttpResponseBase:
    """Make the export of a period, once."""
    today = timezone.localdate()
    form = ExportForm(request.POST, months=desk.months(region=request.region, today=today))
    if not form.is_valid():
        return _page(request, form, status=422)
    told = form.cleaned_data
    last = periods.month_of(told["last"])[1]
    try:
        made = period_exports.make(
            region=request.region,
            kind=told["kind"],
            first=told["first"],
            last=last,
            today=today,
            at=timezone.now(),
            by=request.user,
        )
    except PeriodRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=409)
    messages.success(request, _("%(name)s is ready.") % {"name": period_exports.file_name(export=made)})
    return redirect("office:handover")


@office
@require_safe
def file(request: MarketRequest, pk: int) -> HttpResponse:
    """What was handed out, as it was."""
    made = get_object_or_404(PeriodExport.objects.select_related("region"), pk=pk, region=request.region)
    name = period_exports.file_name(export=made)
    try:
        content = period_exports.content(export=made)
    except ChangedSince:
        return HttpResponse(_("The documents are not what they were. Please have the books checked."), status=500)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=TYPES[name.rsplit(".", 1)[1]], headers=headers)


@office
@require_safe
def vat_return(request: MarketRequest) -> HttpResponse:
    """The figures of the VAT return, for a month or several."""
    months = desk.months(region=request.region, today=timezone.localdate())
    form = SpanForm(request.GET if "first" in request.GET else None, months=months)
    span = (
        (form.cleaned_data["first"], form.cleaned_data["last"]) if form.is_valid() else (months[0], months[0]) if months else None
    )
    figures = None
    if span is not None:
        figures = vat_returns.of_period(region=request.region, first=span[0], last=periods.month_of(span[1])[1])
        form = form if form.is_bound else SpanForm(initial={"first": span[0], "last": span[1]}, months=months)
    page = {"section": "bookkeeping", "form": form, "figures": figures}
    return render(request, "office/vat_return.html", page)


def _page(request: MarketRequest, form: ExportForm | None = None, *, status: int = 200) -> HttpResponse:
    told = desk.read(region=request.region, today=timezone.localdate())
    page = {"section": "bookkeeping", "desk": told, "form": form or ExportForm(months=told.months)}
    return render(request, "office/handover.html", page, status=status)
