"""The office books by hand with four eyes, and closes months."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import closing, manual_entries
from billing.closing import ClosingRefused
from billing.manual_entries import EntryRefused
from billing.models import BankLine, Closing, Invoice, ManualEntry, Payment
from logistics.models import CashCount
from marketplace.core.transitions import ForbiddenTransition
from marketplace.dashboard import manual_desk
from marketplace.dashboard.forms.manual import BankBookingForm, MonthForm, ReasonForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

Proposing = Callable[[MarketRequest, int, str], ManualEntry]


@office
@require_safe
def manual(request: MarketRequest) -> HttpResponse:
    """What waits for a second person, and what was booked."""
    page = {"section": "manual", "desk": manual_desk.read(region=request.region, user=request.user)}
    return render(request, "office/manual.html", page)


@office
@require_POST
def propose(request: MarketRequest, what: str, pk: int) -> HttpResponseBase:
    """Propose a booking for an invoice, a payment, counted cash, a booking of the bank, or against a manual one."""
    if what not in _WAYS:
        raise Http404
    form = ReasonForm(request.POST)
    try:
        _WAYS[what](request, pk, form.cleaned_data["reason"] if form.is_valid() else "")
        messages.success(request, _("Proposed. Somebody else has to approve it before it is booked."))
    except EntryRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("office:manual")


@office
@require_POST
def approve(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Book what somebody else has proposed."""
    try:
        manual_entries.approve(entry=_entry(request, pk), at=timezone.now(), by=request.user)
        messages.success(request, _("Booked."))
    except (EntryRefused, ForbiddenTransition) as refusal:
        messages.error(request, str(refusal))
    return redirect("office:manual")


@office
@require_POST
def refuse(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Do not book it; who proposed it takes it back."""
    form = ReasonForm(request.POST)
    answer = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        manual_entries.refuse(entry=_entry(request, pk), answer=answer, at=timezone.now(), by=request.user)
        messages.success(request, _("It is not booked."))
    except ForbiddenTransition as refusal:
        messages.error(request, str(refusal))
    return redirect("office:manual")


@office
@require_safe
def months(request: MarketRequest) -> HttpResponse:
    """Which months are closed, and what hinders the next one."""
    page = {"section": "closing", "desk": manual_desk.months(region=request.region, today=timezone.localdate())}
    return render(request, "office/closing.html", page)


@office
@require_POST
def close(request: MarketRequest) -> HttpResponseBase:
    """Close the next month."""
    form = MonthForm(request.POST)
    try:
        if not form.is_valid():
            raise ClosingRefused(_("Months are closed one after the other, when they are over."))
        told = {"first": form.cleaned_data["first"], "today": timezone.localdate(), "at": timezone.now()}
        closing.close(region=request.region, by=request.user, **told)
        messages.success(request, _("The month is closed. What comes later is booked on the first open day."))
    except ClosingRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("office:closing")


@office
@require_POST
def reopen(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Ask for a month to be opened, with a reason; or agree to it, without one."""
    closed = get_object_or_404(Closing.objects.select_related("region"), pk=pk, region=request.region)
    form = ReasonForm(request.POST)
    try:
        if form.is_valid():
            told = form.cleaned_data
            closing.ask_to_reopen(closing=closed, reason=told["reason"], at=timezone.now(), by=request.user)
            messages.success(request, _("Noted. Somebody else has to agree."))
        else:
            closing.reopen(closing=closed, at=timezone.now(), by=request.user)
            messages.success(request, _("The month is open again."))
    except ClosingRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("office:closing")


def _entry(request: MarketRequest, pk: int) -> ManualEntry:
    return get_object_or_404(ManualEntry.objects.select_related("region"), pk=pk, region=request.region)


def _for_invoice(request: MarketRequest, pk: int, reason: str) -> ManualEntry:
    invoice = get_object_or_404(Invoice.objects.select_related("region"), pk=pk, region=request.region)
    day, at = timezone.localdate(), timezone.now()
    return manual_entries.propose_write_off(invoice=invoice, reason=reason, day=day, at=at, by=request.user)


def _for_costs(request: MarketRequest, pk: int, reason: str) -> ManualEntry:
    invoice = get_object_or_404(Invoice.objects.select_related("region"), pk=pk, region=request.region)
    day, at = timezone.localdate(), timezone.now()
    return manual_entries.propose_let_off(invoice=invoice, reason=reason, day=day, at=at, by=request.user)


def _for_payment(request: MarketRequest, pk: int, reason: str) -> ManualEntry:
    payment = get_object_or_404(Payment.objects.select_related("invoice", "entry"), pk=pk, entry__region=request.region)
    day, at = timezone.localdate(), timezone.now()
    return manual_entries.propose_take_back(payment=payment, reason=reason, day=day, at=at, by=request.user)


def _for_cash(request: MarketRequest, pk: int, reason: str) -> ManualEntry:
    count = get_object_or_404(CashCount.objects.select_related("tour__round"), pk=pk, tour__round__region=request.region)
    day, at = timezone.localdate(), timezone.now()
    return manual_entries.propose_cash_count(count=count, reason=reason, day=day, at=at, by=request.user)


def _for_bank(request: MarketRequest, pk: int, reason: str) -> ManualEntry:
    line = get_object_or_404(BankLine.objects.select_related("region"), pk=pk, region=request.region)
    form = BankBookingForm(request.POST)
    ledger = form.cleaned_data.get("ledger", "") if form.is_bound and not form.errors.get("ledger") else ""
    return manual_entries.propose_bank_line(line=line, ledger=ledger, reason=reason, at=timezone.now(), by=request.user)


def _for_entry(request: MarketRequest, pk: int, reason: str) -> ManualEntry:
    day, at = timezone.localdate(), timezone.now()
    return manual_entries.propose_reversal(entry=_entry(request, pk), reason=reason, day=day, at=at, by=request.user)


_WAYS: dict[str, Proposing] = {
    "rechnung": _for_invoice,
    "mahnkosten": _for_costs,
    "zahlung": _for_payment,
    "kasse": _for_cash,
    "bank": _for_bank,
    "buchung": _for_entry,
}
