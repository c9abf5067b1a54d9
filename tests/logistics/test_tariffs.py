"""What bringing goods costs by area: fee, least order, free from; where nobody drives; what an announced round keeps."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from logistics import plans, tariffs, windows
from logistics.models import DeliveryRound, RuleArea
from logistics.plans import BadPlan, PlanArea
from logistics.tariffs import Door
from tests.factories.market import NOW, MunicipalityFactory
from tests.logistics.market import Market
from tests.logistics.test_plans import fresh, window

pytestmark = pytest.mark.django_db
EURO = Decimal


def area(name: str, villages: Sequence[Any] = (), **given: Any) -> PlanArea:
    usual: dict[str, Any] = {"postal_codes": [], "fee": EURO("2.00"), "minimum": EURO(0), "free_from": None}
    return PlanArea(name=name, municipalities=list(villages), **{**usual, **given})


def round_with(*rows: dict[str, Any]) -> DeliveryRound:
    usual: dict[str, Any] = {"municipalities": [], "postal_codes": [], "fee": "0", "minimum": "0", "free_from": None}
    return DeliveryRound(areas=[{**usual, **row} for row in rows])


def name_at(delivery_round: DeliveryRound, door: Door) -> str:
    found = tariffs.of_door(delivery_round=delivery_round, door=door)
    return found.name if found else ""


def test_a_postal_code_counts_before_the_village() -> None:
    here = round_with(
        {"name": "Nah", "municipalities": [1]}, {"name": "Weit", "municipalities": [2], "postal_codes": ["24358"], "fee": "4.90"}
    )
    assert name_at(here, Door(municipality_id=1, postal_codes=("24361", "24358"))) == "Nah"
    assert name_at(here, Door(municipality_id=1, postal_codes=("24358",))) == "Weit"
    assert name_at(here, Door(municipality_id=2, postal_codes=("24340",))) == "Weit"
    assert name_at(here, Door(municipality_id=3, postal_codes=("24340", "24358"))) == "Weit"
    assert name_at(here, Door(municipality_id=3, postal_codes=("24340",))) == ""
    assert name_at(here, tariffs.NOWHERE) == "Nah"
    assert not tariffs.serves(delivery_round=here, door=Door(municipality_id=3, postal_codes=("24340",)))
    assert tariffs.serves(delivery_round=DeliveryRound(areas=[]), door=Door(municipality_id=3))


@pytest.mark.parametrize(
    ("goods", "fee", "missing"),
    [("10.00", "5.90", "50.00"), ("59.99", "5.90", "0.01"), ("60.00", "0.00", "0.00"), ("61.00", "0.00", "0.00")],
)
def test_from_so_much_on_it_is_free(goods: str, fee: str, missing: str) -> None:
    tariff = tariffs.Tariff(name="Weit", fee=EURO("2.00"), minimum=EURO(20), free_from=EURO(60))
    assert tariff.fee_for(window_fee=EURO("3.90"), goods=EURO(goods)) == EURO(fee)
    assert tariff.to_free(goods=EURO(goods)) == EURO(missing)


def test_choices_tell_the_fee_of_the_village_and_leave_out_doors_nobody_drives_to() -> None:
    market = Market()
    far, out = (MunicipalityFactory.create(region=market.region, postal_codes=[code]) for code in ("24358", "24999"))
    market.round.areas = round_with(
        {"name": "Nah", "municipalities": [market.village.pk]},
        {"name": "Weit", "municipalities": [far.pk], "fee": "2.00", "minimum": "25.00", "free_from": "60.00"},
    ).areas
    market.round.save()
    (near,) = windows.choices(region=market.region, municipality=market.village, at=NOW)
    (away,) = windows.choices(region=market.region, municipality=far, at=NOW)
    (anywhere,) = windows.choices(region=market.region, municipality=None, at=NOW)
    assert (near.fee, away.fee) == (EURO("3.90"), EURO("5.90"))
    assert (away.minimum, away.free_from, away.fee_for(goods=EURO(60))) == (EURO(25), EURO(60), EURO(0))
    assert (anywhere.fee, anywhere.depends, near.depends) == (EURO("3.90"), True, False)
    assert windows.choices(region=market.region, municipality=out, at=NOW) == []


@pytest.mark.parametrize(
    ("areas", "words"),
    [
        ([area("Leer")], "Leer: Bitte wählen Sie Orte"),
        ([area("Eins", postal_codes=["24361"]), area("Zwei", postal_codes=["24361"])], "24361 steht in zwei Gebieten"),
        ([area("Eins", postal_codes=["24361"]), area("Eins", postal_codes=["24358"])], "Eins steht in zwei Gebieten"),
    ],
)
def test_areas_that_make_no_sense_are_refused(areas: list[PlanArea], words: str) -> None:
    with pytest.raises(BadPlan, match=words):
        plans.save(rule=fresh(), windows=[window()], areas=areas, at=NOW, by=None)
    assert not RuleArea.objects.exists()


def test_rounds_keep_what_was_announced_once_somebody_has_ordered() -> None:
    market = Market()
    rule = market.round.rule
    market.order((market.product(), 1))
    plans.save(rule=rule, windows=[window()], areas=[area("Nah", [market.village])], at=NOW, by=None)
    market.round.refresh_from_db()
    assert market.round.areas == []
    (later, *_more) = rule.rounds.exclude(pk=market.round.pk).order_by("delivery_day")
    assert [row["fee"] for row in later.areas] == ["2.00"]
    plans.save(rule=rule, windows=[window()], areas=[area("Nah", [market.village], fee=EURO(3))], at=NOW, by=None)
    later.refresh_from_db()
    assert [row["fee"] for row in later.areas] == ["3.00"]
    plans.save(rule=rule, windows=[window()], at=NOW, by=None)  # areas that nobody tells stay
    assert rule.areas.count() == 1


def test_the_fee_of_a_window_somebody_has_ordered_for_stays() -> None:
    market = Market()
    market.order((market.product(), 1))
    zone = market.round.opens_at.tzinfo
    span = {"starts": market.window.starts_at.astimezone(zone).time(), "ends": market.window.ends_at.astimezone(zone).time()}
    plans.save(rule=market.round.rule, windows=[window(fee=EURO(9), **span)], at=NOW, by=None)
    market.window.refresh_from_db()
    assert (market.window.fee, market.window.capacity) == (EURO("3.90"), 20)


@pytest.mark.parametrize("to", [date(2026, 12, 12), date(2026, 12, 19)])
def test_two_rounds_of_a_plan_never_go_on_one_day(to: date) -> None:
    rule = plans.save(rule=fresh(announce_days=14), windows=[window()], at=NOW, by=None)
    with pytest.raises(BadPlan, match="schon eine Runde"):
        plans.except_day(rule=rule, day=date(2026, 12, 5), moved_to=to, reason="Markttag", at=NOW, by=None)
    plans.except_day(rule=rule, day=date(2026, 12, 5), moved_to=date(2026, 12, 8), reason="Markttag", at=NOW, by=None)
    with pytest.raises(BadPlan, match="schon eine Runde"):
        plans.except_day(rule=rule, day=date(2026, 12, 12), moved_to=date(2026, 12, 8), reason="Eis", at=NOW, by=None)
    plans.except_day(rule=rule, day=date(2026, 12, 5), moved_to=date(2026, 12, 9), reason="Markttag", at=NOW, by=None)


def test_shown_are_areas_once_with_their_villages() -> None:
    market = Market()
    row = {"name": "Nah", "municipalities": [market.village.pk], "postal_codes": ["24340"]}
    (one,) = tariffs.shown(rounds=[round_with(row), round_with(row)], villages=[market.village])
    assert one.places == [market.village.name, "24340"]
    assert one.tariff.fee == EURO(0)
