"""The office cancels many orders in one go, each as if it were cancelled alone."""

import re
from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from logistics.models import Delivery
from marketplace.checkout import cancellation
from marketplace.core.models import AuditEntry
from marketplace.desk import bulk, tasks
from marketplace.desk.bulk import NotBegun
from marketplace.desk.models import BulkCancellation, BulkOrder
from marketplace.order import mails
from marketplace.order.models import Order
from marketplace.partner.models import StockRecord
from marketplace.regions.models import Role
from marketplace.users.models import User
from tests.factories import orders
from tests.factories.market import NOW, MembershipFactory, RegionFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """An hour after the orders."""
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def till() -> orders.Till:
    """Honey, of which there are a hundred glasses; each order takes two."""
    found = orders.till(quantities=(2,), stock_kind="limited", num_in_stock=100)
    type(found.window).objects.update(capacity=100)
    return found


@pytest.fixture
def office(till: orders.Till) -> User:
    """Somebody of the market's office."""
    person: User = MembershipFactory.create(region=till.region, role=Role.OFFICE).user
    return person


def place(till: orders.Till, count: int) -> list[Order]:
    """So many orders of two glasses."""
    found = [till.place()]
    for _more in range(count - 1):
        basket = orders.filled_basket(region=till.region, wanted={till.products[0]: 2})
        found.append(till.having(basket=basket).place())
    return found


def begin(till: orders.Till, rows: list[Order], *, by: User | None = None, **given: Any) -> BulkCancellation:
    """The wish of the office."""
    told: dict[str, Any] = {"reason": "Der Hof liefert nicht", "tell": True, "restock": True, "key": uuid4(), **given}
    return bulk.begin(region=till.region, numbers=[row.number for row in rows], at=LATER, by=by, **told)


def logged_in(person: User) -> Client:
    """The office's browser."""
    client = Client()
    client.force_login(person)
    return client


