"""Fetched at the farm: for whom, on no tour, and handed over there."""

from datetime import time, timedelta
from typing import Any

import pytest

from logistics import deliveries, farm_windows, jobs, packing, rounds, tours, windows
from logistics import goods as suitable
from logistics.models import Collection, Delivery, DeliveryRound, DeliveryWindow, PackedLine, RuleWindow
from marketplace.partner.models import Partner
from tests.factories.market import NOW, PartnerFactory, WindowFactory
from tests.logistics.market import CLOSING, DAY, PACKING, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return Market()


def farm_window(market: Market, partner: Partner, **given: Any) -> DeliveryWindow:
    return WindowFactory.create(round=market.round, partner=partner, fee=0, **given)


def fetched(market: Market, *goods: Any, window: DeliveryWindow) -> Delivery:
    return market.order(*goods, window=window, kind=Delivery.Kind.FARM)


def pack(market: Market) -> None:
    for line in PackedLine.objects.all():
        packing.record(packed_line=line, quantity=line.ordered, weight_g=None, at=PACKING, by=None)


def test_choices_offer_the_asked_for_farms_only(market: Market) -> None:
    farm, other = PartnerFactory.create_batch(2, municipality=market.village)
    farm_window(market, farm), farm_window(market, other)
    given: dict[str, Any] = {"region": market.region, "municipality": market.village, "at": NOW}
    assert [choice.kind for choice in windows.choices(**given)] == ["home"]
    assert [choice.partner_id for choice in windows.choices(**given, farms=[farm.pk])] == [None, farm.pk]
    assert len(windows.choices(**given, farms=None)) == 3


def test_choices_leave_out_farms_that_do_not_sell(market: Market) -> None:
    farm = PartnerFactory.create(municipality=market.village, status=Partner.Status.SUSPENDED)
    farm_window(market, farm)
    assert len(windows.choices(region=market.region, municipality=None, at=NOW, farms=None)) == 1


def test_goods_of_others_cannot_be_fetched_at_a_farm(market: Market) -> None:
    farm = PartnerFactory.create(municipality=market.village, name="Hof Krummer Pflug")
    farm_window(market, farm)
    mine, others = market.product(partner=farm), market.product()
    choice = windows.choices(region=market.region, municipality=None, at=NOW, farms=None)[-1]
    alone = suitable.of_products(products=[mine], today=NOW.date())
    mixed = suitable.of_products(products=[mine, others], today=NOW.date())
    assert suitable.note(goods=alone, choice=choice) == ""
    assert suitable.note(goods=mixed, choice=choice) == "Auf dem Hof können Sie nur Waren von Hof Krummer Pflug abholen."


def test_farm_keeps_chilled_goods_cold(market: Market) -> None:
    farm = PartnerFactory.create(municipality=market.village)
    farm_window(market, farm)
    yoghurt = market.product(partner=farm, storage="cool")
    choice = windows.choices(region=market.region, municipality=None, at=NOW, farms=None)[-1]
    assert suitable.note(goods=suitable.of_products(products=[yoghurt], today=NOW.date()), choice=choice) == ""


def test_booking_refuses_a_farm_window_for_the_door(market: Market) -> None:
    farm = PartnerFactory.create(municipality=market.village)
    with pytest.raises(deliveries.BookingRefused):
        market.order((market.product(partner=farm), 1), window=farm_window(market, farm), kind=Delivery.Kind.HOME)


def test_what_is_fetched_is_on_no_tour_and_needs_no_crate(market: Market) -> None:
    farm = PartnerFactory.create(municipality=market.village)
    fetched(market, (market.product(partner=farm), 3), window=farm_window(market, farm))
    rounds.close(delivery_round=market.round, at=CLOSING)
    assert (Collection.objects.get().crates, jobs.calls(delivery_round=market.round)) == (0, [])
    tours.plan(delivery_round=market.round, at=CLOSING)
    assert (market.round.status, market.round.tours.count()) == (DeliveryRound.Status.PLANNED, 0)


def test_only_what_is_driven_counts_for_the_collecting_tour(market: Market) -> None:
    farm = PartnerFactory.create(municipality=market.village)
    product = market.product(partner=farm)
    fetched(market, (product, 3), window=farm_window(market, farm))
    market.order((product, 1))
    rounds.close(delivery_round=market.round, at=CLOSING)
    assert [call.kind for call in jobs.calls(delivery_round=market.round)] == ["collect", "deliver"]


def test_last_handover_at_the_farm_ends_the_round(market: Market) -> None:
    farm = PartnerFactory.create(municipality=market.village)
    delivery = fetched(market, (market.product(partner=farm), 3), window=farm_window(market, farm))
    rounds.close(delivery_round=market.round, at=CLOSING)
    tours.plan(delivery_round=market.round, at=CLOSING)
    pack(market)
    deliveries.complete(delivery=delivery, at=DAY, by=None, handed_to="Femke")
    market.round.refresh_from_db()
    assert (market.round.status, PackedLine.objects.get().delivered) == (DeliveryRound.Status.DONE, 3)


def test_what_was_handed_over_cannot_be_packed_again(market: Market) -> None:
    farm = PartnerFactory.create(municipality=market.village)
    delivery = fetched(market, (market.product(partner=farm), 3), window=farm_window(market, farm))
    rounds.close(delivery_round=market.round, at=CLOSING)
    pack(market)
    deliveries.complete(delivery=delivery, at=DAY, by=None, handed_to="Femke")
    with pytest.raises(packing.PackingRefused):
        packing.record(packed_line=PackedLine.objects.get(), quantity=1, weight_g=None, at=DAY, by=None)


def offer(market: Market, farm: Partner, starts: time = time(9), ends: time = time(12)) -> RuleWindow:
    return farm_windows.offer(partner=farm, rule=market.round.rule, starts=starts, ends=ends, capacity=5, at=NOW, by=None)


def test_offer_opens_hours_in_announced_and_in_coming_rounds(market: Market) -> None:
    farm = PartnerFactory.create(municipality=market.village)
    offer(market, farm)
    assert DeliveryWindow.objects.get(partner=farm).round == market.round
    rounds.announce(rule=market.round.rule, today=market.round.delivery_day + timedelta(days=1))
    assert DeliveryWindow.objects.filter(partner=farm).count() == 4


def test_offer_refuses_hours_that_cross_or_run_backwards(market: Market) -> None:
    farm = PartnerFactory.create(municipality=market.village)
    offer(market, farm)
    for starts, ends in ((time(11), time(13)), (time(15), time(14))):
        with pytest.raises(farm_windows.BadWindow):
            offer(market, farm, starts, ends)


def test_withdraw_leaves_what_was_booked(market: Market) -> None:
    farm = PartnerFactory.create(municipality=market.village)
    hours = offer(market, farm)
    window = DeliveryWindow.objects.get(partner=farm)
    fetched(market, (market.product(partner=farm), 1), window=window)
    assert farm_windows.withdraw(hours=hours, at=NOW, by=None) == 1
    window.refresh_from_db()
    assert (window.capacity, window.taken, RuleWindow.objects.exists()) == (1, 1, False)


def test_withdraw_takes_free_hours_back(market: Market) -> None:
    farm = PartnerFactory.create(municipality=market.village)
    assert farm_windows.withdraw(hours=offer(market, farm), at=NOW, by=None) == 0
    assert not DeliveryWindow.objects.filter(partner=farm).exists()
