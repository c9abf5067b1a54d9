"""The recommended order: what counts, in which order, and that it is kept."""

from datetime import date

import pytest

from marketplace.catalogue import ranking
from marketplace.catalogue.models import Product
from marketplace.regions.models import Municipality
from tests.factories.market import MunicipalityFactory, PartnerFactory
from tests.shop.conftest import article

NOVEMBER, JUNE = date(2026, 11, 22), date(2026, 6, 22)


@pytest.fixture
def village(db: None) -> Municipality:
    made: Municipality = MunicipalityFactory.create()
    return made


def titles() -> list[str]:
    return list(Product.objects.order_by("shelf_key", "pk").values_list("title", flat=True))


def test_key_weighs_priority_over_season_over_turn_over_kind() -> None:
    first = ranking.key(priority=1, away=True, turn=9, is_service=True)
    now = ranking.key(priority=0, away=False, turn=9, is_service=True)
    turn = ranking.key(priority=0, away=True, turn=1, is_service=True)
    goods = ranking.key(priority=0, away=True, turn=2, is_service=False)
    service = ranking.key(priority=0, away=True, turn=2, is_service=True)
    assert first < now < turn < goods < service


def test_key_of_a_producer_with_very_many_articles_stays_below_the_next_criterion() -> None:
    many = ranking.key(priority=0, away=False, turn=10**9, is_service=True)
    assert many < ranking.key(priority=0, away=True, turn=1, is_service=False)


def test_refresh_takes_producers_in_turn_and_what_is_away_last(village: Municipality) -> None:
    farm, dairy = PartnerFactory.create(municipality=village), PartnerFactory.create(municipality=village)
    for title in ("Möhre", "Lauch"):
        article(village, title=title, partner=farm)
    article(village, title="Erdbeere", partner=farm, season_months=[6])
    article(village, title="Käse", partner=dairy)
    ranking.refresh(today=NOVEMBER)
    assert titles() == ["Möhre", "Käse", "Lauch", "Erdbeere"]


def test_refresh_follows_the_month_and_finds_nothing_to_do_the_second_time(village: Municipality) -> None:
    article(village, title="Erdbeere", season_months=[6])
    article(village, title="Grünkohl", season_months=[11])
    ranking.refresh(today=NOVEMBER)
    assert (titles(), ranking.refresh(today=NOVEMBER)) == (["Grünkohl", "Erdbeere"], 0)
    assert (ranking.refresh(today=JUNE), titles()) == (2, ["Erdbeere", "Grünkohl"])


def test_new_article_has_its_place_at_once(village: Municipality) -> None:
    old = article(village, title="Alt")
    article(village, title="Zweiter", partner=old.partner)
    article(village, title="Erster von nebenan")
    assert titles() == ["Alt", "Erster von nebenan", "Zweiter"]


def test_many_articles_take_their_places_together_at_the_end(village: Municipality) -> None:
    farm = PartnerFactory.create(municipality=village)
    with ranking.together(today=NOVEMBER):
        for title, months in (("Erdbeere", [6]), ("Grünkohl", [11]), ("Lauch", [])):
            article(village, title=title, partner=farm, season_months=months)
        assert set(Product.objects.values_list("shelf_key", flat=True)) == {Product().shelf_key}
    assert titles() == ["Grünkohl", "Lauch", "Erdbeere"]


def test_saving_what_does_not_count_moves_nothing(village: Municipality) -> None:
    made = article(village, title="Lauch")
    Product.objects.update(shelf_key=7)
    made.storage = Product.Storage.COOL
    made.save(update_fields=["storage"])
    assert Product.objects.get().shelf_key == 7
    made.priority = 1
    made.save(update_fields=["priority"])
    assert Product.objects.get().shelf_key == ranking.key(priority=1, away=False, turn=1, is_service=False)
