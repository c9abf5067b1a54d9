"""What other systems' tests ask of rounds, packing and weights, told of ours; each test names its case."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from logistics import packing, plans, rounds
from logistics.models import Collection, DeliveryRound, PackedLine, RoundRule
from logistics.packing import OverTolerance
from logistics.plans import BadPlan, PlanWindow
from marketplace.core import vat
from marketplace.dashboard import measures
from marketplace.dashboard.forms.plans import PlanForm
from marketplace.dashboard.measures import BadMeasure
from marketplace.order import amounts, statement
from marketplace.order.models import Order
from tests.factories.market import RegionFactory, RoundRuleFactory, local
from tests.logistics.market import PACKING, Market

pytestmark = pytest.mark.django_db
NOON = time(12)


def test_case_11_a_producer_reads_crate_codes_and_first_names_and_nothing_else_of_customers() -> None:
    """There are no switches to open: who packs needs the code on the crate and a first name, never surname, phone or mail."""
    market = Market()
    honey = market.product(title="Rapshonig")
    codes = [market.order((honey, 1), first_name=name).code for name in ("Momme", "Femke")]
    Order.objects.update(guest_email="femke@post.example", phone="+49 4356 000009")
    market.close()
    sheet = packing.pick_list(collection=Collection.objects.get())
    assert {(box.code, box.first_name) for box in sheet.boxes} == set(zip(codes, ("Momme", "Femke"), strict=True))
    assert [box.code for box in sheet.boxes] == sorted(codes)
    for secret in ("Beispiel", "femke@post", "000009", "Feldweg"):
        assert secret not in repr(sheet.boxes)


def test_case_46_weighed_goods_cost_what_they_weigh() -> None:
    """1.50 for 100 g, two pieces of about 350 g. Scales here show whole grams, and tax is taken from the sum, not by the piece.

    So 800.584 g, for which 12.01 would be due, is 801 g and 12.02; and 10.50 at ten percent is 9.55 and 0.95, of which two pieces
    rounded one by one would make 9.54 and 0.96. The customer reads weight and base price on the order's page as soon as it is
    packed, and on the invoice that is mailed; the producer has weighed it, and reads it on the credit note.
    """
    market = Market()
    roast = market.product(
        title="Rollbraten",
        catch_weight=True,
        expected_weight_g=350,
        offer__price=Decimal("5.25"),
        offer__price_per_kg=Decimal(15),
    )
    order = market.order((roast, 2)).order
    market.close()
    line = PackedLine.objects.select_related("order_line").get()
    assert amounts.goods_gross(line=line.order_line, quantity=2, weight_g=None) == Decimal("10.50")
    whole, piece = vat.from_gross(Decimal("10.50"), Decimal(10)), vat.from_gross(Decimal("5.25"), Decimal(10))
    assert (whole.net, whole.tax, 2 * piece.net, 2 * piece.tax) == tuple(map(Decimal, ("9.55", "0.95", "9.54", "0.96")))
    with pytest.raises(BadMeasure):
        measures.grams(text="0,800584 kg")
    weighed = measures.grams(text="0,801 kg")
    told: dict[str, Any] = {"packed_line": line, "quantity": 2, "weight_g": weighed, "at": PACKING, "by": None}
    with pytest.raises(OverTolerance):
        packing.record(**told)
    packing.record(**told, agreed=True)
    read = statement.read(order=Order.objects.prefetch_related(*statement.prefetches()).get(pk=order.pk))
    (row,) = read.lines
    assert (row.total, row.final_total, row.base_price) == (Decimal("10.50"), Decimal("12.02"), "15,00\xa0€/kg")
    assert vat.from_gross(Decimal("12.01"), Decimal(10)).net == Decimal("10.92")


def day_of_order(rule: RoundRule, at: datetime) -> date:
    """When it comes that is ordered at that moment."""
    found = rounds.next_open(region=rule.region, at=at)
    assert found is not None
    return found.delivery_day


def test_case_51_the_day_of_ordering_decides_the_day_of_delivery() -> None:
    """A list day is a cut-off at its midnight: Wednesday before a Friday 48 hours, Saturday before a Wednesday 96."""
    friday = RoundRuleFactory.create(first_day=date(2018, 10, 5), cutoff_hours=48)
    rounds.announce(rule=friday, today=date(2018, 10, 1))
    assert day_of_order(friday, local(date(2018, 10, 7), NOON)) == date(2018, 10, 12)
    assert day_of_order(friday, local(date(2018, 10, 9), time(23, 59))) == date(2018, 10, 12)
    assert day_of_order(friday, local(date(2018, 10, 10), time(0))) == date(2018, 10, 19)
    wednesday = RoundRuleFactory.create(first_day=date(2022, 8, 24), cutoff_hours=96)
    rounds.announce(rule=wednesday, today=date(2022, 8, 20))
    assert day_of_order(wednesday, local(date(2022, 8, 26), NOON)) == date(2022, 8, 31)
    assert day_of_order(wednesday, local(date(2022, 8, 27), NOON)) == date(2022, 9, 7)


def plan_form(**given: str) -> PlanForm:
    """A plan as the office enters it."""
    usual = {
        "name": "Freitagsrunde",
        "frequency": "weekly",
        "first_day": "2026-12-04",
        "on_holiday": "keep",
        "announce_days": "28",
        "minimum_order": "0",
        "hub_open_from": "06:00",
        "hub_sorted_by": "09:00",
        "cutoff_days": "2",
        "cutoff_clock": "00:00",
    }
    return PlanForm({**usual, **given})


@pytest.mark.parametrize(("days", "clock", "hours"), [("0", "00:00", 0), ("21", "00:00", 504), ("2", "18:00", 30)])
def test_case_57_the_cut_off_lies_up_to_504_hours_before_the_delivery_day(days: str, clock: str, hours: int) -> None:
    form = plan_form(cutoff_days=days, cutoff_clock=clock)
    assert form.is_valid()
    assert form.cleaned_data["cutoff_hours"] == hours


@pytest.mark.parametrize(("days", "clock"), [("22", "00:00"), ("-1", "00:00"), ("0", "10:00")])
def test_case_57_no_cut_off_beyond_that_and_none_on_the_day_itself(days: str, clock: str) -> None:
    assert not plan_form(cutoff_days=days, cutoff_clock=clock).is_valid()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"hub_sorted_by": time(6)}, "Hub"),
        ({"collect_from": time(9), "collect_until": time(8)}, "Höfen"),
        ({"windows": (time(12), time(12))}, "Zeitfenster"),
    ],
)
def test_case_57_what_ends_ends_after_it_begins(wrong: dict[str, Any], told: str) -> None:
    """Bringing and fetching lie on one day, of direct rounds too: a round has one delivery day and no second."""
    starts, ends = wrong.pop("windows", (time(10), time(12)))
    rule = RoundRule(
        region=RegionFactory.create(),
        name="Freitagsrunde",
        first_day=date(2026, 12, 4),
        cutoff_hours=48,
        hub_open_from=wrong.get("hub_open_from", time(6)),
        hub_sorted_by=wrong.get("hub_sorted_by", time(9)),
        is_direct=True,
        collect_from=wrong.get("collect_from"),
        collect_until=wrong.get("collect_until"),
    )
    window = PlanWindow(pickup_point=None, starts=starts, ends=ends, capacity=5, fee=Decimal(0))
    with pytest.raises(BadPlan, match=told):
        plans.save(rule=rule, windows=[window], at=local(date(2026, 11, 24), NOON), by=None)
    assert not DeliveryRound.objects.exists()
