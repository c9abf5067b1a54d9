"""A place in a round, and what was handed over in the end."""

from datetime import timedelta
from decimal import Decimal

import pytest

from logistics import deliveries, packing
from logistics.deliveries import BookingRefused, HandoverRefused, Outcome
from logistics.models import Delivery, PackedLine
from logistics.rounds import RoundClosed
from logistics.signals import delivery_completed
from logistics.windows import WindowFull
from marketplace.core.models import AuditEntry
from marketplace.core.transitions import ForbiddenTransition
from marketplace.order.models import Order
from tests.factories.market import NOW, PickupPointFactory, UserFactory, WindowFactory
from tests.logistics.market import DAY, PACKING, Market

pytestmark = pytest.mark.django_db
Problem = PackedLine.Problem


@pytest.fixture
def market() -> Market:
    return Market()


def complete(delivery: Delivery, outcomes: dict[int, Outcome] | None = None) -> Delivery:
    return deliveries.complete(delivery=delivery, at=DAY, by=None, handed_to="Femke", outcomes=outcomes)


def test_book_takes_a_place_and_makes_a_code(market: Market) -> None:
    honey = market.product()
    booked = [market.order((honey, 1)) for _number in range(30)]
    market.window.refresh_from_db()
    assert market.window.taken == 30
    codes = {delivery.code for delivery in booked}
    assert len(codes) == 30
    assert all(len(code) == 4 and not set(code) & set("IO01") for code in codes)
    assert {(delivery.round, delivery.status, delivery.booked_at) for delivery in booked} == {(market.round, "booked", NOW)}


def test_book_refuses_a_full_window_and_a_closed_round(market: Market) -> None:
    honey = market.product()
    small = WindowFactory.create(round=market.round, capacity=1)
    market.order((honey, 1), window=small)
    with pytest.raises(WindowFull):
        market.order((honey, 1), window=small)
    with pytest.raises(RoundClosed):
        market.order((honey, 1), at=market.round.cutoff_at)


def test_book_refuses_a_window_of_the_other_kind(market: Market) -> None:
    at_point = WindowFactory.create(round=market.round, pickup_point=PickupPointFactory.create(municipality=market.village))
    for window, kind in ((market.window, "pickup"), (at_point, "home")):
        with pytest.raises(BookingRefused):
            market.order((market.product(), 1), window=window, kind=kind)


def test_cancel_gives_the_place_back_once(market: Market) -> None:
    delivery = market.order((market.product(), 1))
    deliveries.cancel(delivery=delivery, at=NOW)
    with pytest.raises(ForbiddenTransition):
        deliveries.cancel(delivery=delivery, at=NOW)
    market.window.refresh_from_db()
    assert market.window.taken == 0


def test_cancel_after_the_cut_off_is_refused(market: Market) -> None:
    delivery = market.order((market.product(), 1))
    market.close()
    with pytest.raises(RoundClosed):
        deliveries.cancel(delivery=delivery, at=NOW)


def test_complete_hands_over_what_was_packed(market: Market) -> None:
    goat = market.product(catch_weight=True, expected_weight_g=500, offer__price_per_kg=Decimal("22.00"))
    delivery = market.order((market.product(), 3), (goat, 2))
    market.close()
    market.pack()
    done = complete(delivery)
    assert (done.status, done.completed_at, done.handed_to) == ("completed", DAY, "Femke")
    assert list(delivery.packed_lines.order_by("pk").values_list("delivered", "delivered_weight_g", "problem")) == [
        (3, None, ""),
        (2, 1000, ""),
    ]
    order = Order.objects.get()
    assert (order.status, order.completed_at) == ("completed", DAY)


def test_complete_twice_is_once(market: Market) -> None:
    delivery = market.order((market.product(), 3))
    market.close()
    market.pack()
    complete(delivery)
    again = deliveries.complete(delivery=delivery, at=DAY + timedelta(days=1), by=None, handed_to="jemand anders")
    assert (again.completed_at, again.handed_to) == (DAY, "Femke")
    assert AuditEntry.objects.filter(action="delivery.completed").count() == 1


