"""The office pays producers: chooses credit notes, gets the file for the bank, and sees what the bank has carried out."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import payouts, small_business
from billing.models import PayoutRun
from billing.payouts import PayoutRefused
from marketplace.core import money
from marketplace.dashboard import payout_register
from marketplace.dashboard.forms.payouts import MinimumForm, PayoutRunForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest


@office
@require_safe
def payout_list(request: MarketRequest) -> HttpResponse:
    """What waits for its money, and the files that were made."""
    return _page(request, None)


@office
@require_POST
def draw_up(request: MarketRequest) -> HttpResponseBase:
    """Make a file of the chosen credit notes."""
    today = timezone.localdate()
    form = PayoutRunForm(request.POST, due=payouts.due(region=request.region, today=today), today=today)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        payouts.draw_up(region=request.region, today=today, at=timezone.now(), by=request.user, **form.told())
    except PayoutRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=409)
    messages.success(request, _("The file is ready. Please download it and give it to your bank."))
    return redirect("office:payouts")


@office
@require_safe
def message(request: MarketRequest, pk: int) -> HttpResponse:
    """The file, the same each time."""
    run = _run(request, pk)
    headers = {"Content-Disposition": f'attachment; filename="{run.number}.xml"'}
    return HttpResponse(run.message, content_type="application/xml", headers=headers)


@office
@require_POST
def drop(request: MarketRequest, pk: int) -> HttpResponseBase:
    """The file never went to the bank."""
    try:
        payouts.drop(run=_run(request, pk), at=timezone.now(), by=request.user)
        messages.success(request, _("Dropped. Its credit notes wait again."))
    except PayoutRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("office:payouts")


@office
@require_POST
def minimum(request: MarketRequest) -> HttpResponseBase:
    """Below which balance money waits for the next month."""
    form = MinimumForm(request.POST, region=request.region)
    if not form.is_valid():
        return _page(request, None, minimum=form, status=422)
    payouts.set_minimum(region=request.region, at=timezone.now(), by=request.user, **form.cleaned_data)
    messages.success(request, _("The smallest payout is noted."))
    return redirect("office:payouts")


def _run(request: MarketRequest, pk: int) -> PayoutRun:
    return get_object_or_404(PayoutRun.objects.select_related("region"), pk=pk, region=request.region)


def _page(
    request: MarketRequest, form: PayoutRunForm | None, *, minimum: MinimumForm | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    minimums = payouts.Minimums.load(region=request.region)
    due = payouts.due(region=request.region, today=today, minimums=minimums)
    ready = [item for item in due if not item.hindrance]
    page = {
        "section": "payouts",
        "due": due,
        "sum": sum((item.amount for item in ready), money.ZERO),
        "form": form or PayoutRunForm(due=due, today=today, initial={"execution_on": _working_day(today)}),
        "minimums": minimums,
        "minimum": minimum or MinimumForm(region=request.region),
        "small": small_business.warned(region=request.region, today=today),
        "runs": payout_register.runs(region=request.region),
    }
    return render(request, "office/payouts.html", page, status=status)


def _working_day(today: date) -> date:
    """The next day on which banks work, holidays left out of account: a bank moves those by itself."""
    return today + timedelta(days={4: 3, 5: 2}.get(today.weekday(), 1))
