"""The office hands the month to the tax adviser: a file for DATEV, the sums of VAT, and what is still open."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from billing import ledger_exports, open_items, open_items_at
from billing.ledger_exports import ExportRefused
from billing.models import Bookkeeping, LedgerExport
from marketplace.dashboard import vat_sums
from marketplace.dashboard.forms.bookkeeping import BookkeepingForm
from marketplace.dashboard.forms.handover import DayForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

MOST = 36


@office
@require_safe
def bookkeeping(request: MarketRequest) -> HttpResponse:
    """What is to be handed over, and what was."""
    return _page(request, BookkeepingForm(instance=_settings(request)))


@office
@require_POST
def keep(request: MarketRequest) -> HttpResponseBase:
    """The adviser's numbers."""
    form = BookkeepingForm(request.POST, instance=_settings(request))
    if not form.is_valid():
        return _page(request, form, status=422)
    form.save()
    messages.success(request, _("Saved."))
    return redirect("office:bookkeeping")


@office
@require_POST
def export(request: MarketRequest) -> HttpResponseBase:
    """Make the file of the next month."""
    try:
        made = ledger_exports.make(region=request.region, today=timezone.localdate(), at=timezone.now(), by=request.user)
        text = ngettext("The file with %(number)s line is ready.", "The file with %(number)s lines is ready.", made.lines)
        messages.success(request, text % {"number": made.lines})
    except ExportRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("office:bookkeeping")


@office
@require_safe
def file(request: MarketRequest, pk: int) -> HttpResponse:
    """A file as it was made."""
    made = get_object_or_404(LedgerExport, pk=pk, region=request.region)
    headers = {"Content-Disposition": f'attachment; filename="{ledger_exports.file_name(export=made)}"'}
    return HttpResponse(bytes(made.content), content_type="text/csv; charset=windows-1252", headers=headers)


@office
@require_safe
def open_csv(request: MarketRequest) -> HttpResponse:
    """What is open today, or was at the end of a past day (`?tag=`), as a table."""
    form, today = DayForm(request.GET), timezone.localdate()
    day = (form.cleaned_data["tag"] if form.is_valid() else None) or today
    headers = {"Content-Disposition": f'attachment; filename="offene-posten-{day:%Y-%m-%d}.csv"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("Number"), _("Date"), _("Name"), _("Open in €")])
    writer.writerows(_open_then(request, day) if day < today else _open_today(request))
    return response


def _open_today(request: MarketRequest) -> Iterator[list[str]]:
    for item in open_items.to_come_in(region=request.region):
        yield [item.number, f"{item.day:%d.%m.%Y}", item.whom, _euro(item.left)]
    for item in open_items.to_go_out(region=request.region):
        if item.kind == open_items.CREDIT_NOTE:
            yield [item.number, f"{item.day:%d.%m.%Y}", item.whom, _euro(-item.left)]


def _open_then(request: MarketRequest, day: date) -> Iterator[list[str]]:
    for item in open_items_at.on(region=request.region, day=day):
        yield [item.number, f"{item.day:%d.%m.%Y}" if item.day else "", item.whom, _euro(item.amount)]


def _euro(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def _settings(request: MarketRequest) -> Bookkeeping:
    return Bookkeeping.objects.filter(region=request.region).first() or Bookkeeping(region=request.region)


def _page(request: MarketRequest, form: BookkeepingForm, *, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    coming = open_items.to_come_in(region=request.region)
    page = {
        "section": "bookkeeping",
        "form": form,
        "is_set_up": _settings(request).pk is not None,
        "month": ledger_exports.next_month(region=request.region, today=today),
        "exports": LedgerExport.objects.filter(region=request.region).defer("content").order_by("-made_at", "-pk")[:MOST],
        "months": vat_sums.by_month(region=request.region, today=today),
        "this_year": today.year,
        "open_number": len(coming),
        "open_sum": open_items.total(coming),
    }
    return render(request, "office/bookkeeping.html", page, status=status)
