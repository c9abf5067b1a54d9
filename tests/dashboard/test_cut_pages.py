"""Confirm or cut, labels and replacing, as a producer sees them: own goods only, a clear sentence, few queries."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from billing.models import OrderTerms
from logistics import tasks
from logistics.models import Box, Collection, PackedLine, Shortage
from marketplace.catalogue.models import Product
from marketplace.order import mails
from marketplace.order.models import Line
from tests.dashboard.people import Farm, producer_of
from tests.factories.market import PartnerFactory
from tests.logistics.market import CLOSING

pytestmark = pytest.mark.django_db
CEILING = 12


@pytest.fixture
def farm(time_machine: Any) -> Farm:
    """It is half an hour after the round has closed."""
    time_machine.move_to(CLOSING + timedelta(minutes=30), tick=False)
    return Farm()


def carrots(farm: Farm, **given: Any) -> Product:
    return farm.market.product(partner=farm.partner, offer__price=Decimal("4.00"), **given)


def closed(farm: Farm, *, wish: str = "similar", orders: int = 1) -> PackedLine:
    """Orders of three carrots in a round that is closed; the first line."""
    product = carrots(farm, title="Möhren")
    for _number in range(orders):
        farm.market.order((product, 3))
    Line.objects.update(substitution=wish)
    farm.market.close()
    return PackedLine.objects.order_by("pk")[0]


def url(farm: Farm, name: str, *more: Any) -> str:
    return reverse(f"dashboard:{name}", args=[farm.market.round.pk, *more])


def test_a_line_is_cut_with_an_offer_and_the_rest_confirmed(farm: Farm) -> None:
    line = closed(farm)
    offer = carrots(farm, title="Pastinaken").stockrecords.get()
    told = {"quantity": "1", "offer": offer.pk, "offer_quantity": "2"}
    assert farm.client.post(url(farm, "cut", line.pk), told).status_code == 302
    page = farm.client.get(url(farm, "cuts")).content.decode()
    assert "1 von 3" in page
    assert "2 × Pastinaken" in page
    farm.client.post(url(farm, "confirm"))
    assert Collection.objects.get().confirmed_at is not None
    packing = farm.client.get(url(farm, "round")).content.decode()
    assert "gekürzt: 1 von 3" in packing
    assert "statt Möhren" in packing


def test_a_dearer_offer_is_refused_with_a_sentence_and_nothing_changes(farm: Farm) -> None:
    line = closed(farm)
    offer = carrots(farm).stockrecords.get()
    answer = farm.client.post(url(farm, "cut", line.pk), {"quantity": "2", "offer": offer.pk, "offer_quantity": "2"})
    assert answer.status_code == 409
    assert "Bitte bieten Sie weniger an" in answer.content.decode()
    assert Shortage.objects.count() == 0


def test_articles_and_lines_of_other_farms_cannot_be_reached(farm: Farm) -> None:
    line = closed(farm)
    foreign = farm.market.product().stockrecords.get()
    answer = farm.client.post(url(farm, "cut", line.pk), {"quantity": "2", "offer": foreign.pk, "offer_quantity": "1"})
    assert answer.status_code == 400
    other = producer_of(PartnerFactory.create(municipality=farm.market.village))
    for name, more in (("cuts", ()), ("labels", ()), ("replace", (line.pk,))):
        assert other.get(url(farm, name, *more)).status_code == 404


def test_a_cut_is_taken_back(farm: Farm) -> None:
    line = closed(farm)
    farm.client.post(url(farm, "cut", line.pk), {"quantity": "0"})
    farm.client.post(url(farm, "cut", line.pk), {"restore": "1"})
    line.refresh_from_db()
    assert (line.promised, line.packed, Shortage.objects.count()) == (None, None, 0)


def test_after_the_deadline_the_page_says_so(farm: Farm, time_machine: Any) -> None:
    line = closed(farm)
    time_machine.move_to(CLOSING + timedelta(hours=5), tick=False)
    assert "Dafür ist es zu spät" in farm.client.get(url(farm, "cuts")).content.decode()
    assert farm.client.post(url(farm, "cut", line.pk), {"quantity": "0"}).status_code == 409


def test_the_job_confirms_in_silence_tells_customers_and_cancels_what_is_empty(farm: Farm, time_machine: Any) -> None:
    line = closed(farm, wish="leave_out")
    line.order_line.order.__class__.objects.update(guest_email="femke@post.example", confirmation_sent_at=CLOSING)
    farm.client.post(url(farm, "cut", line.pk), {"quantity": "0"})
    tasks.settle_shortages()
    assert mail.outbox == []
    time_machine.move_to(CLOSING + timedelta(hours=5), tick=False)
    for _twice in range(2):
        tasks.settle_shortages()
    line.order_line.order.refresh_from_db()
    assert (line.order_line.order.status, mail.outbox) == ("cancelled", [])
    OrderTerms.objects.create(order=line.order_line.order, method="transfer")
    assert mails.send_cancellation(order_id=line.order_line.order_id, at=timezone.now())
    body = str(mail.outbox[0].body)
    assert "die Betriebe haben nicht, was Sie bestellt haben" in body
    assert "Runde findet nicht statt" not in body


def test_what_is_missing_is_replaced_on_a_page_of_its_own(farm: Farm) -> None:
    line = closed(farm)
    offer = carrots(farm, title="Pastinaken").stockrecords.get()
    farm.client.post(url(farm, "record", line.pk), {"quantity": "2"})
    assert url(farm, "replace", line.pk) in farm.client.get(url(farm, "round")).content.decode()
    farm.client.post(url(farm, "replace", line.pk), {"offer": offer.pk, "quantity": "1"})
    assert PackedLine.objects.get(order_line__instead_of=line.order_line).ordered == 1
    again = farm.client.post(url(farm, "replace", line.pk), {"offer": offer.pk, "quantity": "1"})
    assert again.status_code == 409


def test_labels_are_printed_on_both_papers_and_another_box_has_one(farm: Farm) -> None:
    line = closed(farm)
    for kind in ("a4", "rolle"):
        answer = farm.client.get(url(farm, "label_paper", kind))
        assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert farm.client.get(url(farm, "label_paper", "a3")).status_code == 404
    farm.client.post(url(farm, "another_box", line.delivery_id), {"cold": "1"})
    assert list(Box.objects.order_by("number").values_list("number", "is_cold")) == [(1, False), (2, True)]


@pytest.mark.parametrize("orders", [1, 3, 20])
@pytest.mark.parametrize("name", ["cuts", "labels"])
def test_pages_cost_the_same_for_any_number(farm: Farm, orders: int, name: str, django_assert_max_num_queries: Any) -> None:
    closed(farm, orders=orders)
    with django_assert_max_num_queries(CEILING):
        farm.client.get(url(farm, name))
