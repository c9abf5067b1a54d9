"""The office's first page about money, and everything of one customer on one screen."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from marketplace.dashboard import money_duties, parties, party_sheets
from marketplace.dashboard.money_duties import Duty
from marketplace.order.models import Order
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest
from marketplace.users.models import User


@office
@require_safe
def money(request: MarketRequest) -> HttpResponse:
    """What waits, and where the money is."""
    now = timezone.now()
    page = {
        "section": "money",
        "duties": [{"duty": duty, "url": _place(duty)} for duty in money_duties.waiting(region=request.region, at=now)],
        "standing": money_duties.standing(region=request.region),
        "today": timezone.localdate(now),
    }
    return render(request, "office/money.html", page)


@office
@require_safe
def find(request: MarketRequest) -> HttpResponse:
    """Customers and producers by whatever is known of them."""
    text = request.GET.get("q", "")[: parties.LONGEST].strip()
    page = {"section": "parties", "q": text, "found": parties.find(region=request.region, text=text)}
    return render(request, "office/parties.html", page)


@office
@require_safe
def person(request: MarketRequest, pk: int) -> HttpResponse:
    """Everything of a customer with a login."""
    customers = User.objects.filter(orders__region=request.region).distinct()
    user = get_object_or_404(customers, pk=pk)
    sheet = party_sheets.of_person(user=user, region=request.region, today=timezone.localdate())
    page = {"section": "parties", "name": user.get_full_name() or user.email, "email": user.email}
    return render(request, "office/party.html", {**page, "sheet": sheet})


@office
@require_safe
def guest(request: MarketRequest, number: str) -> HttpResponse:
    """Everything of the customer who placed this order without a login."""
    guests = Order.objects.filter(region=request.region, user__isnull=True)
    order = get_object_or_404(guests, number=number)
    sheet = (
        party_sheets.of_guest(email=order.guest_email, region=request.region, today=timezone.localdate())
        if order.guest_email
        else party_sheets.of_order(order=order, today=timezone.localdate())
    )
    page = {"section": "parties", "name": order.company or order.contact_name, "email": order.guest_email, "phone": order.phone}
    return render(request, "office/party.html", {**page, "sheet": sheet})


def _place(duty: Duty) -> str:
    name, query = money_duties.PLACES[duty.kind]
    return reverse(name) + query
