"""Cards for the shop's lists and for the editors' pages."""

from typing import Any

import pytest

from logistics.models import DeliveryRound
from marketplace.catalogue.models import Product
from marketplace.partner.models import Partner
from marketplace.regions.models import Municipality, Region
from marketplace.shop import cards, offered
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


def reason(product: Product, delivery_round: DeliveryRound, *later: DeliveryRound) -> str:
    rounds = offered.Offered(current=delivery_round, open=(delivery_round, *later))
    shown = cards.with_offers(products=Product.objects.filter(pk=product.pk))
    (stands,) = cards.standings(products=list(shown), at=NOW, rounds=rounds).values()
    return stands.reason


def test_a_card_says_from_which_month_on_goods_come_back(village: Municipality, saturday: DeliveryRound) -> None:
    away = article(village, season_months=[5, 6], offer__stock_kind="limited", offer__num_in_stock=0)
    assert reason(away, saturday) == "wieder ab Mai"


def test_a_card_names_the_later_round_in_season(
    village: Municipality, saturday: DeliveryRound, next_saturday: DeliveryRound
) -> None:
    assert reason(article(village, season_months=[12, 1]), saturday, next_saturday) == "Bestellbar für Samstag, 5. Dezember"


def test_a_card_says_whether_what_is_sold_out_comes_again(
    village: Municipality, saturday: DeliveryRound, next_saturday: DeliveryRound
) -> None:
    pile = article(village, offer__stock_kind="limited", offer__num_in_stock=0)
    each_round = article(village, offer__stock_kind="per_round", offer__per_round=0)
    assert reason(pile, saturday, next_saturday) == "ausverkauft"
    assert reason(each_round, saturday) == "für diese Runde ausverkauft"
    assert reason(each_round, saturday, next_saturday) == "ausverkauft, neu für Samstag, 5. Dezember"
