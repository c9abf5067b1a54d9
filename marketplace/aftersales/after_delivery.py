"""Says what a customer can do about an order after it came, for the page of the order: complain, withdraw, get money back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from marketplace.aftersales import banking, complaints, deadlines, withdrawals
from marketplace.aftersales.models import BankDetails, Complaint, Withdrawal
from marketplace.core import money
from marketplace.order import links
from marketplace.order.models import Order


@dataclass(frozen=True, kw_only=True)
class Complainable:
    """A line that came, with the address where one complains about it."""

    title: str
    url: str


@dataclass(frozen=True, kw_only=True)
class AfterDelivery:
    """All of it; empty addresses where nothing can be done. `owed` is euro that go back to the customer."""

    complaints: Sequence[Complaint]
    complainable: Sequence[Complainable]
    complain_until: date | None
    withdrawals: Sequence[Withdrawal]
    can_withdraw: bool
    withdraw_until: date | None
    withdraw_url: str
    owed: Decimal
    bank_url: str
    bank_known: bool


def read(*, order: Order, today: date) -> AfterDelivery:
    """What holds for an order on a day; eight queries at most. The terms of the order with their account are at hand."""
    token = links.sign(order=order)
    received = deadlines.received_on(order=order)
    consumer = withdrawals.is_consumer(order=order) and order.status != Order.Status.CANCELLED
    open_lines = complaints.open_pieces(order=order, today=today)
    owed = banking.owed(order=order) if order.status in (Order.Status.COMPLETED, Order.Status.CANCELLED) else money.ZERO
    titles = dict(order.lines.filter(pk__in=open_lines).order_by("partner_name", "pk").values_list("pk", "title"))
    return AfterDelivery(
        complaints=list(
            Complaint.objects.filter(order_line__order=order).select_related("order_line").order_by("-reported_at", "-pk")
        ),
        complainable=[
            Complainable(title=title, url=reverse("aftersales:complain", args=[token, pk])) for pk, title in titles.items()
        ],
        complain_until=deadlines.complaint_ends(received_on=received) if received else None,
        withdrawals=list(Withdrawal.objects.filter(order=order).order_by("declared_at", "pk")),
        can_withdraw=consumer and any(choice.most for choice in withdrawals.choices(order=order, today=today)),
        withdraw_until=deadlines.withdrawal_ends(received_on=received) if received else None,
        withdraw_url=reverse("aftersales:withdraw_order", args=[token]) if consumer else "",
        owed=owed,
        bank_url=reverse("aftersales:bank_details", args=[banking.sign(order=order)]) if owed else "",
        bank_known=bool(owed) and BankDetails.objects.filter(order=order).exists(),
    )
