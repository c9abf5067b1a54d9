"""The customer's own pages: overview, orders, address; an order also by its signed link."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing import access as billing_access
from billing import order_money, payments, shares
from billing.models import OrderTerms
from billing.online import connection, showing
from logistics import box_photos, empties
from logistics.models import Delivery
from marketplace.aftersales import after_delivery
from marketplace.core import money
from marketplace.customers import doors, rooms, spending, states
from marketplace.customers.forms import ProfileForm
from marketplace.notices import choices
from marketplace.notices.models import Kind
from marketplace.order import links, statement, transfer
from marketplace.order.models import Order, OrderQuerySet
from marketplace.regions import hosts, villages
from marketplace.regions.access import customer, public
from marketplace.regions.requests import MarketRequest
from marketplace.reviews import reviews
from marketplace.users import profiles

PAGE = 10
GONE = 410
RELATED = (
    "user",
    "region__site",
    "delivery__window__pickup_point",
    "delivery__window__partner",
    "delivery__round",
    "terms__account",
)


@customer
@never_cache
@require_safe
def overview(request: MarketRequest) -> HttpResponse:
    """What comes next, all orders, and the doors to other rooms."""
    mine = Order.objects.of_customer(request.user).filter(region=request.region).select_related(*RELATED)
    paginator = Paginator(mine.order_by("-date_placed", "-pk"), PAGE)
    page = paginator.get_page(request.GET.get("page"))
    coming = mine.filter(delivery__status__in=(Delivery.Status.BOOKED, Delivery.Status.LOADED))
    following = coming.order_by("delivery__window__starts_at", "pk").first()
    context = {
        "doors": doors.of(user=request.user, region=request.region),
        "rooms": rooms.all_of_them(),
        "deposit": empties.open_deposit(user=request.user, region=request.region),
        "next": following,
        "next_is_open": following is not None and _is_open(following),
        "page": page,
        "pages": list(paginator.get_elided_page_range(page.number)),
        "rows": [{"order": order, "state": states.of(order)} for order in page],
    }
    return render(request, "customers/overview.html", context)


@customer
@never_cache
@require_safe
def order(request: MarketRequest, number: str) -> HttpResponse:
    """One of the customer's own orders."""
    found = get_object_or_404(_readable(request).of_customer(request.user), number=number)
    return _page(request, found, crumbs=True)


@public
@never_cache
@require_safe
def order_by_link(request: MarketRequest, signed: str) -> HttpResponse:
    """An order for whoever holds its link; what is wrong with a link says nothing about any order."""
    try:
        number = links.read(token=signed, today=timezone.localdate())
    except links.LinkExpired:
        return render(request, "customers/link_expired.html", status=GONE)
    except links.BadLink:
        return render(request, "404.html", status=404)
    return _page(request, get_object_or_404(_readable(request), number=number), crumbs=False)


@public
@never_cache
@require_safe
def box_photo(request: MarketRequest, signed: str) -> HttpResponse:
    """A photo of the boxes where they were left, by the link on the order's page."""
    found = box_photos.read(token=signed)
    if found is None or found.delivery.round.region_id != request.region.pk:
        raise Http404
    return HttpResponse(bytes(found.content), content_type=found.media_type)


@customer
@never_cache
def profile(request: MarketRequest) -> HttpResponseBase:
    """Name, phone and village."""
    kept = profiles.of(user=request.user)
    initial = {
        "first_name": request.user.first_name,
        "last_name": request.user.last_name,
        "company": kept.company,
        "phone": kept.phone,
        "municipality": kept.municipality_id,
    }
    form = ProfileForm(request.POST or None, initial=initial, villages=hosts.villages_of(region=request.region))
    if request.method == "POST" and form.is_valid():
        kept = profiles.keep(user=request.user, **form.cleaned_data)
        if kept.municipality is not None:
            villages.choose(request, kept.municipality)
        messages.success(request, _("Your details are saved."))
        return redirect("customer:addresses")
    context = {"form": form, "crumbs": _crumbs(_("Name and village"))}
    return render(request, "customers/profile.html", context, status=422 if form.is_bound else 200)


@customer
@never_cache
@require_safe
def spent(request: MarketRequest) -> HttpResponse:
    """What the shopping of each year came to, by producer."""
    years = spending.by_year(user=request.user, region=request.region)
    return render(request, "customers/spending.html", {"years": years, "crumbs": _crumbs(_("Spent where"))})


def _readable(request: MarketRequest) -> OrderQuerySet:
    rows: OrderQuerySet = Order.objects.filter(region=request.region)
    return rows.select_related(*RELATED).prefetch_related(*statement.prefetches())


def _page(request: MarketRequest, found: Order, *, crumbs: bool) -> HttpResponse:
    delivery = found.delivery
    paid = payments.paid_ahead(order=found)
    invoices = list(billing_access.listed(billing_access.of_order(order=found)))
    told = statement.read(order=found)
    overview = order_money.overview(order=found, invoices=invoices)
    context: dict[str, Any] = {
        "order": found,
        "delivery": delivery,
        "statement": told,
        "shares": shares.of_statement(told=told, day=delivery.round.delivery_day),
        "state": states.of(found),
        "transfer": _transfer_together(found, overview) if overview else _transfer(found, paid),
        "paid": paid,
        "online": showing.of_order(order=found, offered=connection.is_offered(region=found.region)),
        "too_much": max(paid - found.total_incl_tax, money.ZERO),
        "is_open": _is_open(found),
        "can_open_account": not request.user.is_authenticated and bool(found.guest_email),
        "link": links.sign(order=found),
        "documents": [{"invoice": row, "link": billing_access.link_for(invoice=row)} for row in invoices],
        "overview": overview,
        "photos": [box_photos.sign(photo=photo) for photo in box_photos.of(delivery=delivery)],
        "after": after_delivery.read(order=found, today=timezone.localdate()),
        "reviewable": reviews.reviewable(order=found),
        "may_ask": _may_ask(found),
        "crumbs": _crumbs(found.number) if crumbs else None,
    }
    return render(request, "customers/order.html", context)


def _is_open(found: Order) -> bool:
    """Whether the order can still be changed or cancelled, by the customer as far as its round allows it."""
    delivery = found.delivery
    still_open = found.status == Order.Status.PLACED and delivery.status == Delivery.Status.BOOKED
    return still_open and timezone.now() < delivery.round.cutoff_at


def _may_ask(found: Order) -> bool:
    """Whether to offer the question how it was: the goods still come, an address is known, and nobody said yes yet."""
    if found.status != Order.Status.PLACED or not found.email:
        return False
    return not choices.wants(region=found.region, kind=Kind.REVIEW, user_id=found.user_id, email=found.email)


def _transfer(found: Order, paid: Decimal) -> transfer.Transfer | None:
    """What to transfer, as long as that is open."""
    open_ones = found.terms.method == OrderTerms.Method.TRANSFER and found.status == Order.Status.PLACED
    return transfer.for_order(order=found, region=found.region, paid=paid) if open_ones else None


def _transfer_together(found: Order, overview: order_money.Overview) -> transfer.Transfer | None:
    """One transfer for the invoices of several sellers, unless they are paid another way."""
    by_transfer = billing_access.of_order(order=found).filter(content__payment__code="58", replaced_by__isnull=True)
    left = overview.left if overview.left and by_transfer.exists() else money.ZERO
    return transfer.of(order=found, region=found.region, amount=left)


def _crumbs(here: str) -> list[dict[str, str]]:
    return [{"label": _("My account"), "url": reverse("customer:overview")}, {"label": here, "url": ""}]
