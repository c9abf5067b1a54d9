"""An order that somebody calls about: what it holds, its letter, changing and cancelling it."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from billing import terms
from billing.models import OrderTerms
from logistics import windows
from logistics.models import Delivery
from marketplace.assortments import sights
from marketplace.basket.baskets import MOST
from marketplace.checkout import amendment, cancellation, change_page, changes, drafts, legal, pages, versions
from marketplace.checkout.changes import Change
from marketplace.checkout.problems import Problem, Refused
from marketplace.checkout.proposal import Proposal
from marketplace.desk import articles, calls
from marketplace.desk.forms import AgreementForm
from marketplace.desk.models import Call, Caller
from marketplace.desk.views.ordering import LONGEST, key_of, number_of
from marketplace.order import letters, links, statement
from marketplace.order.models import Order
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest
from marketplace.shop import offered

CONFLICT = 409


@office
@require_safe
def order_page(request: MarketRequest, number: str) -> HttpResponse:
    """What was ordered, how the customer is told, and what can still be done."""
    order, at = order_of(request, number), timezone.now()
    context = {
        "section": "desk",
        "order": order,
        "caller": caller_behind(order),
        "statement": statement.read(order=order),
        "when": pages.when(order.delivery.window),
        "hindrance": changes.hindrance(order=order, delivery_round=order.delivery.round, at=at, by_market=True),
        "letter_due": letters.due(region=request.region, at=at).filter(pk=order.pk).exists(),
        "ways": letters.Way.choices,
        "signed": links.sign(order=order) if order.status == Order.Status.COMPLETED else "",
        "calls": Call.objects.filter(order=order).select_related("by").order_by("-at", "-pk"),
    }
    return render(request, "desk/taken.html", context)


@office
@never_cache
def change(request: MarketRequest, number: str) -> HttpResponseBase:
    """Other numbers, further articles, another window or payment; nothing is changed before it is confirmed."""
    order = order_of(request, number)
    if reason := changes.hindrance(order=order, delivery_round=order.delivery.round, at=timezone.now(), by_market=True):
        messages.error(request, reason)
        return redirect("desk:order", number=number)
    if request.method != "POST":
        return _page(request, order)
    if drafts.is_outdated(request, order=order):
        messages.warning(request, _("The order has been changed in the meantime. Please look at it once more."))
        return redirect("desk:change", number=number)
    what = request.POST.get("what", "")
    if what == "confirm":
        return _amend(request, order)
    if what == "drop":
        drafts.forget(request)
        return redirect("desk:order", number=number)
    if what == "agree":
        form = _agreement(request, order, _drawn(order, drafts.change_of(request, order=order)), data=request.POST)
        if not form.is_valid():
            return _page(request, order, form=form)
        _agree(request, order, form)
    else:
        _want(request, order)
    return redirect("desk:change", number=number)


@office
@require_POST
def cancel(request: MarketRequest, number: str) -> HttpResponseBase:
    """Call the order off for the customer."""
    order, at = order_of(request, number), timezone.now()
    try:
        cancellation.cancel(order=order, at=at, by=request.user, by_market=True)
    except cancellation.NotCancelled as refusal:
        messages.error(request, str(refusal))
    else:
        _note(request, order, _("cancelled"))
        messages.success(request, _("The order is cancelled."))
    return redirect("desk:order", number=number)


def order_of(request: MarketRequest, number: str) -> Order:
    """An order of the region with all that its pages say; 404 otherwise."""
    found: Order = get_object_or_404(orders(request), number=number)
    return found


def orders(request: MarketRequest) -> QuerySet[Order]:
    """The orders of the region, loaded."""
    related = (
        "region",
        "user",
        "taken_by",
        "taken__caller",
        "delivery__window__round",
        "delivery__round",
        "delivery__window__pickup_point",
        "delivery__window__partner",
        "delivery__municipality",
        "terms",
    )
    rows: QuerySet[Order] = Order.objects.filter(region=request.region, delivery__isnull=False, terms__isnull=False)
    return rows.select_related(*related).prefetch_related(*statement.prefetches())


def caller_behind(order: Order) -> Caller | None:
    """The card of who ordered on the telephone."""
    taken = getattr(order, "taken", None)
    return taken.caller if taken is not None else None


def _drawn(order: Order, wanted: Change) -> Proposal:
    return changes.propose(order=order, change=wanted, at=timezone.now())


def _want(request: MarketRequest, order: Order) -> None:
    """So many of an article; a further one comes on top of what is there."""
    present = drafts.change_of(request, order=order).wanted
    pk = key_of(request.POST.get("product", ""))
    quantity = number_of(request.POST.get("quantity", ""), least=0)
    if request.POST.get("what") == "add":
        quantity = present.get(pk, 0) + max(quantity, 1)
    if quantity > MOST:
        messages.error(request, _("Please choose a number from 0 to %(most)s.") % {"most": MOST})
        return
    drafts.want(request, order=order, product_id=pk, quantity=quantity)


def _agree(request: MarketRequest, order: Order, form: AgreementForm) -> None:
    """Another window brings the goods to the door by the caller's card."""
    given, card = form.cleaned_data, caller_behind(order)
    village = card.municipality if card else None
    drafts.choose(request, order=order, window_id=given["window"], village=village)
    details: dict[str, Any] = {"payment": given["payment"], "note": given["note"]}
    if card is not None and card.street and order.delivery.kind != Delivery.Kind.HOME:
        details |= {"street": card.street, "postal_code": card.postal_code}
    drafts.tell(request, order=order, details=details)