def text(page: Any) -> str:
    """What is read, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def standing() -> list[str]:
    """How each order stands, the oldest first."""
    return list(Order.objects.order_by("pk").values_list("status", flat=True))


def test_case_32_in_bulk_each_order_is_cancelled_as_if_alone(till: orders.Till, office: User) -> None:
    alone, other, stays = place(till, 3)
    cancellation.cancel(order=alone, at=LATER, by=office, by_market=True)
    bulk.carry_on(bulk=begin(till, [other], by=office), at=LATER)
    assert standing() == ["cancelled", "cancelled", "placed"]
    assert StockRecord.objects.get().num_allocated == 2
    till.window.refresh_from_db()
    assert till.window.taken == 1
    trails = [AuditEntry.objects.filter(action="order.cancel", target_id=row.pk).get() for row in (alone, other)]
    assert [(entry.by, entry.old, entry.new["status"]) for entry in trails] == [(office, {"status": "placed"}, "cancelled")] * 2
    assert trails[1].new["said"] == "Der Hof liefert nicht"
    ended = Delivery.objects.filter(order__in=[alone, other]).values_list("status", flat=True)
    assert set(ended) == {Delivery.Status.CANCELLED}
    assert mails.send_cancellation(order_id=other.pk, at=LATER)
    assert [message.to for message in mail.outbox] == [["grete@post.example"]]
    assert "Wir mussten sie absagen. Der Grund: Der Hof liefert nicht" in mail.outbox[0].body
    assert stays.pk not in mails.untold_cancellations(at=LATER)


def test_case_32_office_may_switch_off_mail_and_restocking(till: orders.Till, office: User) -> None:
    rows = place(till, 2)
    bulk.carry_on(bulk=begin(till, rows, by=office, tell=False, restock=False), at=LATER)
    assert standing() == ["cancelled"] * 2
    assert mails.untold_cancellations(at=LATER) == []
    assert not mails.send_cancellation(order_id=rows[0].pk, at=LATER)
    assert mail.outbox == []
    offer = StockRecord.objects.get()
    assert (offer.num_in_stock, offer.num_allocated) == (96, 0)
    read = text(logged_in(office).get(reverse("office:order", args=[rows[0].number])))
    assert "abgesagt: Der Hof liefert nicht · Ware nicht zurückgebucht" in read
    assert "über die Absage nicht benachrichtigt" in read


def test_what_cannot_be_cancelled_any_more_stands_and_is_named(till: orders.Till, office: User) -> None:
    gone, fine = place(till, 2)
    row = begin(till, [gone, fine], by=office)
    cancellation.cancel(order=gone, at=LATER)
    assert bulk.carry_on(bulk=row, at=LATER) == 2
    told = bulk.progress(bulk=row)
    assert (told.cancelled, told.is_over, [item.order for item in told.refused]) == (1, True, [gone])
    assert told.refused[0].refusal == "Diese Bestellung ist bereits abgesagt."
    late = begin(till, place(till.having(basket=orders.filled_basket(region=till.region, wanted={till.products[0]: 2})), 1))
    bulk.carry_on(bulk=late, at=till.window.round.cutoff_at)
    assert bulk.progress(bulk=late).cancelled == 0


def test_sent_twice_or_done_twice_is_once(till: orders.Till, office: User) -> None:
    rows, key = place(till, 2), uuid4()
    first, again = begin(till, rows, key=key), begin(till, rows, key=key, reason="Doppelt gesendet")
    assert (first.pk, again.reason) == (again.pk, "Der Hof liefert nicht")
    assert [bulk.carry_on_due(at=LATER) for _time in range(2)] == [2, 0]
    assert AuditEntry.objects.filter(action="order.cancel").count() == 2
    assert StockRecord.objects.get().num_allocated == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_settle_each_order_once(till: orders.Till) -> None:
    row, barrier, settled = begin(till, place(till, 6)), Barrier(2), list[int]()

    def work() -> None:
        barrier.wait()
        try:
            settled.append(bulk.carry_on(bulk=row, at=LATER))
        finally:
            connection.close()

    workers = [Thread(target=work) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(settled) == 6
    assert standing() == ["cancelled"] * 6
    assert StockRecord.objects.get().num_allocated == 0
    assert not BulkOrder.objects.exclude(refusal="").exists()


def test_nothing_begins_without_orders_or_reason(till: orders.Till) -> None:
    rows = place(till, 1)
    with pytest.raises(NotBegun, match="mindestens eine"):
        begin(till, [])
    with pytest.raises(NotBegun, match="warum"):
        begin(till, rows, reason=" ")
    with pytest.raises(NotBegun, match="mindestens eine"):
        bulk.begin(
            region=RegionFactory.create(),
            key=uuid4(),
            numbers=[rows[0].number],
            reason="Fremd",
            tell=True,
            restock=True,
            at=LATER,
            by=None,
        )
    assert not BulkCancellation.objects.exists()


def test_office_chooses_reads_and_confirms(till: orders.Till, office: User) -> None:
    chosen, kept, gone = place(till, 3)
    cancellation.cancel(order=gone, at=LATER)
    client = logged_in(office)
    listed = client.get(reverse("office:orders")).content.decode()
    assert listed.count('name="nummer"') == 2
    address = reverse("desk:cancel_orders")
    asked = client.get(address, {"nummer": [chosen.number, gone.number]})
    assert "1 Bestellung absagen?" in text(asked)
    assert "bereits abgesagt" in text(asked)
    sent = {"numbers": asked.context["numbers"], "key": str(asked.context["key"]), "tell": "on", "restock": "on"}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert refused.context["key"] == asked.context["key"]
    done = client.post(address, {**sent, "reason": "Kein Honig"}, follow=True)
    assert "1 Bestellung ist abgesagt." in text(done)
    assert "1 Bestellung bleibt bestehen" in text(done)
    assert standing() == ["cancelled", "placed", "cancelled"]
    assert client.get(address).headers["Location"] == reverse("office:orders")
    assert kept.number in text(client.get(address, {"alle": "1"}))


def test_many_go_on_in_the_background(
    till: orders.Till, office: User, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    monkeypatch.setattr(tasks.cancel_in_bulk, "delay", lambda: None)
    rows, client = place(till, 4), logged_in(office)
    sent = {"numbers": ",".join(row.number for row in rows), "key": str(uuid4()), "reason": "Sturm"}
    page = client.post(reverse("desk:cancel_orders"), sent, follow=True)
    assert "0 von 4 sind erledigt" in text(page)
    assert 'http-equiv="refresh"' in page.content.decode()
    tasks.cancel_in_bulk()
    here = reverse("desk:cancelled_orders", args=[BulkCancellation.objects.get().pk])
    with django_assert_max_num_queries(12):
        page = client.get(here)
    assert "4 Bestellungen sind abgesagt." in text(page)
    assert client.get(here, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
