"""The office looks after who receives fees that producers bear, and sees what is owed to them."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import settlements
from billing.settlements import ObjectionRefused
from marketplace.dashboard import fee_receivers, onboarding
from marketplace.dashboard.forms.fee_receivers import NewReceiverForm, ReceiverForm, TermsForm, ToldObjectionForm
from marketplace.dashboard.onboarding import ContractRefused
from marketplace.partner.models import Partner
from marketplace.partner.producers import BadApplication
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest


@office
@require_safe
def receiver_list(request: MarketRequest) -> HttpResponse:
    """Everybody who receives fees, with what is owed."""
    return _list(request)


@office
@require_POST
def engage(request: MarketRequest) -> HttpResponseBase:
    """Somebody new, who sells nothing."""
    form = NewReceiverForm(request.POST, region=request.region)
    if not form.is_valid():
        return _list(request, form, status=422)
    told = {**form.details(), "municipality": form.cleaned_data["municipality"]}
    try:
        made = fee_receivers.engage(region=request.region, terms=form.terms(), at=timezone.now(), by=request.user, **told)
    except BadApplication as refusal:
        form.add_error(None, str(refusal))
        return _list(request, form, status=409)
    messages.success(request, _("Taken in. Now agree the fee that it receives."))
    return redirect("office:receiver", pk=made.pk)


@office
@require_safe
def receiver_page(request: MarketRequest, pk: int) -> HttpResponse:
    """One of them: what is owed, what was credited, and on what terms."""
    return _page(request, _payee(request, pk))


@office
@require_POST
def amend(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Put right who it is and where its money goes."""
    payee = _payee(request, pk)
    form = ReceiverForm(request.POST, instance=_payee(request, pk))
    if not form.is_valid():
        return _page(request, payee, details=form, status=422)
    fee_receivers.amend(payee=payee, at=timezone.now(), by=request.user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("office:receiver", pk=pk)


@office
@require_POST
def renew(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Other terms from a day on."""
    payee = get_object_or_404(Partner, pk=pk, region=request.region, status=Partner.Status.PAYEE)
    form = TermsForm(request.POST, auto_id="terms_%s")
    if not form.is_valid():
        return _page(request, payee, terms=form, status=422)
    today, at = timezone.localdate(), timezone.now()
    try:
        onboarding.renew(partner=payee, contract=form.terms(), today=today, at=at, by=request.user)
    except ContractRefused as refusal:
        form.add_error("valid_from", str(refusal))
        return _page(request, payee, terms=form, status=409)
    messages.success(request, _("The new terms are agreed."))
    return redirect("office:receiver", pk=pk)


@office
@require_POST
def object_to(request: MarketRequest, pk: int) -> HttpResponseBase:
    """They object by mail or telephone."""
    form = ToldObjectionForm(request.POST, payee=_payee(request, pk))
    if not form.is_valid():
        messages.error(request, _("Please say which credit note it is, and what they say."))
        return redirect("office:receiver", pk=pk)
    try:
        settlements.objection(at=timezone.now(), by=request.user, **form.cleaned_data)
        messages.success(request, _("The objection is noted. Nothing is paid out on it for now."))
    except ObjectionRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("office:receiver", pk=pk)


def _payee(request: MarketRequest, pk: int) -> Partner:
    found: Partner = get_object_or_404(fee_receivers.known(region=request.region), pk=pk)
    return found


def _list(request: MarketRequest, form: NewReceiverForm | None = None, *, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    usual = {"valid_from": today, "self_billing_agreed_on": today}
    page = {
        "section": "commissions",
        "rows": fee_receivers.rows(region=request.region, today=today),
        "form": form or NewReceiverForm(region=request.region, initial=usual),
    }
    return render(request, "office/receivers.html", page, status=status)


def _page(
    request: MarketRequest,
    payee: Partner,
    *,
    details: ReceiverForm | None = None,
    terms: TermsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    page = {
        "section": "commissions",
        "payee": payee,
        "sheet": fee_receivers.sheet(payee=payee, today=today),
        "details": details or ReceiverForm(instance=payee),
        "terms": terms or TermsForm(auto_id="terms_%s"),
    }
    return render(request, "office/receiver.html", page, status=status)
