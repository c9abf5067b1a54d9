"""The office reminds: chooses customers, sends letters, lets things rest, agrees on instalments."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from billing import dunning, dunning_letters, dunning_paper, instalments
from billing.dunning_letters import LetterRefused
from billing.instalments import PlanRefused
from billing.models import DunningLetter, DunningStop, InstalmentPlan
from marketplace.aftersales import disputed
from marketplace.dashboard import dunning_desk
from marketplace.dashboard.dunning_desk import Row, StopRefused
from marketplace.dashboard.forms.dunning import BaseRateForm, PlanForm, RemindForm, StepsForm, StopForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest


@office
@require_safe
def board(request: MarketRequest) -> HttpResponse:
    """Who is to be reminded, what rests, which letters went out."""
    return _page(request)


@office
@require_POST
def send(request: MarketRequest) -> HttpResponseBase:
    """Draw the letters to the chosen customers; they go out by themselves."""
    today, at = timezone.localdate(), timezone.now()
    told = disputed.orders(region=request.region)
    keys = [one.key for one in dunning.due(region=request.region, today=today, disputed=told)]
    form = RemindForm(request.POST, keys=keys)
    if not form.is_valid():
        return _page(request, status=422, remind_form=form)
    try:
        drawn = dunning_letters.draw(
            region=request.region, keys=form.cleaned_data["chosen"], today=today, at=at, by=request.user, disputed=told
        )
    except LetterRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, status=409, remind_form=form)
    text = ngettext("%(count)s letter goes out.", "%(count)s letters go out.", len(drawn))
    messages.success(request, text % {"count": len(drawn)})
    return redirect("office:dunning")


@office
@require_safe
def letter(request: MarketRequest, pk: int) -> HttpResponse:
    """A letter as it was sent."""
    found = get_object_or_404(DunningLetter, pk=pk, region=request.region)
    headers = {"Content-Disposition": f'attachment; filename="{found.number}.pdf"'}
    return HttpResponse(dunning_paper.paper(letter=found), content_type="application/pdf", headers=headers)


@office
@require_POST
def stop(request: MarketRequest) -> HttpResponseBase:
    """Let something rest, with a reason."""
    form = StopForm(request.POST, choices=_stoppable(dunning_desk.read(region=request.region, today=timezone.localdate()).rows))
    if not form.is_valid():
        return _page(request, status=422, stop_form=form)
    try:
        dunning_desk.stop(region=request.region, at=timezone.now(), by=request.user, **form.cleaned_data)
        messages.success(request, _("It rests now."))
    except StopRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("office:dunning")


@office
@require_POST
def lift(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Go on."""
    found = get_object_or_404(DunningStop, pk=pk, region=request.region)
    dunning_desk.lift(stop=found, at=timezone.now(), by=request.user)
    messages.success(request, _("The reminders go on."))
    return redirect("office:dunning")


@office
@require_POST
def keep_steps(request: MarketRequest) -> HttpResponseBase:
    """The three levels."""
    form = StepsForm(request.POST, steps=dunning.steps(region=request.region))
    if not form.is_valid():
        return _page(request, status=422, steps_form=form)
    dunning_desk.keep_steps(region=request.region, steps=form.told(), at=timezone.now(), by=request.user)
    messages.success(request, _("Saved."))
    return redirect("office:dunning")


@office
@require_POST
def keep_rate(request: MarketRequest) -> HttpResponseBase:
    """The base rate of this half-year."""
    form = BaseRateForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, rate_form=form)
    today = timezone.localdate()
    dunning_desk.keep_rate(percent=form.cleaned_data["percent"], today=today, at=timezone.now(), by=request.user)
    messages.success(request, _("Saved."))
    return redirect("office:dunning")


@office
def plan_new(request: MarketRequest) -> HttpResponseBase:
    """Agree on instalments."""
    today = timezone.localdate()
    form = PlanForm(request.POST or None, invoices=dunning_desk.open_invoices(region=request.region), today=today)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                instalments.agree(region=request.region, today=today, at=timezone.now(), by=request.user, **form.told())
                messages.success(request, _("Agreed. Nobody is reminded while the rates come."))
                return redirect("office:dunning")
            except PlanRefused as refusal:
                form.add_error(None, str(refusal))
    return render(request, "office/instalments.html", {"section": "dunning", "form": form}, status=status)


@office
@require_POST
def plan_end(request: MarketRequest, pk: int) -> HttpResponseBase:
    """The plan does not hold any more."""
    plan = get_object_or_404(InstalmentPlan, pk=pk, region=request.region)
    instalments.end(plan=plan, because=_("Ended by the office."), at=timezone.now(), by=request.user)
    messages.success(request, _("The plan is ended."))
    return redirect("office:dunning")


def _stoppable(rows: list[Row]) -> list[tuple[str, str]]:
    """Invoices, and accounts as a whole, that are overdue."""
    items = [item for row in rows for item in row.proposal.items]
    found = [(f"invoice:{item.invoice.pk}", item.invoice.number) for item in items]
    accounts = {item.invoice.account_id: item.invoice.account for item in items if item.invoice.account_id}
    return found + [(f"account:{pk}", _("all of %(name)s") % {"name": account}) for pk, account in accounts.items()]


def _page(request: MarketRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    today = timezone.localdate()
    desk = dunning_desk.read(region=request.region, today=today)
    page = {
        "section": "dunning",
        "ready": [row for row in desk.rows if not row.proposal.stopped and not row.proposal.over],
        "resting": [row for row in desk.rows if row.proposal.stopped],
        "over": [row for row in desk.rows if row.proposal.over and not row.proposal.stopped],
        "stops": desk.stops,
        "plans": desk.plans,
        "letters": dunning_desk.letters(region=request.region),
        "missing": desk.missing,
        "remind_form": RemindForm(keys=[]),
        "stop_form": StopForm(choices=_stoppable(desk.rows)),
        "steps_form": StepsForm(steps=desk.steps),
        "rate_form": BaseRateForm(),
        "today": today,
        **forms,
    }
    return render(request, "office/dunning.html", page, status=status)
