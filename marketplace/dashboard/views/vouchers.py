"""Vouchers: the office's for the whole market, and each producer's own."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.dashboard import voucher_register
from marketplace.dashboard.forms.vouchers import OfficeVoucherForm, VoucherForm, initial_of, usual
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest
from marketplace.vouchers import offering
from marketplace.vouchers.models import VoucherTerms
from marketplace.vouchers.offering import NotOffered

PAGE = 30


@office
@require_safe
def voucher_list(request: MarketRequest) -> HttpResponse:
    """All vouchers of the market."""
    return _list(request, voucher_register.of_region(region=request.region), "office/vouchers.html", {"section": "vouchers"})


@office
def voucher_new(request: MarketRequest) -> HttpResponseBase:
    """Offer one."""
    form = OfficeVoucherForm(request.POST or None, region=request.region, initial=usual(today=timezone.localdate()))
    if request.method == "POST" and form.is_valid() and _offered(request, form):
        return redirect("office:vouchers")
    return _form_page(request, form, None, "office/voucher.html", {"section": "vouchers"})


@office
def voucher_page(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Look at one and change it."""
    terms = _loaded(voucher_register.of_region(region=request.region), pk)
    initial = initial_of(offering.promise_of(terms=terms))
    form = OfficeVoucherForm(request.POST or None, region=request.region, initial=initial)
    if request.method == "POST" and form.is_valid() and _changed(request, form, terms):
        return redirect("office:vouchers")
    return _form_page(request, form, terms, "office/voucher.html", {"section": "vouchers"})


@office
@require_POST
def voucher_end(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Let it end now."""
    _end(request, _loaded(voucher_register.of_region(region=request.region), pk))
    return redirect("office:vouchers")


@producer
@require_safe
def own_list(request: MarketRequest, *, partner: Partner) -> HttpResponse:
    """The producer's own vouchers."""
    context = {"section": "articles", "partner": partner}
    return _list(request, voucher_register.of_producer(partner=partner), "dashboard/vouchers.html", context)


@producer
def own_new(request: MarketRequest, *, partner: Partner) -> HttpResponseBase:
    """Offer one on own goods."""
    initial = usual(today=timezone.localdate())
    form = VoucherForm(request.POST or None, region=partner.region, partner=partner, initial=initial)
    if request.method == "POST" and form.is_valid() and _offered(request, form):
        return redirect("dashboard:vouchers")
    return _form_page(request, form, None, "dashboard/voucher.html", {"section": "articles", "partner": partner})


@producer
def own_page(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """Look at one and change it."""
    terms = _loaded(voucher_register.of_producer(partner=partner), pk)
    initial = initial_of(offering.promise_of(terms=terms))
    form = VoucherForm(request.POST or None, region=partner.region, partner=partner, initial=initial)
    if request.method == "POST" and form.is_valid() and _changed(request, form, terms):
        return redirect("dashboard:vouchers")
    return _form_page(request, form, terms, "dashboard/voucher.html", {"section": "articles", "partner": partner})


@producer
@require_POST
def own_end(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """Let it end now."""
    _end(request, _loaded(voucher_register.of_producer(partner=partner), pk))
    return redirect("dashboard:vouchers")


def _list(request: MarketRequest, known: QuerySet[VoucherTerms], template: str, context: dict[str, Any]) -> HttpResponse:
    page = Paginator(known, PAGE).get_page(request.GET.get("page"))
    rows = voucher_register.rows(terms=list(page.object_list), at=timezone.now())
    return render(request, template, {**context, "page": page, "rows": rows})


def _loaded(known: QuerySet[VoucherTerms], pk: int) -> VoucherTerms:
    return get_object_or_404(known.select_related("voucher", "region", "bearer", "goods_of"), pk=pk)


def _form_page(
    request: MarketRequest, form: VoucherForm, terms: VoucherTerms | None, template: str, context: dict[str, Any]
) -> HttpResponse:
    (row,) = voucher_register.rows(terms=[terms], at=timezone.now()) if terms else (None,)
    page = {**context, "form": form, "row": row, "was_used": bool(terms and offering.was_used(terms=terms))}
    return render(request, template, page, status=422 if form.errors else 200)


def _offered(request: MarketRequest, form: VoucherForm) -> bool:
    try:
        terms = offering.offer(region=form.region, promise=form.promise(), at=timezone.now(), by=request.user)
    except NotOffered as refused:
        _tell(form, refused)
        return False
    messages.success(request, _("The voucher %(code)s is there.") % {"code": terms.code})
    return True


def _changed(request: MarketRequest, form: VoucherForm, terms: VoucherTerms) -> bool:
    try:
        offering.change(terms=terms, promise=form.promise(), at=timezone.now(), by=request.user)
    except NotOffered as refused:
        _tell(form, refused)
        return False
    messages.success(request, _("The voucher %(code)s is changed.") % {"code": terms.code})
    return True


def _tell(form: VoucherForm, refused: NotOffered) -> None:
    field = {"bearer": "is_borne_by_producer"}.get(refused.field, refused.field)
    form.add_error(field if field in form.fields else None, str(refused))


def _end(request: MarketRequest, terms: VoucherTerms) -> None:
    offering.end(terms=terms, at=timezone.now(), by=request.user)
    text = _("The voucher %(code)s has ended. Orders that were placed with it keep their discount.")
    messages.success(request, text % {"code": terms.code})
