"""What the office does with what drivers bring home in the evening: reports that could not be followed, and cash."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from logistics import cash, driving, reports
from logistics.models import Tour
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

#: more of them are seen once these are settled
MOST = 100
KINDS: dict[str, Any] = {
    **dict(driving.Kind.choices),
    reports.BOX: gettext_lazy("box"),
    reports.EMPTIES: gettext_lazy("empties"),
    reports.PHOTO: gettext_lazy("photo"),
}


class CountForm(forms.Form):
    """The counted cash of a tour."""

    counted = forms.DecimalField(label=gettext_lazy("counted (euro)"), min_value=0, max_digits=8, decimal_places=2, localize=True)
    note = forms.CharField(max_length=200, required=False)


@office
@require_safe
def drivers(request: MarketRequest) -> HttpResponse:
    """What waits for somebody to see to it, and the purses of the last tours."""
    found = reports.open_in(region=request.region)[:MOST]
    context = {
        "section": "rounds",
        "reports": [{"row": row, "kind": KINDS.get(row.kind, row.kind), "about": _about(row.data)} for row in found],
        "purses": cash.purses(region=request.region, today=timezone.localdate()),
    }
    return render(request, "office/drivers.html", context)


@office
@require_POST
def settle_report(request: MarketRequest, uuid: str) -> HttpResponseBase:
    """Somebody has seen to a report."""
    reports.settle(report=get_object_or_404(reports.open_in(region=request.region), pk=uuid), at=timezone.now(), by=request.user)
    messages.success(request, _("The report is settled."))
    return redirect("office:drivers")


@office
@require_POST
def count_cash(request: MarketRequest, pk: int) -> HttpResponseBase:
    """The cash of a tour was counted."""
    tour = get_object_or_404(Tour, pk=pk, round__region=request.region)
    form = CountForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please enter what was counted, in euro."))
        return redirect("office:drivers")
    told = form.cleaned_data
    try:
        cash.count(tour=tour, counted=told["counted"], note=told["note"], at=timezone.now(), by=request.user)
    except cash.CountRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("office:drivers")


def _about(data: dict[str, Any]) -> str:
    """The particulars that a person can read; a photo's contents are none."""
    told = data.get(reports.UNREADABLE) or data
    words = {"cash": _("paid in cash"), "card": _("paid by card"), "missing": _("was missing")}
    shown = [str(told[name]) for name in ("handed_to", "reason", "paid", "amount", "seen") if told.get(name)]
    return ", ".join(words.get(text, text) for text in shown)
