"""Withdrawing from a contract without a login: enter, check, confirm; the receipt follows by mail (section 356a BGB)."""

from typing import Any

from allauth.core import ratelimit
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from logistics.models import Delivery
from marketplace.aftersales import deadlines, withdrawals
from marketplace.aftersales.forms import WithdrawalForm, WithdrawalLinesForm
from marketplace.aftersales.views import links
from marketplace.aftersales.withdrawals import Declaration
from marketplace.order.models import Order
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest

UNPROCESSABLE, TOO_MANY = 422, 429
#: named in ACCOUNT_RATE_LIMITS
LIMIT = "declare_withdrawal"


@public
@never_cache
def withdraw(request: MarketRequest) -> HttpResponseBase:
    """For everybody; says nothing about any order, whatever is entered."""
    form = WithdrawalForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        declaration = Declaration(**form.cleaned_data)
        if "confirmed" not in request.POST:
            return _check(request, form, declaration)
        if not _may_declare(request, form, declaration):
            return render(request, "aftersales/withdraw.html", context, status=TOO_MANY)
        return _declared(request, declaration, None)
    return render(request, "aftersales/withdraw.html", context, status=UNPROCESSABLE if form.errors else 200)


@public
@never_cache
def withdraw_order(request: MarketRequest, signed: str) -> HttpResponseBase:
    """For who holds the link of an order, or is logged in and comes from its page: the lines to choose from."""
    order = links.order_of(request, signed)
    if isinstance(order, HttpResponse):
        return order
    choices = withdrawals.choices(order=order, today=timezone.localdate())
    known = {"name": order.contact_name, "email": order.email}
    form = WithdrawalLinesForm(request.POST or None, choices=choices, on_paper=not order.email, initial=known)
    context = {
        "form": form,
        "order": order,
        "choices": choices,
        "is_consumer": withdrawals.is_consumer(order=order),
        "until": _until(order),
        "can_cancel": _can_cancel(order),
        "signed": signed,
    }
    if request.method == "POST" and form.is_valid() and context["is_consumer"]:
        told = form.cleaned_data
        declaration = Declaration(name=told["name"], number=order.number, email=told["email"], lines=form.lines())
        if "confirmed" not in request.POST:
            return _check(request, form, declaration, order)
        if not _may_declare(request, form, declaration):
            return render(request, "aftersales/withdraw_order.html", context, status=TOO_MANY)
        return _declared(request, declaration, order)
    return render(request, "aftersales/withdraw_order.html", context, status=UNPROCESSABLE if form.errors else 200)


@public
@require_safe
def moved(request: MarketRequest) -> HttpResponseBase:
    """Where the page was before."""
    return redirect("aftersales:withdraw", permanent=True)


def _may_declare(request: MarketRequest, form: Any, declaration: Declaration) -> bool:
    """Receipts go to whatever address is typed, so nobody may have them sent without end."""
    if ratelimit.consume(request, action=LIMIT, key=declaration.email or declaration.number):
        return True
    form.add_error(
        None,
        _("That were many requests in a short time. Please write to %(email)s; that counts just as well.")
        % {"email": request.region.email},
    )
    return False


def _check(request: MarketRequest, form: Any, declaration: Declaration, order: Order | None = None) -> HttpResponse:
    context = {"form": form, "declaration": declaration, "chosen": _chosen(order, declaration)}
    return render(request, "aftersales/withdraw_check.html", context)


def _declared(request: MarketRequest, declaration: Declaration, order: Order | None) -> HttpResponse:
    at = timezone.now()
    made = withdrawals.declare(region=request.region, declaration=declaration, at=at, order=order)
    due = deadlines.refund_due(declared_on=timezone.localdate(at))
    return render(request, "aftersales/withdrawn.html", {"withdrawal": made, "due": due})


def _chosen(order: Order | None, declaration: Declaration) -> list[dict[str, Any]]:
    """The lines that are to be withdrawn from."""
    if order is None:
        return []
    lines = order.lines.filter(pk__in=declaration.lines).order_by("partner_name", "pk")
    return [{"title": line.title, "pieces": declaration.lines[line.pk]} for line in lines]


def _until(order: Order) -> Any:
    received = deadlines.received_on(order=order)
    return deadlines.withdrawal_ends(received_on=received) if received else None


def _can_cancel(order: Order) -> bool:
    """Before the cut-off the whole order can simply be cancelled, where customers may."""
    delivery: Delivery | None = getattr(order, "delivery", None)
    if order.status != Order.Status.PLACED or delivery is None or delivery.status != Delivery.Status.BOOKED:
        return False
    return delivery.round.customers_may_cancel and timezone.now() < delivery.round.cutoff_at
