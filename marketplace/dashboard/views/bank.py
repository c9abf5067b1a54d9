"""The office takes in the bank's statements and says what each booking was for."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from billing import bank_lines
from billing.bank_files import StatementRefused
from billing.bank_lines import LineRefused, TakenIn
from billing.models import BankLine
from marketplace.dashboard import bank_desk
from marketplace.dashboard.forms.bank import SetAsideForm, StatementForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest


@office
@require_safe
def bank(request: MarketRequest) -> HttpResponse:
    """What the bank told, and what is to be decided."""
    return _page(request, StatementForm())


@office
@require_POST
def take_in(request: MarketRequest) -> HttpResponseBase:
    """A statement was sent."""
    form = StatementForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        taken = bank_lines.take_in(region=request.region, content=form.content(), at=timezone.now(), by=request.user)
    except StatementRefused as refusal:
        form.add_error("file", str(refusal))
        return _page(request, form, status=422)
    messages.success(request, _sentence(taken))
    return redirect("office:bank")


@office
@require_POST
def assign(request: MarketRequest, pk: int) -> HttpResponseBase:
    """A booking was for this."""
    try:
        item = bank_lines.assign(
            line=_line(request, pk),
            item_key=request.POST.get("item", "")[:40],
            at=timezone.now(),
            by=request.user,
            whole=bool(request.POST.get("whole")),
        )
        messages.success(request, _("Booked on %(number)s.") % {"number": item.number})
    except LineRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("office:bank")


@office
@require_POST
def set_aside(request: MarketRequest, pk: int) -> HttpResponseBase:
    """A booking is none of the market's."""
    form = SetAsideForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        bank_lines.set_aside(line=_line(request, pk), note=note, at=timezone.now(), by=request.user)
        messages.success(request, _("Set aside."))
    except LineRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("office:bank")


@office
@require_POST
def take_back(request: MarketRequest, pk: int) -> HttpResponseBase:
    """What was set aside is looked at again."""
    try:
        bank_lines.take_back(line=_line(request, pk), at=timezone.now(), by=request.user)
    except LineRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("office:bank")


def _line(request: MarketRequest, pk: int) -> BankLine:
    return get_object_or_404(BankLine.objects.select_related("region"), pk=pk, region=request.region)


def _page(request: MarketRequest, form: StatementForm, *, status: int = 200) -> HttpResponse:
    page = {"section": "bank", "form": form, "desk": bank_desk.read(region=request.region, at=timezone.now())}
    return render(request, "office/bank.html", page, status=status)


def _sentence(taken: TakenIn) -> str:
    new = ngettext("%(number)s booking is new.", "%(number)s bookings are new.", taken.new) % {"number": taken.new}
    assigned = ngettext("%(number)s left no doubt and is booked.", "%(number)s left no doubt and are booked.", taken.assigned) % {
        "number": taken.assigned
    }
    known = _("%(number)s were known.") % {"number": taken.known} if taken.known else ""
    return " ".join(filter(None, (new, assigned if taken.new else "", known)))
