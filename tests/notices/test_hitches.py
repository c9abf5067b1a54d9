"""What customers are told of goods at a pickup point, and of boxes that are missing."""

from uuid import uuid4

import pytest
from django.core import mail

from logistics import shelf, unfetched
from logistics.models import Box, Delivery
from marketplace.notices import choices, fetching, missing_boxes, post
from marketplace.notices.models import Kind
from marketplace.order.models import Order
from tests.logistics.pickup import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def order(shop: Shop) -> Delivery:
    delivery = shop.order()
    Order.objects.filter(pk=delivery.order_id).update(guest_email="grete@post.example")
    return delivery


def told(shop: Shop, at_hour: int, minute: int = 0) -> list[str]:
    """Send what is due, and say under which titles."""
    at = shop.at(at_hour, minute)
    region = shop.market.region
    for letter in post.due(region=region, at=at):
        post.send(region=region, letter=letter, at=at)
    subjects = [str(message.subject) for message in mail.outbox]
    mail.outbox.clear()
    return subjects


def test_ready_and_reminder_are_told_once_each(shop: Shop) -> None:
    shop.window.ends_at = shop.at(18)
    shop.window.save()
    order(shop)
    shop.bring()
    assert told(shop, 12, 5) == ["Ihre Ware liegt bereit"]
    assert told(shop, 16) == []
    assert told(shop, 17) == ["Ihre Ware wartet auf Sie"]
    assert told(shop, 17, 30) == []


def test_reminder_names_place_code_and_until_when(shop: Shop) -> None:
    delivery = order(shop)
    shop.bring()
    ((_reader, item),) = fetching.reminders(region=shop.market.region, at=shop.window.ends_at)
    assert shop.point.name in item.text
    assert delivery.code in item.text
    assert "29. November" in item.text


def test_missing_box_is_told_after_a_while_and_once(shop: Shop) -> None:
    order(shop)
    shop.bring()
    shelf.absent(box=Box.objects.get(), pickup_point=shop.point, at=shop.at(12, 5), by=shop.host)
    assert told(shop, 12, 10) == []
    assert told(shop, 12, 15) == ["Eine Kiste Ihrer Bestellung fehlt"]
    assert told(shop, 12, 30) == []


def test_missing_box_that_turned_up_is_no_news(shop: Shop) -> None:
    order(shop)
    shop.bring()
    box = Box.objects.get()
    shelf.absent(box=box, pickup_point=shop.point, at=shop.at(12, 5), by=shop.host)
    shelf.arrived(box=box, pickup_point=shop.point, uuid=uuid4(), at=shop.at(12, 6), by=shop.host)
    assert missing_boxes.due(region=shop.market.region, at=shop.at(12, 20)) == []


def test_who_does_not_want_to_know_is_not_told(shop: Shop) -> None:
    delivery = order(shop)
    shop.bring()
    region = shop.market.region
    choices.choose(region=region, kinds=[Kind.HITCH], wanted=False, at=shop.at(9), email="grete@post.example")
    assert fetching.reminders(region=region, at=shop.window.ends_at) == []
    assert unfetched.to_remind(region=region, at=shop.window.ends_at) == [delivery]
