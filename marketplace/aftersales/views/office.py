"""The office settles withdrawals, decides complaints and pays money back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import refunds
from billing.models import Account
from marketplace.aftersales import banking, complaints, deadlines, settling, withdrawals
from marketplace.aftersales.forms import AnswerForm, MatchForm, PaybackForm, SettlingForm
from marketplace.aftersales.models import Withdrawal
from marketplace.aftersales.settling import SettlingRefused
from marketplace.aftersales.views import deciding
from marketplace.core import wording
from marketplace.core.transitions import ForbiddenTransition
from marketplace.order import links
from marketplace.order.models import Order
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

PAGE = 30
UNPROCESSABLE, CONFLICT = 422, 409


@office
@require_safe
def withdrawal_list(request: MarketRequest) -> HttpResponse:
    """What is due first, then what is settled, the newest first."""
    rows = Withdrawal.objects.filter(region=request.region).select_related("order")
    waiting = list(withdrawals.waiting(region=request.region).select_related("order"))
    done = rows.exclude(status=Withdrawal.Status.DECLARED).order_by("-decided_at", "-pk")
    page = Paginator(done, PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {"section": "aftersales", "tab": "withdrawals", "waiting": [_due(row, today) for row in waiting], "page": page}
    return render(request, "aftersales/office/withdrawals.html", context)


@office
def withdrawal(request: MarketRequest, pk: int) -> HttpResponseBase:
    """One declaration: its order, what came back, what that comes to; the second button pays it."""
    row = get_object_or_404(_withdrawals(request), pk=pk)
    if request.method != "POST":
        return _withdrawal_page(request, row)
    form = _settling_form(row, request.POST)
    if form is None or not form.is_valid():
        return _withdrawal_page(request, row, form=form, status=UNPROCESSABLE)
    if "confirmed" not in request.POST:
        return _withdrawal_page(request, row, form=form, pieces=form.pieces())
    at = timezone.now()
    told: dict[str, Any] = {"pieces": form.pieces(), "answer": form.cleaned_data["answer"]}
    try:
        correction = settling.settle(withdrawal=row, today=timezone.localdate(at), at=at, by=request.user, **told)
    except (SettlingRefused, ForbiddenTransition) as refusal:
        form.add_error(None, str(refusal))
        return _withdrawal_page(request, row, form=form, status=CONFLICT)
    if correction is not None:
        messages.success(request, _("Settled: correction %(number)s.") % {"number": correction.number})
    else:
        messages.success(request, _("Settled. There was no invoice to correct."))
    return redirect("aftersales:withdrawal", pk=pk)


@office
@require_POST
def match(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Say to which order a declaration belongs."""
    row = get_object_or_404(_withdrawals(request), pk=pk)
    form = MatchForm(request.POST)
    order = settling.find_order(withdrawal=row, number=form.cleaned_data["number"]) if form.is_valid() else None
    if order is None:
        messages.error(request, _("There is no order with this number."))
        return _withdrawal_page(request, row, status=UNPROCESSABLE)
    try:
        settling.match(withdrawal=row, order=order, at=timezone.now(), by=request.user)
    except SettlingRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("aftersales:withdrawal", pk=pk)


