"""What must hold after any quarter, however it went; every finding is a sentence."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Sum

from billing import books
from billing.models import InvoiceLine
from logistics.models import Box, BoxEvent, Delivery, DeliveryRound, PackedLine, RoundSavings, StopEvent, Tour, UnfollowedReport
from marketplace.order.models import Order
from tests.quarter import goods, provider_verdicts, relief
from tests.quarter.quarter import Quarter

#: how a delivery may end, and a box
ENDS = {Delivery.Status.COMPLETED, Delivery.Status.FAILED, Delivery.Status.CANCELLED}
TRACED = {Box.Status.HANDED_OVER, Box.Status.RETURNED, Box.Status.MISSING, Box.Status.EMPTY}


def findings(*, quarter: Quarter, today: date) -> list[str]:
    """Everything that does not fit; empty when every order, box, cent and kilometre is accounted for."""
    region = quarter.rule.region
    return [
        *_orders(),
        *_boxes(),
        *_lines(),
        *_kilometres(),
        *goods.findings(region=region),
        *relief.findings(),
        *provider_verdicts.findings(region=region, bank=quarter.bank, at=quarter.clock),
        *(str(problem) for problem in books.problems(region=region, today=today)),
    ]


def photograph() -> dict[str, Any]:
    """How many rows there are of each kind and what they say, without what only tells when somebody looked."""
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in {"sessions", "contenttypes"} or not model._meta.managed or model._meta.proxy:
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT count(*), sum(hashtext(t::text)) FROM {table} t")
            found[model._meta.label] = cursor.fetchone()
    return found


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What two photographs show differently."""
    return [f"{name}: {before[name]} became {after[name]}" for name in before if before[name] != after[name]]


def _orders() -> Iterator[str]:
    for row in Delivery.objects.exclude(status__in=ENDS).select_related("order"):
        yield f"Delivery of {row.order.number} ended nowhere: {row.status}."
    for over in DeliveryRound.objects.filter(deliveries__isnull=False).exclude(status=DeliveryRound.Status.DONE).distinct():
        yield f"Round {over} is not over: {over.status}."
    for tour in Tour.objects.exclude(status=Tour.Status.DONE):
        yield f"Tour {tour} of {tour.round} is not over: {tour.status}."
    for order in Order.objects.filter(delivery__isnull=True):
        yield f"Order {order.number} has no delivery."
    pairs = {
        (Delivery.Status.COMPLETED, Order.Status.COMPLETED),
        (Delivery.Status.FAILED, Order.Status.CLOSED),
        (Delivery.Status.CANCELLED, Order.Status.CANCELLED),
    }
    for number, status, delivered in Order.objects.values_list("number", "status", "delivery__status"):
        if (delivered, status) not in pairs:
            yield f"Order {number} is {status}, its delivery {delivered}."


def _boxes() -> Iterator[str]:
    for box in Box.objects.filter(delivery__status=Delivery.Status.COMPLETED).exclude(status__in=TRACED):
        yield f"Box {box.code} of a delivery that is over is still {box.status}."
    gone = TRACED - {Box.Status.HANDED_OVER}
    for box in Box.objects.filter(delivery__status=Delivery.Status.FAILED).exclude(status__in=gone):
        yield f"Box {box.code} that nobody took is {box.status}."
    for report in UnfollowedReport.objects.filter(settled_at__isnull=True):
        yield f"A report of {report.stop} waits: {report.refusal}"
    for box in Box.objects.filter(status=Box.Status.MISSING, delivery__status=Delivery.Status.COMPLETED):
        inside = PackedLine.objects.filter(collection=box.collection_id, delivery=box.delivery_id, delivered__gt=0)
        cold = [line for line in inside.select_related("order_line") if (line.order_line.storage != "ambient") == box.is_cold]
        if cold and not box.collection.boxes.filter(delivery=box.delivery_id, is_cold=box.is_cold).exclude(pk=box.pk).exists():
            yield f"Box {box.code} is missing, and {len(cold)} lines of it were handed over."
    twice = Counter(BoxEvent.objects.filter(kind=BoxEvent.Kind.HANDED_OVER).values_list("box_id", flat=True))
    for box_id, times in twice.items():
        if times > 1:
            yield f"Box {box_id} was handed over {times} times."
    for event in StopEvent.objects.filter(stop__tour__round__isnull=True):
        yield f"Report {event.pk} belongs to no round."


def _lines() -> Iterator[str]:
    """What was handed over was billed, each piece once."""
    over = PackedLine.objects.filter(delivery__status=Delivery.Status.COMPLETED)
    for line in over.filter(delivered__isnull=True):
        yield f"Nobody knows what was handed over of line {line.pk}."
    for line in PackedLine.objects.exclude(delivery__status=Delivery.Status.COMPLETED).filter(delivered__isnull=False):
        yield f"Line {line.pk} was handed over without its delivery."
    billed = dict(
        InvoiceLine.objects.filter(order_line__isnull=False, kind="380", charge="goods")
        .values_list("order_line")
        .annotate(times=Sum("quantity"))
    )
    for line in over.select_related("order_line").exclude(delivered=None):
        if (line.delivered or 0) and line.order_line_id not in billed:
            yield f"Line {line.pk} was handed over and never billed."


def _kilometres() -> Iterator[str]:
    """What a round drove is what its tours drove, and never less."""
    for row in RoundSavings.objects.select_related("round"):
        driven = Tour.objects.filter(round=row.round).aggregate(sum=Sum("distance_m"))["sum"] or 0
        if row.shared_m < driven:
            yield f"Round {row.round} says {row.shared_m} m, its tours drove {driven} m."
    done = DeliveryRound.objects.filter(status=DeliveryRound.Status.DONE, tours__isnull=False, savings__isnull=True)
    for late in done.distinct():
        yield f"Nobody computed what round {late} saved."
