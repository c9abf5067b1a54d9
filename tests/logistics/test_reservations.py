"""What a basket keeps during the checkout: a place, goods, for a while, and never more than there are."""

from datetime import timedelta

import pytest

from logistics import reservations, rounds, stock
from logistics.models import DeliveryWindow, Reservation, RoundStock
from logistics.rounds import RoundClosed
from logistics.windows import WindowFull
from marketplace.partner.models import StockRecord
from marketplace.partner.stock import SoldOut
from tests.factories import orders
from tests.factories.market import NOW, WindowFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def limited(pieces: int = 5, **other: object) -> orders.Till:
    return orders.till(quantities=(2,), stock_kind="limited", num_in_stock=pieces, **other)


def wanted(till: orders.Till, quantity: int = 2) -> dict[int, int]:
    return {StockRecord.objects.get(product=till.products[0]).pk: quantity}


def another(till: orders.Till, quantity: int = 2) -> orders.Till:
    basket = orders.filled_basket(region=till.region, wanted={till.products[0]: quantity})
    return till.having(basket=basket)


def allocated(till: orders.Till) -> int:
    return StockRecord.objects.get(product=till.products[0]).num_allocated or 0


def taken(window: DeliveryWindow) -> int:
    return DeliveryWindow.objects.get(pk=window.pk).taken


def test_hold_takes_place_and_stock_for_a_quarter_of_an_hour() -> None:
    till = limited()
    until = reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW)
    assert (until, taken(till.window), allocated(till)) == (NOW + 15 * MINUTE, 1, 2)


def test_hold_again_takes_nothing_twice_and_starts_the_time_anew() -> None:
    till = limited()
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW)
    until = reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW + 5 * MINUTE)
    assert (until, taken(till.window), allocated(till)) == (NOW + 20 * MINUTE, 1, 2)


def test_hold_is_prolonged_to_an_hour_at_most() -> None:
    till = limited()
    ends = [
        reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW + minutes * MINUTE)
        for minutes in (0, 14, 28, 42, 55)
    ]
    assert ends[-1] == NOW + 60 * MINUTE


def test_hold_does_not_outlast_the_grace_after_the_cutoff() -> None:
    till = limited()
    cutoff = till.window.round.cutoff_at
    assert (
        reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=cutoff - 4 * MINUTE)
        == cutoff + rounds.GRACE
    )


def test_hold_moves_to_another_window() -> None:
    till = limited()
    other = WindowFactory.create(round=till.window.round, capacity=1)
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW)
    reservations.hold(basket=till.basket, window=other, wanted=wanted(till), at=NOW)
    assert (taken(till.window), taken(other), allocated(till)) == (0, 1, 2)


def test_hold_keeps_the_old_place_when_the_new_window_is_full() -> None:
    till = limited()
    full = WindowFactory.create(round=till.window.round, capacity=1, taken=1)
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW)
    with pytest.raises(WindowFull):
        reservations.hold(basket=till.basket, window=full, wanted=wanted(till, 1), at=NOW)
    assert (taken(till.window), allocated(till), Reservation.objects.get().window) == (1, 2, till.window)


def test_hold_refuses_what_another_basket_keeps() -> None:
    till = limited(pieces=3)
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW)
    with pytest.raises(SoldOut):
        reservations.hold(basket=another(till, 1).basket, window=till.window, wanted=wanted(till), at=NOW)
    assert taken(till.window) == 1


def test_hold_gives_back_first_what_others_let_expire() -> None:
    till = limited(pieces=2)
    rival = another(till)
    DeliveryWindow.objects.update(capacity=1)
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW)
    reservations.hold(basket=rival.basket, window=till.window, wanted=wanted(till), at=NOW + 16 * MINUTE)
    assert (Reservation.objects.get().basket_id, taken(till.window), allocated(till)) == (rival.basket.pk, 1, 2)


def test_hold_is_refused_after_the_cutoff() -> None:
    till = limited()
    with pytest.raises(RoundClosed):
        reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=till.window.round.cutoff_at)
    assert (taken(till.window), allocated(till)) == (0, 0)


def test_hold_of_stock_that_is_counted_for_each_round() -> None:
    till = orders.till(quantities=(2,), stock_kind="per_round", per_round=2)
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW)
    held = reservations.held_by(basket=till.basket)
    assert RoundStock.objects.get().taken == 2
    record = StockRecord.objects.get(product=till.products[0])
    left = stock.available_in(delivery_round=till.window.round, stockrecords=[record])
    assert left == {record.pk: 0}
    own = reservations.with_own(available=left, held=held, delivery_round=till.window.round)
    assert own == {record.pk: 2}


def test_release_gives_back_once() -> None:
    till = limited()
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW)
    assert [reservations.release(basket=till.basket) for _ in range(2)] == [True, False]
    assert (taken(till.window), allocated(till)) == (0, 0)


def test_expire_due_gives_back_once_however_late() -> None:
    till = limited()
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW)
    days = timedelta(days=3)
    assert reservations.expire_due(at=NOW + 14 * MINUTE) == 0
    assert [reservations.expire_due(at=NOW + days), reservations.expire_due(at=NOW + days)] == [1, 0]
    assert (taken(till.window), allocated(till)) == (0, 0)


def test_follow_exchanges_the_goods() -> None:
    till = limited(pieces=5)
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW)
    reservations.follow(basket=till.basket, wanted=wanted(till, 5))
    assert allocated(till) == 5
    reservations.follow(basket=till.basket, wanted=wanted(till, 1))
    assert (allocated(till), taken(till.window)) == (1, 1)


def test_follow_keeps_what_there_is_when_more_is_wanted() -> None:
    till = limited(pieces=5)
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW)
    reservations.follow(basket=till.basket, wanted=wanted(till, 6))
    assert allocated(till) == 2


def test_follow_ends_with_an_empty_basket() -> None:
    till = limited()
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW)
    reservations.follow(basket=till.basket, wanted={})
    assert (allocated(till), taken(till.window), Reservation.objects.exists()) == (0, 0, False)


def test_pass_on_gives_the_guests_place_to_the_customer() -> None:
    till = limited(pieces=2)
    own = another(till, 1)
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW)
    reservations.pass_on(guest_id=till.basket.pk, to=own.basket)
    until = reservations.hold(basket=own.basket, window=till.window, wanted=wanted(till), at=NOW)
    assert (until, allocated(till), taken(till.window)) == (NOW + 15 * MINUTE, 2, 1)