@office
@require_POST
def refuse_withdrawal(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Tell the customer why there is no right to withdraw."""
    row = get_object_or_404(_withdrawals(request), pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _withdrawal_page(request, row, refusal=form, status=UNPROCESSABLE)
    try:
        settling.refuse(withdrawal=row, answer=form.cleaned_data["answer"], at=timezone.now(), by=request.user)
    except (SettlingRefused, ForbiddenTransition) as refusal:
        messages.error(request, str(refusal))
        return _withdrawal_page(request, row, status=CONFLICT)
    messages.success(request, _("Refused; the customer is told."))
    return redirect("aftersales:withdrawal", pk=pk)


@office
@require_safe
def complaint_list(request: MarketRequest) -> HttpResponse:
    """All complaints, those that wait first."""
    page = Paginator(complaints.of_region(region=request.region), PAGE).get_page(request.GET.get("page"))
    context = {"section": "aftersales", "tab": "complaints", "page": page}
    return render(request, "aftersales/office/complaints.html", context)


@office
@require_safe
def complaint(request: MarketRequest, pk: int) -> HttpResponse:
    """One complaint with its photo and the decision."""
    return deciding.page(request, _complaint(request, pk), for_office=True)


@office
@require_POST
def credit(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Credit it."""
    return deciding.credit(request, _complaint(request, pk), for_office=True)


@office
@require_POST
def refuse(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Credit nothing."""
    return deciding.refuse(request, _complaint(request, pk), for_office=True)


@office
@require_safe
def photo(request: MarketRequest, pk: int) -> HttpResponse:
    """What the customer saw."""
    return deciding.photo(_complaint(request, pk))


@office
@require_safe
def payback_list(request: MarketRequest) -> HttpResponse:
    """Who gets money back, and where to."""
    return _paybacks(request)


@office
@require_POST
def pay_back(request: MarketRequest, number: str) -> HttpResponseBase:
    """The money of an order went back."""
    order = get_object_or_404(Order, region=request.region, number=number)
    form = PaybackForm(request.POST)
    if not form.is_valid():
        return _paybacks(request, status=UNPROCESSABLE)
    refund = banking.pay_back(order=order, at=timezone.now(), by=request.user, **form.cleaned_data)
    _say(request, refund)
    return redirect("aftersales:paybacks")


@office
@require_POST
def pay_back_account(request: MarketRequest, pk: int) -> HttpResponseBase:
    """The credit balance of a monthly account went back."""
    account = get_object_or_404(Account, region=request.region, pk=pk)
    form = PaybackForm(request.POST)
    if not form.is_valid():
        return _paybacks(request, status=UNPROCESSABLE)
    _say(request, refunds.pay_back_account(account=account, at=timezone.now(), **form.cleaned_data))
    return redirect("aftersales:paybacks")


def _say(request: MarketRequest, refund: Any) -> None:
    if refund is None:
        messages.info(request, _("Nothing is owed any more."))
    else:
        messages.success(request, _("Booked: %(amount)s went back.") % {"amount": wording.euro(refund.amount)})


def _paybacks(request: MarketRequest, *, status: int = 200) -> HttpResponse:
    page = Paginator(refunds.orders(region=request.region).select_related("bank_details"), PAGE)
    rows = page.get_page(request.GET.get("page"))
    context = {
        "section": "aftersales",
        "tab": "paybacks",
        "page": rows,
        "rows": [
            {"order": order, "bank": getattr(order, "bank_details", None), "link": banking.sign(order=order)} for order in rows
        ],
        "accounts": refunds.accounts(region=request.region),
        "form": PaybackForm(initial={"paid_on": timezone.localdate()}, auto_id=False),
    }
    return render(request, "aftersales/office/paybacks.html", context, status=status)


def _withdrawals(request: MarketRequest) -> QuerySet[Withdrawal]:
    return Withdrawal.objects.filter(region=request.region).select_related(
        "order__delivery__round", "order__terms__account", "decided_by"
    )


def _complaint(request: MarketRequest, pk: int) -> Any:
    return get_object_or_404(complaints.of_region(region=request.region), pk=pk)


def _due(row: Withdrawal, today: Any) -> dict[str, Any]:
    due = deadlines.refund_due(declared_on=timezone.localdate(row.declared_at))
    return {"withdrawal": row, "due": due, "late": due < today}


def _settling_form(row: Withdrawal, data: Any = None) -> SettlingForm | None:
    if row.order is None:
        return None
    lines = list(row.order.lines.select_related("packed_line").order_by("partner_name", "pk"))
    declared = {line.order_line_id: line.quantity for line in row.lines.all()}
    return SettlingForm(data, lines=lines, declared=declared)


def _withdrawal_page(
    request: MarketRequest,
    row: Withdrawal,
    *,
    form: SettlingForm | None = None,
    pieces: dict[int, int] | None = None,
    refusal: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    order = row.order
    received = deadlines.received_on(order=order) if order else None
    context = {
        "section": "aftersales",
        "tab": "withdrawals",
        "withdrawal": row,
        "order": order,
        "candidate": settling.candidate(withdrawal=row) if order is None else None,
        "form": form or _settling_form(row),
        "proposal": settling.propose(order=order, pieces=pieces) if order is not None and pieces is not None else None,
        "refusal": refusal or AnswerForm(),
        "due": deadlines.refund_due(declared_on=timezone.localdate(row.declared_at)),
        "until": deadlines.withdrawal_ends(received_on=received) if received else None,
        "in_time": received is None or timezone.localdate(row.declared_at) <= deadlines.withdrawal_ends(received_on=received),
        "is_consumer": withdrawals.is_consumer(order=order) if order else True,
        "cancel_link": links.sign(order=order) if order is not None and order.status == Order.Status.PLACED else "",
        "settled": row.lines.filter(accepted__gt=0).select_related("order_line").order_by("pk"),
    }
    return render(request, "aftersales/office/withdrawal.html", context, status=status)
