"""Decides what is written to a customer about an order, and that it is sent once.

What is due is found by a query. Whoever sends claims the order first, inside the same transaction: of two workers one sends,
and a mail that failed is due again. Who has no e-mail address is written a letter: see `order.letters`.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.core import audit, money
from marketplace.core.models import AuditEntry
from marketplace.order import day_links, links, news, revisions, statement, transfer
from marketplace.order.models import Order, OrderQuerySet
from marketplace.users.models import User

#: the trail's word for "the customer was told that the order is cancelled"
CANCELLATION_TOLD = "order.cancellation_told"
#: the trail's word for an order of which the farms have nothing
CUT = "cut"
#: the trail's word for an order that was to be paid online and was not
UNPAID = "unpaid"
#: the trail's word for an order that the office cancelled, with its reason in `said`
OFFICE = "office"
#: the trail's word for a cancellation of which the office did not want the customer to be told by the market
SILENT = "silent"
#: a cancellation that nobody was told of for so long is no news any more
DAYS_OF_NEWS = 14


def unconfirmed() -> list[int]:
    """Orders whose confirmation is due, the oldest first."""
    return list(Order.objects.unconfirmed().by_mail().order_by("pk").values_list("pk", flat=True))


def untold_cancellations(*, at: datetime) -> list[int]:
    """Orders whose customers have to be told by e-mail that they are cancelled, the oldest first."""
    return list(cancelled_untold(at=at).by_mail().order_by("pk").values_list("pk", flat=True))


def cancelled_untold(*, at: datetime) -> OrderQuerySet:
    """Orders cancelled of late whose customers nobody has told."""
    told = AuditEntry.objects.filter(action=CANCELLATION_TOLD, target_type=Order._meta.label_lower)
    recent = Order.objects.filter(status=Order.Status.CANCELLED, cancelled_at__gte=at - timedelta(days=DAYS_OF_NEWS))
    return recent.exclude(pk__in=told.values("target_id"))


@transaction.atomic
def send_confirmation(*, order_id: int, at: datetime) -> bool:
    """Send the confirmation with the whole contract (section 312i BGB); False when another worker did or nobody should."""
    if not Order.objects.unconfirmed().filter(pk=order_id).update(confirmation_sent_at=at):
        return False
    order = _load(order_id)
    if not order.email:
        Order.objects.filter(pk=order_id).update(confirmation_sent_at=None)
        return False
    change = revisions.untold(order=order) if order.revision > 1 else None
    subject = _("Your changed order %(number)s") if change else _("Your order %(number)s")
    _message(order=order, name="emails/order_confirmation", subject=subject % {"number": order.number}, change=change).send()
    return True


@transaction.atomic
def send_cancellation(*, order_id: int, at: datetime) -> bool:
    """Tell the customer that the order is cancelled, and the office if the customer wished it; False when that has happened."""
    Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order_id)
    if order_id not in untold_cancellations(at=at):
        return False
    order = _load(order_id)
    audit.record(action=CANCELLATION_TOLD, target=order, at=at)
    subject = _("Your order %(number)s is cancelled") % {"number": order.number}
    ended = _ending(order)
    farms = list(ended.new.get("farms", ())) if ended else []
    told = {
        "farms": farms,
        "why": ended.new.get("why", "") if ended else "",
        "cut": ended is not None and ended.new.get("reason") == CUT,
        "unpaid": ended is not None and ended.new.get("reason") == UNPAID,
        "said": ended.new.get("said", "") if ended else "",
    }
    _message(order=order, name="emails/order_cancelled", subject=subject, told=told).send()
    if ended is None or (not ended.new.get("reason") and ended.by_id in (None, order.user_id)):
        _tell_office(order)
    return True


def keep_silent(*, order: Order, at: datetime, by: User | None) -> None:
    """Nobody is written to about the cancellation: the office tells the customer otherwise. Part of its transaction."""
    audit.record(action=CANCELLATION_TOLD, target=order, at=at, by=by, new={"way": SILENT})


@transaction.atomic
def tell(*, order_id: int, name: str, subject: str, told: Mapping[str, Any], at: datetime) -> None:
    """Tell the customer some news of the order by e-mail; who has no address finds it on paper, from the pile of letters."""
    order = _load(order_id)
    if order.email:
        _message(order=order, name=name, subject=subject, told=told).send()
    elif news.is_on_paper(order=order):
        message = _message(order=order, name=name, subject=subject, told={**told, "paper": True})
        news.write(order=order, subject=subject, text=str(message.body), at=at)


def contract(*, order_id: int, name: str, subject: str, told: Mapping[str, Any]) -> EmailMultiAlternatives:
    """A mail of somebody else's with the whole contract, not sent yet; its templates `name` extend the confirmation's."""
    return _message(order=_load(order_id), name=name, subject=subject, told=told)


def mark_confirmed(*, orders: Collection[int], at: datetime) -> int:
    """Note that nobody waits for these confirmations, e.g. of orders taken over from another system; says how many."""
    return Order.objects.unconfirmed().filter(pk__in=orders).update(confirmation_sent_at=at)


def _ending(order: Order) -> AuditEntry | None:
    """Who cancelled the order, and why if it was the market itself. Nobody, or the customer: by account or link he wished it."""
    entries = AuditEntry.objects.filter(action="order.cancel", target_type=Order._meta.label_lower, target_id=order.pk)
    return entries.order_by("-pk").first()


def _tell_office(order: Order) -> None:
    """A line for whoever runs the market: goods and a place are free again."""
    subject = _("Order %(number)s was cancelled by the customer") % {"number": order.number}
    body = render_to_string("emails/order_cancelled_office.txt", {"order": order})
    EmailMultiAlternatives(subject=subject, body=body, to=[order.region.email]).send()


def _load(order_id: int) -> Order:
    related = (
        "region__site",
        "user",
        "delivery__window__pickup_point",
        "delivery__window__partner",
        "delivery__round",
        "terms__account",
    )
    return Order.objects.select_related(*related).prefetch_related(*statement.prefetches()).get(pk=order_id)


def _message(
    *,
    order: Order,
    name: str,
    subject: str,
    change: revisions.Difference | None = None,
    told: Mapping[str, Any] = MappingProxyType({}),
) -> EmailMultiAlternatives:
    """Text and HTML of the same content; the link leads to the order without a login."""
    token = links.sign(order=order)
    site = order.region.site.root_url
    paid = sum((payment.amount for payment in order.payments.all()), money.ZERO)
    read = statement.read(order=order)
    total = read.current.total
    context = {
        "order": order,
        "statement": read,
        "region": order.region,
        "iban": transfer.spaced(order.region.iban),
        "change": change,
        "paid": paid,
        "due": max(total - paid, money.ZERO),
        "back": max(paid - total, money.ZERO),
        "link": f"{site}{reverse('customer:order_by_link', args=[token])}",
        "day_link": f"{site}{reverse('day:live', args=[day_links.sign(order=order, purpose=day_links.Purpose.ARRIVAL)])}",
        "change_link": f"{site}{reverse('change:by_link', args=[token])}",
        "subject": subject,
        **told,
    }
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{name}.txt", context),
        to=[order.email],
        reply_to=[order.region.email],
    )
    message.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    return message
