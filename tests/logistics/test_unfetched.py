"""What becomes of goods that nobody fetches."""

from datetime import timedelta

import pytest

from logistics import shelf, unfetched
from logistics.models import Box, Delivery, DeliveryRound, PackedLine
from tests.logistics.pickup import Shop

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_to_remind_begins_an_hour_before_the_window_ends(shop: Shop) -> None:
    delivery = shop.order()
    shop.bring()
    ends = shop.window.ends_at
    region = shop.market.region
    assert unfetched.to_remind(region=region, at=ends - unfetched.REMIND_BEFORE - MINUTE) == []
    assert unfetched.to_remind(region=region, at=ends - unfetched.REMIND_BEFORE) == [delivery]
    assert unfetched.to_remind(region=region, at=ends + timedelta(hours=24)) == []


def test_to_remind_leaves_out_what_was_handed_out(shop: Shop) -> None:
    delivery = shop.order()
    shop.bring()
    shelf.hand_out(delivery=delivery, handed_to="", age_checked=False, outcomes={}, at=shop.at(12), by=shop.host)
    assert unfetched.to_remind(region=shop.market.region, at=shop.window.ends_at) == []


def test_due_waits_as_long_as_the_point_keeps_goods(shop: Shop) -> None:
    delivery = shop.order()
    shop.bring()
    shop.point.kept_hours = 48
    shop.point.save()
    kept = shop.window.ends_at + timedelta(hours=48)
    assert unfetched.due(at=kept - MINUTE) == []
    assert unfetched.due(at=kept) == [delivery.pk]
    assert not unfetched.give_back(delivery_id=delivery.pk, at=kept - MINUTE)


def test_give_back_fails_the_delivery_once_and_sends_the_boxes_back(shop: Shop) -> None:
    delivery = shop.order()
    shop.bring()
    at = shop.window.ends_at + timedelta(hours=24)
    assert unfetched.give_back(delivery_id=delivery.pk, at=at)
    assert not unfetched.give_back(delivery_id=delivery.pk, at=at)
    delivery.refresh_from_db()
    shop.market.round.refresh_from_db()
    assert (delivery.status, shop.market.round.status) == (Delivery.Status.FAILED, DeliveryRound.Status.DONE)
    assert Box.objects.get().status == Box.Status.RETURNED
    assert unfetched.due(at=at) == []


def test_give_back_of_what_never_came_ends_with_nothing_handed_over(shop: Shop) -> None:
    delivery = shop.order()
    shop.bring()
    shelf.absent(box=Box.objects.get(), pickup_point=shop.point, at=shop.at(12), by=shop.host)
    assert unfetched.give_back(delivery_id=delivery.pk, at=shop.window.ends_at + timedelta(hours=24))
    delivery.refresh_from_db()
    line = PackedLine.objects.get()
    assert (delivery.status, line.delivered, line.problem) == (Delivery.Status.COMPLETED, 0, "missing")


def test_who_comes_late_can_still_get_the_goods(shop: Shop) -> None:
    delivery = shop.order()
    shop.bring()
    at = shop.window.ends_at + timedelta(hours=24)
    unfetched.give_back(delivery_id=delivery.pk, at=at)
    shelf.hand_out(delivery=delivery, handed_to="", age_checked=False, outcomes={}, at=at, by=shop.host)
    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.COMPLETED
