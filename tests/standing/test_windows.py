"""A standing order whose window is full: the next one, a place in the line, another place only if that is allowed."""

from datetime import timedelta

import pytest

from logistics import waiting, windows
from logistics.models import DeliveryWindow, WaitingEntry
from marketplace.standing import mails, placing
from marketplace.standing.models import StandingPlacement
from tests.factories.market import NOW, PickupPointFactory, WindowFactory
from tests.standing.standing_orders import codes, household, place, products, tell, want

pytestmark = pytest.mark.django_db
Outcome = StandingPlacement.Outcome


def test_full_window_goes_to_the_next_one_and_is_told() -> None:
    home = household(capacity=1)
    WindowFactory.create(
        round=home.round, starts_at=home.window.starts_at + timedelta(hours=4), ends_at=home.window.ends_at + timedelta(hours=4)
    )
    DeliveryWindow.objects.filter(pk=home.window.pk).update(taken=1)
    standing = home.make([want(products(home)[0])])
    placed = place(standing, home)
    assert codes(placed) == ["moved"]
    assert placed is not None
    assert placed.order is not None
    assert placed.order.delivery.window_id != home.window.pk


def test_no_free_place_is_tried_again_and_told_once() -> None:
    home = household(capacity=1)
    DeliveryWindow.objects.update(taken=1)
    home.make([want(products(home)[0])])
    assert placing.place_due(at=NOW) == 1
    tell()
    placing.place_due(at=NOW + timedelta(minutes=2))
    assert mails.untold() == []
    DeliveryWindow.objects.update(taken=0)
    placing.place_due(at=NOW + timedelta(minutes=4))
    assert StandingPlacement.objects.get().outcome == Outcome.PLACED
    assert len(mails.untold()) == 1


def test_full_window_waits_in_the_line_and_takes_the_place_that_is_offered() -> None:
    home = household(capacity=1)
    DeliveryWindow.objects.update(taken=1)
    home.make([want(products(home)[0])])
    placing.place_due(at=NOW)
    (mine,) = WaitingEntry.objects.all()
    assert (mine.user, mine.window_id, mine.confirmed_at) == (home.user, home.window.pk, NOW)
    later = waiting.enter(window=home.window, email="spaet@post.example", user=None, at=NOW + timedelta(minutes=1))
    waiting.confirm(entry_id=later.pk, at=NOW + timedelta(minutes=1))
    windows.release_place(window=home.window)
    waiting.advance(at=NOW + timedelta(minutes=2))
    mine.refresh_from_db()
    assert mine.status == "offered"
    placing.place_due(at=NOW + timedelta(minutes=3))
    mine.refresh_from_db()
    later.refresh_from_db()
    assert (mine.status, later.status) == ("taken", "waiting")
    assert StandingPlacement.objects.get().outcome == Outcome.PLACED
    home.window.refresh_from_db()
    assert home.window.taken == 1


def test_who_leaves_the_line_is_not_put_back_into_it() -> None:
    home = household(capacity=1)
    DeliveryWindow.objects.update(taken=1)
    home.make([want(products(home)[0])])
    placing.place_due(at=NOW)
    waiting.leave(entry=WaitingEntry.objects.get(), at=NOW)
    placing.place_due(at=NOW + timedelta(minutes=2))
    assert WaitingEntry.objects.get().status == "withdrawn"


def test_full_home_window_takes_a_pickup_point_only_if_that_is_allowed() -> None:
    home = household(capacity=1)
    point = PickupPointFactory.create(municipality=home.village)
    WindowFactory.create(round=home.round, pickup_point=point)
    DeliveryWindow.objects.filter(pk=home.window.pk).update(taken=1)
    stays = home.make([want(products(home)[0])], may_move=False)
    moves = home.make([want(products(home)[0])])
    first, second = place(stays, home), place(moves, home)
    assert first is not None
    assert second is not None
    assert (first.outcome, second.outcome) == (Outcome.WAITING, Outcome.PLACED)
