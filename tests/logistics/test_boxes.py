"""A box is where it was seen furthest along, whatever order the reports arrive in; nobody sets its place by hand."""

from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from logistics import boxes, deliveries, packing
from logistics.boxes import BoxRefused, Kind, Status
from logistics.models import Box, BoxEvent, Collection, Delivery, PackedLine
from marketplace.catalogue.models import Product
from tests.logistics.market import DAY, PACKING, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    """One producer, two customers; the first one also takes something chilled."""
    market = Market()
    bread = market.product()
    cheese = market.product(partner=bread.partner, storage=Product.Storage.COOL)
    market.order((bread, 2), (cheese, 1))
    market.order((bread, 1))
    market.close()
    return market


def see(
    box: Box,
    kind: str,
    *,
    uuid: UUID | None = None,
    at: datetime = DAY,
    instead_of: str = "",
    undoes: UUID | None = None,
) -> bool:
    return boxes.note(
        box=box,
        uuid=uuid or uuid4(),
        kind=kind,
        reported_at=at,
        received_at=DAY,
        by=None,
        instead_of=instead_of,
        undoes=undoes,
    )


def test_closing_gives_each_customer_a_box_and_the_chilled_one_of_its_own(market: Market) -> None:
    told = sorted(Box.objects.values_list("delivery_id", "number", "is_cold", "status"))
    first, second = Delivery.objects.order_by("pk")
    assert told == [
        (first.pk, 1, False, Status.EXPECTED),
        (first.pk, 2, True, Status.EXPECTED),
        (second.pk, 1, False, Status.EXPECTED),
    ]
    assert boxes.lay_out(delivery_round=market.round) == 0
    assert Box.objects.values("code").distinct().count() == 3


def test_finished_packing_leaves_boxes_without_goods_empty_and_opening_it_takes_that_back(market: Market) -> None:
    collection = Collection.objects.get()
    for line in packing.lines_of(collection=collection):
        cold = line.order_line.storage == Product.Storage.COOL
        packing.record(packed_line=line, quantity=0 if cold else line.ordered, weight_g=None, at=PACKING, by=None)
    packing.finish(collection=collection, crates=1, cold_crates=0, at=PACKING, by=None)
    assert dict(Box.objects.values_list("is_cold", "status")) == {False: Status.PACKED, True: Status.EMPTY}
    packing.reopen(collection=collection, at=PACKING, by=None)
    assert set(Box.objects.values_list("status", flat=True)) == {Status.EXPECTED}
    PackedLine.objects.filter(packed=0).update(packed=1)
    packing.finish(collection=collection, crates=1, cold_crates=0, at=PACKING, by=None)
    assert set(Box.objects.values_list("status", flat=True)) == {Status.PACKED}


def test_handing_over_moves_the_boxes_along_and_never_those_that_were_missed(market: Market) -> None:
    market.pack()
    collection = Collection.objects.get()
    packing.hand_to_driver(collection=collection, at=DAY, by=None)
    packing.hand_to_driver(collection=collection, at=DAY, by=None)
    assert set(Box.objects.values_list("status", flat=True)) == {Status.COLLECTED}
    gone = Box.objects.get(is_cold=True)
    see(gone, Kind.MISSING, instead_of=Kind.LOADED)
    deliveries.complete(delivery=gone.delivery, at=DAY, by=None, handed_to="Femke")
    assert dict(Box.objects.filter(delivery=gone.delivery).values_list("is_cold", "status")) == {
        False: Status.HANDED_OVER,
        True: Status.MISSING,
    }
    assert BoxEvent.objects.filter(kind=Kind.COLLECTED).count() == 3


def test_any_order_of_the_same_events_gives_the_same_place() -> None:
    slip = uuid4()
    events = [
        BoxEvent(uuid=uuid4(), kind=Kind.PACKED),
        BoxEvent(uuid=uuid4(), kind=Kind.MISSING, instead_of=Kind.LOADED),
        BoxEvent(uuid=slip, kind=Kind.HANDED_OVER),
        BoxEvent(uuid=uuid4(), kind=Kind.UNDO, undoes=slip),
        BoxEvent(uuid=uuid4(), kind=Kind.AT_HUB),
    ]
    assert {boxes.status(events=order) for order in permutations(events)} == {Status.MISSING}
    found = [*events, BoxEvent(uuid=uuid4(), kind=Kind.LOADED)]
    assert {boxes.status(events=order) for order in permutations(found)} == {Status.LOADED}


def test_an_event_counts_once_and_a_clock_that_runs_ahead_is_set_back(market: Market) -> None:
    box, uuid = Box.objects.order_by("pk")[0], uuid4()
    assert see(box, Kind.AT_HUB, uuid=uuid, at=DAY + timedelta(days=400))
    assert not see(box, Kind.HANDED_OVER, uuid=uuid)
    box.refresh_from_db()
    assert (box.status, box.events.get().reported_at) == (Status.AT_HUB, DAY)


def test_a_slip_may_be_taken_back_before_it_arrives(market: Market) -> None:
    box, slip = Box.objects.order_by("pk")[0], uuid4()
    see(box, Kind.UNDO, undoes=slip)
    see(box, Kind.HANDED_OVER, uuid=slip)
    assert Box.objects.get(pk=box.pk).status == Status.EXPECTED


@pytest.mark.parametrize(
    "told", [{"kind": "lost"}, {"kind": Kind.MISSING}, {"kind": Kind.AT_HUB, "instead_of": Kind.LOADED}, {"kind": Kind.UNDO}]
)
def test_what_makes_no_sense_leaves_no_trace(market: Market, told: dict[str, str]) -> None:
    with pytest.raises(BoxRefused):
        see(Box.objects.order_by("pk")[0], told["kind"], instead_of=told.get("instead_of", ""))
    assert not BoxEvent.objects.exists()


def test_a_label_is_found_by_scanning_and_by_typing_and_no_other_rounds_label_is(market: Market) -> None:
    box = Box.objects.order_by("pk")[0]
    assert boxes.find(delivery_round=market.round, told=boxes.token(box=box)) == box
    assert boxes.find(delivery_round=market.round, told=f" {box.code.lower()} ") == box
    assert boxes.find(delivery_round=market.round, told=f"MR{market.round.pk + 1}-{box.code}") is None
    assert boxes.find(delivery_round=Market().round, told=box.code) is None


def test_a_customer_whose_goods_do_not_fit_gets_another_box_until_packing_is_finished(market: Market) -> None:
    collection, delivery = Collection.objects.get(), Delivery.objects.order_by("pk")[0]
    assert boxes.add(collection=collection, delivery=delivery, is_cold=False).number == 3
    with pytest.raises(BoxRefused):
        boxes.add(collection=collection, delivery=Market().order(), is_cold=False)
    market.pack()
    with pytest.raises(BoxRefused):
        boxes.add(collection=collection, delivery=delivery, is_cold=False)