@pytest.mark.parametrize("problem", [Problem.MISSING, Problem.DAMAGED, Problem.REFUSED])
def test_complete_with_less_says_why_and_weighs_in_proportion(market: Market, problem: str) -> None:
    goat = market.product(catch_weight=True, expected_weight_g=500, offer__price_per_kg=Decimal("22.00"))
    delivery = market.order((goat, 3))
    market.close()
    line = delivery.packed_lines.get()
    packing.record(packed_line=line, quantity=3, weight_g=1451, at=PACKING, by=None)
    packing.finish(collection=line.collection, crates=1, cold_crates=0, at=PACKING, by=None)
    complete(delivery, {line.pk: Outcome(quantity=2, problem=problem)})
    line.refresh_from_db()
    assert (line.delivered, line.delivered_weight_g, line.problem) == (2, 967, problem)


def test_complete_keeps_what_was_missing_at_packing(market: Market) -> None:
    delivery = market.order((market.product(), 3))
    market.close()
    line = delivery.packed_lines.get()
    packing.record(packed_line=line, quantity=1, weight_g=None, at=PACKING, by=None)
    complete(delivery)
    line.refresh_from_db()
    assert (line.delivered, line.problem) == (1, Problem.MISSING)


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(quantity=4, problem="missing"),
        Outcome(quantity=-1, problem="missing"),
        Outcome(quantity=1),
        Outcome(quantity=1, problem="eaten"),
    ],
)
def test_complete_refuses_outcomes_that_cannot_be(market: Market, outcome: Outcome) -> None:
    delivery = market.order((market.product(), 3))
    market.close()
    market.pack()
    line = delivery.packed_lines.get()
    with pytest.raises(HandoverRefused):
        complete(delivery, {line.pk: outcome})
    line.refresh_from_db()
    delivery.refresh_from_db()
    assert (line.delivered, delivery.status) == (None, "booked")


def test_complete_refuses_lines_of_another_delivery(market: Market) -> None:
    honey = market.product()
    mine, other = market.order((honey, 3)), market.order((honey, 3))
    market.close()
    market.pack()
    with pytest.raises(HandoverRefused):
        complete(mine, {other.packed_lines.get().pk: Outcome(quantity=0, problem="refused")})


def test_complete_refuses_what_nobody_recorded_as_packed(market: Market) -> None:
    delivery = market.order((market.product(), 3))
    market.close()
    with pytest.raises(HandoverRefused):
        complete(delivery)


def test_complete_refuses_before_the_round_is_closed(market: Market) -> None:
    delivery = market.order((market.product(), 3))
    with pytest.raises(ForbiddenTransition):
        complete(delivery)


@pytest.mark.parametrize("age", [16, 18])
def test_complete_needs_the_check_of_age(market: Market, age: int) -> None:
    delivery = market.order((market.product(age_limit=age), 1), (market.product(), 1))
    driver = UserFactory.create()
    market.close()
    market.pack()
    with pytest.raises(HandoverRefused, match=str(age)):
        complete(delivery)
    line = delivery.packed_lines.order_by("pk").first()
    assert line is not None
    assert line.delivered is None
    done = deliveries.complete(delivery=delivery, at=DAY, by=driver, handed_to="Femke", age_checked=True)
    assert done.age_checked_by == driver


def test_complete_without_the_wine_needs_no_check(market: Market) -> None:
    delivery = market.order((market.product(age_limit=16), 1), (market.product(), 1))
    market.close()
    market.pack()
    wine = delivery.packed_lines.get(order_line__age_limit=16)
    done = complete(delivery, {wine.pk: Outcome(quantity=0, problem="refused")})
    assert done.status == "completed"


def test_fail_and_complete_later(market: Market) -> None:
    delivery = market.order((market.product(), 1))
    market.order((market.product(), 1))
    market.close()
    market.pack()
    failed = deliveries.fail(delivery=delivery, at=DAY, by=None, reason="niemand da")
    assert (failed.status, failed.failed_at, failed.handover_note) == ("failed", DAY, "niemand da")
    assert deliveries.fail(delivery=delivery, at=DAY + timedelta(hours=1), by=None, reason="x").handover_note == "niemand da"
    assert Order.objects.get(pk=delivery.order_id).status == "closed"
    assert complete(delivery).status == "completed"


def test_complete_nudges_after_commit(market: Market, django_capture_on_commit_callbacks: object) -> None:
    delivery = market.order((market.product(), 1))
    market.close()
    market.pack()
    heard: list[int] = []

    def listen(delivery_id: int, **_rest: object) -> None:
        heard.append(delivery_id)

    delivery_completed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's fixture is a callable
            complete(delivery)
            assert heard == []
    finally:
        delivery_completed.disconnect(listen)
    assert heard == [delivery.pk]
