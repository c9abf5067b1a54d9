"""Who is calling? By number or name; otherwise a new card."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.desk import callers, numbers, post
from marketplace.desk.callers import NotKept
from marketplace.desk.forms import CallerForm
from marketplace.desk.models import Caller
from marketplace.order.models import Order
from marketplace.regions import hosts
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest
from marketplace.users.models import User

UNPROCESSABLE = 422
#: who called last is often who calls again
RECENT = 8
#: more digits are no key
DIGITS = 18


@office
@require_safe
def home(request: MarketRequest) -> HttpResponse:
    """The search, and who called last."""
    text = request.GET.get("q", "")[: callers.LONGEST]
    recent = Caller.objects.filter(region=request.region, called_at__isnull=False).order_by("-called_at", "-pk")
    context = {
        "section": "desk",
        "tab": "home",
        "q": text,
        "found": callers.find(region=request.region, text=text),
        "is_number": bool(numbers.digits(text=text)),
        "recent": [] if text else recent[:RECENT],
        "due": post.orders(region=request.region, at=timezone.now()).count() + post.told(region=request.region).count(),
    }
    return render(request, "desk/home.html", context)


@office
def new(request: MarketRequest) -> HttpResponseBase:
    """A card: empty with what was searched for, or with what a login or a guest's order tells."""
    user, order = _login(request), _guest(request)
    initial = _initial(request, user, order)
    form = _form(request, initial)
    if request.method == "POST" and form.is_valid():
        try:
            caller = callers.add(region=request.region, details=form.details(), at=timezone.now(), user=user)
        except NotKept as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("desk:caller", pk=caller.pk)
    context = {"section": "desk", "form": form, "of": request.GET.urlencode()}
    return render(request, "desk/card.html", context, status=UNPROCESSABLE if form.errors else 200)


@office
def edit(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Change a card."""
    caller = caller_of(request, pk)
    known: dict[str, Any] = {**_fields(caller.__dict__), "phone": numbers.shown(number=caller.number), "note": caller.note}
    known["village"] = caller.municipality_id
    known["groups"] = list(caller.groups.values_list("pk", flat=True))
    form = _form(request, known)
    if request.method == "POST" and form.is_valid():
        try:
            callers.change(caller=caller, details=form.details())
        except NotKept as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("desk:caller", pk=pk)
    context = {"section": "desk", "form": form, "caller": caller}
    return render(request, "desk/card.html", context, status=UNPROCESSABLE if form.errors else 200)


@office
@require_POST
def forget(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Throw a card away because the person wants it."""
    callers.forget(caller=caller_of(request, pk), at=timezone.now(), by=request.user)
    messages.success(request, _("The card is thrown away. Orders keep what the law wants kept."))
    return redirect("desk:home")


def _form(request: MarketRequest, initial: dict[str, Any]) -> CallerForm:
    known: dict[str, Any] = {
        "villages": hosts.villages_of(region=request.region),
        "groups": callers.groups(region=request.region),
    }
    return CallerForm(request.POST or None, initial=initial, **known)


def caller_of(request: MarketRequest, pk: int) -> Caller:
    """A card of the region; 404 otherwise."""
    rows = Caller.objects.filter(region=request.region).select_related("region", "user", "municipality")
    return get_object_or_404(rows, pk=pk)


def _key(request: MarketRequest, name: str) -> int | None:
    told = request.GET.get(name, "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= DIGITS else None


def _login(request: MarketRequest) -> User | None:
    """The person with a login whose card is made; only who has to do with the region."""
    key = _key(request, "login")
    return get_object_or_404(callers.logins_of(region=request.region), pk=key) if key is not None else None


def _guest(request: MarketRequest) -> Order | None:
    key = _key(request, "order")
    if key is None:
        return None
    rows = Order.objects.filter(region=request.region, user__isnull=True).select_related("delivery__municipality")
    return get_object_or_404(rows, pk=key)


def _initial(request: MarketRequest, user: User | None, order: Order | None) -> dict[str, Any]:
    if user is not None:
        return _prefilled(callers.details_of_login(user=user, region=request.region))
    if order is not None:
        return _prefilled(callers.details_of(order=order))
    text = request.GET.get("q", "")[: callers.LONGEST].strip()
    if numbers.digits(text=text):
        return {"phone": text}
    first, _blank, last = text.rpartition(" ")
    return {"first_name": first, "last_name": last}


def _prefilled(details: dict[str, Any]) -> dict[str, Any]:
    village = details.pop("municipality")
    return {**details, "village": village.pk if village else None}


def _fields(values: dict[str, Any]) -> dict[str, Any]:
    names = ("first_name", "last_name", "company", "email", "street", "postal_code", "city")
    return {name: values[name] for name in names}
