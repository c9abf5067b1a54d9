"""The office finds and reads orders, and ends deliveries that failed."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import access, payments
from logistics import box_photos, slips
from logistics.models import Delivery, DeliveryRound, PackedLine
from marketplace.core import fonts, sheets
from marketplace.core.transitions import ForbiddenTransition
from marketplace.dashboard import order_register, order_trail, second_attempts
from marketplace.dashboard.forms.handovers import GivingUpForm, LateHandoverForm
from marketplace.dashboard.second_attempts import AlreadyEnded, HandoverRefused
from marketplace.order import statement
from marketplace.order.models import Order
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

PAGE = 50
#: how many rounds the filter offers
ROUNDS = 26


@office
@require_safe
def order_list(request: MarketRequest) -> HttpResponse:
    """Orders by search, round and status."""
    asked = {name: request.GET.get(name, "")[: order_register.LONGEST] for name in order_register.FILTERS}
    rows = order_register.find(region=request.region, **order_register.asked(query=request.GET))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    recent = DeliveryRound.objects.filter(region=request.region).select_related("rule").order_by("-delivery_day", "-pk")[:ROUNDS]
    context = {
        "section": "orders",
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "asked": asked,
        "rounds": recent,
        "statuses": Order.Status.choices,
        "deliveries": Delivery.Status.choices,
        "can_cancel": any(order.status == Order.Status.PLACED for order in page),
    }
    return render(request, "office/orders.html", context)


@office
@require_safe
def order_page(request: MarketRequest, number: str) -> HttpResponse:
    """One order with all that became of it."""
    return _page(request, get_object_or_404(_orders(request), number=number))


@office
@require_safe
def slip(request: MarketRequest, number: str) -> HttpResponseBase:
    """The slip that lies in the crate."""
    rows = slips.loaded(deliveries=Delivery.objects.filter(order__region=request.region))
    paper = slips.slip(delivery=get_object_or_404(rows, order__number=number))
    pdf = sheets.delivery_note(
        paper, folder=fonts.prepare(settings.TYPESETTING_FONTS), made_at=timezone.now().replace(microsecond=0)
    )
    headers = {"Content-Disposition": f'inline; filename="lieferschein-{number}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@office
@require_POST
def hand_over(request: MarketRequest, number: str) -> HttpResponseBase:
    """The customer got the goods after the delivery had failed."""
    order, delivery = _with_delivery(request, number)
    form = LateHandoverForm(request.POST, delivery=delivery, lines=_packed(order))
    if not form.is_valid():
        return _page(request, order, late=form, status=422)
    try:
        second_attempts.hand_over(delivery=delivery, at=timezone.now(), by=request.user, **form.handover())
    except HandoverRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, order, late=form, status=409)
    except (AlreadyEnded, ForbiddenTransition) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The goods are handed over."))
    return redirect("office:order", number=number)


@office
@require_POST
def give_up(request: MarketRequest, number: str) -> HttpResponseBase:
    """Nobody will get the goods of a delivery that failed."""
    order, delivery = _with_delivery(request, number)
    form = GivingUpForm(request.POST)
    if not form.is_valid():
        return _page(request, order, giving_up=form, status=422)
    try:
        second_attempts.give_up(delivery=delivery, reason=form.cleaned_data["reason"], at=timezone.now(), by=request.user)
    except HandoverRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, order, giving_up=form, status=409)
    except (AlreadyEnded, ForbiddenTransition) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The order has ended without delivery; nothing is billed."))
    return redirect("office:order", number=number)


def _page(
    request: MarketRequest,
    order: Order,
    *,
    late: LateHandoverForm | None = None,
    giving_up: GivingUpForm | None = None,
    status: int = 200,
) -> HttpResponse:
    delivery: Delivery | None = getattr(order, "delivery", None)
    page = {
        "section": "orders",
        "order": order,
        "statement": statement.read(order=order),
        "unpaid": payments.open_handovers(region=request.region).filter(order=order).exists(),
        "documents": access.listed(access.of_order(order=order)),
        "trail": order_trail.steps(order=order, given_up=bool(getattr(order, "given_up", False))),
        "today": timezone.localdate(),
        "photos": [box_photos.sign(photo=photo) for photo in box_photos.of(delivery=delivery)] if delivery else [],
    }
    if delivery is not None and delivery.status == Delivery.Status.FAILED:
        page["late"] = late or LateHandoverForm(delivery=delivery, lines=_packed(order))
        page["giving_up"] = giving_up or GivingUpForm(initial={"reason": delivery.handover_note})
    return render(request, "office/order.html", page, status=status)


def _orders(request: MarketRequest) -> QuerySet[Order]:
    rows: QuerySet[Order] = Order.objects.filter(region=request.region).annotate(given_up=second_attempts.given_up())
    related = (
        "delivery__round",
        "delivery__window__pickup_point",
        "delivery__window__partner",
        "delivery__stop__tour__vehicle",
        "terms__account",
        "user",
        "taken_by",
    )
    return rows.select_related(*related).prefetch_related(*statement.prefetches())


def _with_delivery(request: MarketRequest, number: str) -> tuple[Order, Delivery]:
    """An order of the region with its delivery, whatever became of that since the page was shown."""
    order = get_object_or_404(_orders(request), number=number)
    delivery: Delivery | None = getattr(order, "delivery", None)
    if delivery is None:
        raise Http404
    return order, delivery


def _packed(order: Order) -> list[PackedLine]:
    return [line.packed_line for line in order.lines.all() if hasattr(line, "packed_line")]
