"""The way to an order: start, delivery, details, review, thank-you. Every change is a POST; nothing needs JavaScript."""

from typing import Any

from allauth.account.views import request_login_code
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from billing import terms
from billing.models import OrderTerms
from logistics import cooling, windows
from logistics.models import DeliveryWindow
from marketplace.basket import baskets
from marketplace.basket.models import Basket
from marketplace.checkout import cancellation, entries, guests, legal, pages, placement, proposal
from marketplace.checkout.forms import PAYMENT_TEXTS, DeliveryForm, DetailsForm, WithdrawalForm
from marketplace.checkout.placement import Contact, Problem, Refused
from marketplace.checkout.problems import of_proposal
from marketplace.order import links, statement, transfer, withdrawals
from marketplace.order.models import Order
from marketplace.regions import hosts, villages
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.users import profiles

UNPROCESSABLE, CONFLICT = 422, 409
TOKEN = signing.Signer(salt="checkout.basket")


@public
@never_cache
@require_safe
def start(request: MarketRequest) -> HttpResponseBase:
    """With or without an account; who is logged in goes on."""
    if request.user.is_authenticated:
        return redirect("checkout:delivery")
    return render(request, "checkout/start.html")


@public
@never_cache
def delivery(request: MarketRequest) -> HttpResponseBase:
    """Village and window; both are remembered from before."""
    _take_village_from_profile(request)
    choices = windows.choices(region=request.region, municipality=villages.chosen(request), at=timezone.now())
    known = hosts.villages_of(region=request.region)
    wanted = baskets.contents(basket=request.basket).lines
    cold = cooling.names(products=(line.product for line in wanted), today=timezone.localdate())
    given: dict[str, Any] = {"choices": choices, "villages": known, "cold": cold}
    if request.method == "POST":
        form = DeliveryForm(request.POST, **given)
        valid = form.is_valid()
        if village := form.villages.get(form.cleaned_data.get("municipality") or 0):
            villages.choose(request, village)
        if "nearest" in request.POST:
            return redirect("checkout:delivery")
        if valid:
            entries.choose_window(request, form.cleaned_data["window"])
            return redirect("checkout:details")
    else:
        form = DeliveryForm(**given, initial={"municipality": request.session.get(villages.KEY)})
    posted = form.data.get("window", "")
    chosen = int(posted) if posted.isdecimal() else entries.window(request)
    groups = pages.slot_groups(choices=choices, chosen=chosen, cold=cold)
    context = {"form": form, "groups": groups, "steps": pages.steps("delivery")}
    return render(request, "checkout/delivery.html", context, status=UNPROCESSABLE if form.errors else 200)


