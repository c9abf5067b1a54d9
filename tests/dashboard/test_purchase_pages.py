"""Buying in cases, as a producer sees it: from the article's page to what came, own goods only, few queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.apps.catalogue.categories import create_from_breadcrumbs

from logistics import cases
from logistics.cases import Terms
from logistics.models import CasePack, PackedLine, Purchase
from marketplace.catalogue.models import Category, Product
from tests.dashboard.people import Farm, producer_of
from tests.factories.market import NOW, PartnerFactory
from tests.logistics.market import CLOSING

pytestmark = pytest.mark.django_db
CEILING = 12
SELLER = "Großhandel Beispiel"


@pytest.fixture
def farm(time_machine: Any) -> Farm:
    """While customers still order."""
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    return Farm()


def juice(farm: Farm, title: str = "Apfelsaft") -> Product:
    product = farm.market.product(partner=farm.partner, title=title)
    terms = Terms(size=12, wholesaler=SELLER, article_number="4711")
    cases.agree(stockrecord=product.stockrecords.get(), terms=terms, at=NOW, by=None)
    return product


def page(farm: Farm) -> str:
    answer = farm.client.get(reverse("dashboard:purchases"))
    assert answer.status_code == 200
    return answer.content.decode()


def post(farm: Farm, name: str, product: Product, number: str, **more: str) -> Any:
    key = {"purchase_ordered": "o", "purchase_arrived": "a"}[name]
    told = {"bei": SELLER, f"{key}{farm.market.round.pk}-{product.stockrecords.get().pk}": number, **more}
    return farm.client.post(reverse(f"dashboard:{name}", args=[farm.market.round.pk]), told)


def article(product: Product, **told: str) -> dict[str, str]:
    """What the article's page sends."""
    shelf = Category.objects.browsable().filter(numchild=0).first() or create_from_breadcrumbs("Getränke")
    plain = {"title": product.title, "price": "2,50", "sales_unit": "piece", "stock_kind": "made_to_order", "storage": "ambient"}
    return {**plain, "category": str(shelf.pk), "vat_category": "reduced", **told}


def test_the_article_page_says_how_it_is_bought_and_ends_it(farm: Farm) -> None:
    product = farm.market.product(partner=farm.partner, title="Apfelsaft")
    url = reverse("dashboard:article", args=[product.pk])
    told = {"case-size": "12", "case-wholesaler": SELLER, "case-article_number": "4711"}
    assert farm.client.post(url, article(product, **told)).status_code == 302
    pack = CasePack.objects.get()
    assert (pack.size, pack.wholesaler, pack.article_number, pack.in_use) == (12, SELLER, "4711", True)
    assert f'value="{SELLER}"' in farm.client.get(url).content.decode()
    assert farm.client.post(url, article(product, **{"case-size": "12"})).status_code == 422
    assert farm.client.post(url, article(product)).status_code == 302
    pack.refresh_from_db()
    assert not pack.in_use


def test_case_45_on_the_page_the_numbers_grow_with_the_orders(farm: Farm) -> None:
    product = juice(farm)
    farm.market.order((product, 3))
    assert f"Zu bestellen bei: {SELLER}" in page(farm)
    assert "1 Kiste Apfelsaft (12er)" in page(farm)
    assert post(farm, "purchase_ordered", product, "1").status_code == 302
    farm.market.order((product, 10))
    assert "schon bestellt: 1" in page(farm)
    assert "Bestellt: 13 Stück · lose da: 0 · danach lose: 11" in page(farm)
    running = farm.client.get(reverse("dashboard:round", args=[farm.market.round.pk])).content.decode()
    assert "Was bisher beim Großhändler zu kaufen ist" in running


def test_less_arrived_asks_once_more_before_customers_get_fewer(farm: Farm, time_machine: Any) -> None:
    product = juice(farm)
    farm.market.order((product, 13))
    assert post(farm, "purchase_arrived", product, "24").status_code == 302
    assert Purchase.objects.filter(arrived__isnull=False).count() == 0
    farm.market.close()
    time_machine.move_to(CLOSING + timedelta(minutes=30), tick=False)
    packing = farm.client.get(reverse("dashboard:round", args=[farm.market.round.pk])).content.decode()
    assert "2 Kisten Apfelsaft (12er)" in packing
    answer = post(farm, "purchase_arrived", product, "10")
    assert answer.status_code == 409
    assert "Es fehlen: 3 × Apfelsaft." in answer.content.decode()
    assert PackedLine.objects.get().promised is None
    assert post(farm, "purchase_arrived", product, "9", sure="3 × Apfelsaft").status_code == 409
    assert post(farm, "purchase_arrived", product, "10", sure="3 × Apfelsaft").status_code == 302
    assert PackedLine.objects.get().promised == 10
    assert "angekommen: 10 Stück" in page(farm)


def test_what_was_loose_is_counted_by_its_difference(farm: Farm) -> None:
    product = juice(farm)
    url = reverse("dashboard:case_count", args=[product.pk])
    farm.client.post(url, {"seen": "0", "counted": "7"})
    farm.market.order((product, 4))
    assert "Es muss nichts gekauft werden" in page(farm)
    for bad in ("", "-1", "viele"):
        farm.client.post(url, {"seen": "7", "counted": bad})
    assert CasePack.objects.get().loose == 7


def test_sheets_hold_what_is_to_be_ordered_and_no_formula(farm: Farm) -> None:
    farm.market.order((juice(farm), 13), (juice(farm, "=Saft"), 1))
    name = "dashboard:purchase_sheet"
    text = farm.client.get(reverse(name, args=[farm.market.round.pk, "txt"]), {"bei": SELLER}).content.decode()
    assert "- 2 Kisten Apfelsaft (12er), Artikelnummer 4711" in text
    assert f"An: {SELLER}" in text
    table = farm.client.get(reverse(name, args=[farm.market.round.pk, "csv"]), {"bei": SELLER}).content.decode("utf-8-sig")
    assert "4711;Apfelsaft;12;2;24" in table
    assert "4711;'=Saft;12;1;12" in table


@pytest.mark.parametrize("number", ["", "-1", "1001", "eine"])
def test_bad_numbers_are_refused_in_words_and_change_nothing(farm: Farm, number: str) -> None:
    product = juice(farm)
    farm.market.order((product, 3))
    assert post(farm, "purchase_ordered", product, number).status_code == 400
    assert not Purchase.objects.exists()


def test_other_producers_see_and_change_nothing_of_it(farm: Farm) -> None:
    product = juice(farm)
    farm.market.order((product, 3))
    other = producer_of(PartnerFactory.create(municipality=farm.market.village))
    assert "Apfelsaft" not in other.get(reverse("dashboard:purchases")).content.decode()
    told = {"bei": SELLER, f"o{farm.market.round.pk}-{product.stockrecords.get().pk}": "5"}
    assert other.post(reverse("dashboard:purchase_ordered", args=[farm.market.round.pk]), told).status_code == 404
    assert other.post(reverse("dashboard:case_count", args=[product.pk]), {"seen": "0", "counted": "5"}).status_code == 404
    assert not Purchase.objects.exists()


def test_the_page_needs_the_same_queries_for_one_and_many(farm: Farm) -> None:
    counts = []
    for titles in ("A", "BCD"):
        for title in titles:
            farm.market.order((juice(farm, f"Saft {title}"), 5), (juice(farm, f"Most {title}"), 1))
        page(farm)
        with CaptureQueriesContext(connection) as captured:
            page(farm)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= CEILING
