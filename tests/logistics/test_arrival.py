"""When the goods come: moved by the driver's delay, narrower the nearer, right in the nights when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from logistics import arrival, driving, tours
from logistics.arrival import Halt, Phase
from logistics.models import Delivery, Stop
from tests.factories.market import PickupPointFactory, VehicleFactory, WindowFactory
from tests.logistics.market import CLOSING, DAY, Market
from tests.logistics.test_driving import report

BERLIN = ZoneInfo("Europe/Berlin")
EIGHT = datetime(2026, 11, 28, 8, tzinfo=BERLIN)


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def halt(sequence: int, planned: int, ended: int | None = None, arrived: int | None = None) -> Halt:
    """A stop planned so many minutes after eight, five minutes long."""
    return Halt(
        sequence=sequence,
        arrival=EIGHT + minutes(planned),
        departure=EIGHT + minutes(planned + 5),
        arrived=EIGHT + minutes(arrived) if arrived is not None else None,
        completed=EIGHT + minutes(ended) if ended is not None else None,
    )


def late(*halts: Halt, at: int, started: int | None = 0) -> int:
    began = EIGHT + minutes(started) if started is not None else None
    found = arrival.late_by(halts=halts, starts_at=EIGHT, started_at=began, at=EIGHT + minutes(at))
    return int(found.total_seconds()) // 60


def span(*, in_minutes: int, late_minutes: int = 0, under_way: bool = True) -> tuple[str, str]:
    first, last = arrival.expected(
        arrival=EIGHT + minutes(in_minutes), late_by=minutes(late_minutes), under_way=under_way, at=EIGHT
    )
    return f"{first.astimezone(BERLIN):%H:%M}", f"{last.astimezone(BERLIN):%H:%M}"


def test_late_by_is_that_of_the_stop_ended_last() -> None:
    assert late(halt(1, 10, ended=25), halt(2, 60), at=30) == 10
    assert late(halt(1, 10, ended=12), halt(2, 60), at=30) == -3
    assert late(halt(1, 10), halt(2, 60), at=9, started=4) == 4


def test_late_by_grows_with_the_clock_while_nothing_is_reported() -> None:
    assert late(halt(1, 10, ended=15), halt(2, 60), at=80) == 20
    assert late(halt(1, 10, ended=15), halt(2, 60, arrived=62), at=63) == 2
    assert late(halt(1, 10, ended=15), halt(2, 60, arrived=62), at=75) == 10
    assert late(halt(1, 10), at=25, started=None) == 25
    assert late(halt(1, 10), at=-25, started=None) == 0


@pytest.mark.parametrize(
    ("in_minutes", "expected"),
    [(170, ("10:30", "11:10")), (90, ("09:15", "09:45")), (40, ("08:30", "08:50")), (10, ("08:05", "08:15"))],
)
def test_expected_is_narrower_the_nearer(in_minutes: int, expected: tuple[str, str]) -> None:
    assert span(in_minutes=in_minutes) == expected


def test_expected_before_departure_is_wide_and_never_in_the_past() -> None:
    assert span(in_minutes=170, under_way=False) == ("10:20", "11:20")
    assert span(in_minutes=170, late_minutes=22) == ("10:50", "11:35")
    assert span(in_minutes=-60) == ("07:55", "08:05")


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 28), 1), (date(2026, 10, 25), 3)])
def test_late_by_counts_hours_that_have_passed_when_the_clocks_change(day: date, hours: int) -> None:
    """From 01:30 to 03:30 it is one hour in spring and three in autumn."""
    before, after = (datetime.combine(day, time(hour, 30), tzinfo=BERLIN) for hour in (1, 3))
    first = Halt(sequence=1, arrival=before, departure=before, completed=after)
    assert arrival.late_by(halts=[first], starts_at=before, started_at=before, at=after) == timedelta(hours=hours)
    assert arrival.expected(arrival=before, late_by=timedelta(hours=hours), under_way=True, at=before)[0].tzinfo == UTC


@pytest.fixture
def market() -> Market:
    market = Market()
    VehicleFactory.create(region=market.region)
    return market


def planned(market: Market) -> None:
    market.close()
    market.pack()
    tours.plan(delivery_round=market.round, at=CLOSING, iterations=20)


def seen(delivery: Delivery, at: datetime = DAY) -> arrival.Outlook:
    row = Delivery.objects.select_related("window", "stop__tour").get(pk=delivery.pk)
    return arrival.outlook(delivery=row, at=at)


@pytest.mark.django_db
def test_outlook_goes_from_booked_to_handed_over(market: Market) -> None:
    rows = [market.order((market.product(), 1)) for _number in range(3)]
    booked = seen(rows[0])
    assert (booked.phase, booked.earliest, booked.number) == (Phase.BOOKED, market.window.starts_at, 0)
    planned(market)
    stops = list(Stop.objects.filter(kind=Stop.Kind.DELIVER).order_by("sequence"))
    last = stops[-1].deliveries.get()
    before = stops[0].tour.starts_at - minutes(60)
    assert (seen(last, before).phase, seen(last, before).number, seen(last, before).stops) == (Phase.PLANNED, 3, 3)
    at = stops[0].tour.starts_at
    tours.start(tour=stops[0].tour, at=at, by=None)
    assert (seen(last, at).phase, seen(last, at).ahead) == (Phase.UNDER_WAY, 2)
    for stop in stops[:2]:
        report(stop, driving.Kind.DELIVERED, at=min(stop.planned_departure, DAY))
    assert seen(last).phase == Phase.NEXT
    report(stops[2], driving.Kind.DELIVERED)
    assert (seen(last).phase, seen(last).over) == (Phase.HANDED_OVER, True)


@pytest.mark.django_db
def test_outlook_follows_the_delay_and_owns_up_to_it(market: Market) -> None:
    for _number in range(2):
        market.order((market.product(), 1))
    planned(market)
    first, second = Stop.objects.filter(kind=Stop.Kind.DELIVER).order_by("sequence")
    tours.start(tour=first.tour, at=first.tour.starts_at, by=None)
    at = first.planned_departure + timedelta(hours=3)
    driving.report(
        stop=first,
        uuid=uuid4(),
        kind="delivered",
        reported_at=at,
        received_at=at,
        by=None,
        data={},
    )
    outlook = seen(second.deliveries.get(), at)
    due = second.planned_arrival + timedelta(hours=3)
    assert outlook.earliest <= due <= outlook.latest
    assert outlook.late


@pytest.mark.django_db
def test_outlooks_cost_the_same_for_any_number(market: Market, django_assert_num_queries: object) -> None:
    point = PickupPointFactory.create(municipality=market.village)
    window = WindowFactory.create(round=market.round, pickup_point=point, capacity=20)
    for _number in range(2):
        market.order((market.product(), 1))
        market.order((market.product(), 1), window=window)
    planned(market)
    rows = list(Delivery.objects.select_related("window", "stop__tour"))
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        assert len(arrival.outlooks(deliveries=rows, at=DAY)) == 4


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "over"), [(0, False), (2, False), (3, True)])
def test_over_two_days_after_the_delivery(days: int, over: bool, market: Market) -> None:
    delivery = market.order((market.product(), 1))
    assert arrival.over(delivery=delivery, today=market.round.delivery_day + timedelta(days=days)) is over
