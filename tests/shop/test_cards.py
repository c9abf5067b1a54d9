"""Cards for the shop's lists and for the editors' pages."""

from typing import Any

import pytest

from logistics.models import DeliveryRound
from marketplace.catalogue.models import Product
from marketplace.partner.models import Partner
from marketplace.regions.models import Municipality, Region
from marketplace.shop import cards
from tests.factories.market import NOW, MunicipalityFactory, PartnerFactory, RegionFactory
from tests.shop.conftest import article


@pytest.mark.parametrize("number", [1, 5])
def test_cards_need_three_queries_for_any_number(
    number: int, region: Region, village: Municipality, saturday: DeliveryRound, django_assert_max_num_queries: Any
) -> None:
    for _ in range(number):
        article(village, offer__stock_kind="per_round", offer__per_round=9)
    with django_assert_max_num_queries(3):
        found = cards.cards(products=Product.objects.on_show(region), region=region, at=NOW, delivery_round=saturday)
    assert [card.orderable for card in found] == [True] * number


def test_cards_of_a_cut_queryset_keep_its_order(region: Region, village: Municipality, saturday: DeliveryRound) -> None:
    for title in ("A", "B", "C"):
        article(village, title=title)
    cut = Product.objects.on_show(region).order_by("-title")[:2]
    assert [card.title for card in cards.cards(products=cut, region=region, at=NOW, delivery_round=saturday)] == ["C", "B"]


def test_cards_leave_out_other_regions_and_articles_without_an_offer(
    region: Region, village: Municipality, saturday: DeliveryRound
) -> None:
    article(MunicipalityFactory.create(region=RegionFactory.create()))
    article(village).stockrecords.all().delete()
    assert cards.cards(products=Product.objects.all(), region=region, at=NOW, delivery_round=saturday) == []


@pytest.mark.parametrize("number", [1, 4])
def test_producer_cards_need_two_queries(number: int, village: Municipality, django_assert_max_num_queries: Any) -> None:
    for _ in range(number):
        PartnerFactory.create(municipality=village)
    with django_assert_max_num_queries(2):
        assert len(cards.producer_cards(partners=Partner.objects.selling(), today=NOW.date())) == number
