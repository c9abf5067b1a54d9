"""The waiting list of a full window: signing up, taking the place that is offered, and leaving."""

from allauth.core import ratelimit
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from logistics import address_links, choosing, signals, waiting, waiting_mails
from logistics.address_links import Purpose
from logistics.models import DeliveryWindow, WaitingEntry
from logistics.rounds import RoundClosed
from marketplace.order.models import Order
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop.forms import AddressForm
from marketplace.shop.views.delivery import back

GONE, UNPROCESSABLE, TOO_MANY = 410, 422, 429
#: named in ACCOUNT_RATE_LIMITS
LIMIT = "wait_for_a_place"


@public
@never_cache
def wait(request: MarketRequest, pk: int) -> HttpResponse:
    """Be told when a place is free: one tap with an account, without one by an address. The answer is the same every time."""
    window = _window(request, pk)
    known = request.user.is_authenticated
    form = AddressForm({"email": request.user.email} if known else request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, window, form, UNPROCESSABLE if request.method == "POST" and not known else 200)
    email = form.cleaned_data["email"]
    if not ratelimit.consume(request, action=LIMIT, key=email):
        form.add_error(None, _("That were many requests in a short time. Please try again in an hour."))
        return _form(request, window, form, TOO_MANY)
    try:
        waiting.enter(window=window, email=email, user=request.user, at=timezone.now())
    except RoundClosed as refusal:
        messages.error(request, str(refusal))
    else:
        _answer(request, window, email)
    return redirect(back(request) or "catalogue:delivery")


def _answer(request: MarketRequest, window: DeliveryWindow, email: str) -> None:
    """Without an account one is in the line once the address is confirmed."""
    if request.user.is_authenticated:
        text = _("You are on the waiting list for %(when)s. We write to %(email)s as soon as a place is free.")
    else:
        text = _(
            "We have sent an e-mail to %(email)s. Please follow the link in it: then you are on the waiting list for %(when)s."
        )
        signals.address_left.send(sender=WaitingEntry)
    messages.success(request, text % {"when": waiting_mails.place(window=window), "email": email})


@public
@never_cache
def confirm(request: MarketRequest, token: str) -> HttpResponse:
    """The owner of an address says yes; a program that only looks at the link changes nothing."""
    try:
        pk = address_links.read(token=token, purpose=Purpose.WAIT)
    except address_links.LinkExpired:
        return render(request, "shop/waiting_over.html", status=GONE)
    except address_links.BadLink as error:
        raise Http404 from error
    rows = WaitingEntry.objects.filter(window__round__region=request.region)
    entry = rows.select_related("window__round", "window__pickup_point", "window__partner").filter(pk=pk).first()
    if entry is None:
        return render(request, "shop/waiting_over.html", status=GONE)
    if request.method == "POST":
        if waiting.confirm(entry_id=entry.pk, at=timezone.now()) is None:
            return render(request, "shop/waiting_over.html", status=GONE)
        text = _("You are on the waiting list for %(when)s. We write to %(email)s as soon as a place is free.")
        messages.success(request, text % {"when": waiting_mails.place(window=entry.window), "email": entry.email})
        return redirect("catalogue:delivery")
    context = {"title": _("Tell me when a place is free"), "what": waiting_mails.place(window=entry.window)}
    return render(request, "shop/confirm_wish.html", context)


@public
@never_cache
def offer(request: MarketRequest, token: str) -> HttpResponse:
    """The link in the mail: choose the window whose place is kept, and go on shopping or to the checkout."""
    entry = _entry(request, token)
    if entry.status != WaitingEntry.Status.OFFERED or entry.expires_at is None or entry.expires_at <= timezone.now():
        return render(request, "shop/waiting_over.html", {"entry": entry}, status=GONE)
    choosing.come_with(request, offer=entry, window=entry.window)
    if number := _order_to_move(request, entry):
        return redirect("change:delivery", number=number)
    told = {"when": waiting_mails.place(window=entry.window), "until": waiting_mails.moment(entry.expires_at)}
    if request.basket.pk and not request.basket.is_empty:
        messages.success(request, _("The place is yours until %(until)s: %(when)s. Please order until then.") % told)
        return redirect("checkout:start")
    messages.success(request, _("The place is yours until %(until)s: %(when)s. Now fill your basket.") % told)
    return redirect("catalogue:index")


@public
@never_cache
def leave(request: MarketRequest, token: str) -> HttpResponse:
    """Off the list; only the button does it, not the look of a mail program at the link."""
    entry = _entry(request, token)
    left = entry.status not in (WaitingEntry.Status.WAITING, WaitingEntry.Status.OFFERED)
    if request.method == "POST":
        waiting.leave(entry=entry, at=timezone.now())
        left = True
    context = {"left": left, "when": waiting_mails.place(window=entry.window)}
    return render(request, "shop/waiting_leave.html", context)


def _order_to_move(request: MarketRequest, entry: WaitingEntry) -> str | None:
    """The number of an order for the same day which the visitor can move to the place."""
    mine = Q(number__in=request.session.get("placed", []))
    if request.user.is_authenticated:
        mine |= Q(user=request.user)
    rows = Order.objects.filter(mine, status=Order.Status.PLACED, delivery__round=entry.window.round_id)
    number: str | None = rows.order_by("pk").values_list("number", flat=True).first()
    return number


def _window(request: MarketRequest, pk: int) -> DeliveryWindow:
    rows = DeliveryWindow.objects.filter(round__region=request.region).select_related("round", "pickup_point", "partner")
    return get_object_or_404(rows, pk=pk)


def _entry(request: MarketRequest, token: str) -> WaitingEntry:
    try:
        entry = waiting.read(token=token)
    except waiting.BadLink as error:
        raise Http404 from error
    if entry.window.round.region_id != request.region.pk:
        raise Http404
    return entry


def _form(request: MarketRequest, window: DeliveryWindow, form: AddressForm, status: int) -> HttpResponse:
    context = {"form": form, "when": waiting_mails.place(window=window), "window": window, "back": back(request)}
    return render(request, "shop/wait.html", context, status=status)