@public
@never_cache
def details(request: MarketRequest) -> HttpResponseBase:
    """Person, address where it is needed, payment."""
    window = _window(request)
    village = villages.chosen(request)
    if window is None or (window.pickup_point_id is None and village is None):
        return redirect("checkout:delivery")
    home = None if window.pickup_point_id else village
    methods = terms.methods_for(user=request.user, region=request.region, kind="home" if home else "pickup")
    given: dict[str, Any] = {
        "methods": methods,
        "village": home,
        "is_known": request.user.is_authenticated,
        "initial": _known(request),
    }
    form = DetailsForm(request.POST or None, **given)
    if request.method == "POST" and form.is_valid():
        entries.keep_details(request, form.cleaned_data)
        return redirect("checkout:review")
    context = {"form": form, "window": window, "when": pages.when(window), "steps": pages.steps("details")}
    return render(request, "checkout/details.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@public
@never_cache
def review(request: MarketRequest) -> HttpResponseBase:
    """Everything once more, and the button. What keeps the order from being placed is said, and nothing is lost."""
    if request.method == "POST":
        return _order(request)
    return _review(request, basket=request.basket)


@public
@never_cache
@require_safe
def thanks(request: MarketRequest, number: str) -> HttpResponseBase:
    """What happens next; for who placed the order."""
    order = _own_order(request, number)
    payment = order.terms.method
    in_advance = payment == OrderTerms.Method.TRANSFER and order.status != Order.Status.CANCELLED
    context = {
        "order": order,
        "statement": statement.read(order=order),
        "when": pages.when(order.delivery.window),
        "cutoff": pages.cutoff(order.delivery.window),
        "link": links.sign(order=order),
        "transfer": transfer.for_order(order=order, region=request.region) if in_advance else None,
        "payment": PAYMENT_TEXTS[OrderTerms.Method(payment)],
        "can_open_account": not request.user.is_authenticated and bool(order.guest_email),
    }
    return render(request, "checkout/thanks.html", context)


@public
@require_POST
def open_account(request: MarketRequest, number: str) -> HttpResponseBase:
    """An account with one tap: the person is created without a password; allauth sends a code to the address in the form."""
    order = _own_order(request, number)
    if request.user.is_authenticated or not order.guest_email or request.POST.get("email") != order.guest_email:
        return redirect("customer:overview")
    guests.open_account(order=order, delivery=order.delivery)
    response: HttpResponseBase = request_login_code(request)
    return response


@public
@require_POST
def cancel(request: MarketRequest) -> HttpResponseBase:
    """Call an order off, by the link that its page holds."""
    token = request.POST.get("order", "")
    try:
        number = links.read(token=token, today=timezone.localdate())
    except (links.BadLink, links.LinkExpired) as error:
        raise Http404 from error
    order = get_object_or_404(Order, number=number, region=request.region)
    try:
        cancellation.cancel(order=order, at=timezone.now(), by=request.user if request.user.is_authenticated else None)
    except cancellation.NotCancelled as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your order %(number)s is cancelled. We send you an e-mail about it.") % {"number": number})
    if order.user_id is not None and order.user_id == request.user.pk:
        return redirect("customer:order", number=number)
    return redirect("customer:order_by_link", signed=token)


@public
@never_cache
def withdraw(request: MarketRequest) -> HttpResponseBase:
    """Withdraw from a contract without a login: enter, check, confirm; the receipt follows by mail (section 356a BGB)."""
    form = WithdrawalForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        declaration = context["declaration"] = withdrawals.Declaration(**form.cleaned_data)
        if "confirmed" in request.POST:
            context["entry"] = withdrawals.declare(region=request.region, declaration=declaration, at=timezone.now())
    return render(request, "checkout/withdraw.html", context, status=UNPROCESSABLE if form.errors else 200)


def _take_village_from_profile(request: MarketRequest) -> None:
    """A known customer who has not chosen a village in this session lives where the profile says."""
    if villages.KEY in request.session or not request.user.is_authenticated:
        return
    village = profiles.of(user=request.user).municipality
    if village is not None and village.region_id == request.region.pk:
        villages.choose(request, village)


def _window(request: MarketRequest) -> DeliveryWindow | None:
    known = DeliveryWindow.objects.select_related("round__rule", "pickup_point")
    return known.filter(pk=entries.window(request) or 0, round__region=request.region).first()


def _known(request: MarketRequest) -> dict[str, Any]:
    """What was entered before, or else what the customer's profile holds."""
    entered = entries.details(request)
    if entered or not request.user.is_authenticated:
        return entered
    profile = profiles.of(user=request.user)
    return {
        "first_name": request.user.first_name,
        "last_name": request.user.last_name,
        "phone": profile.phone,
        "company": profile.company,
        "street": profile.street,
        "postal_code": profile.postal_code,
    }


def _contact(request: MarketRequest, entered: dict[str, Any]) -> Contact:
    village = villages.chosen(request)
    return Contact(
        first_name=entered.get("first_name", ""),
        last_name=entered.get("last_name", ""),
        email=request.user.email if request.user.is_authenticated else entered.get("email", ""),
        phone=entered.get("phone", ""),
        company=entered.get("company", ""),
        note=entered.get("note", ""),
        street=entered.get("street", ""),
        postal_code=entered.get("postal_code", ""),
        city=village.name if village else "",
        municipality=village,
    )


def _order(request: MarketRequest) -> HttpResponseBase:
    basket = _basket_under_review(request)
    if basket is None:
        return redirect("basket:summary")
    entered = entries.details(request)
    contact = _contact(request, entered)
    try:
        order = placement.place(
            basket=basket,
            window_id=entries.window(request),
            contact=contact,
            payment=entered.get("payment", ""),
            fingerprint=request.POST.get("fingerprint", ""),
            user=request.user,
            at=timezone.now(),
            terms_accepted=legal.texts(region=request.region),
            age_confirmed="age_confirmed" in request.POST,
        )
    except Refused as refused:
        return _review(request, basket=basket, problems=refused.problems)
    if request.user.is_authenticated:
        _keep_address(request, contact)
    entries.finish(request, order)
    return redirect("checkout:thanks", number=order.number)


def _keep_address(request: MarketRequest, contact: Contact) -> None:
    profiles.keep_first(
        user=request.user,
        first_name=contact.first_name,
        last_name=contact.last_name,
        phone=contact.phone,
        company=contact.company,
        street=contact.street,
        postal_code=contact.postal_code,
        municipality=contact.municipality,
    )


def _basket_under_review(request: MarketRequest) -> Basket | None:
    """The basket that the page showed, even if it has been ordered meanwhile; only the visitor's own."""
    try:
        pk = int(TOKEN.unsign(request.POST.get("basket", "")))
    except (signing.BadSignature, ValueError):
        return request.basket if request.basket.pk else None
    own = (None, request.user.pk)
    return next((basket for basket in Basket.objects.filter(pk=pk, region=request.region) if basket.owner_id in own), None)


def _review(request: MarketRequest, *, basket: Basket, problems: tuple[Problem, ...] | None = None) -> HttpResponseBase:
    at = timezone.now()
    entered = entries.details(request)
    drawn = proposal.draw_up(basket=basket, window_id=entries.window(request), at=at)
    found = of_proposal(basket=basket, proposal=drawn, at=at) if problems is None else problems
    if any(problem.code == "empty" for problem in found):
        messages.info(request, _("Your basket is empty."))
        return redirect("basket:summary")
    if not entered and problems is None:
        return redirect("checkout:details" if drawn.window else "checkout:delivery")
    context = {
        "proposal": drawn,
        "groups": pages.review_groups(proposal=drawn, problems=found),
        "rows": pages.sum_rows(of=drawn.sums, fee_label=pages.fee_label(drawn.window), highest=pages.highest_total(drawn)),
        "is_estimate": pages.highest_total(drawn) is not None,
        "problems": found,
        "codes": {problem.code for problem in found},
        "window": drawn.window,
        "when": pages.when(drawn.window) if drawn.window else "",
        "cutoff": pages.cutoff(drawn.window) if drawn.window else "",
        "contact": _contact(request, entered),
        "payment": PAYMENT_TEXTS.get(entered.get("payment", ""), ""),
        "basket_token": TOKEN.sign(str(basket.pk)),
        "steps": pages.steps("review"),
        "age_confirmed": "age_confirmed" in request.POST,
    }
    return render(request, "checkout/review.html", context, status=CONFLICT if problems else 200)


def _own_order(request: MarketRequest, number: str) -> Order:
    related = ("user", "delivery__window__round", "delivery__window__pickup_point", "delivery__municipality", "terms")
    rows = Order.objects.filter(region=request.region).select_related(*related)
    order = get_object_or_404(rows.prefetch_related(*statement.prefetches()), number=number)
    if not entries.may_see(request, order):
        raise Http404
    return order
