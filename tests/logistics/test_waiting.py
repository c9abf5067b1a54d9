"""Who gets a place that becomes free: by the time of entry, by an offer that blocks the place and runs out."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from logistics import reservations, waiting, windows
from logistics.models import DeliveryWindow, WaitingEntry
from logistics.rounds import RoundClosed
from logistics.windows import WindowFull
from marketplace.partner.models import StockRecord
from tests.factories import orders
from tests.factories.market import NOW, UserFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def full() -> DeliveryWindow:
    _village, window = orders.market_day(capacity=2)
    DeliveryWindow.objects.update(taken=2)
    return DeliveryWindow.objects.select_related("round").get(pk=window.pk)


def enter(window: DeliveryWindow, name: str, hours: int = 0) -> WaitingEntry:
    email = f"{name}@post.example"
    entry = waiting.enter(window=window, email=email, user=AnonymousUser(), at=NOW - 10 * HOUR + hours * HOUR)
    waiting.confirm(entry_id=entry.pk, at=NOW)
    return entry


def free_one(window: DeliveryWindow, at: object = NOW) -> None:
    windows.release_place(window=window)
    waiting.advance(at=at)  # type: ignore[arg-type]  # a moment


def states() -> dict[str, str]:
    return {entry.email.split("@")[0]: entry.status for entry in WaitingEntry.objects.order_by("pk")}


def taken() -> int:
    return DeliveryWindow.objects.get().taken


def test_first_come_is_offered_first_and_the_offer_blocks_the_place(full: DeliveryWindow) -> None:
    enter(full, "spaet", hours=5), enter(full, "frueh", hours=1)
    free_one(full)
    assert states() == {"spaet": "waiting", "frueh": "offered"}
    assert taken() == 2
    assert WaitingEntry.objects.get(status="offered").expires_at == NOW + 24 * HOUR


def test_address_that_nobody_confirmed_gets_no_place(full: DeliveryWindow) -> None:
    waiting.enter(window=full, email="fremd@post.example", user=AnonymousUser(), at=NOW - 20 * HOUR)
    enter(full, "ada")
    free_one(full)
    assert states() == {"fremd": "waiting", "ada": "offered"}


def test_who_confirms_late_keeps_the_place_in_the_line(full: DeliveryWindow) -> None:
    first = waiting.enter(window=full, email="frueh@post.example", user=AnonymousUser(), at=NOW - 20 * HOUR)
    enter(full, "spaet")
    waiting.confirm(entry_id=first.pk, at=NOW)
    free_one(full)
    assert states() == {"frueh": "offered", "spaet": "waiting"}


def test_offer_on_the_last_day_is_good_for_two_hours(full: DeliveryWindow) -> None:
    entry = enter(full, "ada")
    free_one(full, at=full.round.cutoff_at - 6 * HOUR)
    entry.refresh_from_db()
    assert entry.expires_at == full.round.cutoff_at - 4 * HOUR


def test_nothing_is_offered_right_before_the_cutoff(full: DeliveryWindow) -> None:
    enter(full, "ada")
    free_one(full, at=full.round.cutoff_at - timedelta(minutes=3))
    assert (states(), taken()) == ({"ada": "waiting"}, 1)
    (queue,) = waiting.queues(delivery_round=full.round, at=full.round.cutoff_at - timedelta(minutes=3))
    assert queue.reason == "So kurz vor dem Bestellschluss wird kein Platz mehr angeboten."


def test_list_ends_with_the_cutoff(full: DeliveryWindow) -> None:
    enter(full, "ada")
    free_one(full, at=full.round.cutoff_at)
    assert states() == {"ada": "expired"}


def test_offer_that_runs_out_goes_on_at_once(full: DeliveryWindow) -> None:
    enter(full, "ada", hours=1), enter(full, "bo", hours=2)
    free_one(full)
    waiting.advance(at=NOW + 24 * HOUR)
    assert (states(), taken()) == ({"ada": "expired", "bo": "offered"}, 2)


def test_advance_twice_offers_once(full: DeliveryWindow) -> None:
    enter(full, "ada", hours=1), enter(full, "bo", hours=2)
    free_one(full)
    assert waiting.advance(at=NOW) == 0
    assert states() == {"ada": "offered", "bo": "waiting"}


def test_signing_up_twice_keeps_the_place_in_the_line(full: DeliveryWindow) -> None:
    first = enter(full, "ada", hours=1)
    again = waiting.enter(window=full, email="ADA@post.example", user=AnonymousUser(), at=NOW)
    assert (again.pk, again.entered_at) == (first.pk, first.entered_at)


def test_nobody_enters_the_list_of_a_closed_round(full: DeliveryWindow) -> None:
    with pytest.raises(RoundClosed):
        waiting.enter(window=full, email="ada@post.example", user=AnonymousUser(), at=full.round.cutoff_at)


def test_leaving_gives_an_offered_place_on(full: DeliveryWindow) -> None:
    ada = enter(full, "ada", hours=1)
    enter(full, "bo", hours=2)
    free_one(full)
    assert [waiting.leave(entry=ada, at=NOW), waiting.leave(entry=ada, at=NOW)] == [True, False]
    waiting.advance(at=NOW)
    assert states() == {"ada": "withdrawn", "bo": "offered"}


def test_whoever_left_may_come_back_to_the_end_of_the_line(full: DeliveryWindow) -> None:
    ada = enter(full, "ada", hours=1)
    waiting.leave(entry=ada, at=NOW)
    assert enter(full, "ada", hours=9).pk != ada.pk


def offered_till() -> tuple[orders.Till, WaitingEntry]:
    till = orders.till(quantities=(1,))
    DeliveryWindow.objects.update(capacity=1, taken=1)
    entry = enter(DeliveryWindow.objects.select_related("round").get(), "grete")
    free_one(till.window)
    entry.refresh_from_db()
    return till, entry


def wanted(till: orders.Till) -> dict[int, int]:
    return {StockRecord.objects.get(product=till.products[0]).pk: 1}


def test_offer_is_claimed_at_the_checkout_and_taken_by_the_order() -> None:
    till, entry = offered_till()
    with pytest.raises(WindowFull):
        reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW)
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW, offer=entry)
    assert taken() == 1
    till.place()
    assert (states(), taken()) == ({"grete": "taken"}, 1)


def test_offer_survives_a_checkout_that_was_given_up() -> None:
    till, entry = offered_till()
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW, offer=entry)
    reservations.expire_due(at=NOW + HOUR)
    assert (states(), taken()) == ({"grete": "offered"}, 1)


def test_offer_does_not_run_out_during_the_checkout() -> None:
    till, entry = offered_till()
    late = NOW + 24 * HOUR - timedelta(minutes=1)
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=late, offer=entry)
    waiting.advance(at=NOW + 24 * HOUR)
    assert states() == {"grete": "offered"}
    reservations.expire_due(at=NOW + 25 * HOUR)
    waiting.advance(at=NOW + 25 * HOUR)
    assert (states(), taken()) == ({"grete": "expired"}, 0)


def test_forwarded_link_is_good_for_one_checkout() -> None:
    till, entry = offered_till()
    other = orders.filled_basket(region=till.region, wanted={till.products[0]: 1})
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW, offer=entry)
    with pytest.raises(WindowFull):
        reservations.hold(basket=other, window=till.window, wanted=wanted(till), at=NOW, offer=entry)
    assert taken() == 1


def test_whoever_took_a_place_and_cancels_is_off_the_list() -> None:
    till, entry = offered_till()
    reservations.hold(basket=till.basket, window=till.window, wanted=wanted(till), at=NOW, offer=entry)
    till.place()
    enter(DeliveryWindow.objects.select_related("round").get(), "bo", hours=9)
    free_one(till.window)
    assert states() == {"grete": "taken", "bo": "offered"}


def test_offer_for_finds_the_logged_in_customers_own() -> None:
    till, _entry = offered_till()
    ada = UserFactory.create()
    WaitingEntry.objects.update(user=ada)
    mine = waiting.offer_for(window_ids=[till.window.pk], entry_id=None, user=ada, at=NOW)
    others = waiting.offer_for(window_ids=[till.window.pk], entry_id=None, user=UserFactory.create(), at=NOW)
    assert (len(mine), others) == (1, [])


def test_link_is_signed(full: DeliveryWindow) -> None:
    entry = enter(full, "ada")
    assert waiting.read(token=waiting.sign(entry=entry)) == entry
    with pytest.raises(waiting.BadLink):
        waiting.read(token=f"{waiting.sign(entry=entry)}x")
