"""The office collects: chooses invoices, gets the file for the bank, sees what came of it, and keeps the mandates."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import debit_banking, debit_runs, mandates
from billing.debit_runs import DebitRefused, Due
from billing.mandates import MandateRefused
from billing.models import DebitRun, Mandate
from marketplace.core import money
from marketplace.dashboard import collecting, debit_register
from marketplace.dashboard.forms.debits import DebitRunForm, DebitTermsForm, PaperMandateForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

MOST_BACK = 20


@office
@require_safe
def debit_list(request: MarketRequest) -> HttpResponse:
    """What can be collected, the files that were made, and what came back."""
    return _page(request, None)


@office
@require_POST
def draw_up(request: MarketRequest) -> HttpResponseBase:
    """Make a file of the chosen invoices."""
    today = timezone.localdate()
    form = _run_form(debit_runs.due(region=request.region, today=today), today, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        debit_runs.draw_up(region=request.region, today=today, at=timezone.now(), by=request.user, **form.told())
    except DebitRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=409)
    messages.success(request, _("The file is ready. Please download it and give it to your bank."))
    return redirect("office:debits")


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
        debit_runs.drop(run=_run(request, pk), today=timezone.localdate(), at=timezone.now(), by=request.user)
        messages.success(request, _("Dropped. Its invoices are open again."))
    except DebitRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("office:debits")


@office
def mandate_list(request: MarketRequest) -> HttpResponseBase:
    """All mandates; one on paper is filed here."""
    form = PaperMandateForm(request.POST or None, region=request.region)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = mandates.sign(
                    region=request.region, at=timezone.now(), by=request.user, on_paper=True, **form.cleaned_data
                )
            except MandateRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Filed as %(reference)s.") % {"reference": made.reference})
                return redirect("office:mandates")
    page = {
        "section": "debits",
        "form": form,
        "terms": mandates.terms_of(region=request.region),
        "mandates": debit_register.standing(region=request.region, today=timezone.localdate()),
    }
    return render(request, "office/mandates.html", page, status=status)


@office
@require_POST
def keep_terms(request: MarketRequest) -> HttpResponseBase:
    """The identifier, and the days of the notice."""
    form = DebitTermsForm(request.POST)
    if not form.is_valid():
        return _page(request, None, terms_form=form, status=422)
    collecting.keep(region=request.region, at=timezone.now(), by=request.user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("office:debits")


@office
@require_POST
def end_mandate(request: MarketRequest, pk: int) -> HttpResponseBase:
    """The customer has revoked it by letter or telephone; or the office has cleared it up and uses it again."""
    mandate = get_object_or_404(Mandate, pk=pk, region=request.region)
    if request.POST.get("what") == "resume":
        mandates.resume(mandate=mandate, at=timezone.now(), by=request.user)
        messages.success(request, _("%(reference)s can be used again.") % {"reference": mandate.reference})
    else:
        mandates.revoke(mandate=mandate, at=timezone.now(), by=request.user)
        messages.success(request, _("%(reference)s is revoked.") % {"reference": mandate.reference})
    return redirect("office:mandates")


def _run(request: MarketRequest, pk: int) -> DebitRun:
    return get_object_or_404(DebitRun.objects.select_related("region"), pk=pk, region=request.region)


def _run_form(due: list[Due], today: date, told: Any = None) -> DebitRunForm:
    first = max([item.due_on for item in due if not item.hindrance and item.due_on <= debit_runs.horizon(today=today)] + [today])
    earliest = debit_runs.earliest(today=today)
    return DebitRunForm(told, due=due, earliest=earliest, initial={"collect_on": max(first, earliest)})


def _page(
    request: MarketRequest, form: DebitRunForm | None, *, terms_form: DebitTermsForm | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    due = debit_runs.due(region=request.region, today=today)
    terms = mandates.terms_of(region=request.region)
    known = {"creditor_id": terms.creditor_id, "notice_days": terms.notice_days} if terms else {"notice_days": 5}
    soon = debit_runs.horizon(today=today)
    back = debit_register.came_back(region=request.region)[:MOST_BACK]
    page = {
        "section": "debits",
        "due": due,
        "sum": sum((item.amount for item in due if not item.hindrance), money.ZERO),
        "soon": soon,
        "form": form or _run_form(due, today),
        "terms": terms,
        "terms_form": terms_form or DebitTermsForm(initial=known),
        "runs": debit_register.runs(region=request.region),
        "back": [
            {"item": item, "return": told, "why": debit_banking.reason_for(code=told.reason).text}
            for item in back
            for told in item.payment.returns.all()
        ],
    }
    return render(request, "office/debits.html", page, status=status)
