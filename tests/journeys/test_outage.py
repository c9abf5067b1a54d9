"""For weeks no job runs: no worker, no beat, an empty Redis. Then everything is caught up, once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core import mail

from billing.models import DocumentFile, Invoice
from logistics.models import Collection, DeliveryRound
from marketplace.order.models import Order
from tests.factories.market import local
from tests.factories.town import Town
from tests.journeys import way

pytestmark = pytest.mark.django_db

#: a month after the first round was driven
LATE = local(date(2026, 12, 9), way.EARLY)


@contextmanager
def clock(moment: datetime) -> Iterator[None]:
    """The tasks read the clock themselves; it stands still."""
    with time_machine.travel(moment, tick=False):
        yield


def run_every_job() -> None:
    """What beat would start, in the order of its schedule."""
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        module, _dot, name = str(entry["task"]).rpartition(".")
        getattr(import_module(module), name)()


def everything() -> Counter[str]:
    """How many rows there are of each kind, and how many mails were sent."""
    rows = Counter({model._meta.label: model._default_manager.count() for model in apps.get_models() if model._meta.managed})
    rows["mails"] = len(mail.outbox)
    return rows


def left_behind(town: Town) -> tuple[Order, Order, Order]:
    """Delivered to a guest and to an account in the first round; ordered for the second, whose cut-off then passes unnoticed."""
    guest = way.order(town, {"honey": 2, "candle": 1})
    chef = way.order(town, {"apples": 8}, who=town.people["chef"], payment="account")
    second = DeliveryRound.objects.get(region=town.region, delivery_day=town.delivery_day + timedelta(days=7))
    waiting = way.order(town, {"yoghurt": 4}, window=second.windows.get(pickup_point__isnull=True))
    way.through(town.round, by=town.people["driver"])
    return guest, chef, waiting


def test_everything_is_caught_up(town: Town) -> None:
    guest, chef, waiting = left_behind(town)
    assert (Invoice.objects.count(), len(mail.outbox)) == (0, 0)
    with clock(LATE):
        run_every_job()
    waiting.refresh_from_db()
    assert waiting.status == Order.Status.CLOSED
    second = DeliveryRound.objects.get(deliveries__order=waiting)
    assert second.closed_at == LATE
    assert Collection.objects.filter(round=second).count() == 1
    assert not DeliveryRound.objects.due_to_close(LATE).exists()
    assert {invoice.order or invoice.account for invoice in Invoice.objects.filter(kind="380")} == {guest, town.account}
    assert Invoice.objects.get(account=town.account).gross == chef.total_incl_tax
    assert {invoice.partner for invoice in Invoice.objects.filter(kind="389")} == {
        town.partners["bees"],
        town.partners["orchard"],
    }
    assert DocumentFile.objects.count() == Invoice.objects.filter(sent_at__isnull=False).count() == 4
    assert not Order.objects.unconfirmed().exists()
    assert DeliveryRound.objects.open_at(LATE).filter(region=town.region).exists()


def test_a_second_run_changes_nothing(town: Town) -> None:
    left_behind(town)
    with clock(LATE):
        run_every_job()
        before = everything()
        run_every_job()
    assert everything() == before


def test_numbers_have_no_gap(town: Town) -> None:
    left_behind(town)
    with clock(LATE):
        run_every_job()
    by_series: dict[int, list[int]] = {}
    for series, counter in Invoice.objects.order_by("counter").values_list("series", "counter"):
        by_series.setdefault(series, []).append(counter)
    assert [counters for counters in by_series.values() if counters != list(range(1, len(counters) + 1))] == []


def test_mails_reach_whom_they_concern_once(town: Town) -> None:
    left_behind(town)
    with clock(LATE):
        run_every_job()
    reached = Counter(address for message in mail.outbox for address in message.to)
    guest, chef = "grete@post.example", town.people["chef"].email
    producers = Counter(2 * [town.partners[key].email for key in ("bees", "orchard")])  # a credit note; what the tax office wants
    producers += Counter(row.partner.email for row in Collection.objects.filter(round__closed_at=LATE))  # what to pack
    # two confirmations and an invoice to the guest's address; the account's invoice goes to the house
    assert reached == Counter({guest: 3, chef: 1, town.account.email: 1}) + producers
