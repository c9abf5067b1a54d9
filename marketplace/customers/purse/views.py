"""A customer's money: what is open, paying by transfer code, mandate, wish for an account, documents, years."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from billing import access, applications, epc, mandates, states, terms
from billing.applications import ApplicationRefused
from billing.mandates import MandateRefused
from marketplace.customers.purse import documents, standing, years
from marketplace.customers.purse.forms import ApplicationForm, DocumentsForm, MandateForm
from marketplace.regions.access import customer
from marketplace.regions.requests import MarketRequest
from marketplace.users import profiles

UNPROCESSABLE = 422


@customer
@never_cache
@require_safe
def overview(request: MarketRequest) -> HttpResponseBase:
    """What is open and until when, and everything that can be arranged."""
    return _overview(request)


@customer
@never_cache
@require_safe
def code(request: MarketRequest, pk: int) -> HttpResponse:
    """The transfer of an open invoice as a picture for a banking app."""
    bill = standing.bill(user=request.user, region=request.region, pk=pk)
    if bill is None:
        raise Http404("nothing open")
    number, left = bill
    title = _("Code for the transfer of %(number)s") % {"number": number}
    region = request.region
    picture = epc.svg(name=region.legal_name, iban=region.iban, amount=left, text=number, title=title)
    return HttpResponse(picture, content_type="image/svg+xml")


@customer
@never_cache
def mandate(request: MarketRequest) -> HttpResponseBase:
    """Let the market collect: the words, and signing them."""
    region, today = request.region, timezone.localdate()
    kept = mandates.terms_of(region=region)
    account = terms.account_of(user=request.user, region=region)
    name = account.name if account else profiles.of(user=request.user).user.get_full_name()
    form = MandateForm(request.POST or None, initial={"holder": name, "signed_name": request.user.get_full_name()})
    if request.method == "POST" and kept is not None and form.is_valid():
        told = form.cleaned_data
        try:
            mandates.sign(
                region=region,
                account=account,
                user=None if account else request.user,
                holder=told["holder"],
                iban=told["iban"],
                signed_name=told["signed_name"],
                signed_on=today,
                at=timezone.now(),
                by=request.user,
            )
        except MandateRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you. We collect your next invoices; each one says when."))
            return redirect("customer:purse")
    found = mandates.standing(region=region, account=account, user=request.user)
    context = {
        "form": form,
        "offered": kept is not None,
        "words": mandates.text_for(region=region, terms=kept) if kept else "",
        "account": account,
        "mandate": found,
        "iban": mandates.shown(found.iban) if found else "",
        "hindrance": mandates.hindrance(mandate=found, today=today) if found else "",
        "crumbs": _crumbs(_("Direct debit")),
    }
    return render(request, "customers/purse/mandate.html", context, status=UNPROCESSABLE if form.errors else 200)


@customer
@require_POST
def revoke(request: MarketRequest) -> HttpResponseBase:
    """Take the mandate back: it needs no reason, and works at once."""
    account = terms.account_of(user=request.user, region=request.region)
    found = mandates.standing(region=request.region, account=account, user=request.user)
    if found is None:
        raise Http404("no mandate")
    mandates.revoke(mandate=found, at=timezone.now(), by=request.user)
    messages.success(request, _("The mandate is revoked. Please transfer what is open from now on."))
    return redirect("customer:purse")


@customer
@never_cache
def application(request: MarketRequest) -> HttpResponseBase:
    """Ask to buy on account, or for other terms."""
    region, account = request.region, terms.account_of(user=request.user, region=request.region)
    form = ApplicationForm(request.POST or None, initial=_known(request))
    if request.method == "POST" and form.is_valid():
        try:
            applications.apply(user=request.user, region=region, wish=form.wish(), account=account, at=timezone.now())
        except ApplicationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you. The office looks at it and writes to you."))
            return redirect("customer:purse")
    latest = applications.latest(user=request.user, region=region)
    context = {"form": form, "account": account, "latest": latest, "crumbs": _crumbs(_("Buying on account"))}
    return render(request, "customers/purse/application.html", context, status=UNPROCESSABLE if form.errors else 200)


@customer
@require_POST
def keep_documents(request: MarketRequest) -> HttpResponseBase:
    """Where documents go."""
    account = terms.account_of(user=request.user, region=request.region)
    if account is None:
        raise Http404("no account")
    form = DocumentsForm(request.POST)
    if not form.is_valid():
        return _overview(request, form=form)
    documents.keep(account=account, at=timezone.now(), by=request.user, **form.told())
    messages.success(request, _("Saved."))
    return redirect("customer:purse")


@customer
@never_cache
@require_safe
def year(request: MarketRequest, year: int) -> HttpResponseBase:
    """One year: months, VAT, deposits, all documents."""
    known = years.known(user=request.user, region=request.region)
    if known and year not in known:
        raise Http404("no such year")
    mine = access.of_customer(user=request.user, region=request.region).filter(issued_on__year=year)
    today = timezone.localdate()
    rows = [{"invoice": row, "state": states.state_of(invoice=row, today=today)} for row in access.listed(mine)]
    context = {
        "year": years.of(user=request.user, region=request.region, year=year),
        "years": known,
        "rows": rows,
        "crumbs": _crumbs(str(year)),
    }
    return render(request, "customers/purse/year.html", context)


def _overview(request: MarketRequest, *, form: DocumentsForm | None = None) -> HttpResponse:
    purse = standing.of(user=request.user, region=request.region, today=timezone.localdate())
    account = purse.account
    told = (
        {
            "email": account.email,
            "copies_to": "\n".join(account.copies_to),
            "document_format": account.document_format,
        }
        if account
        else {}
    )
    context = {
        "purse": purse,
        "iban": mandates.shown(purse.mandate.iban) if purse.mandate else "",
        "grouped_iban": _grouped(request.region.iban),
        "collects": mandates.terms_of(region=request.region) is not None,
        "latest": applications.latest(user=request.user, region=request.region),
        "form": form or (DocumentsForm(initial=told) if account else None),
        "years": years.known(user=request.user, region=request.region),
        "crumbs": _crumbs(),
    }
    return render(request, "customers/purse/overview.html", context, status=UNPROCESSABLE if form else 200)


def _known(request: MarketRequest) -> dict[str, Any]:
    """What the form begins with: the account as it is, or what the last order said."""
    account = terms.account_of(user=request.user, region=request.region)
    if account is None:
        return {"email": request.user.email, "name": request.user.get_full_name(), "is_business": "1", "terms": "monthly"}
    names = ("name", "street", "postal_code", "city", "email", "vat_id", "terms")
    known = {name: getattr(account, name) for name in names}
    return known | {"limit": account.credit_limit, "is_business": "1" if account.is_business else "0"}


def _grouped(iban: str) -> str:
    """As people read it: in blocks of four."""
    plain = iban.replace(" ", "")
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _crumbs(here: str = "") -> list[dict[str, str]]:
    found = [{"label": _("My account"), "url": reverse("customer:overview")}]
    if not here:
        return [*found, {"label": _("Money")}]
    return [*found, {"label": _("Money"), "url": reverse("customer:purse")}, {"label": here}]
