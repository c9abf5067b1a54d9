"""The office decides who may buy on account of those who asked."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing import applications
from billing.applications import ApplicationRefused
from billing.models import AccountApplication
from marketplace.dashboard.forms.applications import DeclineForm
from marketplace.dashboard.forms.office import AccountForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

USUAL_DAYS = 14


@office
def page(request: MarketRequest, pk: int) -> HttpResponseBase:
    """One wish with all that was said; approving it."""
    application = _one(request, pk)
    known = {"credit_limit": application.wanted_limit, "terms": application.wanted_terms, "payment_days": USUAL_DAYS}
    form = AccountForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            account = applications.grant(
                application=application,
                limit=told["credit_limit"],
                payment_days=told["payment_days"],
                terms=told["terms"],
                at=timezone.now(),
                by=request.user,
            )
        except ApplicationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s may buy on account.") % {"name": account.name})
            return redirect("office:account", pk=account.pk)
    return _page(request, application, form, DeclineForm(), status=422 if form.errors else 200)


@office
@require_POST
def decline(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Say no, with the reason that the customer reads."""
    application, form = _one(request, pk), DeclineForm(request.POST)
    if form.is_valid():
        try:
            applications.decline(application=application, at=timezone.now(), by=request.user, **form.cleaned_data)
        except ApplicationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s is told why not.") % {"name": application.name})
            return redirect("office:accounts")
    return _page(request, application, AccountForm(), form, status=422)


def _one(request: MarketRequest, pk: int) -> AccountApplication:
    rows = AccountApplication.objects.select_related("user", "account", "decided_by")
    return get_object_or_404(rows, pk=pk, region=request.region)


def _page(
    request: MarketRequest, application: AccountApplication, form: AccountForm, decline_form: DeclineForm, *, status: int
) -> HttpResponse:
    context = {"section": "accounts", "application": application, "form": form, "decline_form": decline_form}
    return render(request, "office/application.html", context, status=status)
