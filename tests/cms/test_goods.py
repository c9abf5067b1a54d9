"""Which articles stand on a page."""

from datetime import timedelta
from typing import Any

import pytest

from cms import drafts, goods
from cms.goods import GoodsWish
from marketplace.shop.offered import Offered
from tests.factories.market import (
    NOW,
    MunicipalityFactory,
    PartnerFactory,
    ProductFactory,
    RegionFactory,
    RoundFactory,
    RoundRuleFactory,
)

CODE = "DE-ÖKO-006"


def test_in_turn_takes_one_of_each_producer_first() -> None:
    assert goods.in_turn(pairs=[(1, 7), (2, 7), (3, 7), (4, 8), (5, 9)], count=4) == [1, 4, 5, 2]


def test_in_turn_of_nothing_is_nothing() -> None:
    assert goods.in_turn(pairs=[], count=4) == []


@pytest.fixture
def region(db: None) -> Any:
    return RegionFactory.create()


@pytest.fixture
def partner(region: Any) -> Any:
    return PartnerFactory.create(
        municipality=MunicipalityFactory.create(region=region), organic_code=CODE, organic_valid_until=NOW.date()
    )


def filled(region: Any, wishes: dict[str, GoodsWish]) -> dict[str, Any]:
    row: Any = RoundFactory.create(rule=RoundRuleFactory.create(region=region))
    draft = goods.draft(wishes=wishes, region=region, at=NOW, rounds=Offered(current=row, open=(row,)))
    [found] = drafts.finish(drafts=[draft])
    return found


def titles(region: Any, **wish: Any) -> list[str]:
    return [card.title for card in filled(region, {"a": GoodsWish(**wish)})["a"]]


def test_fill_keeps_the_editors_order_and_skips_what_is_gone(region: Any, partner: Any) -> None:
    first, second, hidden, deleted = ProductFactory.create_batch(4, partner=partner)
    elsewhere = ProductFactory.create(
        partner=PartnerFactory.create(municipality=MunicipalityFactory.create(region=RegionFactory.create()))
    )
    hidden.is_public = False
    hidden.save()
    gone = deleted.pk
    deleted.stockrecords.all().delete()
    deleted.delete()
    picked = (second.pk, hidden.pk, gone, elsewhere.pk, first.pk)
    assert titles(region, picked=picked) == [second.title, first.title]


def test_fill_by_season_finds_what_has_its_season_now(region: Any, partner: Any) -> None:
    ProductFactory.create(partner=partner, title="Spargel", season_months=[4, 5, 6])
    ProductFactory.create(partner=partner, title="Grünkohl", season_months=[11, 12])
    ProductFactory.create(partner=partner, title="Honig")
    assert titles(region, rule=goods.SEASON) == ["Grünkohl"]


def test_fill_new_puts_the_newest_first(region: Any, partner: Any) -> None:
    old, new = ProductFactory.create_batch(2, partner=partner)
    type(old).objects.filter(pk=new.pk).update(date_created=NOW + timedelta(days=1))
    type(old).objects.filter(pk=old.pk).update(date_created=NOW - timedelta(days=1))
    assert titles(region, rule=goods.NEW) == [new.title, old.title]


def test_fill_organic_needs_a_valid_certificate(region: Any, partner: Any) -> None:
    ProductFactory.create(partner=partner, title="Möhren", is_organic=True)
    expired = PartnerFactory.create(
        municipality=partner.municipality, organic_code=CODE, organic_valid_until=NOW.date() - timedelta(1)
    )
    ProductFactory.create(partner=expired, title="Rüben", is_organic=True)
    assert titles(region, rule=goods.ORGANIC) == ["Möhren"]


def test_fill_limited_finds_what_is_scarce(region: Any, partner: Any) -> None:
    ProductFactory.create(partner=partner, title="Torte", offer__stock_kind="per_round", offer__per_round=3)
    ProductFactory.create(partner=partner, title="Honig")
    assert titles(region, rule=goods.LIMITED) == ["Torte"]


def test_fill_puts_what_can_be_ordered_first(region: Any, partner: Any) -> None:
    ProductFactory.create(partner=partner, title="Bald", lead_time_days=30)
    ProductFactory.create(partner=partner, title="Jetzt")
    assert titles(region, rule=goods.ALL, count=2) == ["Jetzt", "Bald"]


def test_fill_shows_another_article_in_the_second_block(region: Any, partner: Any) -> None:
    ProductFactory.create_batch(4, partner=partner)
    wishes = {name: GoodsWish(rule=goods.ALL, count=2) for name in ("first", "second")}
    found = filled(region, wishes)
    assert len({card.product_id for cards in found.values() for card in cards}) == 4


@pytest.mark.parametrize("blocks", [1, 4])
def test_fill_needs_as_many_queries_for_one_block_as_for_four(
    region: Any, partner: Any, blocks: int, django_assert_num_queries: Any
) -> None:
    ProductFactory.create_batch(3, partner=partner, season_months=[NOW.month])
    row: Any = RoundFactory.create(rule=RoundRuleFactory.create(region=region))
    rules = [goods.SEASON, goods.NEW, goods.ALL, goods.LIMITED][:blocks]
    wishes = {rule: GoodsWish(rule=rule) for rule in rules}
    with django_assert_num_queries(1):  # nothing has a picture or so many for the round
        goods.draft(wishes=wishes, region=region, at=NOW, rounds=Offered(current=row, open=(row,)))


def test_fill_names_what_is_in_season_whatever_stands_above(region: Any, partner: Any) -> None:
    ProductFactory.create(partner=partner, title="Wirsing", season_months=[NOW.month])
    ProductFactory.create(partner=partner, title="Grünkohl", season_months=[NOW.month])
    ProductFactory.create(partner=partner, title="Honig")
    found = filled(region, {"above": GoodsWish(rule=goods.SEASON), "names": goods.SeasonWish()})
    assert (found["names"].month, [title for title, _url in found["names"].articles]) == (NOW.date(), ["Grünkohl", "Wirsing"])


def test_fill_takes_turns_among_producers(region: Any, partner: Any) -> None:
    ProductFactory.create_batch(3, partner=partner, title="Vom ersten")
    ProductFactory.create(partner=PartnerFactory.create(municipality=partner.municipality), title="Vom zweiten")
    assert titles(region, rule=goods.ALL, count=2) == ["Vom ersten", "Vom zweiten"]
