"""The office agrees commission and fees beside the contracts, and looks up what holds for an article and why."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import commissions
from billing.commissions import RuleRefused
from billing.models import CommissionRule, ProducerFee
from marketplace.dashboard import commission_register
from marketplace.dashboard.forms.commissions import EndForm, FeeForm, RuleForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest


@office
@require_safe
def commission_list(request: MarketRequest) -> HttpResponse:
    """All rules and fees that hold or will hold; with words, what is taken on the articles that they name."""
    return _page(request)


@office
@require_POST
def agree(request: MarketRequest) -> HttpResponseBase:
    """A new rule."""
    form = RuleForm(request.POST, region=request.region)
    if not form.is_valid():
        return _page(request, rule=form, status=422)
    told: dict[str, Any] = {"region": request.region, "today": timezone.localdate(), "at": timezone.now(), "by": request.user}
    try:
        commissions.agree(**form.cleaned_data, **told)
    except RuleRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, rule=form, status=409)
    messages.success(request, _("The rule is agreed. Credit notes and prices follow it from its first day on."))
    return redirect("office:commissions")


@office
@require_POST
def charge(request: MarketRequest) -> HttpResponseBase:
    """A new fee."""
    form = FeeForm(request.POST, region=request.region, auto_id="fee_%s")
    if not form.is_valid():
        return _page(request, fee=form, status=422)
    told: dict[str, Any] = {"region": request.region, "today": timezone.localdate(), "at": timezone.now(), "by": request.user}
    try:
        commissions.charge(**form.cleaned_data, **told)
    except RuleRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, fee=form, status=409)
    messages.success(request, _("The fee is agreed. It comes off the credit notes from its first day on."))
    return redirect("office:commissions")


@office
@require_POST
def end_rule(request: MarketRequest, pk: int) -> HttpResponseBase:
    """The last day of a rule."""
    return _end(request, get_object_or_404(CommissionRule, pk=pk, region=request.region))


@office
@require_POST
def end_fee(request: MarketRequest, pk: int) -> HttpResponseBase:
    """The last day of a fee."""
    return _end(request, get_object_or_404(ProducerFee, pk=pk, region=request.region))


def _end(request: MarketRequest, agreed: CommissionRule | ProducerFee) -> HttpResponseBase:
    today = timezone.localdate()
    form = EndForm(request.POST, today=today)
    if not form.is_valid():
        messages.error(request, _("Please give the last day."))
        return redirect("office:commissions")
    try:
        commissions.end(agreed=agreed, last=form.cleaned_data["last"], today=today, at=timezone.now(), by=request.user)
        messages.success(request, _("It ends on that day."))
    except RuleRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("office:commissions")


def _page(request: MarketRequest, *, rule: RuleForm | None = None, fee: FeeForm | None = None, status: int = 200) -> HttpResponse:
    today, region = timezone.localdate(), request.region
    text = request.GET.get("q", "")[:80].strip()
    usual: dict[str, Any] = {"valid_from": today}
    rules = commissions.running(region=region, today=today)
    page = {
        "section": "commissions",
        "today": today,
        "q": text,
        "explained": commission_register.explain(region=region, text=text, today=today) if text else [],
        "rules": [(one, commission_register.whom(one)) for one in rules],
        "fees": commissions.running_fees(region=region, today=today),
        "rule": rule or RuleForm(region=region, initial=usual),
        "fee": fee or FeeForm(region=region, initial=usual, auto_id="fee_%s"),
    }
    return render(request, "office/commissions.html", page, status=status)
