"""The office decides who buys on account."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import applications, journal, terms
from billing.models import Account
from marketplace.dashboard import credit, party_sheets
from marketplace.dashboard.forms.office import AccountForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

PAGE = 50


def _accounts(request: MarketRequest) -> QuerySet[Account]:
    return Account.objects.filter(region=request.region)


@office
@require_safe
def account_list(request: MarketRequest) -> HttpResponse:
    """All accounts, those that wait first."""
    rows = _accounts(request).order_by(F("approved_at").asc(nulls_first=True), "name", "pk")
    text = request.GET.get("q", "")[:80].strip()
    if text:
        rows = rows.filter(name__icontains=text) | rows.filter(number__icontains=text)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "office/accounts.html",
        {
            "section": "accounts",
            "page": page,
            "q": text,
            "query": urlencode({"q": text}),
            "applications": applications.waiting(region=request.region),
        },
    )


@office
@require_safe
def account_page(request: MarketRequest, pk: int) -> HttpResponse:
    """One account with its people and what it owes."""
    return _page(request, get_object_or_404(_accounts(request), pk=pk))


@office
@require_POST
def grant(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Let the account buy on invoice, or change its terms."""
    account = get_object_or_404(_accounts(request), pk=pk)
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _page(request, account, form=form, status=422)
    told = form.cleaned_data
    credit.grant(
        account=account,
        limit=told["credit_limit"],
        payment_days=told["payment_days"],
        terms=told["terms"],
        at=timezone.now(),
        by=request.user,
    )
    messages.success(request, _("%(name)s may buy on account.") % {"name": account.name})
    return redirect("office:account", pk=pk)


@office
@require_POST
def withdraw(request: MarketRequest, pk: int) -> HttpResponseBase:
    """No new orders on account."""
    account = get_object_or_404(_accounts(request), pk=pk)
    credit.withdraw(account=account, at=timezone.now(), by=request.user)
    messages.success(request, _("%(name)s pays at once from now on.") % {"name": account.name})
    return redirect("office:account", pk=pk)


def _page(request: MarketRequest, account: Account, *, form: AccountForm | None = None, status: int = 200) -> HttpResponse:
    known = {name: getattr(account, name) for name in ("credit_limit", "payment_days", "terms")}
    page = {
        "section": "accounts",
        "account": account,
        "people": account.users.order_by("email"),
        "groups": account.groups.order_by("name", "pk"),
        "owed": journal.balance(account=account),
        "sheet": party_sheets.of_account(account=account, today=timezone.localdate()),
        "committed": terms.committed(account=account),
        "form": form or AccountForm(initial=known),
    }
    return render(request, "office/account.html", page, status=status)