def _amend(request: MarketRequest, order: Order) -> HttpResponseBase:
    wanted = drafts.change_of(request, order=order)
    try:
        amendment.amend(
            order=order,
            change=wanted,
            fingerprint=request.POST.get("fingerprint", ""),
            at=timezone.now(),
            by=request.user,
            terms_accepted=legal.texts(region=request.region),
            age_confirmed="age_confirmed" in request.POST,
            by_market=True,
        )
    except Refused as refused:
        return _page(request, order, problems=refused.problems)
    drafts.forget(request)
    _note(request, order, _("changed"))
    messages.success(request, _("The order is changed."))
    return redirect("desk:order", number=order.number)


def _note(request: MarketRequest, order: Order, text: str) -> None:
    calls.note(
        region=request.region,
        topic=Call.Topic.CHANGE,
        text=text,
        at=timezone.now(),
        by=request.user,
        caller=caller_behind(order),
        order=order,
    )


def _agreement(request: MarketRequest, order: Order, drawn: Proposal, data: Any = None) -> AgreementForm:
    wanted = drafts.change_of(request, order=order)
    farms = [partner.pk for partner in drawn.contents.producers]
    found = windows.choices(region=request.region, municipality=wanted.contact.municipality, at=timezone.now(), farms=farms)
    mine = order.delivery.window_id
    choices = [replace(one, free=one.free + 1) if one.window_id == mine else one for one in found]
    online = order.terms.method == OrderTerms.Method.ONLINE
    offered = terms.methods_for(user=order.user, region=request.region, online=online)
    methods = [order.terms.method] if order.payments.exists() else offered
    initial = {"window": wanted.window_id, "payment": wanted.payment, "note": wanted.contact.note}
    return AgreementForm(data, choices=choices, methods=methods, goods=drawn.goods, initial=initial)


def _page(
    request: MarketRequest, order: Order, *, problems: tuple[Problem, ...] | None = None, form: AgreementForm | None = None
) -> HttpResponseBase:
    at, text = timezone.now(), request.GET.get("q", "")[:LONGEST]
    wanted = drafts.change_of(request, order=order)
    drawn = _drawn(order, wanted)
    window = drawn.window or order.delivery.window
    rounds = offered.offered(region=request.region, at=at, chosen_round=window.round_id)
    sight = sights.of_order(region=request.region, order_id=order.pk, user_id=order.user_id)
    context: dict[str, Any] = {
        "section": "desk",
        "order": order,
        "q": text,
        "add_url": reverse("desk:change", args=[order.number]),
        "ready": not request.htmx,
        "offers": articles.find(region=request.region, text=text, rounds=rounds, at=at, sight=sight),
    }
    if request.htmx:
        return render(request, "desk/change.html#offers", context)
    found = amendment.problems(order=order, change=wanted, proposal=drawn) if problems is None else problems
    context |= {
        "drawn": drawn,
        "groups": change_page.groups(order=order, change=wanted, proposal=drawn, problems=found),
        "problems": [problem for problem in found if problem.product_id is None],
        "difference": versions.difference(order=order, change=wanted, proposal=drawn),
        "when": pages.when(window),
        "place": versions.place(window=window, contact=wanted.contact),
        "form": form or _agreement(request, order, drawn),
    }
    return render(request, "desk/change.html", context, status=CONFLICT if problems else 200)
