"""What became of an order, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.core import audit
from marketplace.dashboard import order_trail
from marketplace.order import mails
from marketplace.order.models import Order
from tests.factories.market import UserFactory
from tests.factories.orders import till

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 26, 18, tzinfo=UTC)


@pytest.fixture
def order() -> Order:
    found = till().place()
    office = UserFactory.create(first_name="Ada", last_name="Beispiel")
    audit.record(action="order.close", target=found, at=START, old={"status": "placed"}, new={"status": "closed"})
    audit.record(action=mails.CANCELLATION_TOLD, target=found, at=START + timedelta(hours=1))
    audit.record(
        action="order.complete",
        target=found,
        at=START + timedelta(days=2),
        by=office,
        old={"status": "closed"},
        new={"status": "completed"},
    )
    return found


def test_steps_are_told_in_words(order: Order) -> None:
    texts = [(step.text, step.by) for step in order_trail.steps(order=order, given_up=False)]
    assert texts == [("in Vorbereitung", ""), ("Absage mitgeteilt", ""), ("geliefert", "Ada Beispiel")]


def test_steps_of_an_order_given_up_end_without_delivery(order: Order) -> None:
    assert order_trail.steps(order=order, given_up=True)[-1].text == "nicht zustellbar"
